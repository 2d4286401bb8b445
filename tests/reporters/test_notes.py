"""What is said on stderr beside the findings: the base, and what was not checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.check.adopting import Adopted
from plexus_rules.check.report import Stale
from plexus_rules.finding import NotRun, Unsupported
from plexus_rules.reporters.notes import adoption, notes
from plexus_rules.trees import Base, NoBase
from tests.reporters.helpers import HOSTILE, is_harmless, report

NONE = NoBase("there is no git")


def test_base_and_how_it_was_found_come_first() -> None:
    told = list(notes(report(), Base("0123456789abcdef", "HEAD, which is main")))
    assert told == ["base: 0123456789ab, HEAD, which is main"]


def test_base_that_is_head_says_what_it_leaves_out() -> None:
    told = list(notes(report(), Base("0123456789abcdef", "HEAD, which is main", is_head=True)))
    assert told == [
        "base: 0123456789ab, HEAD, which is main; only what is not committed is compared"
    ]


def test_rules_that_did_not_run_for_one_reason_share_a_line() -> None:
    not_run = (
        NotRun("PLX201", ".", "no base"),
        NotRun("PLX204", ".", "no base"),
        NotRun("PLX209", ".", "one dialect"),
        NotRun("PLX111", "a.ts", "too large"),
    )
    assert list(notes(report(not_run=not_run), NONE)) == [
        "not checked: PLX201, PLX204: no base",
        "not checked: PLX209: one dialect",
        "not checked: PLX111: a.ts: too large",
    ]


def test_places_that_no_rule_read_have_a_line_each() -> None:
    unsupported = (Unsupported("drizzle", "a folder for each migration"),)
    told = list(notes(report(unsupported=unsupported), NONE))
    assert told == ["not checked: drizzle: a folder for each migration"]


def test_check_that_was_not_done_says_why() -> None:
    told = list(notes(report(incomplete=("no base to compare with",)), NONE))
    assert told == ["the check is incomplete: no base to compare with"]


def test_what_can_be_removed_is_named_with_its_place() -> None:
    stale = (Stale("plexus-rules.toml", 3, "it waives nothing"), Stale("known.json", 0, "mended"))
    assert list(notes(report(stale=stale), NONE)) == [
        "plexus-rules.toml:3: it waives nothing",
        "known.json: mended",
    ]


def test_much_that_can_be_removed_is_counted() -> None:
    told = list(notes(report(stale=(Stale("known.json", 0, "mended"),) * 25), NONE))
    assert len(told) == 21
    assert told[-1] == "5 more like these can be removed"


@pytest.mark.parametrize(("known", "said"), [(1, "1 known finding"), (3, "3 known findings")])
def test_baseline_that_was_written(known: int, said: str) -> None:
    adopted = Adopted(Path("a/known.json"), known, 1, 2)
    assert adoption(adopted) == f"written: a/known.json: {said} (1 added, 2 removed)"


def test_nothing_to_say() -> None:
    assert list(notes(report(), NONE)) == []


def test_foreign_text_is_neutralised() -> None:
    hostile = report(
        not_run=(NotRun("PLX201", HOSTILE, HOSTILE),),
        unsupported=(Unsupported(HOSTILE, HOSTILE),),
        incomplete=(HOSTILE,),
        stale=(Stale(HOSTILE, 1, HOSTILE),),
    )
    told = list(notes(hostile, Base("1234", f"HEAD, which is {HOSTILE}")))
    assert len(told) == 5
    assert all(line.isprintable() and is_harmless(line) for line in told)
