"""PostgreSQL changes a column's type by itself only where an assignment would cast it."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.migrations.common import literal
from plexus_rules.catalog.sql.common import migrations, shape_before
from plexus_rules.drizzle.causes import statement_cause
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.shapes.model import ColumnShape
from plexus_rules.drizzle.sql.casts import assignable, is_serial, natural_type
from plexus_rules.drizzle.sql.known_columns import KnownColumns
from plexus_rules.drizzle.sql.operations import Located, SetType
from plexus_rules.rule import Bad, Good, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import CHANGE_VARCHAR_LENGTH_PG, INT_TO_BOOLEAN_PG
from plexus_rules.trees import Replace, TreeError

_POSTGRES = "packages/backend/drizzle/migrations_pg"
#: drizzle-kit 0.31 writes it before a type that it does not know by name.
_NO_SCHEMA = "undefined."
_CHANGED = f"{_POSTGRES}/0002_make_streamed_boolean.sql"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every change of a type that PostgreSQL refuses, whatever rows there are."""
    for database, entry in migrations(repository):
        if database.dialect != "postgresql":
            continue
        try:
            operations = database.operations(entry.tag)
        except TreeError as error:
            yield Skipped(database.sql_path(entry.tag), str(error))
            continue
        if any(isinstance(located.operation, SetType) for located in operations):
            yield from _changes(database, entry, operations)


def _changes(
    database: Database, entry: JournalEntry, operations: tuple[Located, ...]
) -> Iterator[Problem | Skipped]:
    path = database.sql_path(entry.tag)
    shape = shape_before(database, entry)
    if shape is None:
        yield Skipped(path, "the snapshot before it, which says the types, cannot be read")
        return
    known = KnownColumns(shape)
    for located in operations:
        operation = located.operation
        if isinstance(operation, SetType):
            column = known.column(operation.table, operation.column)
            found = _refused(operation, column, known)
            if isinstance(found, Skipped):
                yield Skipped(path, f"line {located.range.line}: {found.reason}")
            elif found is not None:
                message, remedy = found
                yield Problem(
                    path,
                    located.range,
                    message,
                    causes=(statement_cause(database, entry.tag, located.range),),
                    remedy=literal(remedy),
                    migration=path,
                )
        known.follow(operation)


def _refused(
    change: SetType, column: ColumnShape | None, known: KnownColumns
) -> tuple[str, str] | Skipped | None:
    """Why a change fails, and what to do; None where it does not."""
    name = f"{change.table}.{change.column}"
    if is_serial(change.type):
        return (
            f"{change.type} is no type that {name} can be changed to: it exists only for a new "
            "column (42704)",
            "Before it lands: generate again with an identity column, or with a new column.",
        )
    if change.type.startswith(_NO_SCHEMA):
        bare = change.type.removeprefix(_NO_SCHEMA)
        return (
            f'drizzle-kit wrote the schema "undefined" before the new type {bare} of {name}: there '
            "is none (3F000), and every migration after this one waits",
            'Before it lands: take `"undefined".` and the quotes out of the statement, and add a '
            "`USING` if the values are not cast by themselves.",
        )
    if column is None:
        return Skipped("", f"the type of {name} before is not known") if not change.using else None
    casts = assignable(column.type, change.type, known.enums)
    if casts is None and not change.using:
        return Skipped("", f"whether {column.type} casts to {change.type} is not known")
    if casts is False and not change.using:
        return (
            f"{name} is {column.type}, which PostgreSQL does not cast to {change.type} by itself: "
            "this fails (42804), with rows and without, and every migration after it waits",
            f'Before it lands: write `USING` and a cast behind the type, as `USING "{change.column}'
            f'"::{change.type}`, or what else makes the new value.',
        )
    return _refused_default(name, change, column, known)


def _refused_default(
    name: str, change: SetType, column: ColumnShape, known: KnownColumns
) -> tuple[str, str] | None:
    natural = natural_type(column.default, column.type) if column.default is not None else None
    if natural is None or assignable(natural, change.type, known.enums) is not False:
        return None
    return (
        f"the default {column.default} of {name} is not cast to {change.type}, not even by a USING:"
        " this fails (42804), and every migration after it waits",
        f'Before it lands: put `ALTER TABLE … ALTER COLUMN "{change.column}" DROP DEFAULT;` and a '
        "breakpoint before the statement, and set the new default after it.",
    )


RULE = Rule(
    id="PLX306",
    name="type-change-without-using",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement=(
        "Never change a PostgreSQL column to a type that it is not cast to by itself, without a "
        "`USING`."
    ),
    why=(
        claims.TYPE_CHANGE_NEEDS_CAST,
        claims.KIT_WRITES_USING_FOR_ENUMS_ONLY,
        claims.DEFAULT_IS_CAST_BY_ITSELF,
        claims.KIT_CHANGES_TO_SERIAL,
        claims.KIT_WRITES_UNDEFINED_SCHEMA,
        claims.PENDING_MIGRATIONS_SHARE_TRANSACTION,
    ),
    remedy=(
        "Before it lands: write `USING` and an expression that makes the new value behind the "
        "type. The snapshot stays as it is."
    ),
    landed_remedy=(
        "It fails on every database, so none has run it: mend the statement in place, and waive "
        "PLX201 for it with that reason."
    ),
    line=lines.ENUM_VALUES_AND_TYPES,
    guides=(SCHEMA,),
    check=check,
    needs=Needs.POSTGRESQL,
    unseen=(
        "A type of an extension, or a default that is no literal: whether they are cast is not "
        "known."
    ),
    examples=(
        Bad(
            "An integer column becomes a boolean",
            change=(INT_TO_BOOLEAN_PG,),
            gives=(at(_CHANGED, 1),),
            note="drizzle-kit writes no USING here.",
        ),
        Good(
            "The statement says how each value is cast",
            change=(
                INT_TO_BOOLEAN_PG,
                Replace(
                    _CHANGED,
                    "SET DATA TYPE boolean;",
                    'SET DATA TYPE boolean USING "is_streamed" <> 0;',
                ),
            ),
        ),
        Good(
            "A longer varchar needs no cast",
            change=(CHANGE_VARCHAR_LENGTH_PG,),
        ),
    ),
)
