"""What the rules about generated SQL share."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from msgspec import Struct

from plexus_rules.catalog.sql.effects import Effects, Question, effects, is_written
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.shapes.model import Shape
from plexus_rules.drizzle.shapes.snapshots import shape_of
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.drizzle.sql.operations import AddColumn, CreateTable
from plexus_rules.finding import Range, Related
from plexus_rules.rule import Problem, Skipped
from plexus_rules.trees import TreeError

#: A finding names so many more places of its migration.
_MOST_RELATED = 20

#: So many migrations before one are searched for what made a table of it.
_MOST_BEFORE = 200


class Migration(Struct, frozen=True):
    """One migration, and what it does to the rows that are there."""

    database: Database
    entry: JournalEntry
    effects: Effects

    @property
    def path(self) -> str:
        """The path of its SQL."""
        return self.database.sql_path(self.entry.tag)


def migrations(repository: Repository) -> Iterator[tuple[Database, JournalEntry]]:
    """Every migration of every database whose SQL is there, in the journal's order."""
    for database in repository.journaled:
        if isinstance(database.journal, Journal):
            for entry in database.entries:
                if database.has_sql(entry.tag):
                    yield database, entry


def shape_before(database: Database, entry: JournalEntry) -> Shape | None:
    """The schema before a migration, by the snapshot of the one before it; None where unread."""
    if entry.position == 0:
        return Shape(database.dialect)
    earlier = database.entries[entry.position - 1]
    snapshot = database.snapshot(database.snapshot_path(earlier.tag))
    return shape_of(database.dialect, snapshot.value) if isinstance(snapshot, Snapshot) else None


def asked(
    repository: Repository, question: Question, dialects: Container[str]
) -> Iterator[Migration | Skipped]:
    """Every migration of some dialects, and what could not be answered about them."""
    for database, entry in migrations(repository):
        if database.dialect not in dialects:
            continue
        try:
            migration = Migration(database, entry, effects(database, entry, repository.facts))
        except TreeError as error:
            yield Skipped(database.sql_path(entry.tag), str(error))
            continue
        for doubt in migration.effects.doubts_about(question):
            yield Skipped(migration.path, f"line {doubt.range.line}: {doubt.reason}")
        yield migration


class Found(Struct, frozen=True):
    """What a rule found in a migration. ``made_by``: see :func:`made_by`."""

    range: Range
    message: str
    made_by: str | None = None


def made_by(migration: Migration, table: str, column: str = "", *, empty: bool) -> str | None:
    """The path of an earlier migration that made a table, or a column of it; None if none did.

    With ``empty``, none where a migration since then may have written rows into the table.
    """
    database, fold = migration.database, _fold(migration.database.dialect)
    wanted, part, end = fold(table), fold(column), migration.entry.position
    for entry in reversed(database.entries[max(0, end - _MOST_BEFORE) : end]):
        if not database.has_sql(entry.tag):
            continue
        try:
            operations = database.operations(entry.tag)
            if empty and is_written(database, entry, table):
                return None
        except TreeError:
            return None
        for found in operations:
            match found.operation:
                case CreateTable(table=shape) if fold(shape.name) == wanted:
                    if not part or part in map(fold, shape.columns):
                        return database.sql_path(entry.tag)
                case AddColumn(table=name, column=added) if part and fold(name) == wanted:
                    if fold(added.name) == part:
                        return database.sql_path(entry.tag)
                case _:
                    pass
    return None


def oldest_first(items: Iterable[Found]) -> list[Found]:
    """What no pending migration can have made comes first: it counts in any case."""
    return sorted(items, key=lambda item: item.made_by is not None)


def _fold(dialect: str) -> Callable[[str], str]:
    return str.lower if dialect == "sqlite" else str


def one_problem(
    migration: Migration, items: Iterable[Found], causes: Sequence[str] = ()
) -> Problem:
    """One problem for all that a rule found in a migration: the first of it, the rest related."""
    every = tuple(dict.fromkeys(items))
    made = [item.made_by for item in every if item.made_by is not None]
    (place, message), *more = dict.fromkeys((item.range, item.message) for item in every)
    left = len(more) - _MOST_RELATED
    if left > 0:
        message += f" (and {left} more than are listed)"
    return Problem(
        migration.path,
        place,
        message,
        related=tuple(Related(migration.path, *other) for other in more[:_MOST_RELATED]),
        causes=tuple(causes),
        migration=migration.path,
        unless_pending=tuple(dict.fromkeys(made)) if len(made) == len(every) else (),
    )


def listed(names: Sequence[str]) -> str:
    """Names for a message: the first three of them, and how many more there are."""
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
