"""What a strict check does not let pass: any part that was not checked."""

from __future__ import annotations

from collections.abc import Iterable

from plexus_rules.check.report import Report
from plexus_rules.rule import Rule


def unchecked(report: Report, rules: Iterable[Rule]) -> str:
    """Why a strict check counts as not done; empty where all was checked.

    A rule that does not apply to such a repository has nothing to check.
    """
    inapplicable = {(rule.id, rule.needs.value) for rule in rules}
    missed = [part for part in report.not_run if (part.rule, part.reason) not in inapplicable]
    count = len(missed) + len(report.unsupported)
    if not count:
        return ""
    parts = "one part was" if count == 1 else f"{count} parts were"
    return f"{parts} not checked, which strict does not allow"
