"""Snapshots: the schema that a migration leaves behind, as drizzle-kit wrote it down."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from plexus_rules.drizzle.json_text import Malformed, has_mark, locate, parse_json
from plexus_rules.drizzle.places import dialect_called
from plexus_rules.finding import WHOLE_FILE, Range

#: The ``prevId`` of the first snapshot.
NO_ID = "00000000-0000-0000-0000-000000000000"

#: The newest version that drizzle-kit of the v0 line writes, for each dialect.
NEWEST_VERSIONS = {"sqlite": 6, "postgresql": 7, "mysql": 5, "singlestore": 1, "gel": 1}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One ``meta/NNNN_snapshot.json``."""

    path: str
    id: str
    prev_id: str
    dialect: str
    version: str
    data: bytes = field(repr=False)

    @property
    def value(self) -> dict[str, Any]:
        """The parsed file, parsed at each call: a history holds many, and few are compared."""
        value: dict[str, Any] = json.loads(self.data)
        return value

    def columns(self) -> dict[str, frozenset[str]]:
        """The names of the columns of each table.

        A table outside of the default database schema is named with its schema: ``auth.users``.
        """
        return {
            _table_name(table): frozenset(table.get("columns", {}))
            for table in self.value["tables"].values()
        }

    @property
    def is_introspected(self) -> bool:
        """Whether ``drizzle-kit pull`` wrote it: that gives it no ids."""
        return self.id == NO_ID and self.prev_id == ""

    def range(self, *keys: str | int) -> Range:
        """Where a value of it stands."""
        return locate(self.data, keys)


def parse_snapshot(path: str, data: bytes) -> Snapshot | Malformed:
    """Reads a snapshot, or says where it is not one."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    if has_mark(data):
        return Malformed(path, WHOLE_FILE, "starts with a byte order mark, which is not JSON")
    if not isinstance(value, dict):
        return Malformed(path, locate(data, ()), "is not an object")
    for key in ("dialect", "version"):
        if not isinstance(value.get(key), str):
            return Malformed(path, locate(data, (key,)), f"has no valid {key}")
    dialect = dialect_called(str(value["dialect"]))
    newest = NEWEST_VERSIONS.get(dialect)
    version = value["version"]
    if not version.isdecimal() or (newest is not None and int(version) > newest):
        reason = f"has version {version!r}, which no drizzle-kit of the v0 line writes"
        return Malformed(path, locate(data, ("version",)), reason)
    for key in ("id", "prevId"):
        if not isinstance(value.get(key), str):
            return Malformed(path, locate(data, (key,)), f"has no valid {key}")
    tables = value.get("tables")
    if not isinstance(tables, dict) or not all(_is_table(table) for table in tables.values()):
        return Malformed(path, locate(data, ("tables",)), "has no valid tables")
    return Snapshot(path, value["id"], value["prevId"], dialect, version, data)


def _is_table(table: Any) -> bool:
    return (
        isinstance(table, dict)
        and isinstance(table.get("name"), str)
        and isinstance(table.get("columns", {}), dict)
    )


def _table_name(table: dict[str, Any]) -> str:
    schema = table.get("schema")
    is_default = not isinstance(schema, str) or schema in ("", "public")
    return str(table["name"]) if is_default else f"{schema}.{table['name']}"
