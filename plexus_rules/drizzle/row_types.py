"""Object types written in TypeScript, and the types that Drizzle infers for columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.columns import Column
from plexus_rules.drizzle.typescript import SourceFile
from plexus_rules.drizzle.values import property_name
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node

#: The scalar types that a value may have, such as ``{"string", "Date"}``, ``null`` left out.
Scalars = frozenset[str]

_NOTHING = ("null", "undefined")
_NAMED = {
    "string": "string",
    "number": "number",
    "boolean": "boolean",
    "bigint": "bigint",
    "Date": "Date",
    "Buffer": "Buffer",
    "Uint8Array": "Buffer",
}
_LITERALS = {
    "string": "string",
    "number": "number",
    "unary_expression": "number",
    "true": "boolean",
    "false": "boolean",
}
_MODE = re.compile(r"""\bmode["']?\s*:\s*["'](\w+)["']""")
_OF_MODE = {
    "bigint": "bigint",
    "boolean": "boolean",
    "buffer": "Buffer",
    "date": "Date",
    "number": "number",
    "string": "string",
    "timestamp": "Date",
    "timestamp_ms": "Date",
}
_STRINGS = (
    "char cidr date decimal inet interval longtext macaddr macaddr8 mediumtext mysqlEnum numeric "
    "pgEnum text time tinytext uuid varchar"
)
_NUMBERS = (
    "bigserial double doublePrecision float int integer mediumint real serial smallint smallserial "
    "tinyint year"
)
_OF_BUILDER = {
    **dict.fromkeys(_STRINGS.split(), "string"),
    **dict.fromkeys(_NUMBERS.split(), "number"),
    "boolean": "boolean",
    "datetime": "Date",
    "timestamp": "Date",
    "blob": "Buffer",
}


class ObjectType(Struct, frozen=True):
    """An interface, or an alias of an object type, that lists properties and nothing else.

    Attributes:
        name: what it is called.
        range: where its name stands.
        properties: what each may hold; None where that is more than a scalar.
        optional: the properties that may be left out.
    """

    name: str
    range: Range
    properties: dict[str, Scalars | None]
    optional: frozenset[str]


def object_types(source: SourceFile) -> Iterator[ObjectType]:
    """The object types that a file declares at its top level.

    Left out are those that have type parameters, extend another, or hold methods.
    """
    declared = list(_declarations(source))
    aliases = {
        source.text(name): value
        for statement in declared
        if statement.type == "type_alias_declaration"
        and (name := statement.child_by_field_name("name"))
        and (value := statement.child_by_field_name("value"))
    }
    for statement in declared:
        name = statement.child_by_field_name("name")
        is_alias = statement.type == "type_alias_declaration"
        body = statement.child_by_field_name("value" if is_alias else "body")
        is_plain = all(
            child.type not in ("type_parameters", "extends_type_clause")
            for child in statement.children
        )
        if name is None or body is None or not is_plain:
            continue
        if body.type in ("object_type", "interface_body"):
            properties = _properties(source, body, aliases)
            if properties is not None:
                yield ObjectType(
                    source.text(name),
                    source.range(name),
                    {key: scalars for key, (scalars, _) in properties.items()},
                    frozenset(key for key, (_, is_optional) in properties.items() if is_optional),
                )


def _declarations(source: SourceFile) -> Iterator[Node]:
    for statement in source.root.named_children:
        inner = statement.child_by_field_name("declaration")
        found = inner if statement.type == "export_statement" and inner is not None else statement
        if found.type in ("interface_declaration", "type_alias_declaration"):
            yield found


def _properties(
    source: SourceFile, body: Node, aliases: dict[str, Node]
) -> dict[str, tuple[Scalars | None, bool]] | None:
    """The properties, and whether each is optional; None where there is more than properties."""
    found: dict[str, tuple[Scalars | None, bool]] = {}
    for part in body.named_children:
        if part.type == "comment":
            continue
        name = part.child_by_field_name("name")
        annotation = part.child_by_field_name("type")
        if part.type != "property_signature" or name is None:
            return None
        types = annotation.named_children if annotation is not None else []
        key = property_name(source, name)
        if key is not None:
            scalars = _scalars(source, types[0], aliases) if types else None
            found[key] = scalars, any(child.type == "?" for child in part.children)
    return found


def _scalars(source: SourceFile, node: Node, aliases: dict[str, Node]) -> Scalars | None:
    """The scalars that a type allows; None where it is, or may be, something else."""
    found: set[str] = set()
    pending = [node]
    seen: set[str] = set()
    while pending:
        part = pending.pop()
        inner = [child for child in part.named_children if child.type != "comment"]
        text = source.text(part) if part.end_byte - part.start_byte < 100 else ""
        if part.type in ("union_type", "parenthesized_type"):
            pending += inner
        elif part.type == "literal_type" and inner and inner[0].type in _LITERALS:
            found.add(_LITERALS[inner[0].type])
        elif part.type == "template_literal_type":
            found.add("string")
        elif text in _NAMED:
            found.add(_NAMED[text])
        elif part.type == "type_identifier" and text in aliases and text not in seen:
            seen.add(text)
            pending.append(aliases[text])
        elif text not in _NOTHING:
            return None
    return frozenset(found) or None


def column_scalars(column: Column) -> Scalars | None:
    """The scalars that Drizzle infers for a column; None where it is no scalar, or unknown."""
    if not {"$type", "array"}.isdisjoint(column.calls):
        return None
    mode = _MODE.search(column.arguments)
    kind = _OF_BUILDER.get(column.type) if mode is None else _OF_MODE.get(mode[1])
    return None if kind is None else frozenset({kind})
