"""Replays migrations in a real SQLite, the standard library's, in memory.

What SQLite keeps of a table is the text of its ``CREATE TABLE`` and of those of its indexes, and
so is what is kept here between two migrations. For each migration the tables that it names are
made of these texts, and their texts are read when it has run: SQLite reads its whole catalogue at
each change of a table, and the time of a migration must not grow with the whole schema.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.replay.history import Own
from plexus_rules.drizzle.replay.outcome import Failure, Unable
from plexus_rules.drizzle.replay.said import ReadsSnapshots, Said
from plexus_rules.drizzle.replay.sandbox import Sandbox
from plexus_rules.drizzle.replay.sqlite_catalog import leaves_actions_out, read_table
from plexus_rules.drizzle.replay.sqlite_ddl import statements
from plexus_rules.drizzle.shapes.model import Aspect, Difference, TableShape
from plexus_rules.drizzle.shapes.snapshots import table_shape

#: Only migrations with one of these words in them have to do with the indexes that are there.
_ABOUT_INDEXES = ("index", "drop", "rename")
#: How the comment begins of releases that could not change a column, and what that then misses.
_GAP = "SQLite does not support "
_GAPS = frozenset(Aspect) - {Aspect.TABLE, Aspect.COLUMN, Aspect.INDEX, Aspect.ENUM}


class _Kept(Struct, frozen=True):
    """The texts of a table and of its indexes; empty for an index that a constraint makes."""

    sql: str
    indexes: dict[str, str] = field(default_factory=dict)

    @property
    def targets(self) -> set[str]:
        """The words after each ``REFERENCES``, in lower case: what the table may refer to."""
        return {word for found in _TARGET.findall(self.sql.lower()) for word in _words(found)}


class SqliteWorld(ReadsSnapshots):
    """The tables of a SQLite in memory."""

    def __init__(self) -> None:
        self._sandbox = Sandbox()
        self._tables: dict[str, _Kept] = {}
        self._known: dict[str, _Kept] = {}
        self._start = self._tables, self._known
        #: The tables that stand in the sandbox.
        self._present: set[str] = set()
        self._has_gap = False

    def begin(self) -> None:
        self._start = self._tables, self._known

    def undo(self) -> None:
        self._tables, self._known = self._start
        self._clear()

    def run(self, database: Database, tag: str) -> Failure | Unable | None:
        migration = database.statements(tag)
        self._has_gap = _GAP in database.sql(tag)
        self._clear()
        text = "\n".join(statement.text for statement in migration).lower()
        with_indexes = any(word in text for word in _ABOUT_INDEXES)
        for name in self._named(text):
            if (unable := self._load(name, with_indexes)) is not None:
                return unable
        for statement in migration:
            found = self._sandbox.run(statement.text)
            if found is not None:
                return replace(found, range=statement.range)
        rest = {name: kept for name, kept in self._tables.items() if name not in self._present}
        now = self._read()
        if not with_indexes:
            now = {name: self._with_indexes(name, kept) for name, kept in now.items()}
        self._tables = rest | now
        return None

    def changed(self) -> Iterable[str]:
        now, known = self._tables, self._known
        yield from (name for name, kept in now.items() if known.get(name) != kept)
        yield from (name for name in known if name not in now)

    def settle(self) -> None:
        self._known = self._tables

    def table(self, name: str) -> TableShape | None:
        kept = self._tables.get(name)
        if kept is None or self._load(name) is not None:
            return None
        return read_table(self._sandbox.rows, name, kept.sql, kept.indexes)

    def enums(self) -> Mapping[str, tuple[str, ...]]:
        return {}

    def excuses(self, difference: Difference) -> bool:
        """What drizzle-kit does not do, or did not do, in SQLite.

        It adds a column with its reference, and leaves out what that does on delete. Where it
        could not make a change it once wrote a comment that says so, in place of a statement.
        """
        if self._has_gap and difference.aspect in _GAPS:
            return True
        one, other = difference.one, difference.other
        if difference.aspect is not Aspect.FOREIGN_KEY or one is None or other is None:
            return False
        kept = self._tables[difference.table]
        return other.startswith(f"{one} on ") and leaves_actions_out(kept.sql, difference.part)

    def become(self, said: Said, own: frozenset[Own]) -> Unable | None:
        tables: dict[str, _Kept] = {}
        for name, raw in said.tables.items():
            shape = table_shape(raw)
            sql, *texts = statements(shape)
            indexes = dict(zip(shape.indexes, texts, strict=True))
            before = self._tables.get(name, _Kept(""))
            more = {
                index: text
                for index, text in before.indexes.items()
                if text and (Aspect.INDEX, name, index) in own
            }
            tables[name] = _Kept(sql, more | indexes)
        tables.update(
            (name, kept) for name, kept in self._tables.items() if (Aspect.TABLE, name, "") in own
        )
        self._tables = self._known = tables
        self._clear()
        return None

    def _clear(self) -> None:
        self._sandbox.clear()
        self._present.clear()

    def _named(self, text: str) -> Iterator[str]:
        """The tables that a migration may touch, by its text in lower case."""
        words = _words(text)
        named = {
            name
            for name, kept in self._tables.items()
            if _words_of(name) <= words or any(_words_of(index) <= words for index in kept.indexes)
        }
        if "rename" in text:  # what refers to a renamed table is rewritten
            targets = {word for name in named for word in _words_of(name)}
            named.update(
                name
                for name, kept in self._tables.items()
                if name not in named and not targets.isdisjoint(kept.targets)
            )
        yield from (name for name in self._tables if name in named)

    def _load(self, name: str, with_indexes: bool = False) -> Unable | None:
        """Makes a table in the sandbox, as it was."""
        if name in self._present:
            return None
        self._present.add(name)
        kept = self._tables[name]
        try:
            self._sandbox.load(kept.sql)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:
            return Unable(f"the table {name} cannot be made as it was: {error}")
        for sql in filter(None, kept.indexes.values() if with_indexes else ()):
            self._sandbox.run(sql)  # one of a custom migration may not fit a table of a snapshot
        return None

    def _with_indexes(self, name: str, now: _Kept) -> _Kept:
        """A table with the indexes that it has kept, for they were not made."""
        before = self._tables.get(name)
        return now if before is None else replace(now, indexes=before.indexes)

    def _read(self) -> dict[str, _Kept]:
        """The tables that stand in the sandbox."""
        found: dict[str, _Kept] = {}
        for kind, name, table, sql in self._sandbox.objects():
            if kind == "table":
                found[table] = _Kept(sql or "")
            elif kind == "index" and table in found:
                found[table].indexes[name] = sql or ""
        self._present.update(found)
        return found


_TARGET = re.compile(r"\breferences\s*(\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|[\w$]+)")
_WORD = re.compile(r"[\w$]+")


def _words(text: str) -> frozenset[str]:
    """The words of a name, or of a text, in lower case."""
    return frozenset(_WORD.findall(text.lower()))


@lru_cache(maxsize=4096)
def _short_words(name: str) -> frozenset[str]:
    return _words(name)


def _words_of(name: str) -> frozenset[str]:
    """The words of a name, which is asked for often; no long one is kept."""
    return _short_words(name) if len(name) < 100 else _words(name)
