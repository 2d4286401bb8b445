"""Defaults as drizzle-kit writes them into a snapshot."""

from __future__ import annotations

import re

from plexus_rules.drizzle.shapes.declared.literals import Day, Odd, SqlText, json_text

_ARRAY = re.compile(r"\[\d*\]")


def default_of(core: str, kind: str | None, value: object) -> object:
    """What stands for a default in a snapshot: text of SQL, a number, a boolean; else UNKNOWN.

    ``kind`` is the type of the column, None where that is not known.
    """
    if isinstance(value, SqlText):
        return value.text
    if isinstance(value, str):
        return f"'{value.replace(chr(39), chr(39) * 2)}'"
    if value is Odd.UNKNOWN:
        return value
    return _sqlite(value) if core == "sqlite" else _postgresql(kind, value)


def _sqlite(value: object) -> object:
    if isinstance(value, (bool, int, float)):
        return value
    text = json_text(value)
    return Odd.UNKNOWN if text is None else f"'{text}'"


def _postgresql(kind: str | None, value: object) -> object:
    if kind is None or value is None:
        return Odd.UNKNOWN
    kind = kind.lower()
    if kind in ("json", "jsonb"):
        text = json_text(value)
        return Odd.UNKNOWN if text is None else f"'{text}'::{kind}"
    if isinstance(value, Day):
        return f"'{_day(kind, value)}'"
    if isinstance(value, list) and _ARRAY.search(kind):
        listed = _array(value, kind.partition("[")[0])
        return Odd.UNKNOWN if listed is None else f"'{listed}'"
    return value if isinstance(value, (bool, int, float)) else Odd.UNKNOWN


def _day(kind: str, value: Day) -> str:
    if kind == "date":
        return value.iso.partition("T")[0]
    return value.iso.replace("T", " ")[:23] if kind == "timestamp" else value.iso


def _array(items: list[object], kind: str) -> str | None:
    parts = [_item(item, kind) for item in items]
    return None if None in parts else f"{{{','.join(p for p in parts if p is not None)}}}"


def _item(item: object, kind: str) -> str | None:
    if isinstance(item, list):
        return _array(item, kind)
    if isinstance(item, Day):
        return f'"{_day(kind, item)}"'
    if isinstance(item, str):
        return f'"{item}"'
    text = json_text(item)
    if text is None or isinstance(item, (bool, int, float)):
        return text
    return '"' + text.replace('"', '\\"') + '"'
