"""Rules made for a test, and the reports that they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from plexus_rules.check import Report, check_change, check_repository
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Range, Severity
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Good, Line, Obligation, Problem, Rule, Skipped
from plexus_rules.samples import base
from plexus_rules.trees import MemoryTree

Check = Callable[[Any], Iterator[Problem | Skipped]]


def rule(number: str, check: Check, **rest: Any) -> Rule:
    """A rule with this check, and the least of everything else."""
    values: dict[str, Any] = {
        "obligation": Obligation.NEVER,
        "statement": "Never do that.",
        "why": (),
        "remedy": "Undo it.",
        "line": Line("Do that."),
        "guides": (),
        "examples": (Good("Nothing is done"),),
    }
    return Rule(
        id=number, since="0.1.0", name=f"rule-{number.lower()}", check=check, **values | rest
    )


def state(number: str, *items: Problem | Skipped, **rest: Any) -> Rule:
    """A rule of one repository that yields these."""

    def check(repository: Repository) -> Iterator[Problem | Skipped]:
        yield from items

    return rule(number, check, **rest)


def change(number: str, *items: Problem | Skipped, **rest: Any) -> Rule:
    """A rule of a change that yields these."""

    def check(change: Change) -> Iterator[Problem | Skipped]:
        yield from items

    return rule(number, check, **rest)


def failing(number: str, error: BaseException) -> Rule:
    """A rule whose check fails."""

    def check(repository: Repository) -> Iterator[Problem | Skipped]:
        yield from ()
        raise error

    return rule(number, check)


def problem(
    path: str, *causes: str, line: int = 1, message: str = "wrong", severity: Severity | None = None
) -> Problem:
    """A problem at a line of a file."""
    return Problem(path, Range(line, 1, line, 2), message, causes=causes, severity=severity)


def sample() -> Repository:
    return Repository(MemoryTree(base()), NOW)


def on_change(*rules: Rule, before: Repository | None = None) -> Report:
    """What rules say of the sample, which has changed from ``before``, or not at all."""
    head = sample()
    return check_change(Change(before or head, head), rules, PLEXUS, base="1234")


def on_state(rules: Iterable[Rule], reason: str = "no base") -> Report:
    return check_repository(sample(), rules, PLEXUS, reason)
