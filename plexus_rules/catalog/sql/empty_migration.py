"""A migration does something: SQLite fails on one that does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import migrations
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.sql.statements import BREAKPOINT
from plexus_rules.finding import WHOLE_FILE, Range, Severity
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import CUSTOM_MIGRATION_BOTH, EMPTY_CUSTOM_MIGRATION_BOTH
from plexus_rules.trees import Append, TreeError

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"

_WHAT_HAPPENS = {
    "sqlite": "this migration holds no statement: bun:sqlite and libsql fail on it, and every "
    "migration after it waits",
    "postgresql": "this migration holds no statement: PostgreSQL records it as applied, and what "
    "is written into it later never runs",
}


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every migration without a statement; for SQLite also every part of one without any."""
    for database, entry in migrations(repository):
        if database.dialect not in _WHAT_HAPPENS:
            continue
        try:
            found = _empty(database, entry.tag)
        except TreeError as error:
            yield Skipped(database.sql_path(entry.tag), str(error))
            continue
        if found is not None:
            path = database.sql_path(entry.tag)
            yield Problem(path, *found, migration=path)


def _empty(database: Database, tag: str) -> tuple[Range, str] | None:
    """The place and the message of the first part without a statement."""
    statements = database.statements(tag)
    if not statements:
        return WHOLE_FILE, _WHAT_HAPPENS[database.dialect]
    if database.dialect != "sqlite":
        return None
    sql = database.sql(tag)
    filled = {statement.chunk for statement in statements}
    empty = next((n for n in range(sql.count(BREAKPOINT) + 1) if n not in filled), None)
    if empty is None:
        return None
    side = "after" if empty else "before"
    return (
        _breakpoint(sql, max(empty - 1, 0)),
        f"no statement stands {side} this breakpoint: bun:sqlite and libsql fail on the empty "
        "part, and every migration after this one waits",
    )


def _breakpoint(sql: str, number: int) -> Range:
    """Where a breakpoint stands, counted from 0."""
    before = BREAKPOINT.join(sql.split(BREAKPOINT)[: number + 1])
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Range(line, column, line, column + len(BREAKPOINT))


RULE = Rule(
    id="PLX308",
    name="empty-migration",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never leave a migration without a statement.",
    why=(claims.SQLITE_REFUSES_NO_STATEMENT, claims.POSTGRES_APPLIES_NOTHING),
    severity=Severity.WARNING,
    remedy=(
        "Write the SQL that the migration is for, or delete its SQL, snapshot and journal entry. A "
        "breakpoint with nothing on one side is deleted."
    ),
    landed_remedy=(
        "On PostgreSQL leave it, and put what was meant into a newer migration. On SQLite "
        "bun:sqlite and libsql cannot run it: put `SELECT 1;` into it, and waive PLX201 for it "
        "with that reason."
    ),
    line=lines.BREAKPOINTS,
    guides=(SCHEMA,),
    check=check,
    examples=(
        Bad(
            "A custom migration is generated and never written",
            change=(EMPTY_CUSTOM_MIGRATION_BOTH,),
            gives=(
                at(f"{_SQLITE}/0002_to_be_written.sql"),
                at(f"{_POSTGRES}/0002_to_be_written.sql"),
            ),
        ),
        Bad(
            "A breakpoint follows the last statement",
            change=(
                CUSTOM_MIGRATION_BOTH,
                Append(f"{_SQLITE}/0002_name_models.sql", f"{BREAKPOINT}\n"),
            ),
            gives=(at(f"{_SQLITE}/0002_name_models.sql", 3),),
            note="PostgreSQL takes an empty part.",
        ),
        Good(
            "The custom migration is written before it lands",
            change=(
                EMPTY_CUSTOM_MIGRATION_BOTH,
                Append(
                    f"{_SQLITE}/0002_to_be_written.sql", "\nUPDATE `api_keys` SET `note` = NULL;\n"
                ),
                Append(
                    f"{_POSTGRES}/0002_to_be_written.sql",
                    '\nUPDATE "api_keys" SET "note" = NULL;\n',
                ),
            ),
        ),
    ),
)
