"""Runs rules on a repository, or on a change of one."""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know the names; importing them would cost start-up time
if TYPE_CHECKING:
    from plexus_rules.check.report import Project, Report
    from plexus_rules.check.runner import check_change, check_repository

_HOMES = {
    "Project": "plexus_rules.check.report",
    "Report": "plexus_rules.check.report",
    "check_change": "plexus_rules.check.runner",
    "check_repository": "plexus_rules.check.runner",
}

__all__ = ["Project", "Report", "check_change", "check_repository"]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
