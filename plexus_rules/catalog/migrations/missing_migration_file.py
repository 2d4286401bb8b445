"""An entry without its SQL stops the migrator, and with it the application."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import made_again, unjudged
from plexus_rules.drizzle.causes import migration_cause
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal, JournalEntry, runs
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import ADD_COLUMN_BOTH, ADD_SECOND_COLUMN_BOTH
from plexus_rules.trees import Delete, Move, Replace

_SQLITE = "packages/backend/drizzle/migrations"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every run of entries whose SQL files are not there."""
    for database in repository.journaled:
        journal = database.journal
        if isinstance(journal, Journal):
            missing = [e for e in journal.entries if not database.has_sql(e.tag)]
            # An entry whose SQL lies there under another name is a cause of its own.
            misnamed = [e for e in missing if database.unlisted_of(e.tag)]
            for run in ([e] for e in misnamed):
                yield _problem(repository, database, journal, run)
            for group in runs(e for e in missing if e not in misnamed):
                yield _problem(repository, database, journal, group)
        elif database.exists:
            yield unjudged(database)


def _problem(
    repository: Repository,
    database: Database,
    journal: Journal,
    missing: list[JournalEntry] | tuple[JournalEntry, ...],
) -> Problem:
    first, *rest = missing
    message = f"the journal lists {first.tag}, and there is no {first.tag}.sql"
    if rest:
        message += f", nor the SQL of {len(rest)} more after it"
    return Problem(
        journal.path,
        journal.range(first, "tag"),
        message,
        related=tuple(
            Related(journal.path, journal.range(e, "tag"), f"there is no {e.tag}.sql") for e in rest
        ),
        causes=tuple(migration_cause(database, entry.tag) for entry in missing),
        remedy=None if rest else _remedy(repository, database, first),
    )


def _remedy(repository: Repository, database: Database, entry: JournalEntry) -> str:
    return (
        "Commit the SQL file that was generated with the entry. If it is lost and has not landed: "
        f"{made_again(database, repository, entry.tag)}."
    )


RULE = Rule(
    id="PLX203",
    name="missing-migration-file",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never leave a journal entry without its SQL file: the application does not start.",
    why=(claims.MISSING_SQL_STOPS_START_UP, claims.PARTIAL_COMMIT_BREAKS_OTHERS),
    remedy=(
        "Commit the SQL file that was generated with the entry. If it is lost and has not landed: "
        "delete the entry and its snapshot, and run {generate}."
    ),
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    check=check,
    examples=(
        Bad(
            "The SQL of a new migration is not committed",
            change=(ADD_COLUMN_BOTH, Delete(f"{_SQLITE}/0002_add_client_request_id.sql")),
            gives=(at(f"{_SQLITE}/meta/_journal.json", line=23),),
        ),
        Bad(
            "A new migration is deleted, and its entry stays",
            change=(
                ADD_COLUMN_BOTH,
                Delete(f"{_SQLITE}/0002_add_client_request_id.sql"),
                Delete(f"{_SQLITE}/meta/0002_snapshot.json"),
            ),
            gives=(at(f"{_SQLITE}/meta/_journal.json", line=23),),
            note="The missing snapshot belongs to the same cause.",
        ),
        Bad(
            "The SQL of two migrations in a row is not committed",
            change=(
                ADD_COLUMN_BOTH,
                ADD_SECOND_COLUMN_BOTH,
                Delete(f"{_SQLITE}/0002_add_client_request_id.sql"),
                Delete(f"{_SQLITE}/0003_add_client_address.sql"),
            ),
            gives=(at(f"{_SQLITE}/meta/_journal.json", line=23),),
            note="As where `*.sql` is ignored: one cause, one finding.",
        ),
        Good(
            "The migrations folder is moved whole",
            change=(
                Move(_SQLITE, f"{_SQLITE}_sqlite"),
                Replace(
                    "packages/backend/drizzle.config.ts",
                    "./drizzle/migrations",
                    "./drizzle/migrations_sqlite",
                ),
            ),
        ),
    ),
)
