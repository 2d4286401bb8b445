"""A model of a PostgreSQL: the tables and enums that it has at one time.

Tables are values: whoever changes one puts a new one in its place. Errors read as PostgreSQL's.
"""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from plexus_rules.drizzle.replay.postgres_names import split, told
from plexus_rules.drizzle.shapes.model import ColumnShape, IndexShape, TableShape


class Misfit(Exception):
    """An operation does not fit the schema. The text is PostgreSQL's own."""

    def __init__(self, reason: str, is_there: bool = False) -> None:
        super().__init__(reason)
        #: Whether it fails because what it makes is there already.
        self.is_there = is_there


class State(Struct):
    """The tables and the enums.

    ``keys`` are the names of the tables' primary keys, as far as they are known. ``opaque`` are
    tables, views and the like whose columns are not known: nothing about them fails, and nothing
    of them is compared.
    """

    tables: dict[str, TableShape] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    opaque: frozenset[str] = frozenset()
    #: The table of each index, by its qualified name; some are gone. None: to be found anew.
    holders: dict[str, str] | None = None

    def copy(self) -> State:
        """One that can be changed without the other."""
        holders = None if self.holders is None else dict(self.holders)
        return State(dict(self.tables), dict(self.enums), dict(self.keys), self.opaque, holders)

    def table(self, name: str) -> TableShape | None:
        """A table; None where it is opaque.

        Raises:
            Misfit: there is none.
        """
        found = self.tables.get(name)
        if found is None and name not in self.opaque:
            raise Misfit(f"relation {told(name)} does not exist")
        return found

    def column(self, name: str, column: str) -> tuple[TableShape, ColumnShape] | None:
        """A table and a column of it; None where the table is opaque.

        Raises:
            Misfit: there is none.
        """
        table = self.table(name)
        if table is None:
            return None
        if column not in table.columns:
            raise Misfit(f'column "{column}" of relation {told(name)} does not exist')
        return table, table.columns[column]

    def set_column(self, table: TableShape, column: ColumnShape) -> None:
        self.tables[table.name] = replace(table, columns={**table.columns, column.name: column})

    def holder(self, index: str) -> TableShape | None:
        """The table that an index belongs to."""
        if self.holders is None:
            self.holders = {
                f"{name.rpartition('.')[0]}.{index}": name
                for name, table in self.tables.items()
                for index in table.indexes
            }
        schema, bare = split(index)
        held = self.tables.get(self.holders.get(f"{schema}.{bare}", ""))
        return held if held is not None and bare in held.indexes else None

    def add_index(self, table: TableShape, index: IndexShape) -> None:
        """Puts an index on a table."""
        self.tables[table.name] = replace(table, indexes={**table.indexes, index.name: index})
        if self.holders is not None:
            self.holders[f"{split(table.name)[0]}.{index.name}"] = table.name

    def require_free(self, name: str) -> None:
        """Raises Misfit where a table or an index has this name."""
        if name in self.tables or name in self.opaque or self.holder(name) is not None:
            raise Misfit(f"relation {told(name)} already exists", is_there=True)

    def enum(self, name: str) -> tuple[str, ...]:
        """The values of an enum.

        Raises:
            Misfit: there is none.
        """
        if name not in self.enums:
            raise Misfit(f"type {told(name)} does not exist")
        return self.enums[name]
