"""The chain of snapshots: each names the one before it, as drizzle-kit found it when it ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.snapshot import NO_ID, Snapshot
from plexus_rules.trees import TreeError


class BrokenLink(Struct, frozen=True):
    """A snapshot that does not follow on the one before it.

    Attributes:
        entry: the migration that it belongs to.
        snapshot: the snapshot itself.
        before: the snapshot of the migration before; None where it is the first, or where
            that one is missing or cannot be read.
        twin: an earlier snapshot with the same id.
        parent: the snapshot that its ``prevId`` names instead, listed or not.
    """

    entry: JournalEntry
    snapshot: Snapshot
    before: Snapshot | None
    twin: Snapshot | None
    parent: Snapshot | None


def broken_links(database: Database) -> Iterator[BrokenLink]:
    """Every break in the chain, in the order of the journal.

    What follows on a snapshot that is missing, cannot be read, or was overwritten by a
    migration of the same number, may name an id that is not known.
    """
    known = {s.id: s for s in reversed(database.snapshots.values()) if isinstance(s, Snapshot)}
    uses = Counter(database.snapshot_path(entry.tag) for entry in database.entries)
    before: Snapshot | None = None
    earlier: dict[str, Snapshot] = {}
    seen: set[str] = set()
    is_before_known = True
    for entry in database.entries:
        path = database.snapshot_path(entry.tag)
        if path in seen:
            continue
        seen.add(path)
        snapshot = database.snapshot(path)
        if not isinstance(snapshot, Snapshot):
            is_before_known = False
            continue
        is_certain = is_before_known and uses[path] == 1
        twin = earlier.get(snapshot.id)
        if twin is not None or not _follows(snapshot, before, is_certain, known):
            parent = known.get(snapshot.prev_id)
            yield BrokenLink(entry, snapshot, before if is_certain else None, twin, parent)
        earlier.setdefault(snapshot.id, snapshot)
        before, is_before_known = snapshot, uses[path] == 1


def plainly_follows(database: Database) -> bool:
    """Whether the newest snapshot names the one before it, and no other may have its id.

    Then :func:`broken_links` has nothing to say of it.
    """
    *earlier, newest = dict.fromkeys(database.snapshot_path(e.tag) for e in database.entries)
    snapshot = database.snapshot(newest)
    before = database.snapshot(earlier[-1]) if earlier else None
    if not isinstance(snapshot, Snapshot) or not isinstance(before, Snapshot):
        return False
    return snapshot.prev_id == before.id and not _may_have_id(database, earlier, snapshot.id)


def _may_have_id(database: Database, paths: Iterable[str], wanted: str) -> bool:
    """Whether one of some snapshots may have an id."""
    if database.tree.knows_blobs:  # each is parsed once for all commits
        found = map(database.snapshot, paths)
        return any(not isinstance(one, Snapshot) or one.id == wanted for one in found)
    text = wanted.encode()
    try:
        # An id could be written with escapes; a single byte is looked for much faster.
        return any(
            text in data or (b"\\" in data and b"\\u" in data)
            for data in map(database.tree.read, paths)
        )
    except TreeError:
        return True


def _follows(
    snapshot: Snapshot, before: Snapshot | None, is_certain: bool, known: dict[str, Snapshot]
) -> bool:
    if before is None and is_certain:
        return snapshot.prev_id == NO_ID or snapshot.is_introspected
    if before is not None and snapshot.prev_id == before.id:
        return True
    if is_certain:
        return False
    if snapshot.prev_id == NO_ID:
        return before is None
    return snapshot.prev_id not in known
