"""The types that Drizzle infers for the rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.glance import FEWEST_PROPERTIES
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.row_types import ObjectType, Scalars, column_scalars

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import Table

#: One column in so many may be left out, added or of another type.
_ONE_IN = 6


class Row(Struct, frozen=True):
    """A table, and what the inferred type of its rows holds.

    Attributes:
        values: what each property holds, in any dialect; None where it is no scalar.
        needed: the properties that a row type cannot do without: all but the primary key.
    """

    table: Table
    values: dict[str, Scalars | None]
    needed: frozenset[str]

    def may_be(self, words: frozenset[str]) -> bool:
        """Whether a type with no other properties than these words may be a row type."""
        missing = len(self.needed) - len(self.needed & words)
        return missing * _ONE_IN <= len(self.values)

    def deviations(self, found: ObjectType) -> int | None:
        """How many properties are not as in a row; None where the type is no row type."""
        if found.properties.keys() & self.needed <= found.optional:
            return None  # a change of a row, or a filter
        matched, wrong = 0, len(self.needed - found.properties.keys())
        for key, scalars in found.properties.items():
            expected = self.values.get(key)
            if key not in self.values:
                wrong += 1
            elif expected is not None and scalars is not None and scalars <= expected:
                matched += 1
            elif expected is not None:
                wrong += 1
        is_row = matched >= FEWEST_PROPERTIES and wrong * _ONE_IN <= len(self.values)
        return wrong if is_row else None


def schema_tables(repository: Repository) -> list[Table]:
    """The tables that the schemas of a repository export, each once."""
    exported = (t for d in repository.databases for t in repository.tables(d).tables)
    return list(dict.fromkeys(exported))


def keys_are_known(table: Table) -> bool:
    """Whether all that is unread of a table are names in the database."""
    unnamed = [table.name, *(column.name for column in table.columns)].count(None)
    return len(table.unread) <= unnamed


def rows_of(tables: Sequence[Table]) -> list[Row]:
    """The rows of tables. Dialects may infer different types for one column: any will do."""
    values: dict[tuple[str | None, str], list[Scalars | None]] = {}
    for table in tables:
        for column in table.columns:
            values.setdefault((table.name or table.symbol, column.key), []).append(
                column_scalars(column)
            )
    rows: list[Row] = []
    for table in tables:
        of_key: dict[str, Scalars | None] = {}
        for column in table.columns:
            known = values[table.name or table.symbol, column.key]
            scalars = [one for one in known if one is not None]
            of_key[column.key] = frozenset().union(*scalars) if len(scalars) == len(known) else None
        needed = (column.key for column in table.columns if "primaryKey" not in column.calls)
        rows.append(Row(table, of_key, frozenset(needed)))
    return rows
