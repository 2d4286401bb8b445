"""A SQLite in memory that runs the SQL of strangers: no file, no rows, bounded time and memory.

Statements that change the schema are run. Those that read or write rows are only compiled: there
are no rows, and what they name is checked all the same. Views and triggers are passed over.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from plexus_rules.drizzle.replay.outcome import Failure, Unable
from plexus_rules.drizzle.replay.tokens import first_words, tokens, unfolded, without_comments

#: The table that the migrator itself makes, and the one that SQLite keeps its sequences in.
_ALWAYS_THERE = (
    "CREATE TABLE __drizzle_migrations"
    " (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)",
    "CREATE TABLE __sequence (id INTEGER PRIMARY KEY AUTOINCREMENT)",
    "SAVEPOINT empty",
)
_OBJECTS = (
    "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_master "
    r"WHERE tbl_name NOT LIKE 'sqlite\_%' ESCAPE '\' "
    "AND tbl_name NOT IN ('__drizzle_migrations', '__sequence') ORDER BY rowid"
)
_MOST_BYTES = 1_000_000
_PAGE_BYTES, _MOST_PAGES = 1024, 65_536
_MOST_OPERATIONS = 250_000
#: What the virtual machine may do for one statement, in steps.
_MOST_STEPS = 2_000_000
_STEPS_AT_ONCE = 100_000
#: A change of a table makes SQLite parse its whole catalogue, and a new one makes it look
#: through: so many objects are parsed in all, and ten times as many looked at.
_MOST_READ = 3_000_000
_MOST_QUERIES = 10_000

_CHANGES = frozenset({"alter", "create", "drop"})
_DATA = frozenset({"select", "insert", "update", "delete", "replace", "values", "with"})
#: What changes neither the schema nor the rows of a database in memory, or stands for a whole
#: migration anyway: the migrator runs it in one transaction.
_WITHOUT_EFFECT = frozenset(
    {"analyze", "begin", "commit", "end", "explain", "reindex", "release", "savepoint", "vacuum"}
)
_PASSED_OVER = ("view", "trigger")
_MODULES = frozenset({"fts3", "fts4", "fts5", "rtree", "rtree_i32"})
#: The ends of the names of the tables that virtual tables keep their content in.
_SHADOWS = (
    "config content data docsize idx node parent rowid segdir segments stat".split()  # noqa: SIM905
)
_PLAIN_NAME = re.compile(r"\w+")
_HAS_QUERY = re.compile(r"\b(?:select|values|with)\b", re.IGNORECASE)

_ALLOWED = frozenset(
    value
    for name in [
        "ALTER_TABLE",
        "CREATE_INDEX",
        "CREATE_TABLE",
        "CREATE_TEMP_INDEX",
        "CREATE_TEMP_TABLE",
        "DELETE",
        "DROP_INDEX",
        "DROP_TABLE",
        "DROP_TEMP_INDEX",
        "DROP_TEMP_TABLE",
        "DROP_VTABLE",
        "INSERT",
        "READ",
        "RECURSIVE",
        "REINDEX",
        "SAVEPOINT",
        "SELECT",
        "TRANSACTION",
        "UPDATE",
    ]
    if (value := getattr(sqlite3, f"SQLITE_{name}", None)) is not None
)
_PRAGMAS = frozenset(
    {
        "foreign_key_list",
        "index_info",
        "index_list",
        "legacy_alter_table",
        "quick_check",  # SQLite itself runs it as it adds some columns
        "table_xinfo",
    }
)
#: Virtual tables read these as they are made.
_READ_PRAGMAS = frozenset({"data_version", "page_size"})
_FORBIDDEN_FUNCTIONS = frozenset({"fts3_tokenizer", "load_extension", "sqlite_log"})

#: What SQLite says of a statement that does not fit the schema.
_MISFIT = re.compile(
    r"no such (?:table|column|index): "
    r"|(?:table|index) .+ already exists|there is already (?:an index|a table|another table)"
    r"|duplicate column name: "
    r"|table .+ has no column named |table .+ has \d+ columns but \d+ values"
    r"|unknown column .+ in foreign key definition"
    r"|error in (?:index|table) |cannot drop |Cannot add a "
)
_NO_COLUMN = re.compile(r"no such column: (.+)", re.DOTALL)
_NO_TABLE = re.compile(r"no such table: (?:\w+\.)?(.+)", re.DOTALL)


class Sandbox:
    """One empty database in memory."""

    def __init__(self) -> None:
        # The garbage collector may close it from a thread that parses a long statement.
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, cached_statements=64, check_same_thread=False
        )
        self._views: set[str] = set()
        self._shadows: tuple[str, ...] = ()
        self._objects = 0
        self._read = 0
        self._steps = 0
        self._set_up()

    def _set_up(self) -> None:
        connection = self._connection
        for schema in ("main", "temp"):
            connection.execute(f"PRAGMA {schema}.page_size = {_PAGE_BYTES}")
            connection.execute(f"PRAGMA {schema}.max_page_count = {_MOST_PAGES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cell_size_check = ON")
        for statement in _ALWAYS_THERE:
            connection.execute(statement)
        for limit, value in (
            (sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES),
            (sqlite3.SQLITE_LIMIT_SQL_LENGTH, _MOST_BYTES),
            (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
            (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 500),
            (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
            (sqlite3.SQLITE_LIMIT_VDBE_OP, _MOST_OPERATIONS),
            (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
        ):
            connection.setlimit(limit, value)
        connection.set_authorizer(_authorized)
        connection.set_progress_handler(self._stepped, _STEPS_AT_ONCE)

    def __del__(self) -> None:
        self._connection.close()

    def clear(self) -> None:
        """Drops everything."""
        self._connection.execute("ROLLBACK TO empty")
        self._objects = 0
        self._shadows = ()

    def objects(self) -> Iterator[tuple[str, str, str, str | None]]:
        """The tables and indexes, in the order in which they were made.

        Each is its kind, its name, its table and the text that SQLite keeps. What virtual tables
        keep their content in is left out.
        """
        for kind, name, table, sql, _ in self.rows(_OBJECTS):
            if table.lower() not in self._shadows:
                yield kind, name, table, sql

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """What a query of our own gives."""
        return self._connection.execute(query, values).fetchall()

    def load(self, statement: str) -> None:
        """Makes a table, or an index, that was there before.

        Raises:
            sqlite3.Error, sqlite3.Warning, MemoryError, ValueError: it cannot be made.
        """
        self._execute(statement)
        self._objects += 1
        if first_words(statement, 2)[1:] == ("virtual",):
            self._note_virtual_table()

    def _execute(self, statement: str) -> None:
        self._steps = 0
        self._connection.execute(statement)

    def run(self, text: str) -> Failure | Unable | None:
        """Runs a statement of a migration; None where it did what it says, or does not matter."""
        words = first_words(text)
        first = words[0] if words else ""
        if first in _WITHOUT_EFFECT:
            return None
        if first == "rollback":
            return Unable("it takes back what was done")
        if first == "pragma":
            return self._pragma(text)
        kind = _kind(words)
        if kind in _PASSED_OVER:
            self._pass_over(text, first)
            return None
        try:
            reaches_in = bool(self._shadows) and _names_any(text, self._shadows)
            if first not in _CHANGES:
                return None if reaches_in else self._compile(text)
            if reaches_in:
                return Unable("it reaches into the content of a virtual table")
            return self._change(text, first, kind)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:
            return _judged(error)

    def _pragma(self, text: str) -> Failure | Unable | None:
        """Only one pragma matters to what the schema becomes."""
        if "legacy_alter_table" in text.lower():
            try:
                self._execute(text)
            except (sqlite3.Error, sqlite3.Warning, ValueError):
                return Unable("a pragma cannot be run")
        return None

    def _pass_over(self, text: str, first: str) -> None:
        """Notes the names that stand before the query of a view."""
        if first == "create":
            for token in tokens(text):
                if token.is_word("as"):
                    break
                self._views.add(token.text.lower())

    def _compile(self, text: str) -> Failure | Unable | None:
        """Compiles a statement about rows. Only that it does not fit the schema matters."""
        if "with" in text.lower() and unfolded(list(tokens(text))) > _MOST_QUERIES:
            return None
        try:
            self._execute(f"EXPLAIN {text}")
        except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:
            judged = _judged(error)
            is_data = not set(first_words(text, 1)).isdisjoint(_DATA)
            if isinstance(judged, Unable):
                return None if is_data else judged
            return None if self._is_excused(text, judged.reason) else judged
        return None

    def _is_excused(self, text: str, reason: str) -> bool:
        """Whether a view was meant, or a name that many builds take for a text."""
        table, column = _NO_TABLE.match(reason), _NO_COLUMN.match(reason)
        if table is not None:
            return table[1].lower() in self._views
        return column is not None and f'"{column[1]}"' in text

    def _change(self, text: str, first: str, kind: str) -> Unable | None:
        """Runs a statement that changes the schema."""
        self._read += self._objects if first == "alter" else self._objects // 10
        if self._read > _MOST_READ:
            return Unable("there are too many changes of too many tables")
        if first == "create" and kind == "table":
            text = _without_rows(text)
            if not text:
                return Unable("it makes a table of a query that is too large")
        self._execute(text)
        if first == "create":
            self._objects += 1
            if kind == "virtual":
                return self._note_virtual_table()
        return None

    def _note_virtual_table(self) -> Unable | None:
        names = [
            str(name)
            for (name,) in self.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage = 0"
            )
        ]
        if not all(_PLAIN_NAME.fullmatch(name) for name in names):
            return Unable("it makes a virtual table of an unusual name")
        self._shadows = tuple(f"{name}_{end}".lower() for name in names for end in _SHADOWS)
        return None

    def _stepped(self) -> int:
        self._steps += _STEPS_AT_ONCE
        return int(self._steps > _MOST_STEPS)


def _kind(words: Sequence[str]) -> str:
    """What a ``CREATE``, ``DROP`` or ``ALTER`` is about: ``table``, ``view``, …."""
    if len(words) > 2 and words[1] in ("temp", "temporary"):
        return words[2]
    return words[1] if len(words) > 1 and words[0] in ("create", "drop", "alter") else ""


def _authorized(
    action: int, one: str | None, other: str | None, schema: str | None, trigger: str | None
) -> int:
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    allowed = False
    if action == sqlite3.SQLITE_FUNCTION:
        allowed = (other or "").lower() not in _FORBIDDEN_FUNCTIONS
    elif action == sqlite3.SQLITE_PRAGMA:
        name = (one or "").lower()
        allowed = name in _PRAGMAS or (name in _READ_PRAGMAS and other is None)
    elif action == sqlite3.SQLITE_CREATE_VTABLE:
        allowed = (other or "").lower() in _MODULES
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _judged(error: Exception) -> Failure | Unable:
    reason = str(error) or type(error).__name__
    if isinstance(error, sqlite3.OperationalError) and _MISFIT.match(reason):
        return Failure(reason)
    return Unable(reason)


def _without_rows(text: str) -> str:
    """A ``CREATE TABLE … AS`` made to read no rows; any other statement as it is.

    Empty where the query would become too large, or its brackets do not pair.
    """
    if not _HAS_QUERY.search(text):
        return text
    items = list(tokens(text))
    depth, query = 0, -1
    for position, token in enumerate(items):
        depth += (token.text == "(") - (token.text == ")") if token.kind == "other" else 0
        if depth < 0:
            return ""
        if depth == 0 and query < 0 and token.is_word("as"):
            query = position + 1
    if query < 0:
        return text
    if depth != 0 or unfolded(items) > _MOST_QUERIES:
        return ""
    head, body = (without_comments(text, part) for part in (items[:query], items[query:]))
    return f"{head} SELECT * FROM ({body}) LIMIT 0"


def _names_any(text: str, names: Sequence[str]) -> bool:
    lower = text.lower()
    return any(name in lower for name in names)
