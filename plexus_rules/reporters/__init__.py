"""Findings as text for a terminal, as JSON, as SARIF, and as GitHub annotations."""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know the names; one run of the program needs one of them
if TYPE_CHECKING:
    from plexus_rules.reporters.github import render_github
    from plexus_rules.reporters.json import render_json
    from plexus_rules.reporters.sarif import render_sarif
    from plexus_rules.reporters.text import render_text

__all__ = ["render_github", "render_json", "render_sarif", "render_text"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{name.removeprefix('render_')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
