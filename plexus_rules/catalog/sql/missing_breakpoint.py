"""The migrator cuts SQL at its breakpoints alone: two statements between them are one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.sql.common import migrations
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.sql.statements import Statement
from plexus_rules.finding import Related, Severity
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH
from plexus_rules.trees import Replace, TreeError

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_NAME = "0002_add_client_columns.sql"
_FIRST = "`client_request_id` text;"

_WHAT_HAPPENS = {
    "sqlite": "bun:sqlite and libsql never run it, and record the migration as applied",
    "postgresql": "postgres-js runs both; another driver may refuse them",
}
#: Most drivers for PostgreSQL lose nothing.
_SEVERITIES = {"postgresql": Severity.WARNING}
_MOST_RELATED = 20


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every migration with two statements that no breakpoint parts."""
    for database, entry in migrations(repository):
        what_happens = _WHAT_HAPPENS.get(database.dialect)
        if what_happens is None:
            continue
        path = database.sql_path(entry.tag)
        try:
            statements = database.statements(entry.tag)
        except TreeError as error:
            yield Skipped(path, str(error))
            continue
        unparted = list(_unparted(statements))
        if unparted:
            first, *others = unparted
            yield Problem(
                path,
                first.range,
                f"no breakpoint parts this statement from the one before it: {what_happens}",
                related=tuple(
                    Related(path, other.range, "no breakpoint before this statement either")
                    for other in others[:_MOST_RELATED]
                ),
                severity=_SEVERITIES.get(database.dialect),
                migration=path,
            )


def _unparted(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """The statements that stand behind another one between the same breakpoints."""
    for before, statement in pairwise(statements):
        if statement.chunk == before.chunk:
            yield statement


RULE = Rule(
    id="PLX303",
    name="missing-breakpoint",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement=(
        "Never leave two statements of a migration without a `--> statement-breakpoint` between "
        "them."
    ),
    why=(
        claims.TWO_STATEMENTS_RUN_ONE,
        claims.TWO_STATEMENTS_DIVIDE_DRIVERS,
        claims.BREAKPOINTS_FALSE_SPLITS_NOTHING,
        claims.MIGRATOR_LOOKS_FOR_THE_TEXT,
    ),
    remedy=(
        "Put a line `--> statement-breakpoint` between the statements. If drizzle-kit wrote them, "
        "take `breakpoints: false` out of the config and generate again."
    ),
    landed_remedy=(
        "Databases may lack what comes after the first statement: see which do, and bring it to "
        "them with a newer migration."
    ),
    line=lines.BREAKPOINTS,
    guides=(SCHEMA,),
    check=check,
    examples=(
        Bad(
            "The config turns breakpoints off",
            change=(ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH,),
            gives=(at(f"{_SQLITE}/{_NAME}", 2), at(f"{_POSTGRES}/{_NAME}", 2)),
            note="bun:sqlite adds one of the two columns, and reports success.",
        ),
        Good(
            "A breakpoint between every two statements",
            change=(
                ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH,
                Replace(f"{_SQLITE}/{_NAME}", _FIRST, f"{_FIRST}--> statement-breakpoint"),
                Replace(
                    f"{_POSTGRES}/{_NAME}",
                    '"client_request_id" text;',
                    '"client_request_id" text;--> statement-breakpoint',
                ),
            ),
        ),
    ),
)
