"""What expressions of a schema name: tables, columns, and what these are called in the database."""

from __future__ import annotations

from msgspec import Struct, field

from plexus_rules.drizzle.builders import Builders
from plexus_rules.drizzle.columns import Column
from plexus_rules.drizzle.modules import Symbol
from plexus_rules.drizzle.shapes.declared.casing import Casing, cased
from plexus_rules.drizzle.shapes.declared.literals import Literals, Odd
from plexus_rules.drizzle.tables import Table, Tables
from plexus_rules.drizzle.values import Place, Values, properties


class Reference(Struct, frozen=True):
    """A column that an expression names, and its table."""

    table: Table
    column: Column


class Names:
    """Tells what is named, for one database."""

    def __init__(self, reader: Tables, core: str, casing: Casing) -> None:
        self.reader = reader
        self.core = core
        self.casing = casing
        self.literals = Literals(reader.values)

    @property
    def values(self) -> Values:
        return self.reader.values

    @property
    def builders(self) -> Builders:
        return self.reader.builders

    def of(self, column: Column) -> str | None:
        """The name of a column in the database; None where that cannot be told."""
        return column.name if is_named(column) else cased(column.key, self.casing)

    def table(self, place: Place) -> Table | None:
        """The table that an expression stands for."""
        found = self.values.follow(place)
        return None if isinstance(found, Symbol) else self.reader.table_at(found)

    def reference(self, place: Place) -> Reference | None:
        """The column that an expression such as ``users.id`` stands for."""
        inside, key = place.child("object"), place.child("property")
        if place.node.type != "member_expression" or inside is None or key is None:
            return None
        table = self.table(inside)
        column = table.column(key.text) if table is not None else None
        return Reference(table, column) if table is not None and column is not None else None

    def option(self, place: Place | None, name: str) -> object:
        """The value of a property of an object; UNDEFINED where there is none."""
        if place is None:
            return Odd.UNDEFINED
        found = self.property(place, name)
        if found is None or isinstance(found, Odd):
            return Odd.UNDEFINED if found is None else found
        return self.literals.value(found)

    def property(self, place: Place, name: str) -> Place | Odd | None:
        """Where a property of an object is written; UNKNOWN where it may be set by a spread."""
        found = self.values.follow(place)
        if isinstance(found, Symbol) or found.node.type != "object":
            is_absent = self.literals.value(place) is Odd.UNDEFINED
            return None if is_absent else Odd.UNKNOWN
        value: Place | None = None
        for part in properties(found):
            if part.name == name:
                value = part.value
            elif part.name is None and part.value.node.type != "method_definition":
                return Odd.UNKNOWN
        return value


def is_named(column: Column) -> bool:
    """Whether a column is given its name; an empty one is none."""
    return column.named and column.name != ""


def own_name(column: Column) -> str:
    """The name that drizzle-orm itself knows a column by: no ``casing`` changes it."""
    return (column.name if is_named(column) else column.key) or column.key


def qualified_name(table: Table) -> str:
    """A table's name, with its database schema where that is not the default one."""
    in_default = table.schema in (None, "public")
    return str(table.name) if in_default else f"{table.schema}.{table.name}"


class Uncased(Struct):
    """Turns the names within the name of a constraint into those of the database.

    drizzle-kit replaces the first place of each in turn, whatever stands there.
    """

    names: Names
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def add(self, column: Column, name: str) -> None:
        self.pairs.append((own_name(column), name))

    def turn(self, text: str) -> str:
        if self.names.casing is not Casing.KEPT:
            for own, name in self.pairs:
                text = text.replace(own, name, 1)
        return text
