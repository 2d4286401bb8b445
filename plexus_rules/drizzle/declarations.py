"""The tables and enums that a schema's files declare."""

from __future__ import annotations

from msgspec import Struct

from plexus_rules.drizzle.columns import Column, UnreadPart
from plexus_rules.drizzle.values import Place
from plexus_rules.finding import Range


class Table(Struct, frozen=True, eq=False):
    """One table that a schema declares.

    Attributes:
        name: the name in the database; None where it is computed.
        schema: the database schema it lies in, as ``pgSchema`` names it; else None.
        symbol: the name that it is declared under at the top of its file; else None.
        core: the dialect of the core that it is built with: ``sqlite``, ``postgresql``, …
        path: the file that declares it.
        range: from the function to the table's name: ``pgTable("users"``.
        columns: the columns that could be read, in order.
        complete: nothing of the name and the columns is left unread.
        unread: what could not be read.
        extras_range: the third argument: indexes and constraints.
        extras: the same, as it is written.
        in_schema: a ``pgSchema`` or the like makes it, whether the name of that is known or not.
    """

    name: str | None
    schema: str | None
    symbol: str | None
    core: str
    path: str
    range: Range
    columns: tuple[Column, ...]
    complete: bool
    unread: tuple[UnreadPart, ...]
    extras_range: Range | None
    extras: Place | None = None
    in_schema: bool = False

    def column(self, key: str) -> Column | None:
        """The column with this key in TypeScript."""
        return next((column for column in self.columns if column.key == key), None)


class Enum(Struct, frozen=True, eq=False):
    """One enum of the database.

    Attributes:
        name: the name in the database; None where it is computed.
        schema: the database schema it lies in; None for the default one.
        symbol: the name that it is declared under at the top of its file; else None.
        values: its values, in order; None where they are computed.
        path: the file that declares it.
        range: from the function to the enum's name.
        of_object: its values are given as an object.
    """

    name: str | None
    schema: str | None
    symbol: str | None
    values: tuple[str, ...] | None
    path: str
    range: Range
    of_object: bool = False


class FileTables(Struct, frozen=True):
    """What one file declares, exported or not, in source order."""

    tables: tuple[Table, ...]
    enums: tuple[Enum, ...]
