"""Columns of one name in two dialects: which of them plainly contradict each other.

SQLite stores few types, and each stands for many of PostgreSQL. Only what no code can take
for one and the same is told; what one dialect alone can have is no contradiction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from plexus_rules.drizzle.shapes.declared.model import DeclaredTable, Hole
from plexus_rules.drizzle.shapes.model import Aspect

_TEXT = frozenset({"char", "json", "jsonb", "text", "uuid", "varchar"})
_SMALL = frozenset({"integer", "serial", "smallint", "smallserial"})
_REAL = frozenset({"double precision", "real"})
#: The types of PostgreSQL that a type of SQLite never stands for. ``enum`` is any enum.
_STRANGE = {
    "text": _SMALL | _REAL | {"boolean"},
    "integer": _TEXT | {"bytea", "enum"},
    "real": _TEXT | {"boolean", "bytea", "enum"},
    "blob": _SMALL | _REAL | {"boolean", "enum"},
}
_NUMBERED = ("bigserial", "serial", "smallserial")
_CAST = re.compile(r"::\w+$")
_PLAIN = re.compile(r"'(?:[^']|'')*'")


def contradictions(sqlite: DeclaredTable, other: DeclaredTable) -> Iterator[tuple[str, str, str]]:
    """The columns of a table for SQLite and for PostgreSQL that contradict each other.

    Yields the column's name, and what is said of it for SQLite and for PostgreSQL.
    """
    theirs: Mapping[str, Any] = other.raw["columns"]
    for name, one in sqlite.raw["columns"].items():
        twin = theirs.get(name)
        if twin is None:
            continue
        for aspect, said in (
            (Aspect.TYPE, _types(one, twin)),
            (Aspect.NOT_NULL, _nullability(sqlite, other, one, twin)),
            (Aspect.DEFAULT, _defaults(one, twin)),
        ):
            hole = Hole(aspect, name)
            if said is not None and hole not in sqlite.holes and hole not in other.holes:
                yield name, *said
                break


def _types(one: Mapping[str, Any], twin: Mapping[str, Any]) -> tuple[str, str] | None:
    mine, theirs = str(one["type"]).partition("(")[0], str(twin["type"])
    kind = "enum" if "typeSchema" in twin else theirs.partition("(")[0].strip()
    return (mine, theirs) if kind in _STRANGE.get(mine, ()) and "[" not in theirs else None


def _nullability(
    sqlite: DeclaredTable, other: DeclaredTable, one: Mapping[str, Any], twin: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Whether NULL may be stored; keys and numbered columns are what each dialect makes them."""
    keys = _key(sqlite) | _key(other)
    if one["notNull"] == twin["notNull"] or one["name"] in keys:
        return None
    if twin["type"] in _NUMBERED or "identity" in twin or "generated" in {**one, **twin}:
        return None
    mine, theirs = ("NOT NULL" if column["notNull"] else "nullable" for column in (one, twin))
    return mine, theirs


def _key(table: DeclaredTable) -> set[str]:
    columns: Mapping[str, Any] = table.raw["columns"]
    found = {name for name, column in columns.items() if column["primaryKey"]}
    return found.union(*(k["columns"] for k in table.raw["compositePrimaryKeys"].values()))


def _defaults(one: Mapping[str, Any], twin: Mapping[str, Any]) -> tuple[str, str] | None:
    """Two defaults that are written as plain values, and are not the same one."""
    mine, theirs = _plain(one.get("default")), _plain(twin.get("default"))
    if mine is None or theirs is None or mine == theirs:
        return None
    return f"{mine} by default", f"{theirs} by default"


def _plain(default: object) -> str | None:
    """A default in one spelling for both dialects; None where it is no plain value."""
    if isinstance(default, (bool, int, float)):
        return str(int(default)) if default == int(default) else str(default)
    if not isinstance(default, str):
        return None
    text = _CAST.sub("", default)
    if not _PLAIN.fullmatch(text):
        return None
    inner = text[1:-1].replace("''", "'")
    try:
        return json.dumps(json.loads(inner), sort_keys=True)
    except (ValueError, RecursionError):
        return inner
