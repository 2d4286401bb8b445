"""What a person must know beside the findings: the base, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.check.report import Report
from plexus_rules.reporters.printable import printable
from plexus_rules.trees import Base, NoBase


def notes(report: Report, base: Base | NoBase) -> Iterator[str]:
    """One line each."""
    if isinstance(base, Base):
        only = "; only what is not committed is compared" if base.is_head else ""
        yield printable(f"base: {base.commit[:12]}, {base.how}{only}")
    parts: dict[tuple[str, str], list[str]] = {}
    for entry in report.not_run:
        parts.setdefault((entry.path, entry.reason), []).append(entry.rule)
    for (path, reason), rules in parts.items():
        where = "" if path == "." else f" {path}:"
        yield printable(f"not checked: {', '.join(rules)}:{where} {reason}")
    for place in report.unsupported:
        yield printable(f"not checked: {place.path}: {place.reason}")
    for reason in report.incomplete:
        yield printable(f"the check is incomplete: {reason}")
