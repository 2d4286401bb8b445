"""What a migration drops is gone with all that it holds."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import (
    Found,
    Migration,
    asked,
    listed,
    made_by,
    oldest_first,
    one_problem,
)
from plexus_rules.catalog.sql.effects import FOLLOWED, Loss, Question
from plexus_rules.drizzle.causes import column_cause, table_cause
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.sql.operations import CopyRows, RenameTable
from plexus_rules.finding import Severity
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    CUSTOM_MIGRATION_BOTH,
    DROP_COLUMN_BOTH,
    DROP_TABLE_BOTH,
    REBUILD_LEAF_SQLITE,
)
from plexus_rules.trees import Replace, TreeError

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"

#: So many migrations around one are searched for the other parts of a rebuild.
_MOST_AROUND = 20


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every migration that drops a table or a column with what it holds."""
    for found in asked(repository, Question.LOSSES, FOLLOWED):
        if isinstance(found, Skipped):
            yield found
            continue
        losses = found.effects.losses
        if any(not loss.column for loss in losses):
            rebuilt = _rebuilt(found)
            losses = tuple(loss for loss in losses if loss.column or loss.table not in rebuilt)
        if losses:
            causes = [_cause(loss) for loss in losses]
            items = [
                Found(loss.range, _said(loss), made_by(found, loss.table, loss.column, empty=False))
                for loss in losses
            ]
            yield one_problem(found, oldest_first(items), causes)


def _cause(loss: Loss) -> str:
    return column_cause(loss.table, loss.column) if loss.column else table_cause(loss.table)


def _rebuilt(migration: Migration) -> set[str]:
    """The tables that are rebuilt over several migrations: copied before, renamed after."""
    database, position = migration.database, migration.entry.position
    copies: set[tuple[str, str]] = set()
    renamed: set[tuple[str, str]] = set()
    for entry in database.entries[max(0, position - _MOST_AROUND) : position + _MOST_AROUND]:
        try:
            operations = database.operations(entry.tag) if database.has_sql(entry.tag) else ()
        except TreeError:
            continue
        for found in operations:
            match found.operation:
                case CopyRows(into=into, source=source) if entry.position <= position:
                    copies.add((into, source))
                case RenameTable(table=table, to=to) if entry.position >= position:
                    renamed.add((table, to))
                case _:
                    pass
    return {name for _, name in copies & renamed}


def _said(loss: Loss) -> str:
    if not loss.column:
        if loss.is_emptied:
            return f"table {loss.table} is dropped and made anew: every row is gone"
        return f"table {loss.table} is dropped, with every row{_or_renamed(loss)}"
    name = f"{loss.table}.{loss.column}"
    if loss.is_left_out:
        end = "does not copy" if loss.is_emptied else "leaves out"
        return f"the rebuild of {loss.table} {end} {name}: its values are gone"
    if loss.is_emptied:
        return f"column {name} is dropped and added anew: its values are gone"
    return f"column {name} is dropped, with its values{_or_renamed(loss)}"


def _or_renamed(loss: Loss) -> str:
    if not loss.instead:
        return ""
    return f"; the same migration adds {listed(loss.instead)}: a rename would have kept them"


RULE = Rule(
    id="PLX307",
    name="dropped-table",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never drop a table or a column that is still used, or that no backup holds.",
    why=(
        claims.DROP_IS_FINAL,
        claims.DROPPED_COLUMN_FAILS_OLD_CODE,
        claims.UNEXPORTED_TABLE_IS_DROPPED,
        claims.RENAME_IS_ASKED,
    ),
    severity=Severity.WARNING,
    remedy=(
        "If it is meant: first deploy code that no longer uses it, back up, and waive this finding "
        "with that as the reason. If not: put it back into the schema, delete the migration with "
        "its snapshot and journal entry, and run {generate}."
    ),
    landed_remedy=(
        "Nothing, if it was meant. If not: put it back into the schema, run {generate}, and take "
        "the values from a backup."
    ),
    line=lines.DROPS,
    guides=(SCHEMA,),
    unseen="Whether deployed code still uses it, and whether there is a backup.",
    check=check,
    examples=(
        Bad(
            "A table is dropped in both dialects",
            change=(DROP_TABLE_BOTH,),
            gives=(
                at(f"{_SQLITE}/0002_drop_api_keys.sql"),
                at(f"{_POSTGRES}/0002_drop_api_keys.sql"),
            ),
        ),
        Bad(
            "A column is dropped in both dialects",
            change=(DROP_COLUMN_BOTH,),
            gives=(
                at(f"{_SQLITE}/0002_drop_key_note.sql"),
                at(f"{_POSTGRES}/0002_drop_key_note.sql"),
            ),
        ),
        Bad(
            "A rebuild copies something else into a column",
            change=(
                REBUILD_LEAF_SQLITE,
                Replace(
                    f"{_SQLITE}/0002_allow_no_provider.sql",
                    'SELECT "id", "request_id", "date", "provider", "model"',
                    'SELECT "id", "request_id", "date", NULL, "model"',
                ),
            ),
            gives=(at(f"{_SQLITE}/0002_allow_no_provider.sql", line=13),),
        ),
        Good(
            "SQLite rebuilds a table: its rows are copied before the drop",
            change=(REBUILD_LEAF_SQLITE,),
        ),
        Good(
            "Rows are deleted, and the table stays",
            change=(
                CUSTOM_MIGRATION_BOTH,
                *(
                    Replace(
                        f"{folder}/0002_name_models.sql",
                        f"UPDATE {quote}request_usage{quote} SET {quote}model{quote} = 'unknown'",
                        f"DELETE FROM {quote}request_usage{quote}",
                    )
                    for folder, quote in ((_SQLITE, "`"), (_POSTGRES, '"'))
                ),
            ),
        ),
        Good(
            "The migration drops what it made itself",
            change=(
                REBUILD_LEAF_SQLITE,
                Replace(
                    f"{_SQLITE}/0002_allow_no_provider.sql",
                    "PRAGMA foreign_keys=OFF;",
                    "CREATE TABLE `scratch` (`id` integer);--> statement-breakpoint\n"
                    "DROP TABLE `scratch`;--> statement-breakpoint\n"
                    "PRAGMA foreign_keys=OFF;",
                ),
            ),
        ),
    ),
)
