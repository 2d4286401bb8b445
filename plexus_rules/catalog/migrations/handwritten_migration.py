"""What the SQL gives is what the snapshot says: otherwise one of them was written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import generate, unjudged
from plexus_rules.catalog.migrations.telling.failing import (
    DEPENDENT,
    LANDED,
    apart,
    enum_of,
    message,
    refused,
    remedy,
)
from plexus_rules.catalog.migrations.telling.replayed import told
from plexus_rules.drizzle.causes import (
    follows_cause,
    migration_cause,
    snapshot_cause,
    statement_cause,
)
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.places import dialect_title
from plexus_rules.drizzle.replay.history import Replayed, Stopped
from plexus_rules.drizzle.replay.memory import replayed
from plexus_rules.drizzle.replay.outcome import Unable
from plexus_rules.drizzle.replay.places import snapshot_keys, statement_of
from plexus_rules.drizzle.replay.worlds import world_of
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.shapes.model import Difference
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.drizzle.sql.operations import CreateEnum
from plexus_rules.finding import WHOLE_FILE, Range, Related
from plexus_rules.rule import Bad, Good, Line, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    CUSTOM_MIGRATION_BOTH,
    REBUILD_LEAF_SQLITE,
    SQUASH_BOTH,
)
from plexus_rules.trees import Append, Replace, TreeError, Write

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_TAG = "0002_add_client_request_id"
#: So many of one migration's differences are listed.
_MOST_LISTED = 20


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every migration that, run on what those before it gave, leaves something else."""
    for database in repository.journaled:
        if not isinstance(database.journal, Journal):
            if database.exists:
                yield unjudged(database)
            continue
        start = world_of(database.dialect, repository.engines)
        if start is None:
            title = dialect_title(database.dialect)
            yield Skipped(database.journal_path, f"migrations for {title} cannot be replayed")
            continue
        if database.dialect == "postgresql":
            for entry in database.entries:
                yield from _refused(database, entry, repository.facts)
        for result in replayed(database, start):
            if isinstance(result, Stopped):
                yield _stopped(database, result)
            elif result.doubt is not None:
                yield _doubtful(database, result.tag, result.doubt)
            elif result.failure is not None:
                yield _failing(repository, database, result)
            elif result.differences:
                yield _differing(repository, database, result)


def _stopped(database: Database, stopped: Stopped) -> Skipped:
    line = f"line {stopped.line}: " if stopped.line else ""
    reason = f"{line}{stopped.reason}; this migration and those after it are not replayed"
    return Skipped(database.sql_path(stopped.tag), reason)


def _doubtful(database: Database, tag: str, doubt: Unable) -> Skipped:
    line = f"line {doubt.range.line}: " if doubt.range else ""
    reason = f"{line}{doubt.reason}, for what makes it could not be run; it is not replayed"
    return Skipped(database.sql_path(tag), reason)


def _failing(repository: Repository, database: Database, replayed: Replayed) -> Problem:
    failure = replayed.failure
    assert failure is not None
    path, place = database.sql_path(replayed.tag), failure.range or WHOLE_FILE
    problem = _problem(repository, database, replayed.tag, (path, place), message(failure), ())
    to_do = remedy(failure).replace("{generate}", generate(database, repository))
    cause = statement_cause(database, replayed.tag, place)
    problem = replace(problem, remedy=to_do, symptom_of=cause)
    if failure.code not in DEPENDENT:
        return problem
    enum = enum_of(failure)
    made_by = _maker(database, replayed.tag, enum) if enum else ()
    return replace(problem, migration=path, unless_pending=made_by)


def _maker(database: Database, tag: str, enum: str) -> tuple[str, ...]:
    """The path of the migration that makes an enum: what comes with it may use all its values."""
    for entry in database.entries:
        if entry.tag == tag:
            break
        if database.has_sql(entry.tag):
            made = (located.operation for located in database.operations(entry.tag))
            if any(isinstance(o, CreateEnum) and o.name.rpartition(".")[2] == enum for o in made):
                return (database.sql_path(entry.tag),)
    return ()


def _refused(database: Database, entry: JournalEntry, facts: Facts | None) -> Iterator[Problem]:
    """One problem for all statements of a migration that no transaction may hold."""
    from plexus_rules.drizzle.replay.alone import Alone, standing_alone

    path = database.sql_path(entry.tag)
    if not database.has_sql(entry.tag):
        return

    def find() -> tuple[tuple[Range, Alone], ...]:
        return tuple(standing_alone(database, entry.tag))

    try:
        found = find() if facts is None else facts.of("alone", database.tree, path, find)
    except TreeError:
        return  # the replay says so
    if found:
        (place, first), *rest = found
        yield Problem(
            path,
            place,
            refused(first),
            related=tuple(Related(path, where, refused(one)) for where, one in rest[:_MOST_LISTED]),
            remedy=apart(first),
            migration=path,
        )


def _differing(repository: Repository, database: Database, replayed: Replayed) -> Problem:
    """One problem for a migration: the first difference, and the others with it."""
    places = _Places(database, replayed.tag)
    first, *rest = replayed.differences
    related = [places.snapshot(first)]
    for difference in rest[:_MOST_LISTED]:
        path, place = places.of(difference)
        related += [Related(path, place, told(difference)), places.snapshot(difference)]
    said = told(first)
    if rest:
        said += f", and {len(rest)} more difference{'s' if len(rest) > 1 else ''}"
    return _problem(repository, database, replayed.tag, places.of(first), said, related)


def _problem(
    repository: Repository,
    database: Database,
    tag: str,
    place: tuple[str, Range],
    said: str,
    related: Sequence[Related],
) -> Problem:
    return Problem(
        *place,
        said,
        related=tuple(r for r in dict.fromkeys(related) if (r.path, r.range) != place),
        causes=(
            migration_cause(database, tag),
            snapshot_cause(database.snapshot_path(tag)),
            follows_cause(database, tag),
        ),
        remedy=_remedy(generate(database, repository)),
    )


def _remedy(again: str) -> Line:
    """The remedy, with the command that generates for one database."""
    text, fallback = (t.replace("{generate}", again) for t in (_REMEDY.text, _REMEDY.fallback))
    return Line(text, fallback=fallback)


class _Places:
    """Where the differences of one migration stand."""

    def __init__(self, database: Database, tag: str) -> None:
        self._sql = database.sql_path(tag)
        self._statements = database.statements(tag)
        snapshot = database.snapshot(database.snapshot_path(tag))
        assert isinstance(snapshot, Snapshot)
        self._snapshot = snapshot
        self._value = snapshot.value

    def of(self, difference: Difference) -> tuple[str, Range]:
        """The statement that makes it.

        Without one, what only the SQL has is missing in the snapshot, and what only the snapshot
        has is missing in the SQL.
        """
        statement = statement_of(self._statements, difference)
        if statement is not None:
            return self._sql, statement.range
        if difference.other is None:
            return self._snapshot.path, self.snapshot(difference).range
        return self._sql, WHOLE_FILE

    def snapshot(self, difference: Difference) -> Related:
        """What the snapshot says about it."""
        keys = snapshot_keys(self._value, difference)
        return Related(self._snapshot.path, self._snapshot.range(*keys), "what the snapshot says")


_AGAIN = "If it has not landed: delete its SQL, snapshot and journal entry, and run {generate}; "
_LANDED = (
    " If it has: restore it as it landed, or add a migration that brings the database to what the "
    "snapshot says."
)
_REMEDY = Line(
    f"{_AGAIN}SQL of your own goes into a migration of its own: {{generate_custom}}.{_LANDED}",
    fallback=f"{_AGAIN}SQL of your own goes into a migration that `drizzle-kit generate --custom` "
    f"makes.{_LANDED}",
)

RULE = Rule(
    id="PLX208",
    name="handwritten-migration",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never let a migration's SQL and its snapshot say different things.",
    why=(
        claims.TAMPERED_SNAPSHOT_HIDES_CHANGE,
        claims.GENERATE_REPEATS_UNKNOWN_CHANGES,
        claims.REPEATED_CHANGE_FAILS,
        claims.UNKNOWN_CHANGE_IS_SILENT,
        claims.HANDMADE_ENTRY_IS_REPEATED,
    ),
    remedy=_REMEDY,
    landed_remedy=LANDED,
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    source=("NEVER Manually Create Migration Files", "The ONLY Correct Migration Workflow"),
    unseen=(
        "Triggers, views, policies and all else that no snapshot of a table holds; tables, "
        "indexes and constraints that a custom migration makes beside those of the snapshots; "
        "what SQLite leaves out when drizzle-kit adds a column with a reference; and of "
        "PostgreSQL, which `--deep` runs and the check otherwise models, whether it takes each "
        "expression, type and conversion."
    ),
    check=check,
    examples=(
        Bad(
            "A column is slipped into a generated migration",
            change=(
                ADD_COLUMN_BOTH,
                Append(
                    f"{_SQLITE}/{_TAG}.sql",
                    "--> statement-breakpoint\nALTER TABLE `request_usage` ADD `region` text;",
                ),
            ),
            gives=(at(f"{_SQLITE}/{_TAG}.sql", line=2),),
        ),
        Bad(
            "The SQL is emptied, and its snapshot stays",
            change=(ADD_COLUMN_BOTH, Write(f"{_POSTGRES}/{_TAG}.sql", "SELECT 1;\n")),
            gives=(at(f"{_POSTGRES}/{_TAG}.sql"),),
            note="generate says that nothing changed, and the column is never created.",
        ),
        Bad(
            "A default is mended in the SQL alone",
            change=(
                ADD_COLUMN_BOTH,
                Replace(
                    f"{_POSTGRES}/{_TAG}.sql",
                    'ADD COLUMN "client_request_id" text',
                    "ADD COLUMN \"client_request_id\" text DEFAULT ''",
                ),
            ),
            gives=(at(f"{_POSTGRES}/{_TAG}.sql"),),
        ),
        Bad(
            "A custom migration adds a column that the schema does not have",
            change=(
                CUSTOM_MIGRATION_BOTH,
                Append(
                    f"{_SQLITE}/0002_name_models.sql",
                    "--> statement-breakpoint\nALTER TABLE `request_usage` ADD `region` text;",
                ),
            ),
            gives=(at(f"{_SQLITE}/0002_name_models.sql", line=4),),
        ),
        Bad(
            "A statement names a column that is not there",
            change=(
                CUSTOM_MIGRATION_BOTH,
                Append(
                    f"{_SQLITE}/0002_name_models.sql",
                    "--> statement-breakpoint\nUPDATE `request_usage` SET `regoin` = 'eu';",
                ),
            ),
            gives=(at(f"{_SQLITE}/0002_name_models.sql", line=4),),
        ),
        Bad(
            "An index is built concurrently",
            change=(
                CUSTOM_MIGRATION_BOTH,
                Append(
                    f"{_POSTGRES}/0002_name_models.sql",
                    "--> statement-breakpoint\nCREATE INDEX CONCURRENTLY request_usage_date\n"
                    "  ON request_usage (date);\n",
                ),
            ),
            gives=(at(f"{_POSTGRES}/0002_name_models.sql", line=4),),
            note="The migrator runs it in a transaction, where PostgreSQL refuses it.",
        ),
        Good("Rows are changed in a custom migration", change=(CUSTOM_MIGRATION_BOTH,)),
        Good(
            "A custom migration makes an index that Drizzle cannot express",
            change=(
                CUSTOM_MIGRATION_BOTH,
                Write(
                    f"{_POSTGRES}/0002_name_models.sql",
                    "CREATE INDEX IF NOT EXISTS request_usage_date_brin\n"
                    "  ON request_usage USING brin (date);\n",
                ),
            ),
            note="No snapshot knows it, and none needs to.",
        ),
        Good("SQLite builds a table anew", change=(REBUILD_LEAF_SQLITE,)),
        Good("A whole history is squashed", change=(SQUASH_BOTH,)),
    ),
)
