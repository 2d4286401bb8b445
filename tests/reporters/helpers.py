"""Reports made by hand."""

from __future__ import annotations

from typing import Any

from plexus_rules.check import Project, Report
from plexus_rules.finding import Finding, Range, Severity

#: What a hostile file may try: colours, the title of the window, C1 controls, right-to-left.
HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202eevil\x7f\r\n\t\ud800"

SQLITE = Project("sqlite", "drizzle.config.ts", ("schema.ts",), "drizzle", "journal")


def finding(path: str = "a.sql", place: Range | None = None, **rest: Any) -> Finding:
    """An error of PLX201."""
    values: dict[str, Any] = {
        "rule": "PLX201",
        "name": "edited-migration",
        "severity": Severity.ERROR,
        "message": "it is edited",
        "remedy": "Restore it.",
    }
    return Finding(path=path, range=place or Range(), **values | rest)


def report(*findings: Finding, **rest: Any) -> Report:
    """A report of one database."""
    values: dict[str, Any] = {"projects": (SQLITE,), "rules": 3}
    return Report(base=None, findings=findings, **values | rest)


def is_harmless(text: str) -> bool:
    """Whether a terminal shows the text and obeys nothing in it."""
    return text.replace("\n", "").isprintable()
