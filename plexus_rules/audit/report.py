"""What an audit found."""

from __future__ import annotations

from msgspec import Struct

from plexus_rules.check.report import Report
from plexus_rules.finding import Finding


class Recorded(Struct, frozen=True):
    """A finding, and its place in the history.

    Attributes:
        finding: as a check of its commit reports it.
        commit: the full id of the commit that brought it in.
        ended_by: the full id of the commit that ended it; None where it is still there, and
            for what a commit did, which has no end.
        is_event: whether it is what the commit did, and not a state that it left.
        shipped_in: the first and the newest of the tags that hold what the commit changed.
    """

    finding: Finding
    commit: str
    ended_by: str | None = None
    is_event: bool = False
    shipped_in: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether this is a state that the newest commit still has."""
        return self.ended_by is None and not self.is_event


class Told(Struct, frozen=True):
    """What a person is told of a commit: its day (UTC) and the first line of its message."""

    day: str
    subject: str


class Audit(Struct, frozen=True):
    """The outcome of an audit.

    Attributes:
        report: as of a check: its findings are those of all commits, in the order of these.
        recorded: the same findings, each with its place in the history.
        commits: how many commits were judged.
        told: the commits that the findings name, by id.
        notes: what else a person should know, such as that the history is cut off.
    """

    report: Report
    recorded: tuple[Recorded, ...]
    commits: int
    told: dict[str, Told]
    notes: tuple[str, ...] = ()
