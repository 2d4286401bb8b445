"""``ALTER …``, ``CREATE INDEX``, ``CREATE TYPE`` and ``DROP …``, out of syntax trees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plexus_rules.drizzle.shapes.model import IndexShape
from plexus_rules.drizzle.sql.names import (
    default_name,
    in_schema_of,
    name_of,
    names_of,
    object_name,
)
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    CreateEnum,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropTable,
    DropType,
    Operation,
    Other,
    RenameColumn,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    RenameSchema,
    RenameTable,
    RenameType,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetType,
    Unparsed,
)
from plexus_rules.drizzle.sql.sqlparser import Node
from plexus_rules.drizzle.sql.tables import IDENTITIES, column_of, constraint_of
from plexus_rules.drizzle.sql.texts import Stretch, Text, type_name

#: What an ALTER TABLE may do that no shape holds.
_UNSEEN_ACTIONS = (
    "EnableRowLevelSecurity DisableRowLevelSecurity ForceRowLevelSecurity NoForceRowLevelSecurity"
    " ValidateConstraint OwnerTo ReplicaIdentity SetOptionsParens EnableTrigger DisableTrigger"
    " EnableAlwaysTrigger EnableReplicaTrigger EnableRule DisableRule EnableAlwaysRule"
    " EnableReplicaRule"
)
_UNSEEN = frozenset(_UNSEEN_ACTIONS.split())


def alter_table(node: Node, text: Text) -> Iterator[Operation]:
    """The actions of an ``ALTER TABLE``."""
    table = object_name(node["name"], text.dialect)
    actions = node["operations"]
    after = text.offset(node["name"][-1]["Identifier"]["span"]["end"])
    several = len(actions) > 1
    parts = text.listed(after) if several else [(after, len(text.text))]
    for action, (start, _) in zip(actions, parts, strict=True):
        kind, inner = (action, {}) if isinstance(action, str) else next(iter(action.items()))
        yield from _action(kind, inner, text, table, start)


def _action(kind: str, node: Node, text: Text, table: str, start: int) -> Iterator[Operation]:
    dialect = text.dialect
    if kind == "AddColumn":
        column, constraints = column_of(node["column_def"], text, table)
        yield AddColumn(table, column, tuple(constraints), bool(node["if_not_exists"]))
    elif kind == "DropColumn":
        for name in names_of(node["column_names"], dialect):
            cascade = node["drop_behavior"] == "Cascade"
            yield DropColumn(table, name, bool(node["if_exists"]), cascade)
    elif kind == "AlterColumn":
        yield _alter_column(node, text, table)
    elif kind == "AddConstraint":
        is_check = "Check" in node["constraint"]
        said = text.said(text.brackets(start)) if is_check else ""
        yield AddConstraint(table, constraint_of(node["constraint"], text, table, said))
    elif kind == "DropConstraint":
        name, cascade = name_of(node["name"], dialect), node["drop_behavior"] == "Cascade"
        yield DropConstraint(table, name, bool(node["if_exists"]), cascade)
    elif kind == "RenameTable":
        to = object_name(next(iter(node["table_name"].values())), dialect)
        yield RenameTable(table, in_schema_of(to, table))
    elif kind == "RenameColumn":
        old, new = (name_of(node[f"{age}_column_name"], dialect) for age in ("old", "new"))
        yield RenameColumn(table, old, new)
    elif kind == "RenameConstraint":
        old, new = (name_of(node[f"{age}_name"], dialect) for age in ("old", "new"))
        yield RenameConstraint(table, old, new)
    elif kind in _UNSEEN:
        yield Other("table setting")
    else:
        yield Unparsed(f"{kind} is no action that is known")


def _alter_column(node: Node, text: Text, table: str) -> Operation:
    column = name_of(node["column_name"], text.dialect)
    change = node["op"]
    kind = change if isinstance(change, str) else next(iter(change))
    if kind in ("SetNotNull", "DropNotNull"):
        return SetNotNull(table, column, kind == "SetNotNull")
    if kind == "DropDefault":
        return SetDefault(table, column, None)
    if kind == "AddGenerated":
        return SetIdentity(table, column, IDENTITIES[change[kind]["generated_as"]])
    words = text.words(
        text.offset(node["column_name"]["span"]["end"]), ("type", "using", "default")
    )
    if kind == "SetDefault":
        return SetDefault(table, column, text.said(words["default"]))
    if kind == "SetDataType":
        using = text.said(words["using"]) if "using" in words else None
        return SetType(table, column, type_name(text.said(words["type"])), using)
    return Unparsed(f"{kind} is no change of a column that is known")


def create_index(node: Node, text: Text) -> Operation:
    """A ``CREATE INDEX``."""
    dialect = text.dialect
    table = object_name(node["table_name"], dialect)
    after = text.offset(node["table_name"][-1]["Identifier"]["span"]["end"])
    inside = text.brackets(after)
    columns = tuple(_index_columns(node["columns"], text, inside))
    where = None
    if node["predicate"] is not None:
        where = text.said(text.words(inside[1] + 1, ("where",))["where"])
    method = node["using"]
    name = object_name(node["name"], dialect) if node["name"] else default_index(table, columns)
    index = IndexShape(
        name=name.rpartition(".")[2] if dialect == "postgresql" else name,
        columns=columns,
        unique=bool(node["unique"]),
        where=where,
        method=_method(method),
    )
    return CreateIndex(table, index, bool(node["if_not_exists"]))


def default_index(table: str, columns: tuple[str, ...]) -> str:
    """The name that PostgreSQL gives to an index that has none."""
    return default_name(table, columns, "idx")


def _method(node: Node) -> str:
    if isinstance(node, dict):
        (custom,) = node.values()
        return str(custom["value"]).lower()
    return str(node or "").lower()


def _index_columns(nodes: Node, text: Text, inside: Stretch) -> Iterator[str]:
    """Each column of an index as its snapshot names it: see ``IndexShape``."""
    parts: list[Stretch] = []
    for number, node in enumerate(nodes):
        column, options = node["column"]["expr"], node["column"]["options"]
        opclass, plain = node["operator_class"], isinstance(column, dict)
        is_name = plain and "Identifier" in column
        bare = opclass is None and options["asc"] is None and options["nulls_first"] is None
        if is_name and bare:
            yield name_of(column["Identifier"], text.dialect)
            continue
        parts = parts or text.listed(inside[0])
        start, end = parts[number]
        if text.dialect != "postgresql":
            yield text.said((start, end))
            continue
        name = name_of(column["Identifier"], text.dialect) if is_name else ""
        yield _ordered(name, text, (start, end), opclass, options)


_ORDER = re.compile(r"(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*\Z", re.IGNORECASE)


def _ordered(name: str, text: Text, stretch: Stretch, opclass: Node, options: Node) -> str:
    start, end = stretch
    said = name
    if opclass:
        end = text.offset(opclass[0]["Identifier"]["span"]["start"])
    elif found := _ORDER.search(text.mask, start, end):
        end = found.start()
    said = name or text.said((start, end))
    if opclass:
        said += f" {object_name(opclass, text.dialect)}"
    descending = options["asc"] is False
    if descending:
        said += " desc"
    nulls_first = options["nulls_first"]
    if nulls_first is not None and nulls_first is not descending:
        said += " nulls first" if nulls_first else " nulls last"
    return said


def create_type(node: Node, text: Text) -> Operation:
    """A ``CREATE TYPE``."""
    representation = node["representation"]
    if not isinstance(representation, dict) or "Enum" not in representation:
        return Other("type")
    labels = representation["Enum"]["labels"]
    values = tuple(label["value"] for label in labels)
    return CreateEnum(object_name(node["name"], text.dialect), values)


def alter_type(node: Node, text: Text) -> Operation:
    """An ``ALTER TYPE``."""
    name = object_name(node["name"], text.dialect)
    ((kind, inner),) = node["operation"].items()
    if kind == "Rename":
        return RenameType(name, in_schema_of(name_of(inner["new_name"], text.dialect), name))
    if kind == "RenameValue":
        return RenameEnumValue(name, inner["from"]["value"], inner["to"]["value"])
    if kind == "AddValue":
        where = inner["position"] or {}
        before, after = (where[side]["value"] if side in where else None for side in _SIDES)
        return AddEnumValue(
            name, inner["value"]["value"], before, after, bool(inner["if_not_exists"])
        )
    return Unparsed(f"{kind} is no change of a type that is known")


_SIDES = ("Before", "After")


def alter_index(node: Node, text: Text) -> Operation:
    """An ``ALTER INDEX``."""
    name = object_name(node["name"], text.dialect)
    to = object_name(node["operation"]["RenameIndex"]["index_name"], text.dialect)
    return RenameIndex(name, in_schema_of(to, name))


def alter_schema(node: Node, text: Text) -> Iterator[Operation]:
    """An ``ALTER SCHEMA``."""
    name = object_name(node["name"], text.dialect)
    for change in node["operations"]:
        if isinstance(change, dict) and "Rename" in change:
            yield RenameSchema(name, object_name(change["Rename"]["name"], text.dialect))
        else:
            yield Other("schema")


def drop(node: Node, text: Text) -> Iterator[Operation]:
    """A ``DROP`` of tables, indexes, types, schemas, or of what no shape holds."""
    if_exists, cascade = bool(node["if_exists"]), bool(node["cascade"])
    kind = node["object_type"]
    for parts in node["names"]:
        name = object_name(parts, text.dialect)
        if kind == "Table":
            yield DropTable(name, if_exists, cascade)
        elif kind == "Index":
            yield DropIndex(name, if_exists)
        elif kind == "Type":
            yield DropType(name, if_exists, cascade)
        elif kind == "Schema":
            yield DropSchema(name, if_exists, cascade)
        else:
            yield Other(kind.lower())
