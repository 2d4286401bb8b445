"""The import statements of one TypeScript or JavaScript file, as they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.import_types import stands_in_import
from plexus_rules.drizzle.typescript import SourceFile, holding, string_value
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node

#: A file with more imports is generated; the rest of them is not read.
MAX_IMPORTS = 2_000

# Every repetition is bounded or possessive: a hostile file must not make the scan quadratic.
_SPACE = rb"\s++|/\*(?:[^*]|\*(?!/)){0,500}+\*/|//[^\n]{0,500}+\n"
_QUOTED = rb"""("[^"\n]{1,500}+"|'[^'\n]{1,500}+'|`[^`\n]{1,500}+`)"""
_AFTER_FROM = rb"(?:" + _SPACE + rb"){0,20}+" + _QUOTED
#: These may be called, as `Buffer.from("x")` is, which imports nothing.
_AFTER_CALLED = rb"(?:" + _SPACE + rb"|\?\.|<[^<>;(]{0,200}+>|\(){0,20}+" + _QUOTED
_AFTER = {b"from": _AFTER_FROM, b"import": _AFTER_CALLED, b"require": _AFTER_CALLED}
_WITH_KEYWORD = {keyword: re.compile(keyword + after) for keyword, after in _AFTER.items()}

_TRANSPARENT = frozenset(
    {
        "as_expression",
        "await_expression",
        "non_null_expression",
        "parenthesized_expression",
        "satisfies_expression",
        "type_assertion",
    }
)
_TYPES = frozenset(
    {
        "array_type",
        "conditional_type",
        "constraint",
        "default_type",
        "extends_type_clause",
        "function_type",
        "generic_type",
        "implements_clause",
        "index_type_query",
        "intersection_type",
        "lookup_type",
        "optional_type",
        "parenthesized_type",
        "readonly_type",
        "rest_type",
        "tuple_type",
        "type_alias_declaration",
        "type_annotation",
        "type_arguments",
        "type_predicate",
        "type_query",
        "union_type",
    }
)
_PROMISE_METHODS = ("then", "catch", "finally")


class ImportKind(StrEnum):
    """How a file takes another one in."""

    #: ``import … from "x"`` and ``import "x"``
    IMPORT = "import"
    #: ``export … from "x"``
    EXPORT = "export"
    #: ``require("x")`` and ``import a = require("x")``
    REQUIRE = "require"
    #: ``import("x")``
    DYNAMIC = "dynamic"
    #: ``import("x")`` where a type stands
    TYPE = "type"


class ImportedName(Struct, frozen=True):
    """One name that an import takes.

    Attributes:
        name: its name in the other file; ``default``, or ``*`` for the whole of it.
        local: its name here (for a re-export the name that it is exported under, ``*`` for
            all); None where it is not bound to a name.
    """

    name: str
    local: str | None


class Import(Struct, frozen=True):
    """One place where a file takes another one in.

    Attributes:
        path: the importing file.
        range: the specifier, its quotes included.
        statement_range: the whole statement, or the call.
        specifier: what stands between the quotes.
        kind: how it is written.
        type_only: nothing of it is left at run time.
        names: what it takes; empty for ``import "x"``.
        target: the file of the tree that it means; None for a package, or where there is none.
    """

    path: str
    range: Range
    statement_range: Range
    specifier: str
    kind: ImportKind
    type_only: bool
    names: tuple[ImportedName, ...]
    target: str | None = None


def candidates(data: bytes) -> dict[int, str | None]:
    """What may be the specifiers of a file, by their offsets; never one too few.

    Comments and strings are searched as well. None stands for one with an escape in it. Of
    more than `MAX_IMPORTS` the first ones are given.
    """
    found: dict[int, str | None] = {}
    for keyword, pattern in _WITH_KEYWORD.items():
        at = data.find(keyword)
        while at >= 0:
            match = pattern.match(data, at)
            if match:
                found[match.start(1)] = _specifier(match[1])
            at = data.find(keyword, at + len(keyword))
    return dict(sorted(found.items())[:MAX_IMPORTS])


def possible_specifiers(data: bytes) -> frozenset[str | None]:
    """What may be the specifiers of a file: those of :func:`candidates`, and of all places."""
    found = (p.findall(data) for keyword, p in _WITH_KEYWORD.items() if keyword in data)
    return frozenset(_specifier(text) for texts in found for text in set(texts))


def _specifier(quoted: bytes) -> str | None:
    return None if b"\\" in quoted else quoted[1:-1].decode("utf-8", "replace")


def read_imports(source: SourceFile) -> tuple[Import, ...]:
    """Every import of a file, in source order. Their targets are not resolved yet."""
    offsets = list(candidates(source.data))
    starts = frozenset(offsets)
    found = (
        _import(source, node, above)
        for node, above in holding(source.root, offsets)
        if node.start_byte in starts and node.type in ("string", "template_string")
    )
    return tuple(i for i in found if i is not None)


def _import(source: SourceFile, node: Node, above: Sequence[Node]) -> Import | None:
    specifier = string_value(source, node)
    if not specifier or not above:
        return None
    parent = above[-1]
    statement, type_only = parent, False
    names: tuple[ImportedName, ...] = ()
    if parent.type in ("import_statement", "export_statement"):
        if parent.child_by_field_name("source") != node:
            return None
        kind = ImportKind.IMPORT if parent.type == "import_statement" else ImportKind.EXPORT
        names, type_only = _clause_names(source, parent)
    elif parent.type == "import_require_clause" and len(above) > 1:
        kind, statement = ImportKind.REQUIRE, above[-2]
        names = tuple(_named("*", source, c) for c in parent.children if c.type == "identifier")
        type_only = _has_type_keyword(source, statement)
    elif parent.type == "arguments" and len(above) > 1:
        statement = above[-2]
        called = _called(source, statement, node)
        if called is None:
            return None
        kind = called
        if kind is ImportKind.DYNAMIC and _is_in_type(above[:-1]):
            kind, type_only = ImportKind.TYPE, True
        names = _bound_names(source, kind, above[:-1])
    elif parent.type in ("literal_type", "array") and stands_in_import(source, node.start_byte):
        type_only = parent.type == "literal_type"
        kind = ImportKind.TYPE if type_only else ImportKind.DYNAMIC
        statement, names = node, (ImportedName("*", None),)
    else:
        return None
    return Import(
        path=source.path,
        range=source.range(node),
        statement_range=source.range(statement),
        specifier=specifier,
        kind=kind,
        type_only=type_only,
        names=names,
    )


def _named(name: str, source: SourceFile, local: Node) -> ImportedName:
    return ImportedName(name, source.text(local))


def _has_type_keyword(source: SourceFile, node: Node) -> bool:
    # The grammar takes the word of `export type * from` for an error.
    return any(
        c.type in ("type", "typeof") or (c.type == "ERROR" and source.text(c) == "type")
        for c in node.children
    )


def _clause_names(source: SourceFile, statement: Node) -> tuple[tuple[ImportedName, ...], bool]:
    """What an import or re-export statement takes, and whether it takes types only."""
    names: list[ImportedName] = []
    types = 0
    pending = list(reversed(statement.children))
    while pending:
        node = pending.pop()
        match node.type:
            case "import_clause" | "named_imports" | "export_clause":
                pending += reversed(node.children)
            case "identifier":
                names.append(_named("default", source, node))
            case "namespace_import" | "namespace_export":
                names += [_star(source, child) for child in node.named_children[:1]]
            case "*":
                names.append(ImportedName("*", "*"))
            case "import_specifier" | "export_specifier":
                name = node.child_by_field_name("name")
                if name is not None:
                    local = node.child_by_field_name("alias") or name
                    names.append(ImportedName(_word(source, name), _word(source, local)))
                    types += _has_type_keyword(source, node)
    type_only = _has_type_keyword(source, statement) or 0 < types == len(names)
    return tuple(names), type_only


def _star(source: SourceFile, local: Node) -> ImportedName:
    return ImportedName("*", _word(source, local))


def _word(source: SourceFile, node: Node) -> str:
    value = string_value(source, node)
    return source.text(node) if value is None else value


def _called(source: SourceFile, call: Node, argument: Node) -> ImportKind | None:
    """Whether a call imports what its first argument names."""
    function = call.child_by_field_name("function")
    arguments = call.child_by_field_name("arguments")
    if function is None or arguments is None:
        return None
    first = next((c for c in arguments.named_children if c.type != "comment"), None)
    if first != argument:
        return None
    if function.type == "import":
        return ImportKind.DYNAMIC
    if function.type == "identifier" and source.text(function) == "require":
        return ImportKind.REQUIRE
    return None


def _is_in_type(above: Sequence[Node]) -> bool:
    """Whether the last of the nodes, an ``import("x")``, stands where a type does."""
    node = above[-1]
    for parent in reversed(above[:-1]):
        if parent.type in _TYPES:
            return True
        if parent.type in ("as_expression", "satisfies_expression"):
            return parent.named_children[:1] != [node]
        if parent.type != "member_expression":
            return False
        node = parent
    return False


def _bound_names(
    source: SourceFile, kind: ImportKind, above: Sequence[Node]
) -> tuple[ImportedName, ...]:
    """The names that the value of a ``require`` or ``import()`` is bound to."""
    member: str | None = None
    for parent in reversed(above[:-1]):
        if parent.type == "member_expression" and member is None:
            name = parent.child_by_field_name("property")
            member = source.text(name) if name is not None else ""
            if kind is ImportKind.DYNAMIC and member in _PROMISE_METHODS:
                member = None
                break
        elif parent.type == "variable_declarator" and kind is not ImportKind.TYPE:
            return _pattern_names(source, parent.child_by_field_name("name"), member)
        elif parent.type not in _TRANSPARENT:
            break
    return (ImportedName(member or "*", None),)


def _pattern_names(
    source: SourceFile, pattern: Node | None, member: str | None
) -> tuple[ImportedName, ...]:
    whole = member or "*"
    if pattern is not None and pattern.type == "identifier":
        return (_named(whole, source, pattern),)
    if pattern is None or pattern.type != "object_pattern" or member is not None:
        return (ImportedName(whole, None),)
    names: list[ImportedName] = []
    for part in pattern.named_children:
        if part.type == "object_assignment_pattern":
            part = part.child_by_field_name("left") or part
        if part.type == "shorthand_property_identifier_pattern":
            names.append(ImportedName(source.text(part), source.text(part)))
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and value is not None:
                is_name = value.type == "identifier"
                local = source.text(value) if is_name else None
                names.append(ImportedName(_word(source, key), local))
        elif part.type == "rest_pattern":
            names += [_star(source, child) for child in part.named_children[:1]]
    return tuple(names)
