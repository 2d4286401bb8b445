"""What is known of a change as a whole, and takes reading both of its sides."""

from __future__ import annotations

from functools import cached_property

from plexus_rules.check.report import Unread, unsupported
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Unsupported


class Standing:
    """What is known of a repository, and of a change, if there is one.

    What takes long is found out when it is first asked for, or noted. It contains the paths of
    pending migrations.
    """

    def __init__(self, head: Repository, change: Change | None, reads_base: bool) -> None:
        self._head = head
        self._change = change
        self._base = change.base if change and reads_base else None

    @cached_property
    def pending(self) -> frozenset[str]:
        """The paths of the SQL of all pending migrations.

        Raises:
            TreeError: a side cannot be read.
        """
        return pending_migrations(self._change)

    @cached_property
    def unread_in_base(self) -> Unread | None:
        """What could not be read in the base; None where it is not read at all.

        Raises:
            TreeError: it cannot be read.
        """
        return None if self._base is None else Unread.of(self._base)

    @property
    def unsupported(self) -> tuple[Unsupported, ...]:
        """What was recognised, or asked for, and could not be read by any rule, so far.

        Raises:
            TreeError: a side cannot be read.
        """
        return unsupported(self._head, self._base, self.unread_in_base)

    def __contains__(self, path: object) -> bool:
        return path in self.pending


def pending_migrations(change: Change | None) -> frozenset[str]:
    """The paths of the SQL of all pending migrations; none where there is no base."""
    return frozenset(
        pair.head.sql_path(entry.tag)
        for pair in (change.pairs if change else ())
        if pair.head is not None
        for entry in pair.pending
    )
