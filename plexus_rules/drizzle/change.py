"""Two repositories, before and after, with their databases paired."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import TreeError


class Pair(Struct, frozen=True, dict=True):
    """One database before and after. None where it is new, or gone."""

    base: Database | None
    head: Database | None

    @cached_property
    def landed(self) -> tuple[JournalEntry, ...]:
        """The entries of the base, each tag once: migrations that databases may have run."""
        entries = self.base.entries if self.base else ()
        first = {entry.tag: entry for entry in reversed(entries)}
        return tuple(entry for entry in entries if first[entry.tag] is entry)

    @cached_property
    def kept(self) -> frozenset[str]:
        """The tags of landed entries that the head's journal still means."""
        if self.base is None or self.head is None:
            return frozenset()
        times = {entry.tag: entry.when for entry in self.head.entries}
        return frozenset(
            entry.tag
            for entry in self.landed
            if times.get(self.renamed_entries.get(entry.tag, entry.tag)) == entry.when
            or (entry.tag in times and _same_sql(self.base, self.head, entry.tag))
        )

    @cached_property
    def renamed_entries(self) -> dict[str, str]:
        """The new tag of each landed entry that the head has under another one.

        It is known by its time, to the millisecond.
        """
        if self.base is None or self.head is None:
            return {}
        old, new = {e.tag for e in self.landed}, {e.tag for e in self.head.entries}
        fresh = {entry.when: entry.tag for entry in self.head.entries if entry.tag not in old}
        return {e.tag: fresh[e.when] for e in self.landed if e.tag not in new and e.when in fresh}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The new tag of each landed migration whose SQL file the head has under another name.

        It is known by its journal entry, or else by its SQL.
        """
        base, head = self.base, self.head
        if base is None or head is None:
            return {}
        found: dict[str, str] = {}
        gone = [e.tag for e in self.landed if base.has_sql(e.tag) and not head.has_sql(e.tag)]
        fresh = [tag for tag in head.sql_tags if not base.has_sql(tag)] if gone else []
        for tag in gone:
            entry = self.renamed_entries.get(tag)
            same = (t for t in fresh if t not in found.values() and _same_text(base, tag, head, t))
            new = entry if entry in fresh else next(same, None)
            if new is not None:
                found[tag] = new
        return found

    def follower(self, entry: JournalEntry) -> JournalEntry | None:
        """The head's entry that follows where a landed one was taken out; None at the end."""
        earlier = {e.tag for e in self.landed if e.position < entry.position}
        later = {e.tag for e in self.landed if e.position > entry.position}
        later.update(e.tag for e in self.pending)
        entries = self.head.entries if self.head else ()
        start = max((e.position + 1 for e in entries if e.tag in earlier), default=0)
        return next((e for e in entries[start:] if e.tag in later), None)

    @cached_property
    def is_squashed(self) -> bool:
        """Whether the whole landed history was replaced or deleted: a new beginning."""
        if self.base is None or self.head is None or not self.landed or self.kept:
            return False
        if isinstance(self.head.journal, Journal):
            return True
        tags = set(self.head.sql_tags)
        return self.head.journal is None and not any(entry.tag in tags for entry in self.landed)

    @cached_property
    def is_emptied(self) -> bool:
        """Whether the whole landed history was deleted, and none stands in its place."""
        return self.is_squashed and self.head is not None and not self.head.entries

    @cached_property
    def pending(self) -> tuple[JournalEntry, ...]:
        """The entries that only the head has."""
        if self.head is None:
            return ()
        landed = _keys(self.base)
        return tuple(entry for entry in self.head.entries if (entry.tag, entry.when) not in landed)


class Change(Struct, frozen=True, dict=True):
    """What a branch, or a working tree, does to a repository."""

    base: Repository
    head: Repository

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The databases, paired by the history that they share and by their folder.

        The name of a config does not matter: a config, or a folder, may be renamed.
        """
        candidates = [
            (len(_keys(old) & _keys(new)), old.out == new.out, old, new)
            for old in self.base.journaled
            for new in self.head.journaled
            if old.dialect == new.dialect
        ]
        pairs: list[Pair] = []
        taken: set[Database] = set()
        for shared, same_folder, old, new in sorted(candidates, key=lambda c: c[:2], reverse=True):
            if (shared or same_folder) and old not in taken and new not in taken:
                taken |= {old, new}
                pairs.append(Pair(old, new))
        left = [old for old in self.base.journaled if old not in taken]
        pairs += [Pair(old, self._left_behind(old)) for old in left]
        pairs += [Pair(None, new) for new in self.head.journaled if new not in taken]
        return tuple(pairs)

    @property
    def landed_sql(self) -> frozenset[str]:
        """The paths that the SQL of landed migrations has in the head."""
        return frozenset(
            pair.head.sql_path(pair.renamed.get(entry.tag, entry.tag))
            for pair in self.pairs
            if pair.head is not None
            for entry in pair.landed
        )

    def _left_behind(self, old: Database) -> Database | None:
        """What the head has in a folder that no config of it names, or can be read to name.

        A config that is gone, or broken, must not hide what happened to landed files.
        """
        left = Database(self.head.tree, old.configs, self.head.facts)
        known = {database.out for database in self.head.databases}
        return left if left.exists and left.out not in known else None


def _keys(database: Database | None) -> frozenset[tuple[str, int]]:
    return frozenset((e.tag, e.when) for e in database.entries) if database else frozenset()


def _same_sql(base: Database, head: Database, tag: str) -> bool:
    path, other = base.sql_path(tag), head.sql_path(tag)
    try:
        return base.tree.blob(path) == head.tree.blob(other) or base.sql(tag) == head.sql(tag)
    except TreeError:
        return False


def _same_text(base: Database, tag: str, head: Database, other: str) -> bool:
    """Whether two SQL files say the same, and say anything."""
    try:
        text = base.sql(tag).strip()
        return bool(text) and head.sql(other).strip() == text
    except TreeError:
        return False
