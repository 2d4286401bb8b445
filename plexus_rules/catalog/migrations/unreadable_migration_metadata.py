"""Journal and snapshots are all that drizzle-kit and the migrator go by: both must be readable."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import literal
from plexus_rules.drizzle.appliers import applied_by
from plexus_rules.drizzle.causes import snapshot_cause
from plexus_rules.drizzle.database import Database, Unreadable
from plexus_rules.drizzle.journal import Journal
from plexus_rules.drizzle.json_text import Malformed, locate
from plexus_rules.drizzle.places import dialect_title
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at, whole_file
from plexus_rules.samples import ADD_COLUMN_BOTH
from plexus_rules.trees import Delete, Replace, Write

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """What of the journals and snapshots is missing, or does not say what it should."""
    for database in repository.journaled:
        if database.out in database.tree.passed_over:
            continue  # a link that leads elsewhere is reported as not read
        if database.out is not None and database.tree.is_file(database.out):
            message = f"{database.config} names this as its migrations folder, and it is a file"
            yield whole_file(database.out, message)
        if not database.exists:
            continue
        bad: list[Malformed] = []
        match database.journal:
            case None:
                tool = applied_by(database)
                if tool is None or database.snapshot_names:
                    yield _no_journal(database)
                else:
                    reason = f"there is no journal, and {tool} applies the SQL of this folder"
                    yield Skipped(database.journal_path, reason)
            case Malformed() as malformed:
                bad.append(malformed)
            case Unreadable(path, reason):
                yield Skipped(path, reason)
            case Journal() as journal:
                yield from _other_dialect(repository, database, journal)
        for snapshot in database.snapshots.values():
            if isinstance(snapshot, Unreadable):
                yield Skipped(snapshot.path, snapshot.reason)
            elif isinstance(snapshot, Malformed):
                bad.append(snapshot)
        yield from _malformed(database, bad)
        if database.strays:
            yield _stray(database)


def _no_journal(database: Database) -> Problem:
    files = [database.sql_path(tag) for tag in database.sql_tags]
    what = _count(len(files), "SQL file") if files else _count(len(database.snapshots), "snapshot")
    message = f"there is no journal, and {what} without it: Drizzle can run none"
    return whole_file(database.journal_path, message)


def _count(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def _other_dialect(
    repository: Repository, database: Database, journal: Journal
) -> Iterator[Problem]:
    sharing = [d for d in repository.databases if d.out == database.out]
    fitting = {c.config for d in sharing if d.dialect == journal.dialect for c in d.configs}
    for other in sharing:
        if other.dialect != journal.dialect and other.config not in fitting:
            message = (
                f"this journal is for {dialect_title(journal.dialect)}, and "
                f"{other.config} says {dialect_title(other.dialect)}"
            )
            yield Problem(
                journal.path,
                locate(journal.data, ("dialect",)),
                message,
                remedy=f"Give {literal(other.config)} a migrations folder of its own as `out`.",
            )


def _malformed(database: Database, bad: list[Malformed]) -> Iterator[Problem]:
    """One problem for each reason: a merge, or a tool, seldom spoils one file alone."""
    reasons: dict[str, list[Malformed]] = {}
    for malformed in bad:
        reasons.setdefault(malformed.reason, []).append(malformed)
    for reason, (first, *rest) in reasons.items():
        subject = "the journal" if first.path == database.journal_path else "this snapshot"
        more = f"; {_count(len(rest), 'more file')} likewise" if rest else ""
        yield Problem(
            first.path,
            first.range,
            f"{subject} {reason}{more}",
            related=tuple(Related(m.path, m.range, f"{m.reason}, too") for m in rest),
            causes=tuple(snapshot_cause(malformed.path) for malformed in (first, *rest)),
        )


def _stray(database: Database) -> Problem:
    first, *rest = database.strays
    return whole_file(
        first,
        "drizzle-kit takes this for a snapshot, and generate makes nothing because of it",
        related=tuple(Related(path, WHOLE_FILE, "this, too") for path in rest),
        remedy="Delete it, or move it out of the `meta` folder.",
    )


RULE = Rule(
    id="PLX211",
    name="unreadable-migration-metadata",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never leave a journal or snapshot that drizzle-kit cannot read as its own.",
    why=(
        claims.MALFORMED_JOURNAL_STOPS_ALL,
        claims.MALFORMED_SNAPSHOT_EXITS_ZERO,
        claims.STRAY_FILE_STOPS_GENERATE,
    ),
    remedy=(
        "Restore the file as it was committed. After a merge conflict: take the target branch's "
        "migrations folder, and run {generate} for your change again."
    ),
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    check=check,
    examples=(
        Bad(
            "A merge conflict is left in the journal",
            given=(ADD_COLUMN_BOTH,),
            change=(
                Replace(
                    f"{_SQLITE}/meta/_journal.json",
                    '      "when": 1742029200000,\n      "tag": "0002_add_client_request_id",\n',
                    "<<<<<<< HEAD\n"
                    '      "when": 1742029200000,\n'
                    '      "tag": "0002_add_client_request_id",\n'
                    "=======\n"
                    '      "when": 1742115600000,\n'
                    '      "tag": "0002_add_finish_reason",\n'
                    ">>>>>>> finish-reason\n",
                ),
            ),
            gives=(at(f"{_SQLITE}/meta/_journal.json", line=22),),
        ),
        Bad(
            "A comma is lost in a snapshot",
            change=(
                ADD_COLUMN_BOTH,
                Replace(
                    f"{_POSTGRES}/meta/0002_snapshot.json",
                    '"dialect": "postgresql",',
                    '"dialect": "postgresql"',
                ),
            ),
            gives=(at(f"{_POSTGRES}/meta/0002_snapshot.json", line=6),),
        ),
        Bad(
            "The journal is not committed",
            change=(Delete(f"{_SQLITE}/meta/_journal.json"),),
            gives=(at(f"{_SQLITE}/meta/_journal.json"),),
            note="One finding, not one for each SQL file and snapshot.",
        ),
        Bad(
            "A snapshot comes from a newer drizzle-kit",
            change=(
                ADD_COLUMN_BOTH,
                Replace(f"{_SQLITE}/meta/0002_snapshot.json", '"version": "6"', '"version": "7"'),
            ),
            gives=(at(f"{_SQLITE}/meta/0002_snapshot.json", line=2),),
        ),
        Bad(
            "Both configs come to name one folder",
            change=(
                Replace(
                    "packages/backend/drizzle.config.pg.ts",
                    "./drizzle/migrations_pg",
                    "./drizzle/migrations",
                ),
                Delete(_POSTGRES),
            ),
            gives=(at(f"{_SQLITE}/meta/_journal.json", line=3),),
        ),
        Bad(
            "A merge tool leaves its copy beside the snapshots",
            change=(
                ADD_COLUMN_BOTH,
                Write(f"{_SQLITE}/meta/0002_snapshot.json.orig", "{}\n"),
            ),
            gives=(at(f"{_SQLITE}/meta/0002_snapshot.json.orig"),),
        ),
        Good(
            "The journal comes from an older drizzle-kit",
            given=(
                Replace(
                    f"{_POSTGRES}/meta/_journal.json",
                    '"version": "7",\n  "dialect"',
                    '"version": "5",\n  "dialect"',
                ),
            ),
            change=(ADD_COLUMN_BOTH,),
        ),
    ),
)
