"""Which of Drizzle's functions a call calls, under whatever name."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from plexus_rules.drizzle.modules import Symbol
from plexus_rules.drizzle.typescript import string_value
from plexus_rules.drizzle.values import Place, Values, parameters, returned

_CORE_MODULE = re.compile(r"drizzle-orm/(\w+)-core(?:/.*)?")
_CORES = {"pg": "postgresql"}
_FUNCTION = re.compile(
    r"(?:sqlite|pg|mysql|singlestore|gel|mssql|cockroach)(Table|TableCreator|Schema)(?:\.withRLS)?"
    r"|(?:pg|cockroach)(Enum)"
)
_MOST_CALLS = 4
#: Names and their properties, ``pg.pgTable``: what they stand for depends on the file alone.
_DOTTED = re.compile(rb"[\w$]+(?:\.[\w$]+)*")
_LONGEST_DOTTED = 200
#: Methods of what a call gives that may make a table or an enum: ``pgSchema('x').table(…)``.
_METHODS = ("table", "enum", "withRLS")


class BuilderKind(StrEnum):
    """What a call of Drizzle makes."""

    TABLE = "Table"
    TABLE_CREATOR = "TableCreator"
    SCHEMA = "Schema"
    ENUM = "Enum"
    #: Anything else: a column, an index, a view, …
    OTHER = ""


class Builder(Struct, frozen=True):
    """One of the functions of a ``drizzle-orm/…-core``.

    Attributes:
        core: the dialect of that core: ``sqlite``, ``postgresql``, ``mysql``, …
        name: what the core calls it.
        kind: what it makes.
        creator: for a table function made by a table creator, the function that renames tables.
        owner: for ``table`` and ``enum`` of a database schema, the call that makes the schema.
    """

    core: str
    name: str
    kind: BuilderKind
    creator: Place | None = None
    owner: Place | None = None


def core_of(module: str) -> str | None:
    """The dialect of a module of drizzle-orm: ``postgresql`` of ``drizzle-orm/pg-core``."""
    match = _CORE_MODULE.fullmatch(module)
    return _CORES.get(match[1], match[1]) if match else None


class Builders:
    """Recognises the calls of Drizzle's functions."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._named: dict[tuple[str, bytes], Builder | None] = {}

    def of(self, call: Place, depth: int = _MOST_CALLS) -> Builder | None:
        """The function of Drizzle that a call calls; None for any other function."""
        if call.node.type != "call_expression" or depth <= 0:
            return None
        node = call.node.child_by_field_name("function")
        if node is None:
            return None
        is_short = node.end_byte - node.start_byte <= _LONGEST_DOTTED
        text = call.source.data[node.start_byte : node.end_byte] if is_short else b""
        if _DOTTED.fullmatch(text):
            return self._of_name(call.at(node), text, depth)
        if node.type == "member_expression":
            receiver = node.child_by_field_name("object")
            method = node.child_by_field_name("property")
            # Most calls of a schema are of this kind: the modifiers of columns.
            is_chained = receiver is not None and receiver.type == "call_expression"
            if is_chained and method is not None and call.source.text(method) not in _METHODS:
                return None
        return self._called(call.at(node).unwrapped(), depth)

    def _of_name(self, function: Place, text: bytes, depth: int) -> Builder | None:
        key = (function.path, text)
        if key in self._named:
            return self._named[key]
        found = self._called(function, depth)
        if found is not None or depth == _MOST_CALLS:
            self._named[key] = found
        return found

    def _called(self, function: Place, depth: int) -> Builder | None:
        """The function of Drizzle that an expression stands for."""
        target = self.values.follow(function)
        if isinstance(target, Symbol):
            return _of_symbol(target)
        if target.node.type == "call_expression":
            maker = self.of(target, depth - 1)
            if maker is not None and maker.kind is BuilderKind.TABLE_CREATOR:
                rename = next(iter(target.arguments()), target)
                return Builder(maker.core, maker.name, BuilderKind.TABLE, creator=rename)
        elif target.node.type == "member_expression":
            return self._of_member(target, depth)
        return None

    def _of_member(self, member: Place, depth: int) -> Builder | None:
        """``table`` or ``enum`` of a database schema."""
        inside, name = member.child("object"), member.child("property")
        if inside is None or name is None:
            return None
        if name.text == "withRLS" and inside.node.type == "member_expression":
            return self._of_member(inside, depth - 1) if depth > 0 else None
        if name.text not in ("table", "enum"):
            return None
        owner = self.values.follow(inside)
        maker = self.of(owner, depth - 1) if isinstance(owner, Place) else None
        if maker is None or maker.kind is not BuilderKind.SCHEMA or not isinstance(owner, Place):
            return None
        kind = BuilderKind.TABLE if name.text == "table" else BuilderKind.ENUM
        return Builder(maker.core, maker.name, kind, owner=owner)

    def database_name(self, call: Place, builder: Builder) -> str | None:
        """The name in the database of what a call makes; None where it is computed."""
        arguments = call.arguments()
        name = self.values.string(arguments[0]) if arguments else None
        if name is None or builder.creator is None:
            return name
        return self._renamed(builder.creator, name)

    def _renamed(self, creator: Place, name: str) -> str | None:
        """What the function of a table creator makes of a name."""
        function = self.values.follow(creator)
        if isinstance(function, Symbol):
            return None
        body, patterns = returned(function), parameters(function)
        if body is None or not patterns or patterns[0].type != "identifier":
            return None
        parameter = function.at(patterns[0]).text
        if body.node.type == "template_string":
            parts = [self._part(body.at(p), parameter, name) for p in body.node.named_children]
            return None if None in parts else "".join(p for p in parts if p is not None)
        if body.node.type == "identifier" and body.text == parameter:
            return name
        return string_value(body.source, body.node)

    def _part(self, part: Place, parameter: str, name: str) -> str | None:
        if part.node.type != "template_substitution":
            return part.text if part.node.type == "string_fragment" else None
        inner = part.node.named_children
        if len(inner) != 1:
            return None
        value = part.at(inner[0])
        return name if value.text == parameter else self.values.string(value)


def _of_symbol(symbol: Symbol) -> Builder | None:
    core = core_of(symbol.path) if symbol.external else None
    if core is None:
        return None
    match = _FUNCTION.fullmatch(symbol.name)
    kind = BuilderKind(match[1] or match[2]) if match else BuilderKind.OTHER
    return Builder(core, symbol.name, kind)
