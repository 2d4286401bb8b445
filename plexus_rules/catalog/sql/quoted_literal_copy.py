"""A rebuild copies what the old table has: a name that it lacks becomes a text in every row."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import Found, asked, one_problem
from plexus_rules.catalog.sql.effects import MissingColumn, Question
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Bad, Good, Line, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_AFTER_REBUILD_BOTH,
    REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
    REBUILD_LEAF_SQLITE,
)
from plexus_rules.trees import Replace

_REBUILD = "packages/backend/drizzle/migrations/0002_allow_no_provider.sql"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every rebuild of SQLite that selects a column which the table does not have by then."""
    for found in asked(repository, Question.COPIES, ("sqlite",)):
        if isinstance(found, Skipped):
            yield found
        elif found.effects.missing:
            yield one_problem(found, (Found(m.range, _said(m)) for m in found.effects.missing))


def _said(missing: MissingColumn) -> str:
    said = f"{missing.into} gets {missing.column} from {missing.source}, which has no such column: "
    if not missing.is_text:
        return f"{said}the migration fails"
    return f"{said}bun:sqlite stores the text '{missing.column}' in every row, and libsql fails"


RULE = Rule(
    id="PLX302",
    name="quoted-literal-copy",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never let a rebuild copy a column that the old table does not have.",
    why=(
        claims.REBUILD_SELECTS_NEW_COLUMNS,
        claims.UNKNOWN_QUOTED_NAME_IS_TEXT,
        claims.COLUMN_FIRST_KEEPS_ROWS,
    ),
    remedy=(
        "Delete the migration with its snapshot and journal entry, and make two: first only the "
        "new column in the schema and {generate}, then the other changes and {generate}."
    ),
    landed_remedy=Line(
        "Where it has run, set the rows that hold the column's name to what they should hold, by "
        "a migration of their own: {generate_custom}.",
        fallback="Where it has run, set the rows that hold the column's name to what they should "
        "hold, by a custom migration.",
    ),
    line=lines.SQLITE_REBUILDS,
    guides=(SCHEMA,),
    check=check,
    needs=Needs.SQLITE,
    examples=(
        Bad(
            "One change makes a column nullable and adds another",
            change=(REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,),
            gives=(at(_REBUILD, line=14),),
        ),
        Bad(
            "The name is bare",
            change=(
                REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
                Replace(
                    _REBUILD,
                    '"tokens_output", "account" FROM',
                    '"tokens_output", account FROM',
                ),
            ),
            gives=(at(_REBUILD, line=14),),
            note="No driver takes it for a text: the migration fails, with rows or without.",
        ),
        Bad(
            "A name is misspelt",
            change=(
                REBUILD_LEAF_SQLITE,
                Replace(
                    _REBUILD,
                    '"date", "provider", "model", "is_streamed", "tokens_input", '
                    '"tokens_output" FROM',
                    '"date", "providers", "model", "is_streamed", '
                    '"tokens_input", "tokens_output" FROM',
                ),
            ),
            gives=(at(_REBUILD, line=13), at(_REBUILD, line=13, rule="PLX307")),
        ),
        Good(
            "The column comes in a migration of its own",
            change=(REBUILD_LEAF_SQLITE, ADD_COLUMN_AFTER_REBUILD_BOTH),
        ),
        Good(
            "The new column gets a value in the copy",
            change=(
                REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
                Replace(
                    _REBUILD,
                    '"tokens_output", "account" FROM',
                    '"tokens_output", NULL FROM',
                ),
            ),
        ),
        Good(
            "The same migration adds the column before it copies it",
            change=(
                REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
                Replace(
                    _REBUILD,
                    "PRAGMA foreign_keys=OFF;",
                    "ALTER TABLE `request_usage` ADD `account` text;--> statement-breakpoint\n"
                    "PRAGMA foreign_keys=OFF;",
                ),
            ),
        ),
    ),
)
