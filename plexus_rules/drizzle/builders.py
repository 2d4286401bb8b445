"""Which of Drizzle's functions a call calls, under whatever name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

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


class BuilderKind(StrEnum):
    """What a call of Drizzle makes."""

    TABLE = "Table"
    TABLE_CREATOR = "TableCreator"
    SCHEMA = "Schema"
    ENUM = "Enum"
    #: Anything else: a column, an index, a view, …
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Builder:
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

    def of(self, call: Place, depth: int = _MOST_CALLS) -> Builder | None:
        """The function of Drizzle that a call calls; None for any other function."""
        function = call.child("function") if call.node.type == "call_expression" else None
        if function is None or depth <= 0:
            return None
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
