"""What of a schema could be read, and what could not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from plexus_rules.drizzle.columns import UnreadPart
from plexus_rules.drizzle.shapes.model import Aspect, Difference
from plexus_rules.drizzle.tables import Enum, Table
from plexus_rules.drizzle.values import Place
from plexus_rules.finding import Range

#: What columns that cannot be read may bring with them.
OF_COLUMNS = (Aspect.COLUMN, Aspect.PRIMARY_KEY, Aspect.INDEX, Aspect.UNIQUE, Aspect.FOREIGN_KEY)
#: What the third argument of a table may bring.
OF_EXTRAS = (Aspect.PRIMARY_KEY, Aspect.INDEX, Aspect.UNIQUE, Aspect.FOREIGN_KEY, Aspect.CHECK)


class Hole(Struct, frozen=True):
    """What cannot be told of a table without running it.

    ``part`` is the column, index or constraint that is declared in a way that cannot be read;
    None means that there may be more parts of this aspect than are known.
    """

    aspect: Aspect
    part: str | None = None


class Notes(Struct):
    """What is found to be unreadable while a table is read."""

    holes: set[Hole] = field(default_factory=set)
    unread: list[UnreadPart] = field(default_factory=list)

    def miss(self, place: Place, reason: str, *holes: Hole) -> None:
        """Notes a part that cannot be read, and what may hide in it."""
        self.unread.append(UnreadPart(place.path, place.range, reason))
        self.holes.update(holes)

    def miss_any(self, place: Place, reason: str, aspects: tuple[Aspect, ...]) -> None:
        """Notes a part that may hold anything of some kinds."""
        self.miss(place, reason, *map(Hole, aspects))


class DeclaredTable(Struct, frozen=True):
    """One table that a schema declares.

    Attributes:
        table: what was read of it.
        raw: it, as drizzle-kit writes a table into a snapshot, as far as it is known.
        holes: what is not known.
        unread: why, and where.
        places: the file and range of each column, index and constraint, by its name.
    """

    table: Table
    raw: Mapping[str, Any]
    holes: frozenset[Hole]
    unread: tuple[UnreadPart, ...]
    places: Mapping[str, tuple[str, Range]]

    def is_certain(self, difference: Difference) -> bool:
        """Whether a difference of this table and another, the second one, can be told."""
        whole = Hole(difference.aspect)
        if difference.aspect is Aspect.PRIMARY_KEY:
            return whole not in self.holes
        if difference.one is None:
            return whole not in self.holes
        return (
            difference.other is None or Hole(difference.aspect, difference.part) not in self.holes
        )

    def place(self, difference: Difference) -> tuple[str, Range]:
        """Where the part of a difference is declared; else where the table is."""
        return self.places.get(difference.part, (self.table.path, self.table.range))


class Declared(Struct, frozen=True):
    """What a schema declares for one database.

    Attributes:
        tables: by their names in the database, outside of its default schema with that.
        enums: the exported enums, likewise.
        complete: no other table or enum can be exported than those that are known.
        unread: why not, and where.
    """

    tables: Mapping[str, DeclaredTable]
    enums: Mapping[str, Enum]
    complete: bool
    unread: tuple[UnreadPart, ...]

    def __iter__(self) -> Iterator[DeclaredTable]:
        return iter(self.tables.values())
