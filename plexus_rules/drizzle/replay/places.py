"""Where a difference stands: the statement that makes it, and what the snapshot says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plexus_rules.drizzle.shapes.model import Aspect, Difference
from plexus_rules.drizzle.shapes.snapshots import qualified
from plexus_rules.drizzle.sql.statements import Statement

_CHANGES = re.compile(r"\s*(?:create|alter|drop|do)\b", re.IGNORECASE)
_CREATES = re.compile(r"\s*create\b.*?\btable\b", re.IGNORECASE | re.DOTALL)
_COLUMN_KEYS = {
    Aspect.COLUMN: (),
    Aspect.TYPE: ("type",),
    Aspect.NOT_NULL: ("notNull",),
    Aspect.DEFAULT: ("default",),
    Aspect.AUTOINCREMENT: ("autoincrement",),
    Aspect.GENERATED: ("generated",),
    Aspect.IDENTITY: ("identity",),
}
_GROUP_KEYS = {
    Aspect.INDEX: "indexes",
    Aspect.UNIQUE: "uniqueConstraints",
    Aspect.CHECK: "checkConstraints",
}


def statement_of(statements: Sequence[Statement], difference: Difference) -> Statement | None:
    """The last statement that has to do with a difference; None where none has."""
    changes = [s for s in statements if _CHANGES.match(s.text)]
    table = _pattern(difference.table.rpartition(".")[2])
    touching = [s for s in changes if table.search(s.text)]
    if difference.part:
        part = _pattern(difference.part.partition(",")[0])
        named = [s for s in touching if part.search(s.text)]
        named = named or [s for s in changes if part.search(s.text)]
        if named or difference.one is not None:
            return named[-1] if named else None
    if difference.one is None:  # what is missing should have come with its table
        touching = [s for s in touching if _CREATES.match(s.text)]
    return touching[-1] if touching else None


def _pattern(name: str) -> re.Pattern[str]:
    """A name in SQL; drizzle-kit builds a table anew under a name of its own."""
    return re.compile(rf"(?<![\w$])(?:__new_)?{re.escape(name)}(?![\w$])", re.IGNORECASE)


def snapshot_keys(value: Mapping[str, Any], difference: Difference) -> tuple[str | int, ...]:
    """The keys that lead to what a snapshot says about a difference."""
    if difference.aspect is Aspect.ENUM:
        return "enums", _key_of(value.get("enums"), difference.table), "values"
    key = _key_of(value.get("tables"), difference.table)
    return "tables", key, *_keys_in(value.get("tables", {}).get(key, {}), difference)


def _keys_in(table: Mapping[str, Any], difference: Difference) -> Iterator[str]:
    aspect, part = difference.aspect, difference.part
    if aspect in _COLUMN_KEYS:
        yield from ("columns", part, *_COLUMN_KEYS[aspect])
    elif aspect in _GROUP_KEYS:
        yield from (_GROUP_KEYS[aspect], part)
    elif aspect is Aspect.PRIMARY_KEY:
        yield "compositePrimaryKeys"
    elif aspect is Aspect.FOREIGN_KEY:
        yield "foreignKeys"
        keys = table.get("foreignKeys")
        for name, key in keys.items() if isinstance(keys, dict) else ():
            columns = key.get("columnsFrom") if isinstance(key, dict) else None
            if isinstance(columns, list) and ", ".join(map(str, columns)) == part:
                yield name
                return


def _key_of(parts: object, name: str) -> str:
    """The key under which a snapshot has a table or an enum."""
    for key, part in parts.items() if isinstance(parts, dict) else ():
        if isinstance(part, dict) and qualified(str(part.get("name")), part.get("schema")) == name:
            return str(key)
    return name
