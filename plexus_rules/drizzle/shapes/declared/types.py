"""The SQL types of column builders, as drizzle-orm 0.45 writes them."""

from __future__ import annotations

from collections.abc import Callable

from plexus_rules.drizzle.shapes.declared.literals import Odd

#: Gives an option of a builder by its name; UNDEFINED where it is not set.
Options = Callable[[str], object]

_PLAIN = {
    "sqlite": {
        "blob": "blob",
        "int": "integer",
        "integer": "integer",
        "numeric": "numeric",
        "real": "real",
    },
    "postgresql": {
        "bigint": "bigint",
        "bigserial": "bigserial",
        "boolean": "boolean",
        "cidr": "cidr",
        "date": "date",
        "doublePrecision": "double precision",
        "geometry": "geometry(point)",
        "inet": "inet",
        "integer": "integer",
        "json": "json",
        "jsonb": "jsonb",
        "line": "line",
        "macaddr": "macaddr",
        "macaddr8": "macaddr8",
        "point": "point",
        "real": "real",
        "serial": "serial",
        "smallint": "smallint",
        "smallserial": "smallserial",
        "text": "text",
        "uuid": "uuid",
    },
}
_VECTORS = ("bit", "halfvec", "sparsevec", "vector")
#: Builders that make their column NOT NULL.
REQUIRED = ("serial", "smallserial")


def sql_type(core: str, builder: str, options: Options) -> str | None:
    """The type of a column; None where it cannot be told."""
    plain = _PLAIN[core].get(builder)
    if plain is not None:
        return plain
    found = _sqlite(builder, options) if core == "sqlite" else _postgresql(builder, options)
    return None if found is None or Odd.UNKNOWN.name in found else found


def _sqlite(builder: str, options: Options) -> str | None:
    if builder != "text":
        return None
    if options("mode") is Odd.UNKNOWN:
        return Odd.UNKNOWN.name
    length = _told(options("length"))
    return f"text({length})" if options("mode") != "json" and length not in ("", "0") else "text"


def _postgresql(builder: str, options: Options) -> str | None:
    if builder in ("char", "varchar"):
        length = _told(options("length"))
        return f"{builder}({length})" if length else builder
    if builder in ("numeric", "decimal"):
        precision, scale = _told(options("precision")), _told(options("scale"))
        inner = ", ".join(filter(None, (precision, scale)))
        return f"numeric({inner})" if precision else "numeric"
    if builder in ("time", "timestamp"):
        return _time(builder, options)
    if builder == "interval":
        fields, precision = _told(options("fields")), _told(options("precision"))
        in_brackets = f"({precision})" if precision not in ("", "0") else ""
        return f"interval{' ' if fields else ''}{fields}{in_brackets}"
    if builder in _VECTORS:
        return f"{builder}({_told(options('dimensions'))})"
    return None


def _time(builder: str, options: Options) -> str:
    precision, zone = _told(options("precision")), options("withTimezone")
    mode = options("mode") if builder == "timestamp" else "string"
    if Odd.UNKNOWN in (zone, mode):
        return Odd.UNKNOWN.name
    space = "" if mode == "string" else " "
    in_brackets = f"{space}({precision})" if precision else ""
    return f"{builder}{in_brackets}{' with time zone' if zone is True else ''}"


def _told(option: object) -> str:
    """An option as it stands in a type; empty where it is not set."""
    if option is Odd.UNDEFINED:
        return ""
    return str(option) if isinstance(option, (str, int)) else Odd.UNKNOWN.name
