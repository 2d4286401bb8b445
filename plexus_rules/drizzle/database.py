"""One database: what a drizzle config, and the migrations folder that it names, say."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, TypeVar

from msgspec import Struct

from plexus_rules.drizzle.config import DatabaseConfig
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.journal import Journal, JournalEntry, parse_journal
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.snapshot import Snapshot, parse_snapshot
from plexus_rules.drizzle.sql.operations import Located
from plexus_rules.drizzle.sql.statements import Statement, split
from plexus_rules.trees import Tree, TreeError, join, too_large

_T = TypeVar("_T")

#: More is refused: it takes about a second to read one million characters that are no SQL.
MAX_SQL_CHARACTERS = 4 * 1024 * 1024

_SNAPSHOT = "_snapshot.json"
_FOLDER = re.compile(r"\d{14}_.+")
_NUMBER = re.compile(r"\d+(?=_)")


class Layout(StrEnum):
    """How a migrations folder is laid out on the disk."""

    #: SQL files, ``meta/_journal.json`` and snapshots: drizzle-kit 0.x.
    JOURNAL = "journal"
    #: A folder for each migration: drizzle-kit 1.x.
    FOLDERS = "folders"


def number(tag: str) -> str:
    """The number that a migration's tag starts with, as written; ``""`` where it has none."""
    found = _NUMBER.match(tag)
    return found.group() if found else ""


class Unreadable(Struct, frozen=True):
    """A file of the migrations folder that could not be opened (it is not malformed)."""

    path: str
    reason: str


class Database:
    """One drizzle config's world, read when it is asked for.

    Attributes:
        configs: every config that describes it; the first is the one that is named.
        dialect: ``sqlite``, ``postgresql``, …; ``unknown`` where nothing says it.
        schema: the entries of the schema, relative to the tree's root; None where unread.
        out: the migrations folder; None where it cannot be read off the config.
    """

    def __init__(
        self, tree: Tree, configs: Sequence[DatabaseConfig], facts: Facts | None = None
    ) -> None:
        self.tree = tree
        self._facts = facts
        self.configs = tuple(configs)
        self.config = configs[0].config
        self.out = configs[0].out
        self.schema = next((c.schema for c in configs if c.schema is not None), None)
        self._snapshots: dict[str, Snapshot | Malformed | Unreadable | None] = {}
        self._statements: dict[str, tuple[Statement, ...]] = {}
        self._operations: dict[str, tuple[Located, ...]] = {}
        self._stated_dialect = next((c.dialect for c in configs if c.dialect), None)

    def __repr__(self) -> str:
        return f"Database({self.config!r}, dialect={self.dialect!r}, out={self.out!r})"

    @cached_property
    def dialect(self) -> str:
        if self._stated_dialect:
            return self._stated_dialect
        return self.journal.dialect if isinstance(self.journal, Journal) else "unknown"

    @property
    def fits_journal(self) -> bool:
        """Whether the journal can be read and is of this database's dialect."""
        return isinstance(self.journal, Journal) and self.journal.dialect == self.dialect

    @cached_property
    def layout(self) -> Layout:
        """The layout that was found; ``journal`` where the folder is empty or not there."""
        if self.out is None or self.tree.is_file(self.journal_path):
            return Layout.JOURNAL
        return Layout.FOLDERS if self.folders else Layout.JOURNAL

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The folders of single migrations, as drizzle-kit 1.x lays them out."""
        if self.out is None:
            return ()
        found: list[str] = []
        for name in self.tree.directories(self.out):
            files = self.tree.names(join(self.out, name)) if _FOLDER.fullmatch(name) else []
            if "migration.sql" in files and "snapshot.json" in files:
                found.append(join(self.out, name))
        return tuple(found)

    @cached_property
    def exists(self) -> bool:
        """Whether the migrations folder holds anything yet."""
        if self.out is None:
            return False
        return bool(self.sql_tags or self.snapshot_names or self.tree.is_file(self.journal_path))

    @property
    def going(self) -> dict[Hashable, Any] | None:
        """What goes on where one state of the database follows on another; None if nothing may."""
        return None if self._facts is None else self._facts.going

    def blob(self, path: str) -> str | None:
        """The id of the content of a file; None where it cannot be read."""
        try:
            return self.tree.blob(path)
        except TreeError:
            return None

    @property
    def journal_path(self) -> str:
        return join(self._folder, "meta/_journal.json")

    @property
    def _folder(self) -> str:
        assert self.out is not None
        return self.out

    def sql_path(self, tag: str) -> str:
        """Where the SQL of a migration belongs."""
        return join(self._folder, f"{tag}.sql")

    def snapshot_path(self, tag: str) -> str:
        """Where the snapshot of a migration belongs. Migrations of one number share it.

        drizzle-kit names it by all before the first ``_`` of the tag: a number, a time in
        seconds or of 14 digits, or nothing at all, as ``migrations.prefix`` wants it.
        """
        return join(self._folder, f"meta/{tag.partition('_')[0]}{_SNAPSHOT}")

    @cached_property
    def sql_tags(self) -> tuple[str, ...]:
        """The tags of the SQL files that lie in the folder itself, in order of their names."""
        if self.out is None:
            return ()
        return tuple(
            n.removesuffix(".sql")
            for n in self.tree.names(self.out)
            if n.endswith(".sql") and not n.startswith(".")
        )

    @cached_property
    def unlisted(self) -> tuple[str, ...]:
        """The tags of SQL files that the journal does not list; none where it cannot be read."""
        if not isinstance(self.journal, Journal):
            return ()
        listed = {entry.tag for entry in self.entries}
        return tuple(tag for tag in self.sql_tags if tag not in listed)

    def unlisted_of(self, tag: str) -> str | None:
        """The unlisted SQL file with the number of a migration, if there is one."""
        used = number(tag)
        return next((t for t in self.unlisted if used and number(t) == used), None)

    def has_sql(self, tag: str) -> bool:
        """Whether a migration's SQL file is there, readable or not."""
        return tag in self._with_sql or self.tree.is_file(self.sql_path(tag))

    @cached_property
    def _with_sql(self) -> frozenset[str]:
        return frozenset(self.sql_tags)

    def has_snapshot(self, tag: str) -> bool:
        """Whether a migration's snapshot is there, readable or not."""
        path = self.snapshot_path(tag)
        return path in self._snapshots_there or self.tree.is_file(path)

    @cached_property
    def _snapshots_there(self) -> frozenset[str]:
        return frozenset(self.snapshot_names)

    @cached_property
    def snapshot_names(self) -> tuple[str, ...]:
        """The paths of the snapshots that drizzle-kit reads, in order of their names."""
        if self.out is None:
            return ()
        meta = join(self.out, "meta")
        paths = {join(meta, name) for name in self._meta_names if name.endswith(_SNAPSHOT)}
        listed = {self.snapshot_path(e.tag) for e in self.entries if not e.tag.startswith("_")}
        return tuple(sorted(paths.union(filter(self.tree.is_file, listed - paths))))

    @cached_property
    def strays(self) -> tuple[str, ...]:
        """The files and directories beside the snapshots that drizzle-kit reads and fails on."""
        if self.out is None:
            return ()
        meta = join(self.out, "meta")
        names = [name for name in self._meta_names if not name.endswith(_SNAPSHOT)]
        names += [name for name in self.tree.directories(meta) if not name.startswith("_")]
        return tuple(join(meta, name) for name in sorted(names))

    @property
    def _meta_names(self) -> list[str]:
        """The files of ``meta`` that drizzle-kit takes for snapshots: no name starts with ``_``."""
        return [n for n in self.tree.names(join(self._folder, "meta")) if not n.startswith("_")]

    @cached_property
    def journal(self) -> Journal | Malformed | Unreadable | None:
        """The journal; None where there is none."""
        if self.out is None or not self.tree.is_file(self.journal_path):
            return None
        path = self.journal_path
        try:
            return self._fact("journal", path, parse_journal)
        except TreeError as error:
            return Unreadable(path, _reason(path, error))

    @property
    def entries(self) -> tuple[JournalEntry, ...]:
        """The journal's entries; none where the journal cannot be read."""
        return self.journal.entries if isinstance(self.journal, Journal) else ()

    @property
    def snapshots(self) -> dict[str, Snapshot | Malformed | Unreadable]:
        """Every snapshot of the folder, by its path."""
        return {path: found for path in self.snapshot_names if (found := self.snapshot(path))}

    def snapshot(self, path: str) -> Snapshot | Malformed | Unreadable | None:
        """The snapshot at a path; None where there is none. Each is read once."""
        if path not in self._snapshots:
            there = path in self.snapshot_names
            self._snapshots[path] = self._read_snapshot(path) if there else None
        return self._snapshots[path]

    def _fact(self, kind: str, path: str, parse: Callable[[str, bytes], _T]) -> _T:
        def make() -> _T:
            return parse(path, self.tree.read(path))

        if self._facts is None:
            return make()
        return self._facts.of(kind, self.tree, path, make, lambda _: len(self.tree.read(path)))

    def _read_snapshot(self, path: str) -> Snapshot | Malformed | Unreadable:
        try:
            snapshot = self._fact("snapshot", path, parse_snapshot)
            if isinstance(snapshot, Snapshot):
                snapshot = snapshot.read_by(partial(self.tree.read, path))
        except TreeError as error:
            return Unreadable(path, _reason(path, error))
        # Where the journal itself is of another dialect than the config says, that is the cause.
        journal = self.journal
        dialect = journal.dialect if isinstance(journal, Journal) else self.dialect
        if isinstance(snapshot, Snapshot) and dialect not in (snapshot.dialect, "unknown"):
            reason = f"is for {snapshot.dialect}, but the database is {dialect}"
            return Malformed(path, snapshot.range("dialect"), reason)
        return snapshot

    @cached_property
    def newest_snapshot(self) -> Snapshot | None:
        """The snapshot of the journal's last entry, if both can be read."""
        if not self.entries:
            return None
        found = self.snapshot(self.snapshot_path(self.entries[-1].tag))
        return found if isinstance(found, Snapshot) else None

    def statements(self, tag: str) -> tuple[Statement, ...]:
        """The SQL of a migration, statement by statement. Each migration is split once.

        Raises:
            TreeError: the file is missing or cannot be read.
        """
        if tag not in self._statements:
            self._statements[tag] = self._sql_fact(
                "statements", tag, lambda: split(self.sql(tag), self.dialect)
            )
        return self._statements[tag]

    def operations(self, tag: str) -> tuple[Located, ...]:
        """What a migration does, in order. Each migration is parsed once.

        Raises:
            TreeError: the file is missing or cannot be read.
        """
        if tag not in self._operations:
            from plexus_rules.drizzle.sql.parsing import parse

            self._operations[tag] = self._sql_fact(
                "operations", tag, lambda: parse(self.statements(tag), self.dialect)
            )
        return self._operations[tag]

    def _sql_fact(self, kind: str, tag: str, make: Callable[[], _T]) -> _T:
        if self._facts is None:
            return make()
        path = self.sql_path(tag)
        return self._facts.of(
            f"{kind} of {self.dialect}", self.tree, path, make, lambda _: 8 * len(self.sql(tag))
        )

    def sql(self, tag: str) -> str:
        """The SQL of a migration, every line end as a line feed.

        Raises:
            TreeError: the file is missing, too large, or cannot be read.
        """
        text = sql_text(self.tree, self.sql_path(tag))
        if len(text) > MAX_SQL_CHARACTERS:
            path = self.sql_path(tag)
            raise too_large(path, len(text), MAX_SQL_CHARACTERS, "the SQL of one migration")
        return text


def sql_text(tree: Tree, path: str) -> str:
    """The text of a file, however long, every line end as a line feed.

    Raises:
        TreeError: the file is missing or cannot be read.
    """
    return tree.text(path).replace("\r\n", "\n").replace("\r", "\n")


def _reason(path: str, error: TreeError) -> str:
    return str(error).removeprefix(f"{path}: ")
