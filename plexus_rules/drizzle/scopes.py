"""The calls of a source file, each with the names that it sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.typescript import SourceFile, holding

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset(
    {"arrow_function", "function_declaration", "function_expression", "generator_function"}
    | {"generator_function_declaration", "method_definition"}
)
_SCOPES = _FUNCTIONS | {
    "catch_clause",
    "class_body",
    "for_in_statement",
    "for_statement",
    "program",
    "statement_block",
    "switch_case",
    "switch_default",
}
_DECLARATIONS = ("lexical_declaration", "variable_declaration")
#: Names are not looked for further out.
_MAX_SCOPES = 200

_ITERATING = ("every", "filter", "flatMap", "forEach", "map", "some")


class Binding(Struct, frozen=True):
    """What a name stands for.

    Attributes:
        value: the expression; None where only running the program would tell.
        scope: where the expression stands.
        is_element: the name stands for each element of the value in turn.
    """

    value: Node | None
    scope: Scope
    is_element: bool = False


class Scope:
    """The names that a block, a function, a loop or a file declares, and those around it."""

    def __init__(
        self, source: SourceFile, node: Node, outer: Scope | None, call: Node | None = None
    ) -> None:
        self.source = source
        self.node = node
        self.outer = outer
        self._call = call

    def find(self, name: str) -> Binding | None:
        """What a name stands for; None where nothing in the file declares it.

        Imports are not declarations.
        """
        scope: Scope | None = self
        for _ in range(_MAX_SCOPES):
            if scope is None:
                break
            binding = scope._declared.get(name)
            if binding is not None:
                return binding
            scope = scope.outer
        return None

    @cached_property
    def _declared(self) -> dict[str, Binding]:
        node, found = self.node, dict[str, Binding]()
        if node.type in _FUNCTIONS:
            self._declare_parameters(found)
        elif node.type == "for_in_statement":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            is_of = any(child.type == "of" for child in node.children)
            if left is not None:
                self._bind(left, right if is_of else None, found, is_element=True)
        elif node.type == "for_statement":
            self._declare(node.child_by_field_name("initializer"), found)
        elif node.type == "catch_clause":
            parameter = node.child_by_field_name("parameter")
            if parameter is not None:
                self._bind(parameter, None, found)
        elif node.type != "class_body":
            for statement in node.named_children:
                self._declare(statement, found)
        return found

    def _declare(self, statement: Node | None, found: dict[str, Binding]) -> None:
        if statement is not None and statement.type == "export_statement":
            statement = statement.child_by_field_name("declaration")
        if statement is None:
            return
        if statement.type in _DECLARATIONS:
            for declarator in statement.named_children:
                name = declarator.child_by_field_name("name")
                if name is not None:
                    self._bind(name, declarator.child_by_field_name("value"), found)
        elif statement.type in _FUNCTIONS:
            name = statement.child_by_field_name("name")
            if name is not None:
                found[self.source.text(name)] = Binding(statement, self)

    def _declare_parameters(self, found: dict[str, Binding]) -> None:
        single = self.node.child_by_field_name("parameter")
        several = self.node.child_by_field_name("parameters")
        parameters = [single] if single else several.named_children if several else []
        iterated = self._iterated()
        for position, parameter in enumerate(parameters):
            pattern = parameter.child_by_field_name("pattern") or parameter
            value = iterated if position == 0 else None
            self._bind(pattern, value, found, is_element=True)

    def _iterated(self) -> Node | None:
        """The list whose elements a function gets: ``list`` of ``list.forEach((x) => …)``."""
        function = self._call.child_by_field_name("function") if self._call is not None else None
        if function is None or function.type != "member_expression":
            return None
        method = function.child_by_field_name("property")
        if method is None or self.source.text(method) not in _ITERATING:
            return None
        return function.child_by_field_name("object")

    def _bind(
        self, pattern: Node, value: Node | None, found: dict[str, Binding], is_element: bool = False
    ) -> None:
        if pattern.type == "identifier":
            scope = self.outer if is_element and self.outer is not None else self
            found[self.source.text(pattern)] = Binding(value, scope, is_element)
            return
        pending = [pattern]
        while pending:
            node = pending.pop()
            if node.type in ("identifier", "shorthand_property_identifier_pattern"):
                found[self.source.text(node)] = Binding(None, self)
            elif node.type == "pair_pattern":
                pending += [n for n in [node.child_by_field_name("value")] if n]
            else:
                pending += node.named_children


def called(names: str, first: str) -> re.Pattern[bytes]:
    """Finds the places in a file where what has one of the names may be called, or be a tag.

    ``names`` is a regular expression, and ``first`` all that they can begin with, for a set of
    characters: most places are passed over by that. Comments and strings are searched as well.
    """
    return re.compile(rf"(?<![\w$])(?=[{first}])(?:{names})(?=\s*+[(`<!?/])".encode())


def calls(source: SourceFile, places: re.Pattern[bytes]) -> Iterator[tuple[Node, Scope]]:
    """The calls and tagged templates of a file in which such a place is, in source order.

    Each comes with the names that it sees. What holds no such place is not looked through.
    """
    offsets = [match.start() for match in places.finditer(source.data)]
    scopes: list[tuple[int, Scope]] = []
    for node, above in holding(source.root, offsets):
        while scopes and scopes[-1][0] >= len(above):
            scopes.pop()
        kind = node.type
        if kind in _SCOPES:
            outer = scopes[-1][1] if scopes else None
            is_argument = len(above) > 1 and above[-1].type == "arguments"
            scope = Scope(source, node, outer, above[-2] if is_argument else None)
            scopes.append((len(above), scope))
        elif kind == "call_expression" and scopes:
            yield node, scopes[-1][1]
