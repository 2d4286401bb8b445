"""A verdict follows from what was observed, and from nothing else."""

import pytest

from plexus_rules.lab.evidence import Decision, OnLine, Tried, Verdict


def run(*so: bool, because: str = "", stopped: bool = False) -> Tried:
    decisions = tuple(Decision(f"decision {number}", one, 0) for number, one in enumerate(so))
    return Tried("SQLite", decisions=decisions, because=because, stopped=stopped)


def on(*tried: Tried, stated: bool = True) -> OnLine:
    return OnLine(stated, {}, tried)


@pytest.mark.parametrize(
    ("tried", "verdict"),
    [
        ((run(True, True), run(True)), Verdict.HOLDS),
        ((run(True, False), run(True)), Verdict.IN_PART),
        ((run(True), run(False)), Verdict.IN_PART),
        ((run(False), run(False)), Verdict.FAILS),
        ((run(because="it has no journal"),), Verdict.NOT_APPLICABLE),
        ((run(True), run(because="it has no journal")), Verdict.HOLDS),
    ],
)
def test_the_runs_say_together(tried: tuple[Tried, ...], verdict: Verdict) -> None:
    assert on(*tried).verdict is verdict


def test_a_claim_is_contradicted_only_where_it_is_stated() -> None:
    assert on(run(False)).contradicts
    assert on(run(True, False)).contradicts
    assert not on(run(False), stated=False).contradicts
    assert not on(run(True)).contradicts


def test_a_claim_that_is_stated_where_it_cannot_be_tried_is_contradicted() -> None:
    assert on(run(because="it has no journal")).contradicts


def test_where_a_run_broke_nothing_is_known_unless_another_says_no() -> None:
    broken = run(because="KeyError: 'items'", stopped=True)
    assert on(run(True), broken).stopped == (broken,)
    assert on(run(True), broken).verdict is Verdict.UNKNOWN
    assert not on(run(True), broken).contradicts
    assert not on(broken).contradicts
    assert on(run(False), broken).contradicts
