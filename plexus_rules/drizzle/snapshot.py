"""Snapshots: the schema that a migration leaves behind, as drizzle-kit wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plexus_rules.drizzle.json_text import Malformed, locate, parse_json
from plexus_rules.finding import Range

#: The ``prevId`` of the first snapshot.
NO_ID = "00000000-0000-0000-0000-000000000000"

_DIALECTS = {"pg": "postgresql", "turso": "sqlite"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One ``meta/NNNN_snapshot.json``. ``value`` is the parsed file; do not change it."""

    path: str
    id: str
    prev_id: str
    dialect: str
    version: str
    value: dict[str, Any]

    def columns(self) -> dict[str, frozenset[str]]:
        """The names of the columns of each table, by the table's name."""
        return {
            str(table.get("name")): frozenset(table.get("columns", {}))
            for table in self.value["tables"].values()
        }

    def range(self, data: bytes, *keys: str | int) -> Range:
        """Where a value stands in the bytes of the file."""
        return locate(data, keys)


def parse_snapshot(path: str, data: bytes) -> Snapshot | Malformed:
    """Reads a snapshot, or says where it is not one."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    if not isinstance(value, dict):
        return Malformed(path, locate(data, ()), "is not an object")
    for key in ("id", "prevId", "dialect", "version"):
        if not isinstance(value.get(key), str):
            return Malformed(path, locate(data, (key,)), f"has no {key}")
    tables = value.get("tables")
    if not isinstance(tables, dict) or not all(_is_table(table) for table in tables.values()):
        return Malformed(path, locate(data, ("tables",)), "has no tables")
    dialect = str(value["dialect"])
    return Snapshot(
        path,
        value["id"],
        value["prevId"],
        _DIALECTS.get(dialect) or dialect,
        value["version"],
        value,
    )


def _is_table(table: Any) -> bool:
    return isinstance(table, dict) and isinstance(table.get("columns", {}), dict)
