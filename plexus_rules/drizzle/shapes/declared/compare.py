"""What ``drizzle-kit generate`` would find: what a schema declares, against a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.shapes.compare import enum_differences, table_differences
from plexus_rules.drizzle.shapes.declared.casing import Casing, cased
from plexus_rules.drizzle.shapes.declared.model import Declared, DeclaredTable
from plexus_rules.drizzle.shapes.declared.naming import is_named, qualified_name
from plexus_rules.drizzle.shapes.declared.schema import casing_of, declared
from plexus_rules.drizzle.shapes.model import (
    Aspect,
    ColumnShape,
    Difference,
    IndexShape,
    TableShape,
)
from plexus_rules.drizzle.shapes.snapshots import enums_of, table_shape, tables_of
from plexus_rules.drizzle.tables import SchemaTables


class Comparison(Struct, frozen=True):
    """A schema, and what it says differently than a snapshot.

    ``changes`` are the certain differences, by table; those of an enum stand under its name with
    ``enum`` before it. The schema is the first of the two.
    """

    declared: Declared
    changes: Mapping[str, list[Difference]]

    @classmethod
    def of(
        cls, database: Database, schema: SchemaTables, snapshot: Mapping[str, Any]
    ) -> Comparison:
        """Compares a schema of a database.

        Raises:
            TreeError: a config cannot be read.
        """
        dialect, casing = database.dialect, casing_of(database)
        if _contradicts(schema, dialect, casing, snapshot):
            casing = Casing.UNKNOWN
        read = declared(schema, dialect, casing)
        return cls(read, schema_changes(read, snapshot, dialect))

    def shared(self, others: Iterable[Comparison]) -> Comparison:
        """The same without the changes that another schema of the database does not have."""
        changes = dict(self.changes)
        for other in others:
            both = {
                name: [change for change in found if change in other.changes.get(name, ())]
                for name, found in changes.items()
            }
            changes = {name: found for name, found in both.items() if found}
        return Comparison(self.declared, changes)


def _contradicts(
    schema: SchemaTables, dialect: str, casing: Casing, snapshot: Mapping[str, Any]
) -> bool:
    """Whether a snapshot knows a column by the name that another casing gives it."""
    kept: Mapping[str, Any] = {}
    for table in schema.tables:
        if table.core != dialect:
            continue
        for column in table.columns:
            if is_named(column):
                continue
            names = {cased(column.key, each) for each in _CASINGS}
            if len(names) > 1:
                kept = kept or tables_of(snapshot)
                columns = kept.get(qualified_name(table), {}).get("columns", {})
                known = {name for name in names if name in columns}
                if known and cased(column.key, casing) not in known:
                    return True
    return False


_CASINGS = (Casing.KEPT, Casing.SNAKE, Casing.CAMEL)
_COMPARED = (
    *("columns", "indexes", "foreignKeys", "compositePrimaryKeys"),
    *("uniqueConstraints", "checkConstraints"),
)


def schema_changes(
    schema: Declared, snapshot: Mapping[str, Any], dialect: str
) -> dict[str, list[Difference]]:
    """The certain differences of a schema, the first, and a snapshot, by table or enum."""
    found: dict[str, list[Difference]] = {}
    known = tables_of(snapshot)
    for name, table in schema.tables.items():
        differences = list(_table_changes(name, table, known.get(name), dialect))
        if differences:
            found[name] = differences
    if schema.complete:
        for name in known.keys() - schema.tables.keys():
            found[name] = [Difference(name, "", Aspect.TABLE, None, name)]
    if dialect == "postgresql":
        for difference in _enum_changes(schema, snapshot):
            found[f"enum {difference.table}"] = [difference]
    return found


def _enum_changes(schema: Declared, snapshot: Mapping[str, Any]) -> Iterator[Difference]:
    kept = enums_of(snapshot)
    listed = {name: enum.values for name, enum in schema.enums.items()}
    for name, values in listed.items():
        if values is None and name not in kept:
            yield Difference(name, "", Aspect.ENUM, "values that cannot be read", None)
    read = {name: values for name, values in listed.items() if values is not None}
    unread = listed.keys() - read.keys()
    for difference in enum_differences(read, {n: v for n, v in kept.items() if n not in unread}):
        if difference.one is not None or schema.complete:
            yield difference


def _table_changes(
    name: str, declared: DeclaredTable, kept: Mapping[str, Any] | None, dialect: str
) -> Iterator[Difference]:
    if kept is None:
        yield Difference(name, "", Aspect.TABLE, name, None)
    elif not _is_same(declared.raw, kept):
        one, other = table_shape(declared.raw), table_shape(kept)
        found = [*table_differences(dialect, name, one, other), *_spelled_otherwise(one, other)]
        told: dict[tuple[Aspect, str], Difference] = {}
        for difference in found:
            told.setdefault((difference.aspect, difference.part), difference)
        yield from filter(declared.is_certain, told.values())


def _is_same(declared: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether a snapshot holds the very same table."""
    if any(declared[part] != kept.get(part, {}) for part in _COMPARED):
        return False
    # For Python, true is 1.
    columns = kept.get("columns", {})
    return not any(
        isinstance(column.get("default"), bool) != isinstance(columns[name].get("default"), bool)
        for name, column in declared["columns"].items()
    )


def _spelled_otherwise(one: TableShape, other: TableShape) -> Iterator[Difference]:
    """What means the same, written in another way: drizzle-kit compares what is written."""
    for name, column in one.columns.items():
        twin = other.columns.get(name)
        for aspect, mine, theirs in _texts(column, twin) if twin is not None else ():
            if mine != theirs:
                yield Difference(one.name, name, aspect, mine, theirs)
    for name, index in one.indexes.items():
        same = other.indexes.get(name)
        if same is not None and (index.columns, index.where) != (same.columns, same.where):
            yield Difference(one.name, name, Aspect.INDEX, _index_text(index), _index_text(same))
    for name, check in one.checks.items():
        kept = other.checks.get(name)
        if kept is not None and kept.expression != check.expression:
            yield Difference(one.name, name, Aspect.CHECK, check.expression, kept.expression)
    yield from _named_otherwise(one, other)


def _named_otherwise(one: TableShape, other: TableShape) -> Iterator[Difference]:
    """The references that have another name, or stand beside another of the same columns."""
    mine, theirs = ({key.name: key for key in shape.foreign_keys} for shape in (one, other))
    for own, known in ((mine, theirs), (theirs, mine)):
        pairs = {key.columns: name for name, key in known.items() if name not in own}
        every = {key.columns for key in known.values()}
        for name, key in own.items():
            if name and name not in known and key.columns in every:
                told = (name, pairs.get(key.columns))
                part = ", ".join(key.columns)
                in_order = told if own is mine else told[::-1]
                yield Difference(one.name, part, Aspect.FOREIGN_KEY, *in_order)


def _index_text(index: IndexShape) -> str:
    where = f" where {index.where}" if index.where else ""
    return f"({', '.join(index.columns)}){where}"


def _texts(
    column: ColumnShape, twin: ColumnShape
) -> tuple[tuple[Aspect, str | None, str | None], ...]:
    required, kept = ("NOT NULL" if c.not_null else "nullable" for c in (column, twin))
    return (
        (Aspect.NOT_NULL, required, kept),
        (Aspect.TYPE, column.type, twin.type),
        (Aspect.DEFAULT, column.default, twin.default),
        (Aspect.GENERATED, column.generated, twin.generated),
    )
