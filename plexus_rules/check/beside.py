"""Runs the rules in two processes.

Those about migrations run in one, those about source code in the other: the two read different
files. Of the rest each process takes the next when it has nothing else to do, so both end at about
the same time. What came of the other process is told over shared memory; what it does not tell
runs here after all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

import msgspec
from msgspec import Struct

from plexus_rules.check.child import child
from plexus_rules.check.report import Unread
from plexus_rules.check.standing import Standing
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Problem, Rule, Skipped
from plexus_rules.trees import DirectoryTree, GitTree
from plexus_rules.trees.traced import TracedDirectory

#: What runs in the other process: the rules that read migrations.
_APART = ("plexus_rules.catalog.migrations.", "plexus_rules.catalog.sql.")
#: It reads the tables of the schema, as the rules that stay here do.
_NOT_APART = "plexus_rules.catalog.migrations.schema_without_migration"
#: What either process takes: this one from the first on, the other one from the last.
_EITHER = (
    "plexus_rules.catalog.live.raw_ddl",
    "plexus_rules.catalog.migrations.edited_migration",
)


class Said(Struct, frozen=True):
    """What the check of a rule says: see :class:`plexus_rules.check.runner.Yielded`."""

    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    reason: str | None
    is_broken: bool


class _Known(Struct, frozen=True):
    """See :class:`plexus_rules.check.standing.Standing`."""

    pending: frozenset[str]
    unread_in_base: Unread | None


class _Told(Struct, frozen=True):
    """What the other process tells: what its rules said, and what it noted on its way."""

    said: dict[int, Said]
    known: _Known | None
    passed_over: list[dict[str, str]]
    holds_until: int | None
    answers: dict[str, str]
    is_steady: bool
    lacks: str


class _Shares(Struct, frozen=True):
    """Which rules run where, each by its position: in this process, in the other one, in either."""

    here: list[int]
    apart: list[int]
    either: list[int]


def _module(rule: Rule) -> str:
    return "" if rule.check is None else rule.check.__module__


def shares(rules: Sequence[Rule]) -> _Shares:
    """Says which of some rules run where."""
    found = _Shares([], [], [])
    for position, rule in enumerate(rules):
        module = _module(rule)
        if module in _EITHER:
            found.either.append(position)
        elif module.startswith(_APART) and module != _NOT_APART:
            found.apart.append(position)
        else:
            found.here.append(position)
    found.either.sort(key=lambda position: _EITHER.index(_module(rules[position])))
    return found


@contextmanager
def running_beside(
    rules: Sequence[Rule],
    head: Repository,
    change: Change | None,
    standing: Standing,
    run: Callable[[Rule], Said],
) -> Iterator[list[Said]]:
    """Runs rules in this process and another one, if there are any for it; gives what each says.

    The other process reads both sides of the change, so it finds out its ``standing`` as well.
    While it ends, which takes it a moment, this one goes on.
    """
    share = shares(rules)
    if not share.apart:
        yield [run(rule) for rule in rules]
        return
    repositories = [head, *([change.base] if change else [])]
    with _tokens(len(share.either)) as tokens:

        def said(own: list[int], more: Iterable[int]) -> dict[int, Said]:
            taken = (position for position in more if os.read(tokens, 1))
            return {position: run(rules[position]) for position in chain(own, taken)}

        def tell() -> bytes:
            return _tell(repositories, standing, lambda: said(share.apart, reversed(share.either)))

        with child(tell) as wait:
            found = said(share.here, share.either)
            try:
                told = msgspec.msgpack.decode(wait(), type=_Told)
            except (msgspec.MsgspecError, ValueError):
                pass
            else:
                _note(told, repositories, standing)
                found |= told.said
            yield [found[n] if n in found else run(rule) for n, rule in enumerate(rules)]


@contextmanager
def _tokens(count: int) -> Iterator[int]:
    """A file that holds so many tokens. Of all processes that read it one gets each of them."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"." * count)
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


def _tell(
    repositories: Sequence[Repository], standing: Standing, run: Callable[[], dict[int, Said]]
) -> bytes:
    head, trees = repositories[0], [repository.tree for repository in repositories]
    git = next((tree.repository for tree in trees if isinstance(tree, GitTree)), None)
    if git is not None:
        git.part()
    said = run()
    try:
        known = _Known(standing.pending, standing.unread_in_base)
    except Exception:  # it is found out again, and said, where it is asked for
        known = None
    traced = head.tree if isinstance(head.tree, TracedDirectory) else None
    return msgspec.msgpack.encode(
        _Told(
            said=said,
            known=known,
            passed_over=[dict(tree.passed_over) for tree in trees],
            holds_until=head.holds_until,
            answers={} if traced is None else traced.answers,
            is_steady=traced is None or traced.is_steady,
            lacks="" if git is None else git.lacks,
        )
    )


def _note(told: _Told, repositories: Sequence[Repository], standing: Standing) -> None:
    """Notes here what was noted there."""
    if told.known is not None:
        standing.pending = told.known.pending
        standing.unread_in_base = told.known.unread_in_base
    head, trees = repositories[0], [repository.tree for repository in repositories]
    for tree, passed_over in zip(trees, told.passed_over, strict=True):
        if isinstance(tree, DirectoryTree | GitTree):
            tree.pass_over(passed_over)
        if isinstance(tree, GitTree):
            tree.repository.lacks = tree.repository.lacks or told.lacks
    if told.holds_until is not None:
        head.is_ahead(told.holds_until)
    if isinstance(head.tree, TracedDirectory):
        head.tree.note(told.answers, is_steady=told.is_steady)
