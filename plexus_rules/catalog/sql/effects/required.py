"""Columns that a migration makes NOT NULL, and of which the rows that are there hold nothing."""

from __future__ import annotations

import re
from enum import Enum

from msgspec import Struct

from plexus_rules.catalog.sql.effects.moment import Doubt, Moment, Question, words, words_of
from plexus_rules.catalog.sql.effects.tables import Column, Table
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.shapes.model import ColumnShape
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    CopyRows,
    Data,
    Other,
    SetNotNull,
    SetType,
    Unparsed,
)
from plexus_rules.finding import Range

_SERIAL = re.compile(r"(?:small|big)?serial[248]?\b", re.IGNORECASE)
_WRITES = re.compile(r"(?:update|delete|truncate|insert|merge|with|do)\b", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)


class Way(Enum):
    """How a column becomes required."""

    ADDED = "added"
    SET = "set"
    COPIED = "copied"
    LEFT_OUT = "left out"


class Required(Struct, frozen=True):
    """A column that is NOT NULL after a migration, of a table that may have rows."""

    table: str
    column: str
    way: Way
    range: Range


class Fills:
    """Statements that may write rows, by the words that they hold."""

    def __init__(self) -> None:
        self._count = 0
        self._by_word: dict[str, set[int]] = {}

    def add(self, text: str) -> None:
        """Takes one more statement."""
        for word in words(text):
            self._by_word.setdefault(word, set()).add(self._count)
        self._count += 1

    def add_writes_of(self, database: Database, entry: JournalEntry) -> None:
        """Takes the statements of a migration that write rows.

        Raises:
            TreeError: its SQL is missing or cannot be read.
        """
        for statement in database.statements(entry.tag):
            if _WRITES.match(statement.text):
                self.add(statement.text)

    def may_fill(self, table: str, column: str) -> bool:
        """Whether a statement may fill a column, or takes away the rows that hold nothing."""
        named = self._naming(words_of(table))
        takes = self._by_word.get("delete", set()) | self._by_word.get("truncate", set())
        if not named or not named.isdisjoint(takes):
            return bool(named)
        return bool(column) and bool(named & self._naming(words_of(column)))

    def _naming(self, named: list[str]) -> set[int]:
        found = sorted((self._by_word.get(word, set()) for word in named), key=len)
        return set.intersection(*found) if found else set()


class RequiredWatch:
    """Sees what makes columns NOT NULL, and the statements before that may fill them."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._fills = Fills()
        self.found: list[Required] = []
        self.doubts: list[Doubt] = []

    def see(self, moment: Moment) -> None:
        match moment.operation:
            case AddColumn() as addition:
                self._added(addition, moment)
            case SetNotNull(not_null=True) as change:
                self._set(change, moment)
            case CopyRows() as copy if self._dialect == "sqlite":
                self._copied(copy, moment)
            case Data() | Other() | Unparsed() | SetType():
                self._fills.add(moment.text)

    def _added(self, addition: AddColumn, moment: Moment) -> None:
        column = addition.column
        if not column.not_null or has_value(column) or moment.tables.is_new(addition.table):
            return
        if addition.if_not_exists:
            table = moment.tables.get(addition.table)
            if table is None or moment.tables.fold(column.name) in table.columns:
                return
        if not self._fills.may_fill(addition.table, ""):
            self._report(addition.table, column.name, Way.ADDED, moment)

    def _set(self, change: SetNotNull, moment: Moment) -> None:
        if self._fills.may_fill(change.table, change.column) or moment.tables.is_new(change.table):
            return
        table = moment.tables.get(change.table)
        if table is None or not table.is_known:
            self._doubt(change.table, moment)
            return
        column = table.columns.get(moment.tables.fold(change.column))
        if column is None or column.shape.not_null or _is_key(table, column, moment):
            return
        # What this migration adds has its default, or its generated value, in every row.
        if column.origins or not has_value(column.shape):
            self._report(change.table, change.column, Way.SET, moment)

    def _copied(self, copy: CopyRows, moment: Moment) -> None:
        into, source = moment.tables.get(copy.into), moment.tables.get(copy.source)
        if into is None or into.origin is not None or not into.is_known:
            return
        if source is None or not source.is_known:
            self._doubt(copy.source, moment)
            return
        if not source.may_have_rows:
            return
        fold = moment.tables.fold
        listed = copy.columns or tuple(column.shape.name for column in into.columns.values())
        copied = {fold(name): item for name, item in zip(listed, copy.selected, strict=False)}
        for key, column in into.columns.items():
            if not column.shape.not_null or _is_key(into, column, moment):
                continue
            name = column.shape.name
            if key not in copied:
                if not has_value(column.shape):
                    self._report(copy.source, name, Way.LEFT_OUT, moment)
            elif (selected := copied[key]) and not _WHERE.search(moment.text):
                old = source.columns.get(fold(selected[0]))
                is_nullable = old is not None and not old.shape.not_null
                if old is None or not is_nullable or _is_key(source, old, moment):
                    continue
                if not self._fills.may_fill(copy.source, old.shape.name):
                    self._report(copy.source, name, Way.COPIED, moment)

    def _report(self, table: str, column: str, way: Way, moment: Moment) -> None:
        self.found.append(Required(table, column, way, moment.range))

    def _doubt(self, table: str, moment: Moment) -> None:
        reason = f"whether rows of {table} hold NULL where it becomes NOT NULL is not known"
        self.doubts.append(Doubt(Question.REQUIRED, moment.range, reason))


def is_written(database: Database, entry: JournalEntry, table: str) -> bool:
    """Whether a migration may write rows into a table.

    Raises:
        TreeError: its SQL is missing or cannot be read.
    """
    return any(
        words(statement.text).issuperset(words_of(table))
        for statement in database.statements(entry.tag)
        if _WRITES.match(statement.text)
    )


def has_value(column: ColumnShape) -> bool:
    """Whether a row that gives a column no value has one all the same."""
    if column.default is not None and column.default.strip().lower() != "null":
        return True
    is_made = column.generated is not None or column.identity is not None
    return is_made or bool(_SERIAL.match(column.type))


def _is_key(table: Table, column: Column, moment: Moment) -> bool:
    return moment.tables.fold(column.shape.name) in table.primary_key
