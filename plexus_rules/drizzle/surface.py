"""What one module declares and exports at its top level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from plexus_rules.drizzle.typescript import SourceFile, string_value

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMON_JS = re.compile(r"(?:module\s*\.\s*)?exports(?:\s*\.\s*(\w+))?")
_LONGEST_COMMON_JS = 200


class Export(Struct, frozen=True):
    """One exported name: a name of this module, or of the one that ``specifier`` means."""

    name: str
    specifier: str | None = None


class Surface(Struct, frozen=True):
    """The top level of a module. Types and interfaces are left out: they export no value.

    Attributes:
        declared: the value of each ``const`` and ``let``, each function, class and enum, by name.
        destructured: for each name that a pattern binds, the value that is taken apart.
        exported: what each exported name stands for.
        stars: the specifiers of ``export * from``.
    """

    declared: dict[str, Node] = field(default_factory=dict)
    destructured: dict[str, Node] = field(default_factory=dict)
    exported: dict[str, Export] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)


def read_surface(source: SourceFile) -> Surface:
    """Reads the top level of a file."""
    surface = Surface()
    for statement in source.root.named_children:
        if statement.type == "export_statement":
            _read_export(source, statement, surface)
        elif statement.type == "expression_statement":
            _read_assignment(source, statement, surface)
        else:
            _declare(source, statement, surface)
    return surface


def _declare(source: SourceFile, statement: Node, surface: Surface) -> list[str]:
    """Notes what a statement declares; the names."""
    if statement.type in ("lexical_declaration", "variable_declaration"):
        names: list[str] = []
        for declarator in statement.named_children:
            pattern = declarator.child_by_field_name("name")
            if pattern is None:
                continue
            bound = list(_pattern_names(source, pattern))
            value = declarator.child_by_field_name("value")
            if value is not None:
                single = pattern.type == "identifier"
                values = surface.declared if single else surface.destructured
                values.update(dict.fromkeys(bound, value))
            names += bound
        return names
    if statement.type.endswith(("function_declaration", "class_declaration", "enum_declaration")):
        name = statement.child_by_field_name("name")
        if name is not None:
            surface.declared[source.text(name)] = statement
            return [source.text(name)]
    return []


def _pattern_names(source: SourceFile, pattern: Node) -> Iterator[str]:
    pending = [pattern]
    while pending:
        node = pending.pop()
        match node.type:
            case "identifier" | "shorthand_property_identifier_pattern":
                yield source.text(node)
            case "object_pattern" | "array_pattern" | "rest_pattern":
                pending += reversed(node.named_children)
            case "pair_pattern":
                pending += [n for n in [node.child_by_field_name("value")] if n]
            case "assignment_pattern" | "object_assignment_pattern":
                pending += [n for n in [node.child_by_field_name("left")] if n]


def _read_export(source: SourceFile, statement: Node, surface: Surface) -> None:
    # The grammar takes the word of `export type * from` for an error.
    if any(c.type in ("type", "ERROR") and source.text(c) == "type" for c in statement.children):
        return
    from_node = statement.child_by_field_name("source")
    specifier = string_value(source, from_node) if from_node is not None else None
    declaration = statement.child_by_field_name("declaration")
    value = statement.child_by_field_name("value")
    is_default = any(c.type == "default" for c in statement.children)
    if declaration is not None:
        for name in _declare(source, declaration, surface):
            surface.exported["default" if is_default else name] = Export(name)
    elif value is not None and is_default:
        _export_value(source, "default", value, surface)
    for child in statement.children:
        if child.type == "*" and specifier is not None:
            surface.stars.append(specifier)
        elif child.type == "namespace_export":
            for name_node in child.named_children[:1]:
                surface.exported[_word(source, name_node)] = Export("*", specifier)
        elif child.type == "export_clause":
            _read_clause(source, child, specifier, surface)


def _read_clause(source: SourceFile, clause: Node, specifier: str | None, surface: Surface) -> None:
    for part in clause.named_children:
        name = part.child_by_field_name("name")
        if name is None or any(c.type == "type" for c in part.children):
            continue
        alias = part.child_by_field_name("alias") or name
        surface.exported[_word(source, alias)] = Export(_word(source, name), specifier)


def _word(source: SourceFile, node: Node) -> str:
    value = string_value(source, node)
    return source.text(node) if value is None else value


def _export_value(source: SourceFile, name: str, value: Node, surface: Surface) -> None:
    if value.type in ("identifier", "shorthand_property_identifier"):
        surface.exported[name] = Export(source.text(value))
    else:
        surface.exported[name] = Export(name)
        surface.declared.setdefault(name, value)


def _read_assignment(source: SourceFile, statement: Node, surface: Surface) -> None:
    """Notes ``module.exports = {…}`` and ``exports.name = …``."""
    for assignment in statement.named_children[:1]:
        left, right = (assignment.child_by_field_name(side) for side in ("left", "right"))
        if assignment.type != "assignment_expression" or left is None or right is None:
            return
        if left.end_byte - left.start_byte > _LONGEST_COMMON_JS:
            return
        match = _COMMON_JS.fullmatch(source.text(left))
        if match is None:
            return
        if match[1]:
            _export_value(source, match[1], right, surface)
        elif right.type == "object":
            for part in right.named_children:
                if part.type == "shorthand_property_identifier":
                    _export_value(source, source.text(part), part, surface)
                elif part.type == "pair":
                    key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
                    if key is not None and value is not None:
                        _export_value(source, _word(source, key), value, surface)
