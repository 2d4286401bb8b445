"""Runs the rules about migrations in a process of their own, beside all others.

The two read different files, and take about the same time. What came of the other process is
told over a pipe; where anything goes wrong there, its rules run here after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
from msgspec import Struct

from plexus_rules.check.child import child
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding
from plexus_rules.rule import Problem, Rule, Skipped
from plexus_rules.trees import DirectoryTree, GitTree
from plexus_rules.trees.traced import TracedDirectory

#: What runs in the other process: the rules that read migrations and commands.
_APART = (
    "plexus_rules.catalog.generating.",
    "plexus_rules.catalog.live.schema_push",
    "plexus_rules.catalog.migrations.",
    "plexus_rules.catalog.sql.",
)
#: Of these one reads the tables of the schema, as the rules that stay here do. The other one
#: compares files byte by byte, and evens out what there is to do.
_NOT_APART = (
    "plexus_rules.catalog.migrations.schema_without_migration",
    "plexus_rules.catalog.migrations.edited_migration",
)


class Said(Struct, frozen=True):
    """What a rule says: what its check yielded, and the findings that its problems are.

    See :class:`plexus_rules.check.runner.Yielded`.
    """

    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    reason: str | None
    is_broken: bool


class _Told(Struct, frozen=True):
    """What the other process tells: what its rules said, and what it noted on its way."""

    said: list[Said]
    passed_over: list[dict[str, str]]
    holds_until: int | None
    answers: dict[str, str]
    is_steady: bool
    lacks: str


def runs_beside(rule: Rule) -> bool:
    """Whether a rule is one of those that run in the other process."""
    module = "" if rule.check is None else rule.check.__module__
    return module.startswith(_APART) and module not in _NOT_APART


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
    repositories = [head, *([change.base] if change else [])]
    with child(lambda: msgspec.msgpack.encode(_told(rules, repositories, run))) as wait:

        def said() -> list[Said]:
            try:
                told = msgspec.msgpack.decode(wait(), type=_Told)
            except (msgspec.MsgspecError, ValueError):
                return [run(rule) for rule in rules]
            _note(told, repositories)
            return told.said

        yield said


def _told(
    rules: Sequence[Rule], repositories: Sequence[Repository], run: Callable[[Rule], Said]
) -> _Told:
    head, trees = repositories[0], [repository.tree for repository in repositories]
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


def _note(told: _Told, repositories: Sequence[Repository]) -> None:
    """Notes here what was noted there."""
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
