"""drizzle-kit compares the schema with the newest snapshot: entries and snapshots go in pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import made_again, unjudged
from plexus_rules.drizzle.causes import follows_cause, migration_cause, snapshot_cause
from plexus_rules.drizzle.database import Database, number
from plexus_rules.drizzle.journal import Journal, JournalEntry, runs
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at, whole_file
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_TIMESTAMP_PREFIX,
    ADD_SECOND_COLUMN_BOTH,
    CHANGE_VARCHAR_LENGTH_PG,
)
from plexus_rules.trees import Delete, Move, Replace, Write

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_ENTRY = """,
    {
      "idx": 2,
      "version": "7",
      "when": 1745312460000,
      "tag": "0002_lengthen_key_name",
      "breakpoints": true
    }"""

_DELETE_OR_RESTORE = (
    "Delete the snapshot if its migration was dropped; if its entry was lost, restore the journal."
)
_COMMIT_OR_AGAIN = (
    "Commit the snapshot that was generated with the migration. If it is lost and the migration "
    "has not landed: "
)
_PREFIX = (
    "Set `migrations.prefix` to `index` or `timestamp` in the config. If the migration has not "
    "landed: delete its SQL and its entry, and run {generate}."
)


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every run of entries without snapshots, and the snapshots without entries."""
    for database in repository.journaled:
        journal = database.journal
        if isinstance(journal, Journal):
            yield from _entries(repository, database, journal)
            yield from _snapshots(database, journal)
        elif database.exists:
            yield unjudged(database)


def _entries(repository: Repository, database: Database, journal: Journal) -> Iterator[Problem]:
    seen: set[str] = set()
    missing: list[JournalEntry] = []
    for entry in journal.entries:
        path = database.snapshot_path(entry.tag)
        if path not in seen and not database.tree.is_file(path):
            missing.append(entry)
        seen.add(path)  # two entries of one number share it: that is a finding of another rule
    # Where the SQL is missing, too, the migration as a whole is.
    halves = [entry for entry in missing if database.has_sql(entry.tag)]
    for run in runs(halves):
        yield _missing(repository, database, journal, run)
    for entry in missing:
        if entry not in halves:
            yield _missing(repository, database, journal, [entry])
    unnumbered = next((e for e in journal.entries if e.tag.startswith("_")), None)
    if unnumbered is not None:
        path = database.snapshot_path(unnumbered.tag)
        message = f"drizzle-kit never reads {path} back: generate repeats the whole schema"
        place = journal.range(unnumbered, "tag")
        yield Problem(journal.path, place, message, remedy=_PREFIX)


def _missing(
    repository: Repository, database: Database, journal: Journal, missing: Sequence[JournalEntry]
) -> Problem:
    first, *rest = missing
    message = f"{first.tag} has no snapshot {database.snapshot_path(first.tag)}"
    if rest:
        message += f", nor have {len(rest)} more after it"
    causes = [snapshot_cause(database.snapshot_path(entry.tag)) for entry in missing]
    if not rest:
        causes.append(migration_cause(database, first.tag))
    related = tuple(
        Related(journal.path, journal.range(e, "tag"), f"{e.tag} has no snapshot") for e in rest
    )
    again = made_again(database, repository, first.tag)
    return Problem(
        journal.path,
        journal.range(first, "tag"),
        message,
        related=related,
        causes=tuple(causes),
        remedy=None if rest else f"{_COMMIT_OR_AGAIN}{again}.",
    )


def _snapshots(database: Database, journal: Journal) -> Iterator[Problem]:
    wanted = {database.snapshot_path(entry.tag) for entry in journal.entries}
    unexplained: list[str] = []
    for path in (p for p in database.snapshot_names if p not in wanted):
        # Unlisted SQL of the same number explains it.
        tags = [t for t in database.unlisted if database.snapshot_path(t) == path and number(t)]
        if tags:
            causes = (*(migration_cause(database, tag) for tag in tags), snapshot_cause(path))
            yield whole_file(path, "no journal entry has this snapshot's number", causes=causes)
        else:
            unexplained.append(path)
    if unexplained:
        after = (e for e in journal.entries if database.snapshot_path(e.tag) > unexplained[-1])
        first, *rest = unexplained
        message = "no journal entry has this snapshot's number"
        if rest:
            message = f"{message}, nor those of {len(rest)} more"
        if unexplained[-1] == database.snapshot_names[-1]:
            message += ", and generate compares the schema with the newest snapshot"
        yield whole_file(
            first,
            message,
            related=tuple(Related(p, WHOLE_FILE, "no entry has this number") for p in rest),
            causes=(
                *(snapshot_cause(path) for path in unexplained),
                *(follows_cause(database, entry.tag) for entry in islice(after, 1)),
            ),
            remedy=_DELETE_OR_RESTORE,
        )


RULE = Rule(
    id="PLX206",
    name="missing-snapshot",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never leave a journal entry without its snapshot, or a snapshot without its entry.",
    why=(
        claims.MISSING_SNAPSHOT_REPEATS_MIGRATION,
        claims.HANDMADE_ENTRY_IS_REPEATED,
        claims.TAMPERED_SNAPSHOT_HIDES_CHANGE,
        claims.SNAPSHOT_WITHOUT_PREFIX_IS_NEVER_READ,
    ),
    remedy=(
        "Commit the snapshot that was generated with the migration. If it is lost and the "
        "migration has not landed: delete its SQL and its entry, and run {generate}."
    ),
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    check=check,
    examples=(
        Bad(
            "A migration and its entry are written by hand, and no snapshot",
            change=(
                Write(
                    f"{_SQLITE}/0002_add_region.sql",
                    "ALTER TABLE `request_usage` ADD `region` text;\n",
                ),
                Replace(
                    f"{_SQLITE}/meta/_journal.json",
                    '"0001_add_request_tokens",\n      "breakpoints": true\n    }',
                    '"0001_add_request_tokens",\n      "breakpoints": true\n    },\n'
                    "    {\n"
                    '      "idx": 2,\n'
                    '      "version": "6",\n'
                    '      "when": 1742029200000,\n'
                    '      "tag": "0002_add_region",\n'
                    '      "breakpoints": true\n'
                    "    }",
                ),
            ),
            gives=(at(f"{_SQLITE}/meta/_journal.json", line=23),),
            note="It runs; the next generate makes the same column once more.",
        ),
        Bad(
            "The snapshots of two migrations in a row are not committed",
            change=(
                ADD_COLUMN_BOTH,
                ADD_SECOND_COLUMN_BOTH,
                Delete(f"{_POSTGRES}/meta/0002_snapshot.json"),
                Delete(f"{_POSTGRES}/meta/0003_snapshot.json"),
            ),
            gives=(at(f"{_POSTGRES}/meta/_journal.json", line=23),),
            note="One cause, one finding: the second is a related place.",
        ),
        Bad(
            "A migration is taken back, and its snapshot stays",
            change=(
                CHANGE_VARCHAR_LENGTH_PG,
                Delete(f"{_POSTGRES}/0002_lengthen_key_name.sql"),
                Replace(f"{_POSTGRES}/meta/_journal.json", _ENTRY, ""),
            ),
            gives=(at(f"{_POSTGRES}/meta/0002_snapshot.json"),),
            note="generate then finds no changes, and the column never gets longer.",
        ),
        Bad(
            "The snapshot keeps the number that the migration had",
            change=(
                ADD_COLUMN_BOTH,
                Move(f"{_SQLITE}/meta/0002_snapshot.json", f"{_SQLITE}/meta/0012_snapshot.json"),
            ),
            gives=(
                at(f"{_SQLITE}/meta/0012_snapshot.json"),
                at(f"{_SQLITE}/meta/_journal.json", line=23),
            ),
        ),
        Good(
            "Migrations are numbered by timestamp from now on",
            change=(ADD_COLUMN_TIMESTAMP_PREFIX,),
            note="The snapshot is named by all that stands before the first `_`.",
        ),
    ),
)
