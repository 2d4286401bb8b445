"""The values that literals of TypeScript stand for, and the SQL of ``sql`` templates."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum

from msgspec import Struct

from plexus_rules.drizzle.modules import Symbol
from plexus_rules.drizzle.typescript import string_value, unescape
from plexus_rules.drizzle.values import Place, Values, properties, returned

_DEEPEST = 12
#: Nodes that are read of one value. More is taken for an attack.
_MOST_NODES = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)?")
_NUMBER = re.compile(r"(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+)(?:[eE][+-]?\d+)?")
_LONGEST_NUMBER = 40


class Odd(Enum):
    """Values that Python has none for."""

    #: It cannot be told without running it.
    UNKNOWN = "unknown"
    UNDEFINED = "undefined"


class SqlText(Struct, frozen=True):
    """What ``sql`` makes: the text, as a snapshot holds it."""

    text: str


class Day(Struct, frozen=True):
    """What ``new Date(…)`` makes."""

    iso: str


#: The name of the column that an expression within SQL stands for; None for anything else.
ColumnText = Callable[[Place], str | None]


class Literals:
    """Reads values, following names through the modules of a tree."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._left = 0

    def value(self, place: Place) -> object:
        """A string, number, boolean, None for ``null``, list, dict, Day, SqlText or Odd."""
        self._left = _MOST_NODES
        return self._value(place, _DEEPEST)

    def _value(self, place: Place, depth: int) -> object:
        self._left -= 1
        found = self._values.follow(place)
        if isinstance(found, Symbol) or depth <= 0 or self._left <= 0:
            return Odd.UNKNOWN
        kind, text = found.node.type, found.node
        if kind in ("string", "template_string"):
            value = string_value(found.source, text)
            return Odd.UNKNOWN if value is None else value
        match kind:
            case "number":
                return _number(found.text)
            case "true" | "false":
                return kind == "true"
            case "null":
                return None
            case "undefined":
                return Odd.UNDEFINED
            case "identifier":
                return Odd.UNDEFINED if found.text == "undefined" else Odd.UNKNOWN
            case "unary_expression":
                return self._negated(found, depth)
            case "array":
                return self._array(found, depth)
            case "object":
                return self._object(found, depth)
            case "new_expression":
                return self._date(found, depth)
            case "call_expression":
                sql = self._sql(found, None, depth)
                return Odd.UNKNOWN if sql is None else SqlText(sql)
            case _:
                return Odd.UNKNOWN

    def _negated(self, place: Place, depth: int) -> object:
        inner = place.child("argument")
        if inner is None or not place.text.startswith("-"):
            return Odd.UNKNOWN
        value = self._value(inner, depth - 1)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return -value if is_number and value else Odd.UNKNOWN  # type: ignore[operator]

    def _array(self, place: Place, depth: int) -> object:
        found: list[object] = []
        for node in place.node.named_children:
            if node.type != "comment":
                item = self._value(place.at(node), depth - 1)
                if isinstance(item, Odd) or node.type == "spread_element":
                    return Odd.UNKNOWN
                found.append(item)
        return found

    def _object(self, place: Place, depth: int) -> object:
        found: dict[str, object] = {}
        for part in properties(place):
            if part.name is None or part.name.isdecimal():  # numbers would be put first
                return Odd.UNKNOWN
            value = self._value(part.value, depth - 1)
            if value is Odd.UNKNOWN:
                return value
            found[part.name] = value
        return {name: value for name, value in found.items() if value is not Odd.UNDEFINED}

    def _date(self, place: Place, depth: int) -> object:
        arguments = place.arguments()
        maker = place.child("constructor")
        if maker is None or maker.text != "Date" or len(arguments) != 1:
            return Odd.UNKNOWN
        value = self._value(arguments[0], depth - 1)
        try:
            if isinstance(value, int) and not isinstance(value, bool):
                return Day(_iso(_EPOCH + timedelta(milliseconds=value)))
            if isinstance(value, str) and _DATE.fullmatch(value):
                day = datetime.fromisoformat(value.replace("Z", "+00:00"))
                return Day(_iso(day if day.tzinfo else day.replace(tzinfo=UTC)))
        except (ValueError, OverflowError):
            pass
        return Odd.UNKNOWN

    def sql(self, place: Place, column: ColumnText | None = None) -> str | None:
        """The text of an ``sql`` template, or of ``sql.raw('…')``; None for anything else.

        Columns are written as ``column`` says; values would become parameters, and are not read.
        """
        self._left = _MOST_NODES
        return self._sql(place, column, _DEEPEST)

    def sql_of_function(self, place: Place, column: ColumnText | None) -> str | None:
        """The same, also of what a function without parameters gives."""
        found = self._values.follow(place)
        body = returned(found) if isinstance(found, Place) else None
        return self.sql(place if body is None else body, column)

    def _sql(self, place: Place, column: ColumnText | None, depth: int) -> str | None:
        found = self._values.follow(place)
        if isinstance(found, Symbol) or found.node.type != "call_expression" or depth <= 0:
            return None
        function = found.child("function")
        target = self._values.follow(function) if function is not None else None
        if not isinstance(target, Symbol) or not (target.external and _of_drizzle(target.path)):
            return None
        if target.name == "sql.raw":
            arguments = found.arguments()
            return self._values.string(arguments[0]) if len(arguments) == 1 else None
        template = found.child("arguments")
        if target.name != "sql" or template is None or template.node.type != "template_string":
            return None
        parts: list[str] = []
        for node in template.node.children:
            text = self._part(template.at(node), column, depth)
            if text is None:
                return None
            parts.append(text)
        return "".join(parts)

    def _part(self, part: Place, column: ColumnText | None, depth: int) -> str | None:
        """What a part of a template adds to the text."""
        self._left -= 1
        match part.node.type:
            case "string_fragment" | "template_chars":
                return part.text.replace("\r\n", "\n")
            case "escape_sequence":
                return unescape(part.text)
            case "template_substitution":
                inner = [n for n in part.node.named_children if n.type != "comment"]
                if len(inner) != 1 or self._left <= 0:
                    return None
                value = part.at(inner[0])
                text = column(value) if column is not None else None
                return self._sql(value, column, depth - 1) if text is None else text
            case _:
                return ""


def _of_drizzle(module: str) -> bool:
    return module == "drizzle-orm" or module.startswith("drizzle-orm/")


def _iso(day: datetime) -> str:
    return f"{day:%Y-%m-%dT%H:%M:%S}.{day.microsecond // 1000:03d}Z"


def _number(text: str) -> object:
    if len(text) > _LONGEST_NUMBER:
        return Odd.UNKNOWN
    if not _NUMBER.fullmatch(text):
        try:  # 0x10, 0b1, 0o7; a bigint is not among them
            return int(text, 0)
        except ValueError:
            return Odd.UNKNOWN
    if re.fullmatch(r"0\d+", text):
        return Odd.UNKNOWN
    value = float(text.replace("_", ""))
    if math.isinf(value) or (value.is_integer() and abs(value) > 2**53):
        return Odd.UNKNOWN
    return int(value) if value.is_integer() else value


def json_text(value: object) -> str | None:
    """What ``JSON.stringify`` gives; None where that cannot be told."""
    plain = _plain(value)
    if plain is Odd.UNKNOWN:
        return None
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Day):
        return value.iso
    if isinstance(value, float):
        return Odd.UNKNOWN if "e" in repr(value) else value
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return Odd.UNKNOWN if Odd.UNKNOWN in items else items
    if isinstance(value, dict):
        named = {name: _plain(item) for name, item in value.items()}
        return Odd.UNKNOWN if Odd.UNKNOWN in named.values() else named
    return value if value is None or isinstance(value, (str, int)) else Odd.UNKNOWN
