"""Some rules run in a process of their own: nothing of what is told depends on that."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check.beside import Said, running_beside, runs_beside
from plexus_rules.check.child import can_run_beside
from plexus_rules.check.path import Outcome, Request, check_path
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, Finding, Severity
from plexus_rules.gallery.run import NOW
from plexus_rules.lab.battery import BROKEN
from plexus_rules.rule import Problem, Rule, Skipped
from plexus_rules.trees import MemoryTree
from plexus_rules.trees.traced import TracedDirectory
from tests.checkouts import Checkout, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is one process here")

APART = [rule for rule in all_rules() if runs_beside(rule)]
PROBLEM = Problem("a.sql", WHOLE_FILE, "x")
FINDING = Finding("a.sql", WHOLE_FILE, "PLX203", "x", Severity.ERROR, "x", "y", (), None)
SAID = Said((PROBLEM,), (FINDING,), (Skipped("b.sql", "y"),), "z", False)


def check(root: Path, **rest: Any) -> Outcome:
    return check_path(Request(root, all_rules(), environ={}, now=NOW, **rest))


def told(run: Callable[[Rule], Said]) -> list[Said]:
    """What rules say that run beside this process, which has nothing to do."""
    head = Repository(MemoryTree({}), NOW)
    with running_beside(APART, head, None, run) as others:
        return others()


def test_the_rules_about_migrations_and_commands_run_apart() -> None:
    ids = {rule.id for rule in APART}
    assert {"PLX204", "PLX208", "PLX301", "PLX402", "PLX601"} <= ids
    assert not ids & {"PLX101", "PLX102", "PLX201", "PLX210", "PLX401", "PLX501"}


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
    assert told(lambda rule: SAID) == [SAID] * len(APART)


def test_rules_run_here_where_the_other_process_fails() -> None:
    here = os.getpid()

    def run(rule: Rule) -> Said:
        if os.getpid() != here:
            raise RuntimeError
        return SAID

    assert told(run) == [SAID] * len(APART)


def test_rules_run_here_where_the_other_process_is_killed() -> None:
    here = os.getpid()

    def run(rule: Rule) -> Said:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return SAID

    assert told(run) == [SAID] * len(APART)


def test_rules_run_here_where_what_they_say_cannot_be_told() -> None:
    half = Said((), (), (Skipped("a.sql", "\ud800"),), None, False)
    assert told(lambda rule: half) == [half] * len(APART)


def test_the_other_process_ends_where_this_one_stops() -> None:
    head = Repository(MemoryTree({}), NOW)

    def endless(rule: Rule) -> Said:
        while True:
            pass

    with pytest.raises(KeyboardInterrupt), running_beside(APART, head, None, endless):
        raise KeyboardInterrupt
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_there_is_no_other_process_without_a_rule_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
    with running_beside([], Repository(MemoryTree({}), NOW), None, lambda rule: SAID) as others:
        assert others() == []


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
