"""Which fault of one commit is which fault of the next.

Lines move, folders are renamed, and what counts in a message changes while the fault stays: a
fault is known by its rule, its path, and its message without the numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from plexus_rules.check.runner import Yielded
from plexus_rules.finding import Finding, NotRun
from plexus_rules.rule import Problem, Rule

#: Words that say how many there are. A table that gets a column is no new fault.
_COUNTING = frozenset(
    ["a", "all", "and", "are", "is", "it", "more", "of", "one", "skips", "the", "them", "they"]
)
_NUMBER = re.compile(r"\d+")


class Key(Struct, frozen=True):
    """What a fault is known by. ``ordinal`` tells equal ones of a commit apart."""

    rule: str
    path: str
    essence: str
    ordinal: int = 0


class Record(Struct, eq=False):
    """A finding of the history.

    Attributes:
        finding: as a check of its commit reports it; None for what was there before a range.
        commit: the commit that brought it in.
        is_event: whether it is what the commit did, and not a state that it left.
        ended_by: the commit that ended it, so far; None while it is there.
        shipped_in: the first and the newest tag that hold what was changed; empty if none does.
    """

    finding: Finding | None
    commit: str
    is_event: bool = False
    ended_by: str | None = None
    shipped_in: tuple[str, ...] = ()


class Fault(Struct, frozen=True):
    """A fault of state that is there at a commit, and the finding that told of it.

    Attributes:
        record: the finding.
        unjudged: what its rule did not judge when the fault was last seen.
        alone: of a consequence that the finding owns, what is told of it once that is ended.
    """

    record: Record | None
    unjudged: frozenset[NotRun] = frozenset()
    alone: Finding | None = None


#: The faults that are there at a commit. Of one with no record nothing is told: it is waived.
Faults = Mapping[Key, Fault]


class Fresh(Struct, frozen=True):
    """A problem of state that no parent has."""

    key: Key
    rule: Rule
    problem: Problem
    unjudged: frozenset[NotRun]


class Step(Struct):
    """How the faults of a commit follow from those of its parents.

    Attributes:
        faults: those that stay, or moved; those that are fresh are to be added.
        fresh: the problems that no parent has.
        gone: the faults of a parent that are not there any more.
    """

    faults: dict[Key, Fault] = field(default_factory=dict)
    fresh: list[Fresh] = field(default_factory=list)
    gone: list[Fault] = field(default_factory=list)


def keys(rule: str, problems: Iterable[Problem]) -> Iterator[tuple[Key, Problem]]:
    """Each problem of a rule with its key, in the order of their places."""
    counts: Counter[Key] = Counter()
    for problem in sorted(dict.fromkeys(problems), key=lambda p: (p.path, p.range, p.message)):
        plain = Key(rule, problem.path, _essence(problem.message))
        yield Key(rule, problem.path, plain.essence, counts[plain]), problem
        counts[plain] += 1


def follow(parents: Sequence[Faults], found: Sequence[Yielded]) -> Step:
    """How the faults of a commit, as its rules found them, follow from those of its parents."""
    step = Step()
    before: dict[str, dict[Key, Fault]] = {}
    for faults in reversed(parents):
        for key, fault in faults.items():
            before.setdefault(key.rule, {})[key] = fault
    for yielded in found:
        _follow_rule(before.pop(yielded.rule.id, {}), yielded, step)
    step.gone += (fault for faults in before.values() for fault in faults.values())
    return step


def _follow_rule(before: dict[Key, Fault], yielded: Yielded, step: Step) -> None:
    if not before and not yielded.problems:
        return
    unjudged = frozenset(yielded.not_run)
    left: dict[Key, Problem] = {}
    for key, problem in keys(yielded.rule.id, yielded.problems):
        known = before.pop(key, None)
        if known is None:
            left[key] = problem
        else:
            step.faults[key] = Fault(known.record, unjudged, known.alone)
    moved: dict[tuple[str, str], list[Key]] = {}
    for key in before:
        moved.setdefault(_without_folder(key), []).append(key)
    for key, problem in left.items():
        candidates = moved.get(_without_folder(key))
        if candidates:
            known = before.pop(candidates.pop(0))
            step.faults[key] = Fault(known.record, unjudged, known.alone)
        else:
            step.fresh.append(Fresh(key, yielded.rule, problem, unjudged))
    for key, fault in before.items():
        if key not in step.faults and _is_unsure(key, yielded, unjudged - fault.unjudged):
            step.faults[key] = fault
        else:
            step.gone.append(fault)


def _is_unsure(key: Key, yielded: Yielded, news: Iterable[NotRun]) -> bool:
    """Whether a fault may only be unseen: what its rule does not judge any more is near it."""
    if not yielded.applies:
        return False
    for part in news:
        folder = part.path.rpartition("/")[0].removesuffix("/meta")
        if part.path in (".", key.path) or key.path.startswith(f"{folder}/" if folder else ""):
            return True
    return False


def _without_folder(key: Key) -> tuple[str, str]:
    return key.path.rpartition("/")[2], key.essence


def _essence(message: str) -> str:
    """What a message says, whatever it counts, and wherever the folders are."""
    words = (word.strip(",;:.()'\"`") for word in message.split())
    kept = (word.rpartition("/")[2] for word in words if word not in _COUNTING)
    return " ".join(word for word in kept if not _NUMBER.fullmatch(word))
