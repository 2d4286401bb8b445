"""Tables and columns by their names in the database: in snapshots, and as TypeScript says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.families import own_tables

if TYPE_CHECKING:
    from plexus_rules.drizzle.columns import Column
    from plexus_rules.drizzle.tables import SchemaTables, Table


class Part(Struct, frozen=True, order=True):
    """A table, or a column of it. Outside of the default schema a table is ``schema.table``."""

    table: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.column}" if self.column else self.table


def parts(columns: Mapping[str, frozenset[str]]) -> frozenset[Part]:
    """Every table and column of a snapshot."""
    tables = frozenset(Part(table) for table in columns)
    return tables.union(Part(table, column) for table in columns for column in columns[table])


class DeclaredParts:
    """What the schema of a database declares for its dialect."""

    def __init__(self, database: Database, schema: SchemaTables) -> None:
        own = own_tables(database, schema)
        self._tables = {_name(table): table for table in own if table.name}
        self._is_complete = not schema.unread and all(table.name for table in own)

    def table(self, part: Part) -> Table | None:
        """The table of a part."""
        return self._tables.get(part.table)

    def column(self, part: Part) -> Column | None:
        """The column that a part is."""
        table = self._tables.get(part.table)
        found = table.columns if table and part.column else ()
        return next((column for column in found if _is_named(column, part.column)), None)

    def has(self, part: Part) -> bool | None:
        """Whether it is declared; None where that cannot be told."""
        table = self._tables.get(part.table)
        if table is None:
            return False if self._is_complete else None
        if not part.column or self.column(part):
            return True
        return False if table.complete else None


def _is_named(column: Column, name: str) -> bool:
    """Whether a column may have this name in the database: a ``casing`` may change its key."""
    return column.name == name if column.named else _plain(column.key) == _plain(name)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _name(table: Table) -> str:
    in_default = table.schema in (None, "public")
    return str(table.name) if in_default else f"{table.schema}.{table.name}"
