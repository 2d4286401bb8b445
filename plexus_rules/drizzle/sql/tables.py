"""``CREATE TABLE`` and the definitions of columns and constraints, out of syntax trees."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TypeVar

from msgspec.structs import replace

from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    TableShape,
    UniqueShape,
)
from plexus_rules.drizzle.sql.names import default_name, name_of, names_of, object_name
from plexus_rules.drizzle.sql.operations import (
    Constraint,
    CreateTable,
    Operation,
    PrimaryKeyConstraint,
    Unparsed,
)
from plexus_rules.drizzle.sql.sqlparser import Node
from plexus_rules.drizzle.sql.texts import Stretch, Text, type_name

_ACTIONS = {
    None: "no action",
    "NoAction": "no action",
    "Restrict": "restrict",
    "Cascade": "cascade",
    "SetNull": "set null",
    "SetDefault": "set default",
}
IDENTITIES = {"Always": "always", "ByDefault": "byDefault"}
#: What a CREATE TABLE may hold whose columns do not all stand in it.
_ELSEWHERE = {
    "query": "its columns come from a query",
    "like": "its columns come from another table",
    "clone": "its columns come from another table",
    "inherits": "it inherits columns",
    "partition_of": "it is a partition of another table",
    "temporary": "it is a temporary table",
}


def create_table(node: Node, text: Text) -> Operation:
    """A ``CREATE TABLE``; Unparsed where it does not say all of its columns."""
    for key, reason in _ELSEWHERE.items():
        if node[key]:
            return Unparsed(reason)
    table = object_name(node["name"], text.dialect)
    columns: dict[str, ColumnShape] = {}
    constraints: list[Constraint] = []
    for definition in node["columns"]:
        column, own = column_of(definition, text, table)
        columns[column.name] = column
        constraints += own
    nodes = node["constraints"]
    checks = _check_texts(node, text) if any("Check" in n for n in nodes) else iter(())
    for each in nodes:
        said = next(checks, "") if "Check" in each else ""
        constraints.append(constraint_of(each, text, table, said))
    return CreateTable(_table(table, columns, constraints), bool(node["if_not_exists"]))


def _table(name: str, columns: dict[str, ColumnShape], constraints: list[Constraint]) -> TableShape:
    keys = [c.columns for c in constraints if isinstance(c, PrimaryKeyConstraint)]
    return TableShape(
        name=name,
        columns=columns,
        primary_key=keys[-1] if keys else (),
        foreign_keys=tuple(c for c in constraints if isinstance(c, ForeignKeyShape)),
        uniques=_by_name([c for c in constraints if isinstance(c, UniqueShape)]),
        checks=_by_name([c for c in constraints if isinstance(c, CheckShape)]),
    )


_Named = TypeVar("_Named", UniqueShape, CheckShape)


def _by_name(constraints: list[_Named]) -> dict[str, _Named]:
    """By name; PostgreSQL numbers those that would be named alike."""
    found: dict[str, _Named] = {}
    for each in constraints:
        numbered = (f"{each.name}{number}" for number in count(1))
        name = each.name if each.name not in found else next(n for n in numbered if n not in found)
        found[name] = each if name == each.name else replace(each, name=name)
    return found


def column_of(node: Node, text: Text, table: str) -> tuple[ColumnShape, list[Constraint]]:
    """The definition of a column, and the constraints that stand at it."""
    name = name_of(node["name"], text.dialect)
    start = text.offset(node["name"]["span"]["end"])
    written = _Written(text, start)
    not_null = autoincrement = False
    generated = identity = None
    constraints: list[Constraint] = []
    for each in node["options"]:
        option, given = each["option"], each["name"]
        kind = option if isinstance(option, str) else next(iter(option))
        if kind == "NotNull":
            not_null = True
        elif kind == "Generated" and option[kind]["generation_expr"] is None:
            identity = IDENTITIES[option[kind]["generated_as"]]
        elif kind == "Generated":
            generated = written.generated()
        elif kind == "DialectSpecific":
            words = {token["Word"]["value"].upper() for token in option[kind] if "Word" in token}
            autoincrement = autoincrement or not words.isdisjoint(_AUTOINCREMENT)
        elif kind == "Check":
            inside = written.next_check()
            constraints.append(_check(given, text.dialect, table, (name,), inside))
        elif kind in _AT_COLUMN:
            inner = {**option[kind], "name": option[kind].get("name") or given}
            if kind == "Unique" and written.nulls_not_distinct():
                inner["nulls_distinct"] = "NotDistinct"
            constraints.append(_keyed(kind, inner, text.dialect, table, (name,)))
    if text.dialect == "postgresql":
        # Both are never null, and drizzle-kit leaves the words out at an identity.
        keys = any(isinstance(c, PrimaryKeyConstraint) for c in constraints)
        not_null = not_null or identity is not None or keys
    column = ColumnShape(
        name, written.type, not_null, written.default, autoincrement, generated, identity
    )
    return column, constraints


_AUTOINCREMENT = frozenset(("AUTOINCREMENT", "AUTO_INCREMENT"))
_AT_COLUMN = frozenset(("PrimaryKey", "Unique", "ForeignKey"))


class _Written:
    """How the parts of a column's definition are written."""

    def __init__(self, text: Text, start: int) -> None:
        self._text = text
        self._stretches: dict[str, Stretch] = {}
        self._checks: Iterator[Stretch] = iter(())
        plain = text.plain_column(start)
        if plain is not None:
            self.type, self.default = plain
            return
        options, _ = text.options(start)
        self._stretches = dict(reversed(options))  # of two of one kind the first counts
        self._checks = iter([stretch for word, stretch in options if word == "check"])
        self.type = type_name(text.said(self._stretches[""]))
        default = self._stretches.get("default")
        self.default = text.said(default) if default else None

    def generated(self) -> str:
        """The expression of a generated column; SQLite's snapshots keep its brackets."""
        text = self._text
        start, end = text.brackets(self._stretches["as"][0])
        return text.said((start - 1, end + 1) if text.dialect == "sqlite" else (start, end))

    def next_check(self) -> str:
        """What the brackets of the next check hold."""
        return self._text.said(self._text.brackets(next(self._checks)[0]))

    def nulls_not_distinct(self) -> bool:
        """Whether ``UNIQUE NULLS NOT DISTINCT`` is written: the parser does not know it here."""
        stretch = self._stretches.get("unique")
        return stretch is not None and self._text.said(stretch).lower() == "nulls"


def constraint_of(node: Node, text: Text, table: str, check: str) -> Constraint:
    """A constraint of a table. ``check`` is what the brackets of a check hold.

    Raises:
        KeyError: it is none that is known.
    """
    ((kind, inner),) = node.items()
    if kind == "Check":
        return _check(inner["name"], text.dialect, table, (), check)
    return _keyed(kind, inner, text.dialect, table, ())


def _keyed(
    kind: str, node: Node, dialect: str, table: str, at: tuple[str, ...]
) -> PrimaryKeyConstraint | UniqueShape | ForeignKeyShape:
    if kind == "ForeignKey":
        columns = at or names_of(node["columns"], dialect)
        return ForeignKeyShape(
            name=_name(node["name"], dialect, table, columns, "fkey"),
            columns=columns,
            to_table=object_name(node["foreign_table"], dialect),
            to_columns=names_of(node["referred_columns"], dialect),
            on_delete=_ACTIONS[node["on_delete"]],
            on_update=_ACTIONS[node["on_update"]],
        )
    columns = at or tuple(_column_name(each, dialect) for each in node["columns"])
    if kind == "PrimaryKey":
        return PrimaryKeyConstraint(_name(node["name"], dialect, table, (), "pkey"), columns)
    if kind == "Unique":
        name = _name(node["name"], dialect, table, columns, "key")
        return UniqueShape(name, columns, node["nulls_distinct"] == "NotDistinct")
    raise KeyError(kind)


def _column_name(node: Node, dialect: str) -> str:
    return name_of(node["column"]["expr"]["Identifier"], dialect)


def _check(
    given: Node, dialect: str, table: str, columns: tuple[str, ...], expression: str
) -> CheckShape:
    return CheckShape(_name(given, dialect, table, columns, "check"), expression)


def _name(given: Node, dialect: str, table: str, columns: tuple[str, ...], ending: str) -> str:
    """The name that is given, or else the database's own; SQLite has none for keys."""
    if given:
        return name_of(given, dialect)
    if dialect != "postgresql" and ending in ("fkey", "pkey"):
        return ""
    return default_name(table, columns, ending)


def _check_texts(node: Node, text: Text) -> Iterator[str]:
    """What the brackets of each check of a table hold, in order."""
    after_name = text.offset(node["name"][-1]["Identifier"]["span"]["end"])
    starts = [text.offset(column["name"]["span"]["start"]) for column in node["columns"]]
    for start, end in text.listed(text.brackets(after_name)[0]):
        if any(start <= each < end for each in starts):
            continue
        words = text.words(start, ("check",))
        if "check" in words:
            yield text.said(text.brackets(words["check"][0]))
