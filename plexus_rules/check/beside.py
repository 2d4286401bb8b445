"""Runs the rules about migrations in a process of their own, beside all others.

The two read different files, and take about the same time. What came of the other process is
told over a pipe; where anything goes wrong there, its rules run here after all.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import msgspec
from msgspec import Struct

from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Problem, Rule, Skipped
from plexus_rules.trees import DirectoryTree, GitTree, Tree
from plexus_rules.trees.traced import TracedDirectory

#: What runs in the other process: the rules that read migrations, or shapes as these tell them.
_APART = (
    "plexus_rules.catalog.migrations.",
    "plexus_rules.catalog.sql.",
    "plexus_rules.catalog.schema.dialect_drift",
)


class Said(Struct, frozen=True):
    """What the check of a rule yielded; see :class:`plexus_rules.check.runner.Yielded`."""

    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    reason: str | None
    is_broken: bool
    applies: bool


class _Told(Struct, frozen=True):
    """What the other process tells: what its rules said, and what it noted on its way."""

    said: list[Said]
    passed_over: list[dict[str, str]]
    holds_until: int | None
    answers: dict[str, str]
    is_steady: bool
    lacks: str


def can_run_beside() -> bool:
    """Whether a second process may run, and there is a processor for it."""
    if not hasattr(os, "fork"):
        return False
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


def runs_beside(rule: Rule) -> bool:
    """Whether a rule is one of those that run in the other process."""
    return rule.check is not None and rule.check.__module__.startswith(_APART)


@contextmanager
def running_beside(
    rules: Sequence[Rule],
    head: Repository,
    change: Change | None,
    run: Callable[[Rule], Said],
) -> Iterator[Callable[[], list[Said]]]:
    """Runs rules in another process meanwhile, if there are any.

    Gives a function that waits for what they say, in their order.
    """
    if not rules:
        yield list
        return
    trees = [head.tree, *([change.base.tree] if change else [])]
    with _child(lambda: msgspec.msgpack.encode(_told(rules, head, trees, run))) as wait:

        def said() -> list[Said]:
            try:
                told = msgspec.msgpack.decode(wait(), type=_Told)
            except (msgspec.MsgspecError, ValueError):
                return [run(rule) for rule in rules]
            _note(told, head, trees)
            return told.said

        yield said


def _told(
    rules: Sequence[Rule], head: Repository, trees: Sequence[Tree], run: Callable[[Rule], Said]
) -> _Told:
    git = next((tree.repository for tree in trees if isinstance(tree, GitTree)), None)
    if git is not None:
        git.part()
    said = [run(rule) for rule in rules]
    traced = head.tree if isinstance(head.tree, TracedDirectory) else None
    return _Told(
        said=said,
        passed_over=[dict(tree.passed_over) for tree in trees],
        holds_until=head.holds_until,
        answers={} if traced is None else traced.answers,
        is_steady=traced is None or traced.is_steady,
        lacks="" if git is None else git.lacks,
    )


def _note(told: _Told, head: Repository, trees: Sequence[Tree]) -> None:
    """Notes here what was noted there."""
    for tree, passed_over in zip(trees, told.passed_over, strict=True):
        if isinstance(tree, DirectoryTree | GitTree):
            tree.pass_over(passed_over)
        if isinstance(tree, GitTree):
            tree.repository.lacks = tree.repository.lacks or told.lacks
    if told.holds_until is not None:
        head.is_ahead(told.holds_until)
    if isinstance(head.tree, TracedDirectory):
        head.tree.note(told.answers, is_steady=told.is_steady)


@contextmanager
def _child(work: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Works in a child process; gives a function that waits for the result, empty if it failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(work())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    is_waited_for = False

    def wait() -> bytes:
        nonlocal is_waited_for
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        is_waited_for = True
        _, status = os.waitpid(child, 0)
        return data if status == 0 else b""

    try:
        yield wait
    finally:
        if not is_waited_for:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                os.close(reading)
