"""Replays migrations in a real PostgreSQL, and compares catalogue with catalogue.

What a snapshot says is built for real in a second database. Both catalogues are in PostgreSQL's
own words, so that no spelling of a type, a default or an expression has to be understood here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.replay.alone import alone
from plexus_rules.drizzle.replay.engine import Engine, Refused
from plexus_rules.drizzle.replay.history import Own
from plexus_rules.drizzle.replay.outcome import Failure, Unable
from plexus_rules.drizzle.replay.postgres_ddl import creation
from plexus_rules.drizzle.replay.said import Said
from plexus_rules.drizzle.replay.server_catalog import read_enums, read_tables
from plexus_rules.drizzle.replay.tokens import first_words, quoted
from plexus_rules.drizzle.shapes.model import Aspect, Difference, TableShape

#: SQLSTATEs of a statement that does not fit the schema.
_MISFITS = frozenset(
    {
        "22P02",  # a text is no value of its type
        "25001",  # it cannot run inside a transaction
        "2BP01",  # other objects depend on it
        "3F000",  # no such schema
        "42601",  # the syntax is wrong
        "42701",  # the column is there already
        "42703",  # no such column
        "42710",  # the object is there already
        "42723",  # the function is there already
        "42804",  # a type cannot be converted
        "42830",  # a reference does not fit its target
        "42846",  # a type cannot be cast
        "42P01",  # no such table
        "42P06",  # the schema is there already
        "42P07",  # the table is there already
        "42P16",  # the table would not be valid
        "55P04",  # an enum value is used before it is committed
    }
)
_UNDEFINED_OBJECT = "42704"
#: Other kinds of objects may be those of an extension that is not installed here.
_MISSING_PART = re.compile(
    r'(?:constraint|index) .* does not exist|type "(?:small|big)?serial[248]?" does not exist'
)
_EXPLAINED = frozenset({"select", "insert", "update", "delete", "merge", "values", "with"})
#: What would end the transaction that all stands in, or what only a file or the clock sees.
_PASSED_OVER = frozenset(
    {
        "abort", "analyze", "begin", "call", "checkpoint", "close", "commit", "copy", "deallocate",
        "declare", "discard", "end", "execute", "explain", "fetch", "listen", "load", "lock",
        "move", "notify", "prepare", "refresh", "reindex", "release", "rollback", "savepoint",
        "start", "truncate", "unlisten", "vacuum",
    }
)  # fmt: skip


#: What the migrator itself makes before the first migration.
_ALWAYS_THERE = (
    "CREATE SCHEMA drizzle",
    "CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, "
    "created_at bigint)",
)


class ServerWorld:
    """The tables of a PostgreSQL that is up.

    Each migration has a transaction of its own, as on a database that has run those before it: an
    enum's value that an earlier one adds can be used.
    """

    keeps_own = False

    def __init__(self, engine: Engine) -> None:
        self._session = engine.session()
        self._other = engine.session()
        self._session.run("BEGIN")
        for statement in _ALWAYS_THERE:
            self._session.run(statement)
        self._known: Mapping[str, TableShape] = {}
        self._start: Mapping[str, TableShape] = {}
        self._tables: Mapping[str, TableShape] | None = None
        self._wanted: Mapping[str, TableShape] = {}

    def close(self) -> None:
        self._session.close()
        self._other.close()

    def begin(self) -> None:
        self._session.run("COMMIT")
        self._session.run("BEGIN")
        self._start = self._known

    def undo(self) -> None:
        self._session.run("ROLLBACK")
        self._session.run("BEGIN")
        self._known, self._tables = self._start, None

    def run(self, database: Database, tag: str) -> Failure | Unable | None:
        self._tables = None
        for statement in database.statements(tag):
            try:
                self._run(statement.text)
            except Refused as refused:
                if _is_misfit(refused):
                    return Failure(str(refused), statement.range, refused.code)
                return Unable(str(refused), statement.range)
        return None

    def _run(self, text: str) -> None:
        word, object_, *_ = *first_words(text), "", ""
        if (found := alone(text)) is not None:
            if found.instead is not None:
                self._session.run(found.instead)
        elif word in _EXPLAINED:
            # There are no rows: it is planned, and not run.
            self._attempt(f"EXPLAIN {text}")
        elif (word, object_) == ("create", "extension"):
            self._attempt(text)  # what needs it may not be far, but most often nothing here does
        elif word not in _PASSED_OVER:
            self._session.run(text)

    def _attempt(self, text: str) -> None:
        """Runs a statement that only matters where it does not fit the schema."""
        self._session.run("SAVEPOINT attempt")
        try:
            self._session.run(text)
        except Refused as refused:
            if _is_misfit(refused):
                raise
            self._session.run("ROLLBACK TO SAVEPOINT attempt")
        self._session.run("RELEASE SAVEPOINT attempt")

    def changed(self) -> Iterable[str]:
        now, known = self._now(), self._known
        yield from (name for name, table in now.items() if known.get(name) != table)
        yield from (name for name in known if name not in now)

    def settle(self) -> None:
        self._known = self._now()

    def table(self, name: str) -> TableShape | None:
        return self._now().get(name)

    def enums(self) -> Mapping[str, tuple[str, ...]]:
        return read_enums(self._session)

    def excuses(self, difference: Difference) -> bool:
        """A ``CREATE TABLE`` leaves out a constraint that says what another one says."""
        shape = self._now().get(difference.table) or self._wanted.get(difference.table)
        if difference.aspect is not Aspect.UNIQUE or shape is None:
            return False
        others = [u.columns for name, u in shape.uniques.items() if name != difference.part]
        told = difference.one or difference.other or ""
        return any(told.startswith(f"({', '.join(key)})") for key in (shape.primary_key, *others))

    def expect(self, said: Said, names: Iterable[str]) -> Unable | None:
        try:
            self._other.run("BEGIN")
            for statement in creation(said, names):
                self._other.run(statement)
            self._wanted = read_tables(self._other)
        except Refused as refused:
            return Unable(f"what the snapshot says cannot be built: {refused}")
        finally:
            self._other.run("ROLLBACK")
        return None

    def wanted(self, said: Said, name: str) -> TableShape | None:
        return self._wanted.get(name) if name in said.tables else None

    def become(self, said: Said, own: frozenset[Own]) -> Unable | None:
        self._tables = None
        try:
            for schema in {name.rpartition(".")[0] or "public" for name in self._now()}:
                self._session.run(f"DROP SCHEMA {quoted(schema)} CASCADE")
            self._session.run("CREATE SCHEMA IF NOT EXISTS public")
            self._tables = None
            for name in read_enums(self._session):
                schema, _, bare = name.rpartition(".")
                self._session.run(f"DROP TYPE {quoted(schema or 'public')}.{quoted(bare)} CASCADE")
            for statement in creation(said, said.tables):
                self._session.run(statement)
        except Refused as refused:
            return Unable(f"what the snapshot says cannot be built: {refused}")
        self.settle()
        return None

    def _now(self) -> Mapping[str, TableShape]:
        if self._tables is None:
            self._tables = read_tables(self._session)
        return self._tables


def _is_misfit(refused: Refused) -> bool:
    if refused.code == _UNDEFINED_OBJECT:
        return _MISSING_PART.search(str(refused)) is not None
    return refused.code in _MISFITS
