"""Which type of PostgreSQL a column can be changed to without ``USING``."""

from __future__ import annotations

import re
from collections.abc import Container

from plexus_rules.drizzle.shapes.types import normal_type
from plexus_rules.drizzle.sql.texts import type_name

#: A value of every type can be assigned to these, by its text.
_STRINGS = frozenset(("text", "varchar", "bpchar", "name"))
_NUMBERS = "int2 int4 int8 numeric float4 float8"
#: The other built-in types that PostgreSQL casts, at least in an assignment, and to which.
_ASSIGNED_TO = {
    "int2": f"{_NUMBERS} oid",
    "int4": f"{_NUMBERS} oid money",
    "int8": f"{_NUMBERS} oid money",
    "numeric": f"{_NUMBERS} money",
    "float4": _NUMBERS,
    "float8": _NUMBERS,
    "money": "numeric",
    "oid": "int4 int8",
    "text": '"char"',
    "varchar": '"char"',
    "bpchar": '"char"',
    "date": "timestamp timestamptz",
    "time": "interval timetz",
    "timetz": "time",
    "timestamp": "date time timestamptz",
    "timestamptz": "date time timestamp timetz",
    "interval": "time",
    "json": "jsonb",
    "jsonb": "json",
    "inet": "cidr",
    "cidr": "inet",
    "macaddr": "macaddr8",
    "macaddr8": "macaddr",
    "bit": "varbit",
    "varbit": "bit",
    "box": "polygon",
    "path": "polygon",
    "point": "box",
    "polygon": "path",
}
_ALONE = (
    "bool bytea uuid xml line lseg circle tsvector tsquery int4range int8range numrange tsrange"
    ' tstzrange daterange name "char"'
)
_BUILT_IN = frozenset((*_ASSIGNED_TO, *_ALONE.split()))
_LITERAL = re.compile(
    r"(?:(?P<string>'(?:[^']|'')*+')|(?P<number>[-+]?\d[\d.]*)|true|false)(?:\s*::(?P<cast>[^:]+))?",
    re.IGNORECASE | re.DOTALL,
)
_SERIALS = {"serial2": "int2", "serial4": "int4", "serial8": "int8"}


def is_serial(name: str) -> bool:
    """Whether a type is one that only a new column can have."""
    return normal_type("postgresql", name) in _SERIALS


def assignable(source: str, target: str, enums: Container[str]) -> bool | None:
    """Whether ``SET DATA TYPE`` takes one type to another by itself; None if one is unknown.

    Lengths and precisions do not count: a value that is too long fails by itself.
    """
    (old, old_depth), (new, new_depth) = (_base(name, enums) for name in (source, target))
    if (old, old_depth > 0) == (new, new_depth > 0):
        return True
    known = all(name in _BUILT_IN or name in enums for name in (old, new))
    if not known:
        return None
    if not new_depth and new in _STRINGS:
        return True
    if bool(old_depth) != bool(new_depth):
        return False
    return new in _STRINGS or new in _ASSIGNED_TO.get(old, "").split()


def natural_type(default: str, column: str) -> str | None:
    """The type that a default has by itself, for the default of a column of some type.

    None where its text alone does not say it: for a call, or an expression.
    """
    found = _LITERAL.fullmatch(default)
    if found is None:
        return None
    string, number, cast = found["string"], found["number"], found["cast"]
    if cast is not None:
        return type_name(cast.strip())
    if string is not None:
        return column
    if number is not None:
        return "numeric" if "." in number else "int4"
    return "bool"


def _base(name: str, enums: Container[str]) -> tuple[str, int]:
    """A type without its length, as the column has it; and the number of its dimensions."""
    element, bracket, _ = name.partition("[")
    if element in enums:  # its name is as it is, in whatever case
        return element, len(bracket)
    plain = normal_type("postgresql", name)
    base = plain.rstrip("[]")
    depth = (len(plain) - len(base)) // 2
    start, end = base.find("("), base.rfind(")")
    if start >= 0:
        base = base[:start] + base[end + 1 :]
    if base.startswith("interval"):
        base = "interval"
    return _SERIALS.get(base, base), depth
