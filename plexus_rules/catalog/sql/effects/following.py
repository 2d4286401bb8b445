"""Follows the SQL of a migration once, for all that is asked about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import Struct

from plexus_rules.catalog.sql.effects.copies import CopyWatch, MissingColumn
from plexus_rules.catalog.sql.effects.drops import Drop, DropWatch
from plexus_rules.catalog.sql.effects.losses import Loss, LossWatch
from plexus_rules.catalog.sql.effects.moment import Doubt, Moment, Question, words
from plexus_rules.catalog.sql.effects.required import Required, RequiredWatch, has_value
from plexus_rules.catalog.sql.effects.tables import Table, Tables
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.shapes.snapshots import tables_of
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    CopyRows,
    CreateTable,
    Data,
    DropColumn,
    DropSchema,
    DropTable,
    Located,
    Operation,
    SetNotNull,
    Unparsed,
)

#: The dialects whose SQL is followed.
FOLLOWED = ("sqlite", "postgresql")

#: A migration of more operations is not followed: none is that is not made to be one.
_MOST_OPERATIONS = 20_000

#: What needs the schema before, and what is told without it.
_NEED_SCHEMA = (CopyRows, DropColumn, DropSchema, DropTable, SetNotNull)

_NEW_TABLE = re.compile(
    r"create\s+(?:(?:temp|temporary|unlogged|virtual)\s+)*table\s+(?:if\s+not\s+exists\s+)?"
    r"[\"`\[]?([\w.]+)",
    re.IGNORECASE,
)
_INSERT = (r"(?:insert|replace)\b", r"\binto\s+[\"`\[]?([\w.]+)")

#: What an unread statement may hold that is asked for: words that follow each other, somewhere.
_MAY_HOLD = (
    (Question.REFERENCES, (r"\bdrop\s+table\b",)),
    (Question.COPIES, (r"\binsert\b", r"\bselect\b")),
    (Question.REQUIRED, (r"\balter\b", r"\bnot\s+null\b")),
    (Question.LOSSES, (r"\bdrop\s+(?:table|schema|column)\b",)),
    (Question.LOSSES, (r"\balter\s+table\b", r"\bdrop\b")),
)


class Effects(Struct, frozen=True):
    """What a migration does to the rows that are there."""

    drops: tuple[Drop, ...] = ()
    missing: tuple[MissingColumn, ...] = ()
    required: tuple[Required, ...] = ()
    losses: tuple[Loss, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def doubts_about(self, question: Question) -> Iterator[Doubt]:
        return (doubt for doubt in self.doubts if doubt.question is question)


_NONE = Effects()
_known: WeakKeyDictionary[Database, dict[str, Effects]] = WeakKeyDictionary()


def effects(database: Database, entry: JournalEntry, facts: Facts | None = None) -> Effects:
    """What one migration does. Each is followed once for all rules.

    Raises:
        TreeError: its SQL is missing or cannot be read.
    """
    known = _known.setdefault(database, {})
    if entry.tag not in known:
        known[entry.tag] = _kept(database, entry, facts)
    return known[entry.tag]


def _kept(database: Database, entry: JournalEntry, facts: Facts | None) -> Effects:
    """The effects, found by what the SQL and the snapshot before it hold, if they were known."""
    tree, before = database.tree, _path_before(database, entry)
    if database.dialect not in FOLLOWED:
        return _NONE
    if facts is None or not tree.knows_blobs:
        return _effects(database, entry)
    blob = tree.blob(before) if before and tree.is_file(before) else str(before)
    kind = f"effects in {database.dialect} after {blob}"
    return facts.of(kind, tree, database.sql_path(entry.tag), lambda: _effects(database, entry))


def _effects(database: Database, entry: JournalEntry) -> Effects:
    operations = database.operations(entry.tag)
    if not any(_matters(found.operation) for found in operations):
        return _NONE
    texts = {s.range: s.text for s in database.statements(entry.tag)}
    tables = Tables(database.dialect, lambda: _tables_before(database, entry))
    return _followed(database.dialect, operations, texts, tables)


def _path_before(database: Database, entry: JournalEntry) -> str | None:
    """The snapshot before a migration; None where there is none since it is the first."""
    if entry.position == 0:
        return None
    return database.snapshot_path(database.entries[entry.position - 1].tag)


def _matters(operation: Operation) -> bool:
    if isinstance(operation, AddColumn):
        return operation.column.not_null and not has_value(operation.column)
    return isinstance(operation, (*_NEED_SCHEMA, Unparsed))


def _tables_before(
    database: Database, entry: JournalEntry
) -> Mapping[str, Mapping[str, Any]] | None:
    path = _path_before(database, entry)
    if path is None:
        return {}
    snapshot = database.snapshot(path)
    return tables_of(snapshot.value) if isinstance(snapshot, Snapshot) else None


def _followed(
    dialect: str, operations: tuple[Located, ...], texts: Mapping[Any, str], tables: Tables
) -> Effects:
    if len(operations) > _MOST_OPERATIONS:
        reason = f"it has more than {_MOST_OPERATIONS:,} operations"
        where = operations[0].range
        return Effects(doubts=tuple(Doubt(question, where, reason) for question in Question))
    needs_schema = any(isinstance(o.operation, (*_NEED_SCHEMA, Unparsed)) for o in operations)
    drops, copies = DropWatch(), CopyWatch(operations)
    required, losses = RequiredWatch(dialect), LossWatch(dialect)
    doubts: list[Doubt] = []
    for step, found in enumerate(operations):
        operation, text = found.operation, texts.get(found.range, "")
        moment = Moment(step, operation, text, found.range, tables)
        required.see(moment)
        losses.see(moment)
        if dialect == "sqlite":
            drops.see(moment)
            copies.see(moment)
        if isinstance(operation, Unparsed):
            doubts += _unread(operation, moment)
        elif isinstance(operation, Data):
            _write(text, step, tables)
        if needs_schema or isinstance(operation, CreateTable):
            tables.apply(operation, step, text)
    lost = tuple(losses.losses(tables))
    dropped = tuple(drops.drops(tables))
    doubts += drops.doubts + copies.doubts + required.doubts
    return Effects(
        dropped, tuple(copies.missing), tuple(required.found), lost, tuple(dict.fromkeys(doubts))
    )


def _unread(operation: Unparsed, moment: Moment) -> Iterator[Doubt]:
    """Takes note of a statement that cannot be read; yields what it may hold."""
    tables, named = moment.tables, sorted(words(moment.text))
    found = [table for word in named if (table := tables.get(word)) is not None]
    if new := _NEW_TABLE.match(moment.text):
        made = Table(new[1], None, is_known=False, written=moment.step)
        for source in found:
            made.take_all(source)
        tables.put(made)
        return
    for table in found:
        table.is_known = False
    held = (question for question, parts in _MAY_HOLD if _in_order(parts, moment.text))
    for question in dict.fromkeys(held):
        yield Doubt(question, moment.range, f"the statement cannot be read: {operation.reason}")


def _in_order(parts: Iterable[str], text: str) -> re.Match[str] | None:
    """Where the last of some patterns is found, each one behind the one before it.

    One pattern of them all would look through a long text again from every place that it may
    start at.
    """
    found: re.Match[str] | None = None
    for part in parts:
        found = re.compile(part, re.IGNORECASE).search(text, found.end() if found else 0)
        if found is None:
            return None
    return found


def _write(text: str, step: int, tables: Tables) -> None:
    """Notes that rows may have been written into a table, and out of which others."""
    into = _in_order(_INSERT, text)
    table = tables.loaded(into[1]) if into else None
    if table is None:
        return
    table.may_have_rows, table.written = True, step
    for word in sorted(words(text.lower().partition("select")[2])):
        if (source := tables.get(word)) is not None:
            table.take_all(source)
