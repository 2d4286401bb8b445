"""Snapshots: the schema that a migration leaves behind, as drizzle-kit wrote it down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import asdict, replace

from plexus_rules.drizzle.json_text import Malformed, has_mark, locate, parse_json, span_range
from plexus_rules.drizzle.places import dialect_called
from plexus_rules.finding import WHOLE_FILE, Range

#: The ``prevId`` of the first snapshot.
NO_ID = "00000000-0000-0000-0000-000000000000"

#: The newest version that drizzle-kit of the v0 line writes, for each dialect.
NEWEST_VERSIONS = {"sqlite": 6, "postgresql": 7, "mysql": 5, "singlestore": 1, "gel": 1}

#: The texts of tables that are kept take so many bytes together.
_MAX_KEPT_BYTES = 16 * 1024 * 1024


class Snapshot(Struct, frozen=True, eq=False):
    """One ``meta/NNNN_snapshot.json``.

    Attributes:
        value: the parsed file. Whoever reads it changes nothing: snapshots of one history share
            their equal tables, so that ``is`` tells at once that a table did not change.
    """

    path: str
    id: str
    prev_id: str
    dialect: str
    version: str
    value: Mapping[str, Any]
    _read: Callable[[], bytes]

    @property
    def data(self) -> bytes:
        """The bytes of the file, read at each call: a history holds many, and few are shown."""
        return self._read()

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
        data = self.data
        span = _span(data, keys)
        return locate(data, keys) if span is None else span_range(data, *span)

    def read_by(self, read: Callable[[], bytes]) -> Snapshot:
        """The same snapshot in another tree."""
        return replace(self, _read=read)


def parse_snapshot(path: str, data: bytes) -> Snapshot | Malformed:
    """Reads a snapshot, or says where it is not one."""
    value = _TABLES.value(data) or parse_json(path, data)
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
    return Snapshot(path, value["id"], value["prevId"], dialect, version, value, lambda: data)


_RAWS = msgspec.json.Decoder(dict[str, Raw])


def _span(data: bytes, keys: Sequence[str | int]) -> tuple[int, int] | None:
    """The bytes in which a value stands, told without a syntax tree; None where that needs one.

    The text of a value tells its place where it stands nowhere else around it.
    """
    start, text = 0, data
    try:
        for key in keys:
            inner = bytes(_RAWS.decode(text)[str(key)])
            if text.count(inner) != 1:
                return None
            start, text = start + text.index(inner), inner
    except (msgspec.MsgspecError, KeyError, RecursionError):
        return None
    return start, start + len(text)


class _Parts(Struct, forbid_unknown_fields=True):
    """A snapshot whose tables are not parsed yet, of any version that drizzle-kit wrote."""

    id: Any = UNSET
    prevId: Any = UNSET  # noqa: N815
    version: Any = UNSET
    dialect: Any = UNSET
    tables: dict[str, Raw] | UnsetType = UNSET
    enums: Any = UNSET
    schemas: Any = UNSET
    sequences: Any = UNSET
    roles: Any = UNSET
    policies: Any = UNSET
    views: Any = UNSET
    internal: Any = UNSET
    _meta: Any = UNSET


class _Tables:
    """Parsed tables by their texts: from one snapshot to the next most tables stay the same."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(_Parts)
        self._known: dict[bytes, Any] = {}
        self._room = _MAX_KEPT_BYTES

    def value(self, data: bytes) -> dict[str, Any] | None:
        """The value of a snapshot; None where it has to be looked at more closely."""
        try:
            parts = self._decoder.decode(data)
            value = {n: given for n, given in asdict(parts).items() if given is not UNSET}
            if parts.tables is not UNSET:
                value["tables"] = {n: self._table(bytes(raw)) for n, raw in parts.tables.items()}
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        return value

    def _table(self, text: bytes) -> Any:
        known = self._known.get(text)
        if known is None:
            known = msgspec.json.decode(text)
            if len(text) > self._room:
                self._known.clear()
                self._room = _MAX_KEPT_BYTES
            self._known[text] = known
            self._room -= len(text)
        return known


_TABLES = _Tables()


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
