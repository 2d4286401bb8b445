"""The page that puts drizzle-kit's own check beside ours."""

from __future__ import annotations

import re

from plexus_rules.catalog import all_rules
from plexus_rules.finding import Severity
from plexus_rules.gallery import Outcome
from plexus_rules.lab.side_by_side import Checked, Compared, Comparison, Kind, Reported
from plexus_rules.pages.site import site_files

FINE = Checked("drizzle-kit check", "drizzle.config.ts", 0, ("Everything's fine",))
FAILED = Checked("drizzle-kit check", "drizzle.config.ts", 1, ("collision",))


def found(rule: str, severity: Severity = Severity.ERROR) -> Reported:
    return Reported(rule, severity, "a.sql", "message")


COMPARISON = Comparison(
    "0.31.11",
    (
        Compared(
            "a", Kind.BROKEN, "An edit", (FINE,), (found("PLX201"), found("PLX201")), "Why", "1"
        ),
        Compared("b", Kind.BROKEN, "A | collision", (FINE, FAILED), (found("PLX207"),), tree="2"),
        Compared("b2", Kind.BROKEN, "The same", (FINE, FAILED), (found("PLX207"),), tree="2"),
        Compared("c", Kind.SOUND, "A rename", (FINE,), (found("PLX301", Severity.INFO),)),
    ),
)


def rows(outcomes: list[Outcome]) -> list[str]:
    pages = site_files(all_rules(), outcomes, "# Changelog\n", {}, COMPARISON)
    assert "](drizzle-kit-check.md)" in pages["evidence/index.md"]
    page = pages["evidence/drizzle-kit-check.md"]
    return re.findall(r"^\| .*$", page, re.MULTILINE)


def test_states_are_counted_by_kind(outcomes: list[Outcome]) -> None:
    shown = rows(outcomes)
    assert "| broken | 1 of 2 | 3 of 3 |" in shown
    assert "| wrong merge | 0 of 0 | 0 of 0 |" in shown
    assert "| sound | 0 of 1 | 0 of 1 |" in shown


def test_each_state_has_a_row_with_what_both_say(outcomes: list[Outcome]) -> None:
    shown = rows(outcomes)
    assert "| An edit. Why | nothing | [PLX201](../rules/PLX201.md) |" in shown
    assert "| A \\| collision | noticed | [PLX207](../rules/PLX207.md) |" in shown
    assert "| A rename | nothing | nothing |" in shown


def test_page_is_not_made_where_nothing_is_recorded(outcomes: list[Outcome]) -> None:
    pages = site_files(all_rules(), outcomes, "# Changelog\n", {})
    assert "evidence/drizzle-kit-check.md" not in pages
    assert "drizzle-kit-check" not in pages["evidence/index.md"]
