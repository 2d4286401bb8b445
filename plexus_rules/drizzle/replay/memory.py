"""Replays that go on where an earlier one ended: for many commits of one history.

What a migration does follows from the migrations before it, their snapshots, and its own. A walk
is kept at the end of each history that was replayed; a history that only goes on from there costs
no more than what is new in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.replay.history import Replayed, Stopped, Walk, World, replay, steps
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.trees import TreeError

#: So many walks are kept: those of the newest histories.
_MOST_WALKS = 8


class Memory:
    """What is known of the histories that were replayed."""

    def __init__(self) -> None:
        self._results: dict[bytes, Replayed | Stopped] = {}
        self._walks: dict[bytes, Walk] = {}

    def replay(self, database: Database, start: Callable[[], World]) -> list[Replayed | Stopped]:
        """What each migration does wrong, as :func:`replay` tells it.

        Raises:
            TreeError: a file cannot be read.
        """
        entries = list(steps(database))
        keys = list(_keys(database))
        known = next((n for n, key in enumerate(keys) if key not in self._results), len(keys))
        results = [self._results[key] for key in keys[:known]]
        if known == len(keys) or (results and isinstance(results[-1], Stopped)):
            return results
        kept = next((n for n in range(known, 0, -1) if keys[n - 1] in self._walks), 0)
        walk = self._walks.pop(keys[kept - 1]) if kept else Walk(start(), database.dialect)
        del results[kept:]
        end = b""
        for key, (entry, snapshot, is_shared) in zip(keys[kept:], entries[kept:], strict=True):
            result = walk.step(database, entry.tag, snapshot, is_shared)
            self._results[key] = result
            results.append(result)
            if isinstance(result, Stopped):
                return results
            end = key
        self._walks[end] = walk
        while len(self._walks) > _MOST_WALKS:
            del self._walks[next(iter(self._walks))]
        return results


def _keys(database: Database) -> Iterator[bytes]:
    """For each migration a key of its history up to itself."""
    import hashlib  # here: it loads OpenSSL

    key = database.dialect.encode()
    for entry, snapshot, is_shared in steps(database):
        path, sql = database.snapshot_path(entry.tag), database.sql_path(entry.tag)
        parts = (
            key.hex(),
            entry.tag,
            database.tree.blob(sql) if database.tree.is_file(sql) else "",
            database.tree.blob(path) if isinstance(snapshot, Snapshot) else "",
            str(is_shared),
        )
        key = hashlib.sha256("\0".join(parts).encode()).digest()
        yield key


def replayed(database: Database, start: Callable[[], World]) -> Iterator[Replayed | Stopped]:
    """What each migration does wrong; what a store of facts keeps of it is not done again."""
    if database.going is None:
        yield from replay(database, start)
        return
    memory: Memory = database.going.setdefault("replays", Memory())
    try:
        yield from memory.replay(database, start)
    except TreeError:
        yield from replay(database, start)
