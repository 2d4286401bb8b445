"""What an experiment gave: decisions, the steps that led to them, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct


class Verdict(Enum):
    """Whether a claim holds on a line of Drizzle."""

    HOLDS = "holds"
    IN_PART = "holds in part"
    FAILS = "does not hold"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "not tried"


class Step(Struct, frozen=True, omit_defaults=True):
    """One thing that was done, and what came of it.

    Attributes:
        kind: ``edit``, ``delete``, ``git``, ``kit`` (a command), ``connect`` (a statement that from
            now on runs first on each connection to the database), ``migrate``, ``sql`` or ``code``.
        text: the path of a file, the command, or the statement.
        where: the database of a ``connect``, ``migrate``, ``sql`` or ``code``, where a trial has
            several; of a command, what stands around it: a terminal, and the keys that are pressed.
        exit: the exit status of a command.
        output: what was said, or the difference of an edit, as lines. What differs from run
            to run (ids, times, paths of the machine) is replaced.
    """

    kind: str
    text: str
    where: str = ""
    exit: int | None = None
    output: tuple[str, ...] = ()


class Decision(Struct, frozen=True):
    """One observation that decides about the claim.

    Attributes:
        says: what must be so for the claim to hold.
        so: whether it was.
        after: how many steps had been taken: the last of them shows it.
    """

    says: str
    so: bool
    after: int


class Tried(Struct, frozen=True, omit_defaults=True):
    """One run of a claim's experiment, on one driver.

    Attributes:
        on: the driver or the tool, as a reader knows it.
        steps: what was done, in order.
        decisions: at least one, but where it is not applicable or did not get so far.
        because: why it is not applicable, or what stopped it.
        stopped: whether the experiment itself broke: it neither holds nor fails.
    """

    on: str
    steps: tuple[Step, ...] = ()
    decisions: tuple[Decision, ...] = ()
    because: str = ""
    stopped: bool = False

    @property
    def verdict(self) -> Verdict:
        """What this run says."""
        return _verdict(decision.so for decision in self.decisions)


class OnLine(Struct, frozen=True, omit_defaults=True):
    """What a claim's experiment gave on one line of Drizzle.

    Attributes:
        stated: whether the claim is stated for that line.
        versions: what took part, by name.
        tried: a run for each driver.
    """

    stated: bool
    versions: dict[str, str]
    tried: tuple[Tried, ...]

    @property
    def verdict(self) -> Verdict:
        """What the runs say together. Where one broke, it is unknown whether the claim holds."""
        said = _verdict(decision.so for run in self.tried for decision in run.decisions)
        holds_so_far = said in (Verdict.HOLDS, Verdict.NOT_APPLICABLE)
        return Verdict.UNKNOWN if self.stopped and holds_so_far else said

    @property
    def stopped(self) -> tuple[Tried, ...]:
        """The runs that broke before they could decide."""
        return tuple(run for run in self.tried if run.stopped)

    @property
    def contradicts(self) -> bool:
        """Whether the claim is stated for this line and does not hold, or not everywhere."""
        return self.stated and self.verdict not in (Verdict.HOLDS, Verdict.UNKNOWN)


class Evidence(Struct, frozen=True):
    """Everything that was found about a claim, by line of Drizzle."""

    claim: str
    sentence: str
    lines: dict[str, OnLine]


def _verdict(so: Iterable[bool]) -> Verdict:
    found = set(so)
    if not found:
        return Verdict.NOT_APPLICABLE
    if found == {True}:
        return Verdict.HOLDS
    return Verdict.IN_PART if True in found else Verdict.FAILS
