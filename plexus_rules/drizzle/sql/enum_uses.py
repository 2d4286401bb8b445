"""Whether a statement of PostgreSQL uses one value of an enum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plexus_rules.drizzle.shapes.model import ColumnShape
from plexus_rules.drizzle.sql.known_columns import KnownColumns, element
from plexus_rules.drizzle.sql.names import name_of, object_name
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    AddEnumValue,
    CreateEnum,
    CreateTable,
    Operation,
    Other,
    RenameEnumValue,
    SetDefault,
)
from plexus_rules.drizzle.sql.sqlparser import Node, NotParsed, syntax_tree

_DIALECT = "postgresql"
#: Functions of which every argument has one type.
_OF_ONE_TYPE = frozenset(("coalesce", "nullif", "greatest", "least"))
_WITH_BODY = frozenset(("function", "procedure"))
_COMMENT = Other("comment")
_NAMES_VALUES = (AddEnumValue, CreateEnum, RenameEnumValue)


def uses(
    text: str, operations: Sequence[Operation], enum: str, value: str, known: KnownColumns
) -> bool | None:
    """Whether a statement uses a value of an enum; None where that cannot be told.

    ``operations`` are what the statement does, and ``known`` the columns before it.
    """
    if value.replace("'", "''") not in text or isinstance(operations[0], _NAMES_VALUES):
        return False
    if isinstance(operations[0], Other) and operations[0].kind in _WITH_BODY:
        return None  # what it holds is a text: some of it is read now, and some when it runs
    search = _Search(enum, value, known)
    if any(search.in_default(column) for column in _columns_with_defaults(operations, known)):
        return True
    try:
        _, tree = syntax_tree(text, _DIALECT)
    except NotParsed:
        return False if operations[0] == _COMMENT else None
    try:
        return search.in_statement(tree)
    except (KeyError, TypeError, AttributeError, RecursionError):
        return None


def _columns_with_defaults(
    operations: Sequence[Operation], known: KnownColumns
) -> Iterator[tuple[str, str | None]]:
    """The type and the default of each column that gets one."""
    for operation in operations:
        columns: Sequence[ColumnShape] = ()
        if isinstance(operation, AddColumn):
            columns = (operation.column,)
        elif isinstance(operation, CreateTable):
            columns = tuple(operation.table.columns.values())
        elif isinstance(operation, SetDefault):
            column = known.column(operation.table, operation.column)
            if column is not None:
                yield column.type, operation.default
        yield from ((column.type, column.default) for column in columns)


class _Search:
    """Looks for one value of one enum in the syntax tree of a statement."""

    def __init__(self, enum: str, value: str, known: KnownColumns) -> None:
        self._enum = enum
        self._value = value
        self._known = known
        self._columns: frozenset[str] = frozenset()

    def in_default(self, column: tuple[str, str | None]) -> bool:
        """Whether a column of the enum's type has the value as its default."""
        kind, default = column
        if default is None or element(kind) != self._enum:
            return False
        literal = default.strip()
        closing = literal.rfind("'")
        if not literal.startswith("'") or closing == 0:
            return False
        return self._is_value(literal[1:closing].replace("''", "'"))

    def in_statement(self, tree: Node) -> bool:
        """Whether the value is used anywhere in a statement."""
        self._columns = frozenset(self._enum_columns(tree))
        return any(self._used_at(node) for node in _nodes(tree))

    def _enum_columns(self, tree: Node) -> Iterator[str]:
        """The columns of the enum's type, of the tables that the statement names."""
        for table in _tables(tree):
            for name, column in self._known.tables.get(table, {}).items():
                if element(column.type) == self._enum:
                    yield name

    def _used_at(self, node: dict[str, Node]) -> bool:
        if "Cast" in node:
            cast = node["Cast"]
            return self._is_enum(cast["data_type"]) and self._yields(cast["expr"])
        if "BinaryOp" in node:
            sides = node["BinaryOp"]["left"], node["BinaryOp"]["right"]
            return any(map(self._is_column, sides)) and any(map(self._yields, sides))
        if "InList" in node:
            inside = node["InList"]
            return self._is_column(inside["expr"]) and any(map(self._yields, inside["list"]))
        if "AnyOp" in node:
            inside = node["AnyOp"]
            return self._is_column(inside["left"]) and self._yields(inside["right"])
        if "Function" in node:
            given = list(_arguments(node["Function"]))
            return any(map(self._is_column, given)) and any(map(self._yields, given))
        if "Case" in node and node["Case"]["operand"] is not None:
            inside = node["Case"]
            conditions = [each["condition"] for each in inside["conditions"]]
            return self._is_column(inside["operand"]) and any(map(self._yields, conditions))
        if "target" in node and "value" in node:
            (target,) = node["target"].values()
            name = name_of(target[-1]["Identifier"], _DIALECT)
            return name in self._columns and self._yields(node["value"])
        if "source" in node and "columns" in node and "table" in node:
            return self._inserted(node)
        return False

    def _inserted(self, node: dict[str, Node]) -> bool:
        """Whether an ``INSERT`` puts the value into a column of the enum's type."""
        table = self._known.tables.get(object_name(node["table"]["TableName"], _DIALECT), {})
        named = [name_of(column, _DIALECT) for column in node["columns"]] or list(table)
        places = [
            place
            for place, name in enumerate(named)
            if name in table and element(table[name].type) == self._enum
        ]
        rows = list(_rows(node["source"]["body"])) if node["source"] else []
        return any(self._yields(row[p]) for row in rows for p in places if p < len(row))

    def _is_enum(self, kind: Node) -> bool:
        while isinstance(kind, dict) and "Array" in kind:
            kind = next(iter(kind["Array"].values()))
            kind = kind[0] if isinstance(kind, tuple) else kind
        if not isinstance(kind, dict) or "Custom" not in kind:
            return False
        return object_name(kind["Custom"][0], _DIALECT) == self._enum

    def _is_column(self, node: Node) -> bool:
        """Whether an expression is a column of the enum's type, as it is."""
        node = _without_brackets(node)
        if not isinstance(node, dict):
            return False
        if "CompoundIdentifier" in node:
            return name_of(node["CompoundIdentifier"][-1], _DIALECT) in self._columns
        return "Identifier" in node and name_of(node["Identifier"], _DIALECT) in self._columns

    def _yields(self, node: Node) -> bool:
        """Whether an expression can give the value as it is written in it."""
        node = _without_brackets(node)
        if not isinstance(node, dict):
            return False
        if "Value" in node:
            literal = node["Value"]["value"]
            text = literal.get("SingleQuotedString") if isinstance(literal, dict) else None
            return isinstance(text, str) and self._is_value(text)
        if "Case" in node:
            results = [each["result"] for each in node["Case"]["conditions"]]
            return any(map(self._yields, (*results, node["Case"]["else_result"])))
        if "Array" in node:
            return any(map(self._yields, node["Array"]["elem"]))
        if "Function" in node:
            return any(map(self._yields, _arguments(node["Function"])))
        return False

    def _is_value(self, literal: str) -> bool:
        if literal.startswith("{") and literal.endswith("}"):  # an array
            return self._value in (part.strip().strip('"') for part in literal[1:-1].split(","))
        return literal == self._value


def _nodes(tree: Node) -> Iterator[dict[str, Node]]:
    """Every dictionary of a tree, itself first."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, (list, tuple)):
            waiting.extend(node)


def _tables(tree: Node) -> Iterator[str]:
    """The tables that a statement names."""
    for node in _nodes(tree):
        for key in ("name", "table_name", "TableName"):
            parts = node.get(key)
            if isinstance(parts, list) and parts and "Identifier" in parts[-1]:
                yield object_name(parts, _DIALECT)


def _rows(body: Node) -> Iterator[list[Node]]:
    """The expressions of each row that an ``INSERT`` puts in, as far as they are listed."""
    if "Values" in body:
        yield from body["Values"]["rows"]
    elif "Select" in body:
        listed = body["Select"]["projection"]
        yield [
            each.get("UnnamedExpr") or each.get("ExprWithAlias", {}).get("expr") for each in listed
        ]
    elif "SetOperation" in body:
        yield from _rows(body["SetOperation"]["left"])
        yield from _rows(body["SetOperation"]["right"])
    elif "Query" in body:
        yield from _rows(body["Query"]["body"])


def _arguments(function: Node) -> Iterator[Node]:
    """The arguments of a function that takes values of one type alone."""
    name = function["name"][-1]["Identifier"]["value"].lower()
    given = function["args"]
    if name in _OF_ONE_TYPE and isinstance(given, dict) and "List" in given:
        for each in given["List"]["args"]:
            unnamed = each.get("Unnamed")
            if isinstance(unnamed, dict) and "Expr" in unnamed:
                yield unnamed["Expr"]


def _without_brackets(node: Node) -> Node:
    while isinstance(node, dict) and "Nested" in node:
        node = node["Nested"]
    return node
