"""Names in the model of a PostgreSQL: with their database schema, and in expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from plexus_rules.drizzle.shapes.model import CheckShape, IndexShape, UniqueShape

_T = TypeVar("_T")
_NAME = re.compile(r"'(?:[^']|'')*+'|\"((?:[^\"]|\"\")*+)\"|([^\W\d][\w$]*+)")


def renamed(text: str, old: str, new: str) -> str:
    """An expression in which one name becomes another."""

    def put(found: re.Match[str]) -> str:
        if found[1] is not None:
            return f'"{new}"' if found[1] == old else found[0]
        if found[2] is not None:
            return new if found[2].lower() == old else found[0]
        return found[0]

    return _NAME.sub(put, text)


def mentions(text: str, name: str) -> bool:
    """Whether an expression uses a name."""
    if text == name:
        return True
    return any(f[1] == name or (f[2] or "").lower() == name for f in _NAME.finditer(text))


def split(name: str) -> tuple[str, str]:
    """The database schema of a name, empty for the default one, and the name in it."""
    schema, _, bare = name.rpartition(".")
    return schema, bare


def told(name: str) -> str:
    """A name as messages have it."""
    return f'"{name}"'


def without(parts: Mapping[str, _T], name: str) -> dict[str, _T]:
    """Named parts, one of them left out."""
    return {key: part for key, part in parts.items() if key != name}


_Named = TypeVar("_Named", IndexShape, UniqueShape, CheckShape)


def rekeyed(parts: Mapping[str, _Named], old: str, new: str) -> dict[str, _Named]:
    """Named parts, one of them under a new name."""
    return {
        (new if name == old else name): replace(part, name=new) if name == old else part
        for name, part in parts.items()
    }


def renamed_type(kind: str, old: str, new: str) -> str:
    """The type of a column when a type, of which it may be a list, gets another name."""
    bare = kind.rstrip("[]")
    return new + kind[len(bare) :] if bare == old else kind
