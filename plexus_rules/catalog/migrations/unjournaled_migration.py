"""The migrator runs what the journal lists: SQL beside it is written by hand, or left behind."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import literal, made_again, unjudged
from plexus_rules.drizzle.appliers import applied_by
from plexus_rules.drizzle.causes import migration_cause
from plexus_rules.drizzle.database import Database, number
from plexus_rules.drizzle.journal import Journal
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, Related
from plexus_rules.rule import (
    Bad,
    Correction,
    Good,
    Line,
    Obligation,
    Problem,
    Rule,
    Skipped,
    at,
    whole_file,
)
from plexus_rules.samples import ADD_COLUMN_BOTH, ADD_ENUM_VALUE_PG, CUSTOM_MIGRATION_BOTH
from plexus_rules.trees import Move, Replace, Write

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_ENTRY = """,
    {
      "idx": 2,
      "version": "7",
      "when": 1745139660000,
      "tag": "0002_add_mistral",
      "breakpoints": true
    }"""


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every SQL file of a migrations folder that its journal does not list."""
    for database in repository.journaled:
        journal, tool = database.journal, applied_by(database)
        if tool is not None and database.unlisted:
            reason = f"{tool} applies every SQL file of this folder, listed or not"
            yield Skipped(database.journal_path, reason)
        elif isinstance(journal, Journal):
            if not journal.entries and len(database.unlisted) > 1:
                yield _all_unlisted(database, journal)
            else:
                for tag in database.unlisted:
                    yield _unlisted(repository, database, journal, tag)
        elif database.exists:
            yield unjudged(database)


def _all_unlisted(database: Database, journal: Journal) -> Problem:
    tags = database.unlisted
    related = tuple(Related(database.sql_path(t), WHOLE_FILE, "is not listed") for t in tags)
    causes = tuple(migration_cause(database, tag) for tag in tags)
    message = f"the journal is empty: Drizzle runs none of the {len(tags)} SQL files beside it"
    return whole_file(journal.path, message, related=related, causes=causes)


def _unlisted(repository: Repository, database: Database, journal: Journal, tag: str) -> Problem:
    message = "the journal does not list this SQL, so Drizzle never runs it"
    namesakes = [e for e in journal.entries if number(tag) and number(e.tag) == number(tag)]
    named = [e for e in journal.entries if _name(e.tag) == _name(tag) and e not in namesakes]
    moved = [e for e in named if _name(tag) and not database.has_sql(e.tag)]
    related = tuple(
        Related(
            journal.path,
            journal.range(entry, "tag"),
            f"{entry.tag} has this number"
            if database.has_sql(entry.tag)
            else f"{entry.tag} has this number, and no SQL file",
        )
        for entry in namesakes
    )
    related += tuple(
        Related(journal.path, journal.range(e, "tag"), f"{e.tag} has this name, and no SQL file")
        for e in moved
    )
    # A listed migration of this number or name without its SQL: one of the two was renamed alone.
    halves = [e.tag for e in (*namesakes, *moved) if not database.has_sql(e.tag)]
    causes = tuple(migration_cause(database, t) for t in (tag, *halves))
    remedy = None
    if len(halves) == 1:
        again = made_again(database, repository, halves[0], tag)
        remedy = f"Rename it back to {literal(halves[0])}.sql. If that has not landed: {again}."
    return whole_file(
        database.sql_path(tag), message, related=related, causes=causes, remedy=remedy
    )


def _name(tag: str) -> str:
    return tag.partition("_")[2]


RULE = Rule(
    id="PLX202",
    name="unjournaled-migration",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never write migration SQL by hand: what the journal does not list is never run.",
    why=(
        claims.UNJOURNALED_NEVER_RUNS,
        claims.FOLDER_OF_SQL_RUNS_ON_V1,
        claims.GENERATE_REPEATS_UNKNOWN_CHANGES,
        claims.UNLISTED_SQL_TAKES_NO_NUMBER,
        claims.REPEATED_CHANGE_FAILS,
        claims.UNKNOWN_CHANGE_IS_SILENT,
        claims.CUSTOM_MIGRATION_IS_HISTORY,
    ),
    remedy=Line(
        "Delete the file, change the schema, and run {generate}. For SQL of your own, run "
        "{generate_custom} and write it into the file that this makes.",
        fallback="Delete the file, change the schema, and run {generate}. For SQL of your own, run "
        "`drizzle-kit generate --custom` and write it into the file that this makes.",
    ),
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    source=("NEVER Manually Create Migration Files", "The ONLY Correct Migration Workflow"),
    corrects=(
        Correction(
            "migration SQL is never written by hand",
            "`drizzle-kit generate --custom` is the one sanctioned way to write SQL",
            (claims.CUSTOM_MIGRATION_IS_HISTORY,),
        ),
        Correction(
            "drizzle-kit ignores SQL that is not in the journal",
            "true on the v0 line; on v1 a folder that only holds SQL is applied",
            (claims.UNJOURNALED_NEVER_RUNS, claims.FOLDER_OF_SQL_RUNS_ON_V1),
        ),
        Correction(
            "the next generate makes migrations that conflict",
            "on the disk; nothing reports it until the SQL was also run by hand",
            (claims.UNLISTED_SQL_TAKES_NO_NUMBER, claims.REPEATED_CHANGE_FAILS),
        ),
        Correction(
            "deployments fail and databases are corrupted",
            "often nothing fails: the databases silently differ, which is worse",
            (claims.UNKNOWN_CHANGE_IS_SILENT,),
        ),
    ),
    check=check,
    examples=(
        Bad(
            "A migration is written by hand",
            change=(
                Write(
                    f"{_SQLITE}/0002_add_region.sql",
                    "ALTER TABLE `request_usage` ADD `region` text;\n",
                ),
            ),
            gives=(at(f"{_SQLITE}/0002_add_region.sql"),),
        ),
        Bad(
            "A merge keeps both SQL files and one entry",
            given=(ADD_COLUMN_BOTH,),
            change=(
                Write(
                    f"{_POSTGRES}/0002_add_finish_reason.sql",
                    'ALTER TABLE "request_usage" ADD COLUMN "finish_reason" text;',
                ),
            ),
            gives=(at(f"{_POSTGRES}/0002_add_finish_reason.sql"),),
            note="Both branches made a migration 0002; the journal kept the one that landed first.",
        ),
        Bad(
            "The entry is lost in a merge, and the snapshot stays",
            change=(
                ADD_ENUM_VALUE_PG,
                Replace(f"{_POSTGRES}/meta/_journal.json", _ENTRY, ""),
            ),
            gives=(at(f"{_POSTGRES}/0002_add_mistral.sql"),),
            note="The snapshot without an entry is a consequence: one cause, one finding.",
        ),
        Bad(
            "A new migration gets a better name, and its entry does not",
            change=(
                ADD_COLUMN_BOTH,
                Move(
                    f"{_SQLITE}/0002_add_client_request_id.sql",
                    f"{_SQLITE}/0002_trace_requests.sql",
                ),
            ),
            gives=(at(f"{_SQLITE}/0002_trace_requests.sql"),),
        ),
        Good(
            "SQL of one's own is written into a custom migration",
            change=(CUSTOM_MIGRATION_BOTH,),
        ),
        Good(
            "SQL that is no migration lies in a folder of its own",
            change=(
                Write(
                    f"{_SQLITE}/queries/usage-by-day.sql",
                    "SELECT `date`, count(*) FROM `request_usage` GROUP BY `date`;\n",
                ),
            ),
        ),
    ),
)
