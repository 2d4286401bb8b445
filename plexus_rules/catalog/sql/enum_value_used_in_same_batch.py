"""A new value of an enum is usable only when the transaction that adds it is committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import shape_before
from plexus_rules.drizzle.causes import statement_cause
from plexus_rules.drizzle.change import Change, Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.sql.enum_uses import uses
from plexus_rules.drizzle.sql.known_columns import KnownColumns
from plexus_rules.drizzle.sql.operations import (
    AddEnumValue,
    CreateEnum,
    Operation,
    RenameEnumValue,
    RenameType,
)
from plexus_rules.drizzle.sql.statements import Statement
from plexus_rules.finding import Range, Related
from plexus_rules.rule import Bad, Good, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_WITH_NEW_ENUM_VALUE_BOTH,
    ADD_ENUM_VALUE_PG,
    USE_ENUM_VALUE_PG,
)
from plexus_rules.trees import Replace, TreeError

_POSTGRES = "packages/backend/drizzle/migrations_pg"
_MOST_RELATED = 20


class _Batch(Struct):
    """What the pending migrations did so far.

    Attributes:
        landed: the values of each enum before it.
        known: the columns.
        added: where each new value was added, by enum and value.
        created: the enums that the batch makes itself: their values may be used.
    """

    landed: Mapping[str, tuple[str, ...]]
    known: KnownColumns
    added: dict[tuple[str, str], Related] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)

    def follow(self, operation: Operation, path: str, place: Range) -> None:
        self.known.follow(operation)
        if isinstance(operation, CreateEnum):
            self.created.add(operation.name)
            self._forget(operation.name)
        elif isinstance(operation, AddEnumValue):
            landed = operation.value in self.landed.get(operation.name, ())
            if landed or operation.name in self.created:
                return
            where = Related(path, place, f"{_literal(operation.value)} is added here")
            self.added.setdefault((operation.name, operation.value), where)
        elif isinstance(operation, RenameEnumValue):
            where_added = self.added.pop((operation.name, operation.value), None)
            if where_added is not None:
                self.added[operation.name, operation.to] = where_added
        elif isinstance(operation, RenameType):
            moved = [key for key in self.added if key[0] == operation.name]
            for name, value in moved:
                self.added[operation.to, value] = self.added.pop((name, value))
            if operation.name in self.created:
                self.created = self.created - {operation.name} | {operation.to}

    def _forget(self, enum: str) -> None:
        for key in [key for key in self.added if key[0] == enum]:
            del self.added[key]


def check(change: Change) -> Iterator[Problem | Skipped]:
    """Every pending migration that uses an enum's value which the same batch adds."""
    for pair in change.pairs:
        if pair.head is not None and pair.head.dialect == "postgresql" and pair.pending:
            yield from _uses(pair, pair.head)


def _uses(pair: Pair, database: Database) -> Iterator[Problem | Skipped]:
    adds = False
    for entry in pair.pending:
        try:
            operations = database.operations(entry.tag)
        except TreeError as error:
            yield Skipped(database.sql_path(entry.tag), str(error))
            return
        adds = adds or any(isinstance(o.operation, AddEnumValue) for o in operations)
    if not adds:
        return
    shape = shape_before(database, pair.pending[0])
    if shape is None:
        path = database.sql_path(pair.pending[0].tag)
        yield Skipped(path, "the snapshot before it, which says the types, cannot be read")
        return
    batch = _Batch(shape.enums, KnownColumns(shape))
    for entry in pair.pending:
        yield from _migration(database, entry, batch)


def _migration(
    database: Database, entry: JournalEntry, batch: _Batch
) -> Iterator[Problem | Skipped]:
    path = database.sql_path(entry.tag)
    found: list[tuple[Range, str]] = []
    related: list[Related] = []
    operations: dict[Range, list[Operation]] = {}
    for located in database.operations(entry.tag):
        operations.setdefault(located.range, []).append(located.operation)
    for statement in database.statements(entry.tag):
        done = operations.get(statement.range, [])
        for (enum, value), where in batch.added.items() if done else ():
            used = uses(statement.text, done, enum, value, batch.known)
            if used is None:
                yield Skipped(path, _doubt(statement, enum, value))
            elif used:
                message = f"the value {_literal(value)} of {enum} is used here"
                found.append((statement.range, message))
                related.append(where)
        for operation in done:
            batch.follow(operation, path, statement.range)
    if found:
        (place, message), *more = found
        message += (
            ", and added in the same batch: PostgreSQL refuses a value before its transaction is "
            "committed, and the migrator runs all pending migrations in one (55P04)"
        )
        related += [Related(path, *other) for other in more]
        unique = tuple(dict.fromkeys(related))[:_MOST_RELATED]
        causes = tuple(statement_cause(database, entry.tag, used) for used, _ in found)
        yield Problem(path, place, message, related=unique, causes=causes)


def _doubt(statement: Statement, enum: str, value: str) -> str:
    return (
        f"line {statement.range.line}: whether the statement uses {_literal(value)} of {enum} "
        "cannot be told"
    )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


RULE = Rule(
    id="PLX305",
    name="enum-value-used-in-same-batch",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never use a new value of a PostgreSQL enum in the batch of migrations that adds it.",
    why=(
        claims.ENUM_VALUE_NEEDS_COMMIT,
        claims.PENDING_MIGRATIONS_SHARE_TRANSACTION,
        claims.FRESH_DATABASE_HIDES_ENUM_USE,
    ),
    remedy=(
        "Release the migration that adds the value by itself; bring its use in with a migration of "
        "a later release. Code may use the value as soon as the first one has run."
    ),
    line=lines.ENUM_VALUES_AND_TYPES,
    guides=(SCHEMA,),
    check=check,
    needs=Needs.POSTGRESQL,
    unseen="What functions and DO blocks do; and that PostgreSQL 16 refuses a new value even where "
    "the same batch makes its enum.",
    examples=(
        Bad(
            "A new value is the default of a new column",
            change=(ADD_COLUMN_WITH_NEW_ENUM_VALUE_BOTH,),
            gives=(at(f"{_POSTGRES}/0002_add_fallback.sql", 2),),
        ),
        Bad(
            "Two pending migrations: one adds a value, the next writes it into rows",
            change=(ADD_ENUM_VALUE_PG, USE_ENUM_VALUE_PG),
            gives=(at(f"{_POSTGRES}/0003_mark_mistral.sql", 2),),
        ),
        Good(
            "The value has landed before it is used",
            given=(ADD_ENUM_VALUE_PG,),
            change=(USE_ENUM_VALUE_PG,),
        ),
        Good(
            "A text that reads like the value",
            change=(
                ADD_ENUM_VALUE_PG,
                USE_ENUM_VALUE_PG,
                Replace(
                    f"{_POSTGRES}/0003_mark_mistral.sql",
                    "SET \"kind\" = 'mistral'",
                    "SET \"name\" = 'mistral'",
                ),
            ),
        ),
    ),
)
