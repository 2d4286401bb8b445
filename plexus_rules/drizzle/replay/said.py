"""What a snapshot says, kept as it stands: what two of them have in common is not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from plexus_rules.drizzle.shapes.model import TableShape
from plexus_rules.drizzle.shapes.snapshots import enums_of, table_shape, tables_of

#: What `generate --custom` leaves as it was, besides tables and enums.
_REST = ("views", "schemas", "sequences", "roles", "policies")


class Said(Struct, frozen=True):
    """The tables of one snapshot as they stand in it, and its enums."""

    tables: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: tuple[Any, ...] = ()

    @classmethod
    def by(cls, value: Mapping[str, Any]) -> Said:
        """What a whole snapshot says."""
        rest = tuple(value.get(key) or {} for key in _REST)
        return cls(tables_of(value), enums_of(value), rest)

    def table(self, name: str) -> TableShape | None:
        """The shape of one table; None where there is none."""
        raw = self.tables.get(name)
        return None if raw is None else table_shape(raw)

    def changed(self, before: Said) -> Iterator[str]:
        """The names of the tables that an earlier snapshot does not have, or has otherwise."""
        for name, raw in self.tables.items():
            if before.tables.get(name) != raw:
                yield name
        for name in before.tables:
            if name not in self.tables:
                yield name


class ReadsSnapshots:
    """The part of a world in memory: it takes a snapshot at its word."""

    keeps_own = True

    def close(self) -> None:
        """Nothing is held."""

    def expect(self, said: Said, names: Iterable[str]) -> None:
        """Nothing has to be made ready."""

    def wanted(self, said: Said, name: str) -> TableShape | None:
        """What the snapshot says of a table."""
        return said.table(name)
