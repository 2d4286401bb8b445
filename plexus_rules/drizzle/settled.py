"""Whether the newest snapshot says what the migrations do, as far as their files tell."""

from __future__ import annotations

from plexus_rules.drizzle.appliers import applied_by
from plexus_rules.drizzle.chain import broken_links, plainly_follows
from plexus_rules.drizzle.database import Database, number
from plexus_rules.drizzle.snapshot import Snapshot


def unsettled(database: Database) -> tuple[str, str] | None:
    """A fault that must be mended before the newest snapshot can be taken at its word.

    The file and the reason, for a rule that compares something with that snapshot: what it would
    find is a consequence, and generating would make it worse. None where there is no such fault,
    and where there is no migration at all. Faults of older migrations do not count.
    """
    if not database.entries:
        return None
    last = database.entries[-1]
    path = database.snapshot_path(last.tag)
    sharing = [e.tag for e in database.entries if database.snapshot_path(e.tag) == path]
    if len(sharing) > 1:
        return database.journal_path, f"{' and '.join(sharing)} share one snapshot"
    if not database.has_sql(last.tag):
        return database.journal_path, f"the newest migration, {last.tag}, has no SQL"
    if not isinstance(database.snapshot(path), Snapshot):
        return path, f"the newest migration, {last.tag}, has no snapshot that can be read"
    if database.snapshot_names[-1] > path:
        return database.snapshot_names[-1], "the newest snapshot belongs to no migration"
    if not plainly_follows(database) and any(e.entry is last for e in broken_links(database)):
        return path, "the newest snapshot does not follow on the one before it"
    newer = (t for t in database.unlisted if number(t) and number(t) >= number(last.tag))
    unlisted = None if applied_by(database) else next(newer, None)
    if unlisted is not None:
        return database.sql_path(unlisted), "the journal does not list the newest SQL"
    return None
