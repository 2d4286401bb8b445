"""The columns of a table, read off the object literal that lists them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.builders import BuilderKind, Builders
from plexus_rules.drizzle.modules import Symbol
from plexus_rules.drizzle.values import (
    MAX_HOPS,
    Place,
    Property,
    parameters,
    properties,
    property_name,
    returned,
    unwrap,
)
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node

#: Spreads within spreads that are followed.
_MAX_SPREADS = 4
#: Properties that are read for the tables of one file. More is taken for an attack.
_MAX_PROPERTIES = 20_000
_LONGEST_QUOTE = 40


class UnreadPart(Struct, frozen=True):
    """A part of a schema that cannot be told without running it: where, and why."""

    path: str
    range: Range
    reason: str


class Modifier(Struct, frozen=True, eq=False):
    """A method that is called on a column builder: ``.default(0)``.

    Attributes:
        name: the method.
        arguments: the source text between its parentheses.
        call: the call itself.
    """

    name: str
    arguments: str
    call: Place | None = None


class Column(Struct, frozen=True, eq=False):
    """One column of a table.

    Attributes:
        key: the property of the table in TypeScript.
        name: the name in the database; None where it is computed.
        named: whether the builder is given the name. If not, ``name`` is the key, which a
            ``casing`` of the config may change.
        type: the builder as Drizzle calls it (``text``, ``pgEnum``, ``customType``); for a
            function that is not Drizzle's, the name of that.
        enum: for a column of a Postgres enum, the name of the enum in the database.
        arguments: the source text of the builder's arguments.
        modifiers: the methods called on the builder, in order.
        path: the file that the column is written in: another one for a spread.
        range: the property's key.
        call: the call of the builder.
        maker: the call that makes the builder: of a Postgres enum, of a custom type.
        of_core: whether the builder is one of Drizzle's own.
    """

    key: str
    name: str | None
    named: bool
    type: str
    enum: str | None
    arguments: str
    modifiers: tuple[Modifier, ...]
    path: str
    range: Range
    call: Place | None = None
    maker: Place | None = None
    of_core: bool = False

    @property
    def calls(self) -> tuple[str, ...]:
        """The names of the methods called on the builder, in order."""
        return tuple(modifier.name for modifier in self.modifiers)


class ColumnList(Struct):
    """What could be read, by key, and what could not."""

    columns: dict[str, Column] = {}
    unread: list[UnreadPart] = []

    def miss(self, place: Place, reason: str) -> None:
        """Notes a part that cannot be read."""
        self.unread.append(UnreadPart(place.path, place.range, reason))


class _Scope(Struct, frozen=True):
    """The parameters of ``(t) => ({…})``: ``t`` itself, or ``text`` of ``({ text })``."""

    objects: frozenset[str] = frozenset()
    functions: dict[str, str] = {}


class _Root(Struct, frozen=True):
    """The builder that a column starts with."""

    call: Place
    type: str
    enum: str | None = None
    is_known: bool = True
    maker: Place | None = None
    of_core: bool = False


def quoted(place: Place) -> str:
    """The start of an expression, for a message."""
    text = place.source.data[place.node.start_byte :][: 4 * _LONGEST_QUOTE]
    whole = text[: place.node.end_byte - place.node.start_byte].decode("utf-8", "replace")
    line = " ".join(whole.split())
    return f"`{line}`" if len(line) <= _LONGEST_QUOTE else f"`{line[: _LONGEST_QUOTE - 1]}…`"


class ColumnReader:
    """Reads the columns of tables."""

    def __init__(self, builders: Builders) -> None:
        self._builders = builders
        self._values = builders.values
        self._left = _MAX_PROPERTIES

    def read(self, place: Place) -> ColumnList:
        """The columns of the second argument of a table: an object, or a function giving one."""
        found = ColumnList()
        value = self._values.follow(place)
        scope = _Scope()
        if isinstance(value, Place):
            body = returned(value)
            if body is not None:
                scope, value = _scope(value), self._values.follow(body)
        if isinstance(value, Place) and value.node.type == "object":
            self._object(value, scope, found, _MAX_SPREADS)
        else:
            found.miss(place, f"the columns are not written as an object: {quoted(place)}")
        return found

    def _object(self, place: Place, scope: _Scope, found: ColumnList, spreads: int) -> None:
        for part in properties(place):
            self._left -= 1
            if self._left < 0:
                found.miss(part.key, "there are too many columns to read them all")
                return
            if part.name is not None:
                column = self._column(part.name, part, scope, found)
                if column is not None:
                    found.columns[part.name] = column
            elif part.value.node.type == "spread_element":
                self._spread(part.value, scope, found, spreads)
            else:
                found.miss(part.key, f"{quoted(part.key)} is not a column with a plain name")

    def _spread(self, place: Place, scope: _Scope, found: ColumnList, spreads: int) -> None:
        inner = place.node.named_children
        value = self._values.follow(place.at(inner[0])) if inner else place
        if isinstance(value, Place) and value.node.type == "call_expression":
            value, scope = self._called(value, scope)
        if isinstance(value, Place) and value.node.type == "object" and spreads > 0:
            self._object(value, scope, found, spreads - 1)
        else:
            found.miss(place, f"what {quoted(place)} adds cannot be read")

    def _called(self, call: Place, scope: _Scope) -> tuple[Place | Symbol, _Scope]:
        """What a function of the project returns, if that depends on nothing it is given."""
        function = call.child("function")
        target = self._values.follow(function) if function is not None else call
        body = returned(target) if isinstance(target, Place) else None
        arguments = call.arguments()
        if body is None or any(a.text not in scope.objects for a in arguments):
            return call, scope
        assert isinstance(target, Place)
        inner = _scope(target) if arguments else _Scope()
        return self._values.follow(body), inner

    def _column(self, key: str, part: Property, scope: _Scope, found: ColumnList) -> Column | None:
        value = part.value
        modifiers: list[Modifier] = []
        root = self._root(value, scope, modifiers)
        if root is None:
            found.miss(value, f"column {key!r} is not made by a column builder: {quoted(value)}")
            return None
        arguments = root.call.arguments()
        named = bool(arguments) and arguments[0].node.type != "object"
        name = self._values.string(arguments[0]) if named else key
        if name is None or not root.is_known:
            name = None
            found.miss(value, f"the name of column {key!r} is computed: {quoted(value)}")
        return Column(
            key=key,
            name=name,
            named=named,
            type=root.type,
            enum=root.enum,
            arguments=_inside(root.call),
            modifiers=tuple(reversed(modifiers)),
            path=part.key.path,
            range=part.key.range,
            call=root.call,
            maker=root.maker,
            of_core=root.of_core,
        )

    def _root(self, place: Place, scope: _Scope, modifiers: list[Modifier]) -> _Root | None:
        """The call that a chain of modifiers starts with; the modifiers, the last one first."""
        hops = MAX_HOPS
        while hops > 0:
            place = place.unwrapped()
            if place.node.type == "call_expression":
                step = _modifier(place)
                if step is not None:
                    place = step[1]
                    modifiers.append(step[0])
                    continue
            else:
                followed = self._values.follow(place)
                if isinstance(followed, Symbol) or followed.key == place.key:
                    return None
                place, hops = followed, hops - 1
                continue
            made = self._builder(place, scope)
            if isinstance(made, _Root):
                return made
            if made is not None:
                (place, scope), hops = made, hops - 1
                continue
            step = _modifier(place, of_call=False)
            if step is None:
                return None
            modifiers.append(step[0])
            place = step[1]
        return None

    def _builder(self, call: Place, scope: _Scope) -> _Root | tuple[Place, _Scope] | None:
        """The column builder that is called; for a function of the project what it returns.

        None where the call is a method of something else: a modifier.
        """
        function = call.child("function")
        if function is None:
            return None
        is_method = function.node.type == "member_expression"
        if is_method:
            receiver, name = function.child("object"), function.child("property")
            if receiver is None or name is None or receiver.node.type == "call_expression":
                return None
            if receiver.text in scope.objects:
                return _Root(call, name.text, of_core=True)
        elif function.node.type != "identifier":
            return None
        elif function.text in scope.functions:
            return _Root(call, scope.functions[function.text], of_core=True)
        builder = self._builders.of(call)
        if builder is not None:
            is_other = builder.kind is BuilderKind.OTHER
            return _Root(call, builder.name, of_core=True) if is_other else None
        target = self._values.follow(function)
        if isinstance(target, Symbol):
            is_named = any(self._values.string(a) is not None for a in call.arguments()[:1])
            return _Root(call, target.name, is_known=is_named)
        if target.node.type == "call_expression":
            return self._made(call, function, target)
        body, inner = self._called(call, scope)
        if isinstance(body, Place) and body.key != call.key:
            return body, inner
        return None if is_method else _Root(call, function.text, is_known=False)

    def _made(self, call: Place, function: Place, maker: Place) -> _Root:
        """A builder that is itself made by a call: of a Postgres enum, of a custom type."""
        builder = self._builders.of(maker)
        if builder is None:
            return _Root(call, function.text, is_known=False)
        if builder.kind is BuilderKind.ENUM:
            name = self._builders.database_name(maker, builder)
            return _Root(call, builder.name, enum=name, maker=maker)
        return _Root(call, builder.name, maker=maker)


def _scope(function: Place) -> _Scope:
    objects: set[str] = set()
    functions: dict[str, str] = {}
    for pattern in parameters(function):
        if pattern.type == "identifier":
            objects.add(function.at(pattern).text)
        elif pattern.type == "object_pattern":
            functions.update(_destructured(function, pattern.named_children))
    return _Scope(frozenset(objects), functions)


def _destructured(function: Place, parts: list[Node]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if part.type == "shorthand_property_identifier_pattern":
            name = function.at(part).text
            yield name, name
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and value is not None:
                yield function.at(value).text, property_name(function.source, key) or ""


def _modifier(call: Place, *, of_call: bool = True) -> tuple[Modifier, Place] | None:
    """The method that a call calls, and on what; None unless that is a call, if it must be."""
    function = call.node.child_by_field_name("function")
    function = unwrap(function) if function is not None else None
    if function is None or function.type != "member_expression":
        return None
    receiver = function.child_by_field_name("object")
    method = function.child_by_field_name("property")
    if receiver is None or method is None:
        return None
    receiver = unwrap(receiver)
    if of_call and receiver.type != "call_expression":
        return None
    return Modifier(call.source.text(method), _inside(call), call), call.at(receiver)


def _inside(call: Place) -> str:
    """The source text between the parentheses of a call."""
    node = call.node.child_by_field_name("arguments")
    return "" if node is None else call.source.text(node)[1:-1].strip()
