"""Edits of what a snapshot says, as a hand would make them; on either line of Drizzle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Snapshot = dict[str, Any]


def with_column(snapshot: Snapshot, name: str, like: str) -> Snapshot:
    """The snapshot with one more column, the same as another but for its name.

    Raises:
        KeyError: no table has a column ``like``.
    """
    for columns in _columns(snapshot):
        if like in columns:
            columns[name] = columns[like] | {"name": name}
            return snapshot
    listed = snapshot.get("ddl", [])
    for at, entity in enumerate(listed):
        if _is_column(entity, like):
            listed.insert(at + 1, entity | {"name": name})
            return snapshot
    raise KeyError(like)


def without_column(snapshot: Snapshot, name: str) -> Snapshot:
    """The snapshot without the columns of this name.

    Raises:
        KeyError: it has none.
    """
    before = str(snapshot)
    for columns in _columns(snapshot):
        columns.pop(name, None)
    if "ddl" in snapshot:
        snapshot["ddl"] = [one for one in snapshot["ddl"] if not _is_column(one, name)]
    if str(snapshot) == before:
        raise KeyError(name)
    return snapshot


def _columns(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    return (table["columns"] for table in snapshot.get("tables", {}).values())


def _is_column(entity: dict[str, Any], name: str) -> bool:
    return (entity["entityType"], entity.get("name")) == ("columns", name)
