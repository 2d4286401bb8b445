"""One spelling for each type of a column."""

from __future__ import annotations

import re
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_ARRAY = re.compile(r"\s*(?:\barray\b)?\s*\[\s*\d*\s*\]|\s+array\b")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_$]*")
_PARTS = re.compile(r"([^(]*?)\s*(?:\(([^)]*)\)(.*))?", re.DOTALL)
_SCHEMA = re.compile(r"(?:pg_catalog|public)\.")

#: What PostgreSQL knows by several names, with the shortest.
_NAMES = {
    "int": "int4",
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "serial": "serial4",
    "bigserial": "serial8",
    "smallserial": "serial2",
    "boolean": "bool",
    "real": "float4",
    "double precision": "float8",
    "float": "float8",
    "decimal": "numeric",
    "dec": "numeric",
    "character varying": "varchar",
    "char varying": "varchar",
    "national character varying": "varchar",
    "character": "bpchar",
    "char": "bpchar",
    "national character": "bpchar",
    "nchar": "bpchar",
    "bit varying": "varbit",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
}
#: Types that have a length of 1 where none is given.
_OF_LENGTH_ONE = frozenset(("bpchar", "bit"))
_SINGLE_PRECISION = 24
#: No type is longer: what is, is left alone.
_LONGEST = 500


@lru_cache(maxsize=4096)
def normal_type(dialect: str, text: str) -> str:
    """The one spelling of a type. SQLite keeps a type as it is declared, in any case."""
    if len(text) > _LONGEST:
        return text
    plain = _SPACE.sub(" ", text.strip())
    if dialect != "postgresql":
        return plain.lower().replace(" (", "(").replace("( ", "(").replace(" )", ")")
    names: list[str] = []

    def bare(found: re.Match[str]) -> str:
        name = found[1].replace('""', '"')
        if _PLAIN_NAME.fullmatch(name) and name != "char":  # "char" is a type of its own
            return name
        names.append(found.group())
        return f"\0{len(names) - 1}\0"

    plain = _QUOTED.sub(bare, plain).lower()
    plain, arrays = _ARRAY.subn("", plain)
    plain = _named(_SCHEMA.sub("", plain).strip())
    for number, name in enumerate(names):
        plain = plain.replace(f"\0{number}\0", name)
    return plain + "[]" * arrays


def _named(text: str) -> str:
    found = _PARTS.fullmatch(text)
    if found is None:
        return text
    name, arguments, rest = found.groups()
    given = [each.strip() for each in arguments.split(",")] if arguments else []
    words = _SPACE.sub(" ", f"{name} {rest or ''}").strip()
    known = _NAMES.get(words, words)
    if known == "float8" and words == "float" and given and given[0].isdecimal():
        single = len(given[0]) <= 2 and int(given[0]) <= _SINGLE_PRECISION
        return "float4" if single else "float8"
    if known == "numeric" and len(given) == 1:
        given.append("0")
    if known in _OF_LENGTH_ONE and not given:
        given = ["1"]
    return f"{known}({','.join(given)})" if given else known
