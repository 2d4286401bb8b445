"""What the rules about generated SQL share."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.shapes.model import Shape
from plexus_rules.drizzle.shapes.snapshots import shape_of
from plexus_rules.drizzle.snapshot import Snapshot


def migrations(repository: Repository) -> Iterator[tuple[Database, JournalEntry]]:
    """Every migration of every database whose SQL is there, in the journal's order."""
    for database in repository.journaled:
        if isinstance(database.journal, Journal):
            for entry in database.entries:
                if database.has_sql(entry.tag):
                    yield database, entry


def shape_before(database: Database, entry: JournalEntry) -> Shape | None:
    """The schema before a migration, by the snapshot of the one before it; None where unread."""
    if entry.position == 0:
        return Shape(database.dialect)
    earlier = database.entries[entry.position - 1]
    snapshot = database.snapshot(database.snapshot_path(earlier.tag))
    return shape_of(database.dialect, snapshot.value) if isinstance(snapshot, Snapshot) else None
