"""What an expression stands for, as far as it can be told without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.modules import Modules, Symbol
from plexus_rules.drizzle.typescript import SourceFile, string_value
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node

#: How many names are looked through on the way to a value.
MAX_HOPS = 16

_WRAPPERS = frozenset(
    {
        "as_expression",
        "non_null_expression",
        "parenthesized_expression",
        "satisfies_expression",
        "type_assertion",
    }
)
_IDENTIFIERS = ("identifier", "shorthand_property_identifier")
#: Types of the nodes that are functions with a body.
FUNCTIONS = (
    *("arrow_function", "function_expression", "function_declaration", "method_definition"),
)
_DECLARATIONS = ("comment", "empty_statement", "lexical_declaration", "variable_declaration")


class Place(Struct, frozen=True):
    """An expression, and the file that it stands in."""

    source: SourceFile
    node: Node

    @property
    def path(self) -> str:
        """The file."""
        return self.source.path

    @property
    def text(self) -> str:
        """The source text."""
        return self.source.text(self.node)

    @property
    def range(self) -> Range:
        """Where it stands."""
        return self.source.range(self.node)

    @property
    def key(self) -> tuple[str, int, int, str]:
        """Equal for equal nodes of one file."""
        return (self.path, self.node.start_byte, self.node.end_byte, self.node.type)

    def at(self, node: Node) -> Place:
        """Another expression of the same file."""
        return Place(self.source, node)

    def unwrapped(self) -> Place:
        """The expression inside of parentheses, ``as``, ``satisfies``, ``!`` and ``<T>``."""
        return self.at(unwrap(self.node))

    def child(self, field: str) -> Place | None:
        """The part of an expression that the grammar calls ``field``, unwrapped."""
        found = self.node.child_by_field_name(field)
        return None if found is None else self.at(found).unwrapped()

    def arguments(self) -> list[Place]:
        """The arguments of a call."""
        node = self.node.child_by_field_name("arguments")
        if node is None or node.type != "arguments":
            return []
        return [self.at(n).unwrapped() for n in node.named_children if n.type != "comment"]


class Property(Struct, frozen=True):
    """One property of an object literal.

    Attributes:
        name: its name; None for a computed one, a spread, a method or what is no property.
        key: where its key stands; for what has none, the whole of it.
        value: its value; for what has none, the whole of it.
    """

    name: str | None
    key: Place
    value: Place


def unwrap(node: Node) -> Node:
    """The expression inside of parentheses, ``as``, ``satisfies``, ``!`` and ``<T>``."""
    while node.type in _WRAPPERS:
        inner = [c for c in node.named_children if c.type != "comment"]
        if not inner:
            break
        # The type stands first in `<T>x`, and last in `x as T`.
        node = inner[-1 if node.type == "type_assertion" else 0]
    return node


def chain(place: Place) -> Iterator[Place]:
    """The calls of a chain, the last one first: for ``a(…).b()`` the whole, then ``a(…)``.

    What is no call is a chain of itself.
    """
    yield place
    while place.node.type == "call_expression":
        function = place.child("function")
        receiver = None
        if function is not None and function.node.type == "member_expression":
            receiver = function.child("object")
        if receiver is None or receiver.node.type != "call_expression":
            return
        place = receiver
        yield place


class Values:
    """Follows names to what they stand for, through the modules of a tree."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._objects: dict[tuple[str, int, int, str], dict[str | None, Place]] = {}

    def follow(self, place: Place, hops: int = MAX_HOPS) -> Place | Symbol:
        """Where an expression's value is written, as far as it can be followed.

        A symbol is one of a package (``pgTable.withRLS`` is one name there), or a whole module
        of the tree.
        """
        place = place.unwrapped()
        if hops <= 0:
            return place
        if place.node.type in _IDENTIFIERS:
            symbol = self.modules.origin(place.path, place.text)
            return place if symbol is None else self._of_symbol(symbol, place, hops - 1)
        if place.node.type == "member_expression":
            return self._of_member(place, hops - 1)
        return place

    def value_of(self, symbol: Symbol) -> Place | Symbol | None:
        """Where the value of an exported name is written; None for one that has no value."""
        if symbol.external or symbol.name == "*":
            return symbol
        node = self.modules.surface(symbol.path).declared.get(symbol.name)
        if node is None:
            return None
        return self.follow(Place(self.modules.source(symbol.path), node))

    def string(self, place: Place) -> str | None:
        """The text that an expression stands for."""
        if place.node.type == "string":
            return string_value(place.source, place.node)
        found = self.follow(place)
        if isinstance(found, Symbol):
            return None
        return string_value(found.source, found.node)

    def _of_symbol(self, symbol: Symbol, start: Place, hops: int) -> Place | Symbol:
        if symbol.external or symbol.name == "*":
            return symbol
        node = self.modules.surface(symbol.path).declared.get(symbol.name)
        if node is None:
            return start
        return self.follow(Place(self.modules.source(symbol.path), node), hops)

    def _of_member(self, place: Place, hops: int) -> Place | Symbol:
        inside, name = place.child("object"), place.child("property")
        if inside is None or name is None:
            return place
        owner = self.follow(inside, hops)
        if isinstance(owner, Symbol):
            if owner.external:
                is_module = owner.name in ("*", "default")
                return replace(owner, name=name.text if is_module else f"{owner.name}.{name.text}")
            symbol = self.modules.member(owner.path, name.text)
            return place if symbol is None else self._of_symbol(symbol, place, hops)
        value = self._properties(owner).get(name.text)
        return place if value is None else self.follow(value, hops)

    def _properties(self, place: Place) -> dict[str | None, Place]:
        if place.node.type != "object":
            return {}
        if place.key not in self._objects:
            self._objects[place.key] = {p.name: p.value for p in properties(place)}
        return self._objects[place.key]


def properties(place: Place) -> Iterator[Property]:
    """The properties of an object literal, and everything else that stands in it."""
    for part in place.node.named_children:
        kind = part.type
        if kind == "pair":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and value is not None:
                yield Property(property_name(place.source, key), place.at(key), place.at(value))
        elif kind == "shorthand_property_identifier":
            yield Property(place.source.text(part), place.at(part), place.at(part))
        elif kind != "comment":
            yield Property(None, place.at(part), place.at(part))


def property_name(source: SourceFile, key: Node) -> str | None:
    """The name that a property key gives; None for a computed one."""
    kind = key.type
    if kind == "property_identifier":
        return source.text(key)
    if kind == "computed_property_name":
        key = key.named_children[0] if key.named_children else key
        return string_value(source, key)
    value = string_value(source, key)
    return source.text(key) if value is None else value


def returned(place: Place) -> Place | None:
    """What a function returns, where it does nothing else than declare names before that."""
    if place.node.type not in FUNCTIONS:
        return None
    body = place.child("body")
    if body is None or body.node.type != "statement_block":
        return body
    statements = [s for s in body.node.named_children if s.type not in _DECLARATIONS]
    if len(statements) != 1 or statements[0].type != "return_statement":
        return None
    values = statements[0].named_children
    return place.at(values[0]).unwrapped() if values else None


def parameters(place: Place) -> list[Node]:
    """The patterns of a function's parameters."""
    single = place.node.child_by_field_name("parameter")
    if single is not None:
        return [single]
    several = place.node.child_by_field_name("parameters")
    if several is None:
        return []
    return [p.child_by_field_name("pattern") or p for p in several.named_children]
