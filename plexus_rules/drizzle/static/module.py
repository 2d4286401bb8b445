"""One source file, as far as reading its values needs it: what it declares and exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.static.values import Declaration, Value
from plexus_rules.drizzle.typescript import SourceFile, string_value, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_TRANSPARENT = frozenset(
    {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "await_expression",
    }
)
_LAST_COUNTS = frozenset({"sequence_expression", "type_assertion"})
_VARIABLES = ("lexical_declaration", "variable_declaration")
_FUNCTIONS = ("function_declaration", "generator_function_declaration")


def plain(node: Node) -> Node:
    """The expression without parentheses, ``as``, ``satisfies``, ``!`` and ``await``."""
    while node.type in _TRANSPARENT or node.type in _LAST_COUNTS:
        inner = expressions(node)
        node = inner[-1] if node.type in _LAST_COUNTS else inner[0]
    return node


def expressions(node: Node) -> list[Node]:
    """The named children that are not comments."""
    return [child for child in node.named_children if child.type != "comment"]


def key_text(source: SourceFile, node: Node) -> str | None:
    """The text of a property's name, bare or quoted; None where it is computed."""
    if node.type == "string":
        return string_value(source, node)
    return None if node.type == "computed_property_name" else source.text(node)


def property_key(part: Node) -> Node:
    """The node that names a property: of a pair, a method, a member of an enum, a shorthand."""
    return part.child_by_field_name("key") or part.child_by_field_name("name") or part


def may_hold(source: SourceFile, node: Node, name: str) -> bool:
    """Whether an object that is spread may hold a property, as far as its form tells."""
    pending = [node]
    while pending:
        node = plain(pending.pop())
        if node.type == "object":
            for part in expressions(node):
                if key_text(source, property_key(part)) in (None, name):
                    return True
                if part.type == "spread_element":
                    pending += part.named_children
        elif node.type == "ternary_expression":
            pending += expressions(node)[1:]
        elif node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            only_right = operator is not None and source.text(operator) == "&&"
            pending += expressions(node)[1:] if only_right else expressions(node)
        else:
            return True
    return False


def parameters(function: Node) -> list[Node]:
    """The parameters of a function."""
    single = function.child_by_field_name("parameter")
    several = function.child_by_field_name("parameters")
    if single is not None:
        return [single]
    return [] if several is None else expressions(several)


def bindings(
    source: SourceFile, pattern: Node, expression: Node | None, argument: Value = None
) -> Iterator[tuple[str, Declaration]]:
    """The names that a pattern binds: ``x``, or those of ``{ a, b: c = 1 }``."""
    if pattern.type == "identifier":
        yield source.text(pattern), Declaration(expression, argument)
        return
    for part in pattern.named_children if pattern.type == "object_pattern" else ():
        name, default = part, None
        key = source.text(part)
        if part.type == "pair_pattern":
            key = key_text(source, property_key(part)) or ""
            name = part.child_by_field_name("value") or part
        if name.type in ("object_assignment_pattern", "assignment_pattern"):
            default = name.child_by_field_name("right")
            name = name.child_by_field_name("left") or name
            key = source.text(name) if part.type == "object_assignment_pattern" else key
        if name.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield source.text(name), Declaration(expression, argument, key, default)


def declarations(source: SourceFile, statements: Iterable[Node]) -> dict[str, Declaration]:
    """What the statements declare, imports apart."""
    found: dict[str, Declaration] = {}
    for statement in statements:
        if statement.type == "export_statement":
            statement = statement.child_by_field_name("declaration") or statement
        if statement.type in _VARIABLES:
            for declarator in statement.named_children:
                pattern = declarator.child_by_field_name("name")
                if pattern is not None:
                    value = declarator.child_by_field_name("value")
                    found.update(bindings(source, pattern, value))
        elif statement.type in (*_FUNCTIONS, "enum_declaration"):
            name = statement.child_by_field_name("name")
            if name is not None:
                found[source.text(name)] = Declaration(statement)
    return found


class Change(Struct, frozen=True):
    """A statement's change of a name, or of a property of what it stands for.

    ``operator`` is ``=`` and its like, or ``push``.
    """

    name: str
    key: str | None
    operator: str
    value: Node


def change(source: SourceFile, node: Node) -> Change | None:
    """What an expression changes: ``name = …``, ``name.key = …``, ``name.push(…)``."""
    left, value, operator = node.child_by_field_name("left"), None, "="
    if node.type in ("assignment_expression", "augmented_assignment_expression"):
        value = node.child_by_field_name("right")
        mark = node.child_by_field_name("operator")
        operator = operator if mark is None else source.text(mark)
    elif node.type == "call_expression":
        left, value = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        operator = "push"
    if left is None or value is None:
        return None
    key = None
    if left.type == "member_expression":
        owner, name = left.child_by_field_name("object"), left.child_by_field_name("property")
        if owner is None or name is None:
            return None
        left, key = owner, source.text(name)
    if left.type != "identifier" or (operator == "push" and key != "push"):
        return None
    return Change(source.text(left), None if operator == "push" else key, operator, value)


class Export(Struct, frozen=True):
    """What an export stands for.

    The expression ``node``; or the local ``name``; or that name of another module, ``origin``.
    """

    node: Node
    name: str | None = None
    origin: str | None = None


class Module:
    """A parsed file.

    Attributes:
        source: the file.
        imported: whether another file's reading led here; its own imports are not followed.
    """

    def __init__(self, source: SourceFile, *, imported: bool = False) -> None:
        self.source = source
        self.imported = imported

    @cached_property
    def declared(self) -> dict[str, Declaration]:
        """What the top level declares, imports apart."""
        return declarations(self.source, self.source.root.named_children)

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """For each imported name the module and the name in it; ``*`` for all of it."""
        found: dict[str, tuple[str, str]] = {}
        for statement in self.source.root.named_children:
            if statement.type != "import_statement":
                continue
            origin = _origin(self.source, statement)
            for node in walk(statement):
                if node.type == "import_specifier":
                    name, alias = _names(self.source, node)
                    found[alias] = (origin, name)
                elif node.type == "namespace_import":
                    found[self.source.text(node.named_children[-1])] = (origin, "*")
                elif node.type in ("import_clause", "import_require_clause"):
                    name_node = node.named_children[0]
                    if name_node.type == "identifier":
                        found[self.source.text(name_node)] = (origin, "default")
        return found

    @cached_property
    def changing(self) -> dict[str, list[Node]]:
        """For each name the statements of the top level that change it."""
        found: dict[str, list[Node]] = {}
        for statement in self.source.root.named_children:
            if statement.type.endswith("_statement") and statement.type != "export_statement":
                for name in changed_names(self.source, statement):
                    found.setdefault(name, []).append(statement)
        return found

    def export(self, name: str) -> Export | None:
        """What an export of the file stands for; None where there is no such export."""
        for statement in self.source.root.named_children:
            if statement.type == "export_statement":
                found = self._exported(statement, name)
            else:
                found = self._common_js(statement) if name == "default" else None
            if found is not None:
                return found
        return None

    def _exported(self, statement: Node, name: str) -> Export | None:
        declaration = statement.child_by_field_name("declaration")
        marks = {child.type for child in statement.children}
        if name == "default" and not marks.isdisjoint(("default", "=")):
            value = declaration or next(iter(expressions(statement)), None)
            return None if value is None else Export(value)
        if declaration is not None and name in declarations(self.source, [declaration]):
            return Export(declaration, name=name)
        for node in walk(statement) if "export_clause" in marks else ():
            if node.type == "export_specifier":
                local, alias = _names(self.source, node)
                if alias == name:
                    origin = _origin(self.source, statement)
                    return Export(node, local, origin or None)
        return None

    def _common_js(self, statement: Node) -> Export | None:
        for node in statement.named_children if statement.type == "expression_statement" else ():
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and node.type == "assignment_expression":
                target = self.source.text(left)
                if target in ("module.exports", "exports.default"):
                    return Export(right)
        return None


def _names(source: SourceFile, specifier: Node) -> tuple[str, str]:
    """The two names of ``name as alias``; the same twice for a bare ``name``."""
    name = specifier.child_by_field_name("name") or specifier
    alias = specifier.child_by_field_name("alias") or name
    return source.text(name), source.text(alias)


def _origin(source: SourceFile, statement: Node) -> str:
    """The module that an import or export names; empty where it names none."""
    strings = (string_value(source, node) for node in walk(statement) if node.type == "string")
    return next(strings, None) or ""


def changed_names(source: SourceFile, statement: Node) -> list[str]:
    """The names that something in a statement changes."""
    found = (change(source, node) for node in walk(statement))
    return list(dict.fromkeys(one.name for one in found if one is not None))
