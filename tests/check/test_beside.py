"""Some rules run in a process of their own: nothing of what is told depends on that."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check.beside import Said, running_beside, shares
from plexus_rules.check.child import can_run_beside
from plexus_rules.check.path import Outcome, Request, check_path
from plexus_rules.check.standing import Standing
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE
from plexus_rules.gallery.run import NOW
from plexus_rules.lab.battery import BROKEN
from plexus_rules.rule import Problem, Rule, Skipped
from plexus_rules.trees import MemoryTree
from plexus_rules.trees.traced import TracedDirectory
from tests.checkouts import Checkout, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is one process here")

RULES = tuple(rule for rule in all_rules() if rule.check is not None)
SHARES = shares(RULES)
SAID = Said((Problem("a.sql", WHOLE_FILE, "x"),), (Skipped("b.sql", "y"),), "z", False)


def check(root: Path, **rest: Any) -> Outcome:
    return check_path(Request(root, all_rules(), environ={}, now=NOW, **rest))


def told(run: Callable[[Rule], Said], rules: Sequence[Rule] = RULES) -> list[Said]:
    """What rules say that two processes run."""
    head = Repository(MemoryTree({}), NOW)
    with running_beside(rules, head, None, Standing(head, None, False), run) as said:
        return said


def test_the_rules_about_migrations_run_apart() -> None:
    apart, here = ({RULES[n].id for n in share} for share in (SHARES.apart, SHARES.here))
    assert {"PLX204", "PLX208", "PLX301"} <= apart
    assert {"PLX101", "PLX102", "PLX210", "PLX402", "PLX501", "PLX601"} <= here


def test_every_rule_has_its_place() -> None:
    places = [*SHARES.apart, *SHARES.here, *SHARES.either]
    assert sorted(places) == list(range(len(RULES)))
    assert min(map(len, (SHARES.apart, SHARES.here, SHARES.either))) > 0


@pytest.mark.parametrize("state", BROKEN, ids=lambda state: state.name)
def test_the_report_is_the_same(tmp_path: Path, state: Any) -> None:
    checkout = Checkout.new(tmp_path / "checkout", state.files_before)
    for path in set(state.files_before) - set(state.files):
        (checkout.root / path).unlink()
    write(checkout.root, state.files)
    assert check(checkout.root, beside=True).report == check(checkout.root).report


def test_what_was_asked_there_is_known_here(tmp_path: Path) -> None:
    root = Checkout.new(tmp_path).root
    alone, together = TracedDirectory(root), TracedDirectory(root)
    check(root, tree=alone)
    check(root, tree=together, beside=True)
    assert together.answers == alone.answers
    assert together.is_steady


def test_what_was_passed_over_there_is_told(tmp_path: Path) -> None:
    root = Checkout.new(tmp_path).root
    link = "packages/backend/drizzle/migrations/meta/0009_snapshot.json"
    (root / link).symlink_to("/")
    assert check(root, beside=True).report == check(root).report


def test_what_another_process_says_is_told() -> None:
    assert told(lambda rule: SAID) == [SAID] * len(RULES)


@pytest.mark.parametrize("slow", ["here", "apart"])
def test_who_has_nothing_else_to_do_takes_what_either_may_run(slow: str) -> None:
    here = os.getpid()
    done, end = os.pipe()
    first, *_, last = SHARES.either
    if slow == "here":
        last = first

    def run(rule: Rule) -> Said:
        if rule is RULES[getattr(SHARES, slow)[0]]:
            os.read(done, 1)
        if rule is RULES[last]:
            os.write(end, b".")
        return Said((), (), "here" if os.getpid() == here else "apart", False)

    said = told(run)
    assert {said[n].reason for n in SHARES.either} == {"here", "apart"} - {slow}
    os.close(done)
    os.close(end)


def test_rules_run_here_where_the_other_process_fails() -> None:
    here = os.getpid()

    def run(rule: Rule) -> Said:
        if os.getpid() != here:
            raise RuntimeError
        return SAID

    assert told(run) == [SAID] * len(RULES)


def test_rules_run_here_where_the_other_process_is_killed() -> None:
    here = os.getpid()

    def run(rule: Rule) -> Said:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return SAID

    assert told(run) == [SAID] * len(RULES)


def test_rules_run_here_where_what_they_say_cannot_be_told() -> None:
    half = Said((), (Skipped("a.sql", "\ud800"),), None, False)
    assert told(lambda rule: half) == [half] * len(RULES)


def test_the_other_process_ends_where_this_one_stops() -> None:
    here = os.getpid()

    def run(rule: Rule) -> Said:
        if os.getpid() == here:
            raise KeyboardInterrupt
        while True:
            pass

    with pytest.raises(KeyboardInterrupt):
        told(run)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_there_is_no_other_process_without_a_rule_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
    here = [RULES[n] for n in SHARES.here]
    assert told(lambda rule: SAID, here) == [SAID] * len(here)


def test_one_processor_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors in ({0}, {0, 1}):
        given = {0: processors}.__getitem__
        monkeypatch.setattr(os, "sched_getaffinity", given, raising=False)
        assert can_run_beside() is (len(processors) > 1)
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert not can_run_beside()
    monkeypatch.delattr(os, "fork")
    assert not can_run_beside()
