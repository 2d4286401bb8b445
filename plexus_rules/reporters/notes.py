"""What a person must know beside the findings: the base, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plexus_rules.check.report import Report
from plexus_rules.reporters.printable import printable
from plexus_rules.trees import Base, NoBase

if TYPE_CHECKING:
    from plexus_rules.check.adopting import Adopted

#: More waivers and known findings that hold for nothing are counted only.
_MOST_STALE = 20


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
    for stale in report.stale[:_MOST_STALE]:
        line = f":{stale.line}" if stale.line else ""
        yield printable(f"{stale.path}{line}: {stale.reason}")
    if len(report.stale) > _MOST_STALE:
        yield f"{len(report.stale) - _MOST_STALE} more like these can be removed"
    for reason in report.incomplete:
        yield printable(f"the check is incomplete: {reason}")


def adoption(adopted: Adopted) -> str:
    """What became of a baseline, in one line."""
    count = f"{adopted.known} known finding{'' if adopted.known == 1 else 's'}"
    changes = f"{adopted.added} added, {adopted.removed} removed"
    return printable(f"written: {adopted.path}: {count} ({changes})")
