"""The shape that a snapshot of drizzle-kit writes down: versions 5 to 7."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    IndexShape,
    Shape,
    TableShape,
    UniqueShape,
)

_DEFAULT_SCHEMA = "public"


def shape_of(dialect: str, value: Mapping[str, Any]) -> Shape:
    """The shape that a whole snapshot says. What it holds in another form than expected is left."""
    tables = {name: table_shape(table) for name, table in tables_of(value).items()}
    return Shape(dialect, tables, enums_of(value))


def tables_of(value: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The tables of a snapshot as they stand in it, by their names in the database.

    Two equal ones have equal shapes: who compares snapshots need not read what did not change.
    """
    return {
        qualified(table["name"], table.get("schema")): table
        for table in _values(value.get("tables"))
        if isinstance(table.get("name"), str)
    }


def enums_of(value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The enums of a snapshot: in version 7 values are a list, before an object."""
    found: dict[str, tuple[str, ...]] = {}
    for enum in _values(value.get("enums")):
        values = enum.get("values")
        if isinstance(enum.get("name"), str) and isinstance(values, (list, dict)):
            name = qualified(enum["name"], enum.get("schema"))
            found[name] = tuple(map(str, values))
    return found


def qualified(name: str, schema: object) -> str:
    """A table's or an enum's name, with its database schema where that is not the default one."""
    is_default = not isinstance(schema, str) or schema in ("", _DEFAULT_SCHEMA)
    return name if is_default else f"{schema}.{name}"


def table_shape(table: Mapping[str, Any]) -> TableShape:
    """The shape of one table of a snapshot."""
    listed = _items(table.get("columns"))
    columns = {name: _column(name, column) for name, column in listed}
    own_key = tuple(name for name, column in listed if column.get("primaryKey") is True)
    composite = next(iter(_values(table.get("compositePrimaryKeys"))), None)
    return TableShape(
        name=qualified(str(table.get("name")), table.get("schema")),
        columns=columns,
        primary_key=own_key if composite is None else _names(composite.get("columns")),
        indexes={name: _index(name, i) for name, i in _items(table.get("indexes"))},
        foreign_keys=tuple(map(_foreign_key, _values(table.get("foreignKeys")))),
        uniques={name: _unique(name, u) for name, u in _items(table.get("uniqueConstraints"))},
        checks={
            name: CheckShape(name, str(check.get("value")))
            for name, check in _items(table.get("checkConstraints"))
        },
    )


def _column(name: str, column: Mapping[str, Any]) -> ColumnShape:
    get = column.get
    kind, schema = str(get("type", "")), get("typeSchema")
    generated, identity = get("generated"), get("identity")
    return ColumnShape(
        name,
        qualified(kind, schema) if schema else kind,
        get("notNull") is True,
        _default(get("default")),
        get("autoincrement") is True,
        str(generated.get("as")) if isinstance(generated, dict) else None,
        str(identity.get("type")) if isinstance(identity, dict) else None,
    )


def _default(value: object) -> str | None:
    """A default as SQL writes it: numbers and booleans stand bare in a snapshot."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _index(name: str, index: Mapping[str, Any]) -> IndexShape:
    columns = index.get("columns")
    listed = columns if isinstance(columns, list) else []
    where = index.get("where")
    return IndexShape(
        name=name,
        columns=tuple(_index_column(column) for column in listed),
        unique=index.get("isUnique") is True,
        where=where if isinstance(where, str) and where else None,
        method=str(index.get("method") or ""),
    )


def _index_column(column: object) -> str:
    """A column of an index; in PostgreSQL with an order that is not the usual one."""
    if not isinstance(column, dict):
        return str(column)
    ascending = column.get("asc") is not False
    text = str(column.get("expression"))
    if column.get("opclass"):
        text += f" {column['opclass']}"
    if not ascending:
        text += " desc"
    if column.get("nulls") == ("first" if ascending else "last"):
        text += f" nulls {column['nulls']}"
    return text


def _foreign_key(key: Mapping[str, Any]) -> ForeignKeyShape:
    return ForeignKeyShape(
        name=str(key.get("name") or ""),
        columns=_names(key.get("columnsFrom")),
        to_table=qualified(str(key.get("tableTo")), key.get("schemaTo")),
        to_columns=_names(key.get("columnsTo")),
        on_delete=str(key.get("onDelete") or "no action").lower(),
        on_update=str(key.get("onUpdate") or "no action").lower(),
    )


def _unique(name: str, unique: Mapping[str, Any]) -> UniqueShape:
    return UniqueShape(name, _names(unique.get("columns")), unique.get("nullsNotDistinct") is True)


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _items(value: object) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return []
    return [(name, part) for name, part in value.items() if isinstance(part, dict)]


def _values(value: object) -> list[dict[str, Any]]:
    return [part for _, part in _items(value)]
