"""Walks a history: runs each migration, and compares what is there then with its snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.replay.engine import Refused
from plexus_rules.drizzle.replay.outcome import Failure, Unable
from plexus_rules.drizzle.replay.said import Said
from plexus_rules.drizzle.shapes.compare import enum_differences, table_differences
from plexus_rules.drizzle.shapes.model import Aspect, Difference, TableShape
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.trees import TreeError

#: What a custom migration may make that no snapshot knows: drizzle-kit cannot express much of it.
_OWN = frozenset(
    {Aspect.TABLE, Aspect.INDEX, Aspect.UNIQUE, Aspect.FOREIGN_KEY, Aspect.CHECK, Aspect.ENUM}
)


#: One of these: what it is, its table, and its name there.
Own = tuple[Aspect, str, str]


class World(Protocol):
    """The tables that the migrations have made so far.

    ``keeps_own`` tells whether :meth:`become` leaves what custom migrations made where it is.
    """

    keeps_own: bool

    def begin(self) -> None:
        """Starts a migration: the one before it is done."""

    def undo(self) -> None:
        """Takes back all since the start of the migration. Its start stays where it is."""

    def run(self, database: Database, tag: str) -> Failure | Unable | None:
        """Runs a migration to its end, or to the first statement that cannot be run.

        Raises:
            TreeError: its SQL cannot be read.
        """

    def changed(self) -> Iterable[str]:
        """The tables that are not what they were when last settled."""

    def settle(self) -> None:
        """Takes all tables as they are now for known."""

    def table(self, name: str) -> TableShape | None:
        """The shape of a table; None where there is none."""

    def enums(self) -> Mapping[str, tuple[str, ...]]:
        """The enums."""

    def expect(self, said: Said, names: Iterable[str]) -> Unable | None:
        """Makes ready what a snapshot says of some tables."""

    def wanted(self, said: Said, name: str) -> TableShape | None:
        """What a snapshot says of a table that is expected; None where it has none."""

    def excuses(self, difference: Difference) -> bool:
        """Whether it is drizzle-kit itself that writes such SQL for such a snapshot."""

    def become(self, said: Said, own: frozenset[Own]) -> Unable | None:
        """Makes the tables what a snapshot says, and settles.

        Where it keeps its own, the tables and indexes of custom migrations stay.
        """

    def close(self) -> None:
        """Gives back what it holds: it is of no more use."""


class Replayed(Struct, frozen=True):
    """What a migration does wrong: a statement that fails, or else what it leaves otherwise.

    In a difference ``one`` is what the SQL gives, ``other`` what the snapshot says. ``doubt`` is a
    statement that needs what an earlier failure kept from being made: the migration is not judged.
    """

    tag: str
    failure: Failure | None = None
    differences: tuple[Difference, ...] = ()
    doubt: Unable | None = None

    @property
    def faults(self) -> int:
        """How much is wrong, to be compared: a failure is worse than any difference."""
        return 1_000_000 if self.failure else len(self.differences)


class Stopped(Struct, frozen=True):
    """The replay ends here: this migration cannot be run, and no later one is judged."""

    tag: str
    reason: str
    line: int | None = None


class _Attempt(Struct, frozen=True):
    """A migration run from one start."""

    replayed: Replayed
    outstanding: frozenset[Difference] = frozenset()
    own: frozenset[Own] = frozenset()


class Walk:
    """A replay under way."""

    def __init__(self, world: World, dialect: str) -> None:
        self._world = world
        self._dialect = dialect
        #: The newest snapshot that could be read.
        self._said = Said()
        #: Whether that is the one of the migration before.
        self._is_certain = True
        #: What is known to differ from it.
        self._outstanding: frozenset[Difference] = frozenset()
        #: What custom migrations made that no snapshot knows.
        self._own: frozenset[Own] = frozenset()
        #: Whether a migration failed, and no snapshot says what was to come of it.
        self._is_lost = False
        #: The names of what was made, and is not there: it failed, or gave way to a snapshot.
        self._missing: frozenset[str] = frozenset()
        #: The migrations whose names these are.
        self._given_up: set[str] = set()

    def step(
        self, database: Database, tag: str, snapshot: Snapshot | None, is_shared: bool
    ) -> Replayed | Stopped:
        """Runs one more migration. ``is_shared``: its snapshot may be another migration's."""
        if not database.has_sql(tag):
            return Stopped(tag, "there is no SQL file")
        self._world.begin()
        said = None if snapshot is None else Said.by(snapshot.value)
        if (
            snapshot is not None
            and said is not None
            and (self._is_lost or snapshot.is_introspected)
        ):
            self._give_up(database, tag)
            return self._adopt(database, said, tag) or Replayed(tag)
        if self._is_lost:
            self._give_up(database, tag)
            return Replayed(tag)
        compared = None if is_shared else said
        try:
            result = self._best(database, tag, compared)
        except TreeError as error:
            return Stopped(tag, str(error))
        wrong = result if isinstance(result, Unable) else result.replayed.failure
        if wrong is not None and self._is_missing(wrong):
            result = _Attempt(Replayed(tag, doubt=Unable(wrong.reason, wrong.range)))
        if isinstance(result, Unable):
            line = result.range.line if result.range else None
            return Stopped(tag, result.reason, line)
        return self._conclude(database, result, said, is_shared)

    def _conclude(
        self, database: Database, attempt: _Attempt, said: Said | None, is_shared: bool
    ) -> Replayed | Stopped:
        replayed = attempt.replayed
        self._own |= attempt.own
        self._outstanding = attempt.outstanding
        self._is_certain = said is not None and not is_shared
        if replayed.failure is not None or replayed.doubt is not None:
            self._give_up(database, replayed.tag)
            if said is None:
                self._world.undo()
                self._is_lost = True
            else:
                stopped = self._adopt(database, said, replayed.tag)
                if stopped is not None:
                    return stopped
        elif self._is_certain:
            self._world.settle()
        if said is not None:
            self._said = said
        return replayed

    def _best(self, database: Database, tag: str, said: Said | None) -> _Attempt | Unable:
        """Runs a migration where it does least wrong.

        That is on what the earlier ones left, or, if that differs from it or may do so, on what
        the snapshot before says: what drizzle-kit made it for.
        """
        first = self._attempt(database, tag, said)
        if isinstance(first, Unable) or not first.replayed.faults:
            return first
        if self._is_certain and not self._outstanding:
            return first
        self._world.undo()
        second = self._attempt(database, tag, said, is_anew=True)
        if isinstance(second, Unable) or second.replayed.faults <= first.replayed.faults:
            return second
        self._world.undo()
        return self._attempt(database, tag, said)

    def _attempt(
        self, database: Database, tag: str, said: Said | None, is_anew: bool = False
    ) -> _Attempt | Unable:
        """Runs a migration; ``is_anew``: on what the snapshot before says."""
        outstanding = self._outstanding
        if is_anew:
            outstanding = frozenset()
            if (unable := self._become(database, self._said, tag)) is not None:
                return unable
        failure = self._world.run(database, tag)
        if isinstance(failure, Unable):
            return failure
        if failure is not None:
            return _Attempt(Replayed(tag, failure))
        if said is None:
            return _Attempt(Replayed(tag), outstanding)
        return self._compared(tag, said, outstanding)

    def _compared(self, tag: str, said: Said, before: frozenset[Difference]) -> _Attempt | Unable:
        names = dict.fromkeys(said.changed(self._said))
        is_custom = not names and (said.enums, said.rest) == (self._said.enums, self._said.rest)
        names.update(dict.fromkeys(self._world.changed()))
        if (unable := self._world.expect(said, names)) is not None:
            return unable
        own: set[Own] = set()
        found: list[Difference] = []
        excused: list[Difference] = []
        for difference in self._differences(names, said):
            key = (difference.aspect, difference.table, difference.part)
            if difference.other is None and key in self._own:
                continue
            if self._is_excused(difference, said):
                excused.append(difference)
                continue
            if difference.other is None and difference.aspect in _OWN and is_custom:
                own.add(key)
                continue
            found.append(difference)
        kept = (difference for difference in before if difference.table not in names)
        outstanding = frozenset((*kept, *found, *excused))
        new = tuple(d for d in found if d not in before)
        return _Attempt(Replayed(tag, None, new), outstanding, frozenset(own))

    def _differences(self, names: Mapping[str, None], said: Said) -> Iterator[Difference]:
        for name in names:
            table, wanted = self._world.table(name), self._world.wanted(said, name)
            yield from table_differences(self._dialect, name, table, wanted)
        yield from enum_differences(self._world.enums(), said.enums)

    def _is_excused(self, difference: Difference, said: Said) -> bool:
        """Whether drizzle-kit, of some release, writes such SQL for such a snapshot."""
        if difference.aspect is Aspect.ENUM:
            name = difference.table
            enums = (self._world.enums(), said.enums, self._said.enums)
            there, wanted, before = (set(values.get(name, ())) for values in enums)
            # Releases differ in where they put a new value, and old ones take none out.
            return bool(wanted) and wanted <= there and (wanted == there or there <= before)
        if difference.aspect is Aspect.DEFAULT and (difference.other or "").startswith(("{", "[")):
            return True  # old releases keep it as JSON, and write [object Object]
        return self._world.excuses(difference)

    def _adopt(self, database: Database, said: Said, tag: str) -> Stopped | None:
        """Goes on from what a snapshot says, whatever is there."""
        self._world.undo()
        unable = self._become(database, said, tag)
        if unable is not None:
            return Stopped(tag, unable.reason)
        self._said, self._is_certain, self._is_lost = said, True, False
        self._outstanding = frozenset()
        return None

    def _become(self, database: Database, said: Said, tag: str) -> Unable | None:
        if not self._world.keeps_own:
            for entry in database.entries:
                if entry.tag == tag:
                    break
                self._give_up(database, entry.tag)
        return self._world.become(said, self._own)

    def _is_missing(self, wrong: Failure | Unable) -> bool:
        """Whether it is wrong for want of what may not be there."""
        from plexus_rules.drizzle.replay.lost import is_missing

        return is_missing(wrong.reason, self._missing)

    def _give_up(self, database: Database, tag: str) -> None:
        """Notes that what a migration makes may not be there."""
        from plexus_rules.drizzle.replay.lost import made

        if tag not in self._given_up and database.has_sql(tag):
            self._given_up.add(tag)
            names = (name for s in database.statements(tag) for name in made(s.text))
            self._missing = self._missing.union(names)


def steps(database: Database) -> Iterator[tuple[JournalEntry, Snapshot | None, bool]]:
    """The migrations in the order in which a fresh database runs them, each with its snapshot.

    The last value tells whether other migrations have the same snapshot.
    """
    paths = {entry: database.snapshot_path(entry.tag) for entry in database.entries}
    uses = Counter(paths.values())
    seen: set[str] = set()
    for entry, path in paths.items():
        if entry.tag not in seen:
            seen.add(entry.tag)
            snapshot = database.snapshot(path)
            known = snapshot if isinstance(snapshot, Snapshot) else None
            yield entry, known, uses[path] > 1


def replay(database: Database, start: Callable[[], World]) -> Iterator[Replayed | Stopped]:
    """What each migration does wrong, to the first that cannot be run.

    Args:
        database: whose migrations are run.
        start: makes a world without any table.
    """
    world, tag = start(), ""
    try:
        walk = Walk(world, database.dialect)
        for entry, snapshot, is_shared in steps(database):
            tag = entry.tag
            result = walk.step(database, tag, snapshot, is_shared)
            yield result
            if isinstance(result, Stopped):
                return
    except Refused as refused:
        yield Stopped(tag, str(refused))
    finally:
        world.close()
