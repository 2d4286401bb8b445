"""The texts that an expression may stand for, as far as that can be told without running it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from plexus_rules.drizzle.modules import Modules, Symbol
from plexus_rules.drizzle.scopes import Scope
from plexus_rules.drizzle.texts import Text, choices, hole, joined, single, verbatim
from plexus_rules.drizzle.typescript import string_value, unescape
from plexus_rules.drizzle.values import property_name, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

#: Of an expression that may stand for more texts, the rest is not read; nor a longer text.
MAX_TEXTS = 32
MAX_LENGTH = 2 * 1024 * 1024

_MAX_STEPS = 2_000
_MAX_DEPTH = 24

#: Methods that leave a text what it is, as far as anyone who reads it is concerned.
_KEEPING = frozenset({"toString", "trim", "trimEnd", "trimStart", "replace", "replaceAll"})
#: Methods of Drizzle's ``sql`` that put their argument into a statement.
_GIVING = re.compile(r"sql\.(?:identifier|raw)")
#: Tags that leave a template what it is.
_KEEPING_TAGS = re.compile(r"String\.raw|dedent|outdent|stripIndent")


class TextReader:
    """Reads expressions of the files of a tree.

    ``modules`` follows imports; without it a name that is imported is not known.
    """

    def __init__(self, modules: Modules | None = None) -> None:
        self._modules = modules
        self._steps = 0

    def of(self, node: Node, scope: Scope) -> tuple[Text, ...]:
        """The texts that an expression may stand for; one that is a hole where none is known."""
        self._steps = _MAX_STEPS
        return self._read(node, scope, _MAX_DEPTH)

    def elements(self, node: Node, scope: Scope) -> tuple[tuple[Text, ...], ...] | None:
        """The texts of each element of a list; None where the expression is no known list."""
        self._steps = _MAX_STEPS
        found = self._list(node, scope, _MAX_DEPTH)
        if found is None:
            return None
        array, inside = found
        return tuple(self._read(n, inside, _MAX_DEPTH) for n in _items(array))

    def _read(self, node: Node, scope: Scope, depth: int) -> tuple[Text, ...]:
        node = unwrap(node)
        self._steps -= 1
        if self._steps <= 0 or depth <= 0:
            return (hole(scope.source, node),)
        found = self._known(node, scope, depth - 1)
        if not found or any(len(text.value) > MAX_LENGTH for text in found):
            return (hole(scope.source, node),)
        return found if len(found) <= MAX_TEXTS else (*found[:MAX_TEXTS], hole(scope.source, node))

    def _known(self, node: Node, scope: Scope, depth: int) -> tuple[Text, ...]:
        match node.type:
            case "string" | "template_string":
                return self._product(self._parts(node, scope, depth))
            case "binary_expression":
                return self._binary(node, scope, depth)
            case "ternary_expression":
                return self._either(node, ("consequence", "alternative"), scope, depth)
            case "identifier" | "shorthand_property_identifier":
                return self._name(node, scope, depth)
            case "member_expression" | "subscript_expression":
                return self._member(node, scope, depth)
            case "call_expression":
                return self._call(node, scope, depth)
        return ()

    def _parts(self, node: Node, scope: Scope, depth: int) -> Iterator[tuple[Text, ...]]:
        """The parts of a literal: as they are written, unescaped, and substituted."""
        source = scope.source
        at = node.start_byte + 1
        for child in node.named_children:
            if child.type not in ("escape_sequence", "template_substitution"):
                continue
            yield (verbatim(source, at, child.start_byte),)
            at = child.end_byte
            if child.type == "escape_sequence":
                yield (single(source, child, unescape(source.text(child))),)
            else:
                inner = [c for c in child.named_children if c.type != "comment"]
                found = self._read(_given(scope, inner[0]), scope, depth) if inner else ()
                yield tuple(single(source, child, text.value) for text in found)
        yield (verbatim(source, at, max(node.end_byte - 1, at)),)

    def _product(self, parts: Iterable[tuple[Text, ...]]) -> tuple[Text, ...]:
        listed = list(parts)
        if sum(len(part[0].value) for part in listed if part) > MAX_LENGTH:
            return ()
        chosen = choices(listed, MAX_TEXTS)
        return tuple(joined([t for t in c if t.value] or c[:1], "") for c in chosen)

    def _binary(self, node: Node, scope: Scope, depth: int) -> tuple[Text, ...]:
        operator = node.child_by_field_name("operator")
        mark = "" if operator is None else scope.source.text(operator)
        if mark in ("||", "??"):
            return self._either(node, ("left", "right"), scope, depth)
        if mark != "+":
            return ()
        operands: list[Node] = []
        rest: Node | None = node
        # `a + b + c` is nested to the left, as deep as it has terms.
        while rest is not None and rest.type == "binary_expression":
            right, plus = rest.child_by_field_name("right"), rest.child_by_field_name("operator")
            if right is None or plus is None or scope.source.text(plus) != "+":
                break
            operands.append(right)
            rest = rest.child_by_field_name("left")
        operands += [rest] if rest is not None else []
        return self._product(self._read(n, scope, depth) for n in reversed(operands))

    def _either(
        self, node: Node, fields: tuple[str, str], scope: Scope, depth: int
    ) -> tuple[Text, ...]:
        found: list[Text] = []
        for field in fields:
            part = node.child_by_field_name(field)
            found += self._read(part, scope, depth) if part is not None else ()
        return tuple(found)

    def _name(self, node: Node, scope: Scope, depth: int) -> tuple[Text, ...]:
        name = scope.source.text(node)
        binding = scope.find(name)
        if binding is not None:
            if binding.value is None:
                return ()
            if binding.is_element:
                array = self._list(binding.value, binding.scope, depth)
                values = [] if array is None else [(n, array[1]) for n in _items(array[0])]
            else:
                values = [(binding.value, binding.scope)]
            return self._elsewhere(values, node, scope, depth)
        symbol = self._modules.origin(scope.source.path, name) if self._modules else None
        return self._symbol(symbol, node, scope, depth)

    def _symbol(
        self, symbol: Symbol | None, node: Node, scope: Scope, depth: int
    ) -> tuple[Text, ...]:
        if symbol is None or symbol.external or symbol.path == scope.source.path:
            return ()
        assert self._modules is not None
        value = self._modules.surface(symbol.path).declared.get(symbol.name)
        if value is None:
            return ()
        source = self._modules.source(symbol.path)
        return self._elsewhere([(value, Scope(source, source.root, None))], node, scope, depth)

    def _elsewhere(
        self, values: Iterable[tuple[Node, Scope]], node: Node, scope: Scope, depth: int
    ) -> tuple[Text, ...]:
        """Texts that are written at another place than the expression that uses them."""
        found: list[Text] = []
        for value, inside in values:
            if len(found) > MAX_TEXTS:
                break
            for text in self._read(value, inside, depth):
                place = (inside.source.path, inside.source.range(value))
                found.append(single(scope.source, node, text.value, text.origin or place))
        return tuple(found)

    def _member(self, node: Node, scope: Scope, depth: int) -> tuple[Text, ...]:
        """A property of an object literal; each of them, where its name is computed."""
        inside = node.child_by_field_name("object")
        key = node.child_by_field_name("property") or node.child_by_field_name("index")
        if inside is None or key is None:
            return ()
        found = self._literal(inside, scope, depth)
        if found is None:
            return ()
        literal, there = found
        if literal.type == "array":
            return self._elsewhere([(n, there) for n in _items(literal)], node, scope, depth)
        name = scope.source.text(key)
        if node.type == "subscript_expression":
            name = string_value(scope.source, key) or ""
        pairs = [
            (property_name(there.source, k), v)
            for pair in literal.named_children
            if pair.type == "pair"
            and (k := pair.child_by_field_name("key")) is not None
            and (v := pair.child_by_field_name("value")) is not None
        ]
        chosen = [(v, there) for k, v in pairs if k == name or not name]
        return self._elsewhere(chosen, node, scope, depth)

    def _call(self, node: Node, scope: Scope, depth: int) -> tuple[Text, ...]:
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return ()
        if arguments.type == "template_string":
            keeps = _KEEPING_TAGS.fullmatch(scope.source.text(function))
            return self._read(arguments, scope, depth) if keeps else ()
        if function.type == "member_expression":
            return self._method(function, arguments, scope, depth)
        binding = scope.find(scope.source.text(function)) if function.type == "identifier" else None
        if binding is None or binding.value is None or binding.is_element:
            return ()
        returned = _returned(unwrap(binding.value))
        if returned is None:
            return ()
        declared = unwrap(binding.value)
        inside = Scope(binding.scope.source, declared, binding.scope)
        body = declared.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            inside = Scope(inside.source, body, inside)
        return self._elsewhere([(returned, inside)], node, scope, depth)

    def _method(
        self, function: Node, arguments: Node, scope: Scope, depth: int
    ) -> tuple[Text, ...]:
        inside, name = (
            function.child_by_field_name("object"),
            function.child_by_field_name("property"),
        )
        if inside is None or name is None:
            return ()
        method = scope.source.text(name)
        if method in _KEEPING:
            return self._read(inside, scope, depth)
        found = self._list(inside, scope, depth) if method == "join" else None
        if found is None:
            return ()
        separators = [string_value(scope.source, n) for n in arguments.named_children]
        separator = separators[0] if separators else ","
        texts = [self._read(n, found[1], depth) for n in _items(found[0])]
        if separator is None or not texts or any(len(text) != 1 for text in texts):
            return ()
        whole = joined([text[0] for text in texts], separator)
        if unwrap(inside).type == "array":
            return (whole,)
        place = (found[1].source.path, found[1].source.range(found[0]))
        return (single(scope.source, inside, whole.value, place),)

    def _list(self, node: Node, scope: Scope, depth: int) -> tuple[Node, Scope] | None:
        found = self._literal(node, scope, depth)
        return found if found is not None and found[0].type == "array" else None

    def _literal(self, node: Node, scope: Scope, depth: int) -> tuple[Node, Scope] | None:
        """The object or array literal that an expression stands for."""
        for _ in range(depth):
            node = unwrap(node)
            if node.type in ("object", "array"):
                return node, scope
            if node.type != "identifier":
                return None
            name = scope.source.text(node)
            binding = scope.find(name)
            if binding is not None:
                if binding.value is None or binding.is_element:
                    return None
                node, scope = binding.value, binding.scope
                continue
            symbol = self._modules.origin(scope.source.path, name) if self._modules else None
            if symbol is None or symbol.external or symbol.path == scope.source.path:
                return None
            assert self._modules is not None
            value = self._modules.surface(symbol.path).declared.get(symbol.name)
            if value is None:
                return None
            source = self._modules.source(symbol.path)
            node, scope = value, Scope(source, source.root, None)
        return None


def _given(scope: Scope, node: Node) -> Node:
    """What is put into a statement: the name, of ``sql.identifier(name)``."""
    function, arguments = (
        node.child_by_field_name("function"),
        node.child_by_field_name("arguments"),
    )
    if function is None or arguments is None or function.end_byte - function.start_byte > 20:
        return node
    if _GIVING.fullmatch(scope.source.text(function)) is None:
        return node
    return next((n for n in arguments.named_children if n.type != "comment"), node)


def _items(array: Node) -> list[Node]:
    return [n for n in array.named_children if n.type not in ("comment", "spread_element")]


def _returned(function: Node) -> Node | None:
    """What a function returns, if it does nothing else."""
    body = function.child_by_field_name("body")
    if body is None or body.type != "statement_block":
        return body
    for statement in body.named_children[-1:]:
        if statement.type == "return_statement" and statement.named_children:
            return statement.named_children[0]
    return None
