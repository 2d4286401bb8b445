"""A column that every row must have needs a value for the rows that are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import (
    Found,
    Migration,
    asked,
    made_by,
    oldest_first,
    one_problem,
)
from plexus_rules.catalog.sql.effects import FOLLOWED, Fills, Question, Required, Way
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Severity
from plexus_rules.rule import Bad, Good, Line, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_REQUIRED_COLUMN_BOTH,
    ADD_REQUIRED_COLUMN_WITH_DEFAULT_BOTH,
    ADD_TABLE_BOTH,
    REQUIRE_COLUMN_BOTH,
)
from plexus_rules.trees import Replace, TreeError

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"

_FILL = "SET note = '' WHERE note IS NULL"
_BREAK = "--> statement-breakpoint\n"

#: How a column becomes required that was there before.
_OF_OLD_COLUMNS = (Way.SET, Way.COPIED)

#: So many migrations before one are searched for statements that fill its columns.
_MOST_BEFORE = 20


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every migration that makes a column NOT NULL for rows that may hold nothing there."""
    for found in asked(repository, Question.REQUIRED, FOLLOWED):
        if isinstance(found, Skipped):
            yield found
            continue
        required = found.effects.required
        if any(r.way in _OF_OLD_COLUMNS for r in required):
            fills = _fills_before(found)
            required = tuple(
                r
                for r in required
                if r.way not in _OF_OLD_COLUMNS or not fills.may_fill(r.table, r.column)
            )
        if required:
            items = [
                Found(r.range, _said(r), made_by(found, r.table, empty=True)) for r in required
            ]
            yield one_problem(found, oldest_first(items))


def _fills_before(migration: Migration) -> Fills:
    """The statements of earlier migrations that may have filled columns."""
    database, end = migration.database, migration.entry.position
    fills = Fills()
    for entry in database.entries[max(0, end - _MOST_BEFORE) : end]:
        if database.has_sql(entry.tag):
            with suppress(TreeError):
                fills.add_writes_of(database, entry)
    return fills


def _said(required: Required) -> str:
    name = f"{required.table}.{required.column}"
    match required.way:
        case Way.ADDED:
            return f"{name} is added as NOT NULL without a default: this fails on a table with rows"
        case Way.SET:
            return (
                f"{name} becomes NOT NULL and is not filled first: this fails if a row holds NULL"
            )
        case Way.COPIED:
            return f"the rebuild makes {name} NOT NULL: the copy fails if a row holds NULL there"
        case Way.LEFT_OUT:
            return f"the rebuild adds {name} as NOT NULL and does not fill it: this fails with rows"


RULE = Rule(
    id="PLX304",
    name="required-column-without-default",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never make a column NOT NULL whose rows hold nothing yet and get no default.",
    why=(
        claims.REQUIRED_COLUMN_FAILS_WITH_ROWS,
        claims.NULLS_STOP_NOT_NULL,
        claims.DEFAULT_FILLS_NEW_COLUMN,
        claims.FILLED_COLUMN_BECOMES_REQUIRED,
        claims.EMPTY_DATABASE_HIDES_SKIPS,
    ),
    severity=Severity.WARNING,
    remedy=Line(
        "Give a new column a default. Or leave the column nullable, fill it by a migration of its "
        "own ({generate_custom}), and make it NOT NULL in a later one.",
        fallback="Give a new column a default. Or leave the column nullable, fill it by a custom "
        "migration, and make it NOT NULL in a later one.",
    ),
    landed_remedy=(
        "Where it has run, nothing is left to do. Where it fails, the rows have to be filled, or "
        "taken away, before it runs."
    ),
    line=lines.REQUIRED_COLUMNS,
    guides=(SCHEMA,),
    unseen="Whether the table has rows, and whether a column holds NULL in any of them.",
    check=check,
    examples=(
        Bad(
            "A required column is added to a table that may have rows",
            change=(ADD_REQUIRED_COLUMN_BOTH,),
            gives=(
                at(f"{_SQLITE}/0002_add_region.sql"),
                at(f"{_POSTGRES}/0002_add_region.sql"),
            ),
        ),
        Bad(
            "A nullable column becomes required",
            change=(REQUIRE_COLUMN_BOTH,),
            gives=(
                at(f"{_SQLITE}/0002_require_key_note.sql", line=10),
                at(f"{_POSTGRES}/0002_require_key_note.sql"),
            ),
            note="SQLite rebuilds the table: there the copy fails.",
        ),
        Bad(
            "A default is no value for the rows that are there",
            change=(
                REQUIRE_COLUMN_BOTH,
                Replace(
                    f"{_SQLITE}/0002_require_key_note.sql",
                    "PRAGMA foreign_keys=OFF;",
                    f"UPDATE `api_keys` {_FILL};{_BREAK}PRAGMA foreign_keys=OFF;",
                ),
                Replace(
                    f"{_POSTGRES}/0002_require_key_note.sql",
                    'ALTER COLUMN "note" SET NOT NULL',
                    f"""ALTER COLUMN "note" SET DEFAULT '';{_BREAK}"""
                    """ALTER TABLE "api_keys" ALTER COLUMN "note" SET NOT NULL;"""
                    f"""{_BREAK}ALTER TABLE "api_keys" ALTER COLUMN "note" DROP DEFAULT""",
                ),
            ),
            gives=(at(f"{_POSTGRES}/0002_require_key_note.sql", line=2),),
        ),
        Good(
            "The rows are filled first",
            change=(
                REQUIRE_COLUMN_BOTH,
                Replace(
                    f"{_SQLITE}/0002_require_key_note.sql",
                    "PRAGMA foreign_keys=OFF;",
                    f"UPDATE `api_keys` {_FILL};{_BREAK}PRAGMA foreign_keys=OFF;",
                ),
                Replace(
                    f"{_POSTGRES}/0002_require_key_note.sql",
                    'ALTER TABLE "api_keys"',
                    f'UPDATE "api_keys" {_FILL};{_BREAK}ALTER TABLE "api_keys"',
                ),
            ),
        ),
        Good(
            "The column has a default",
            change=(ADD_REQUIRED_COLUMN_WITH_DEFAULT_BOTH,),
        ),
        Good("The table is new", change=(ADD_TABLE_BOTH,)),
    ),
)
