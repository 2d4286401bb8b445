"""What two shapes of one database disagree about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from typing import TypeVar

from plexus_rules.drizzle.shapes.model import (
    Aspect,
    ColumnShape,
    Difference,
    ForeignKeyShape,
    IndexShape,
    Shape,
    TableShape,
)
from plexus_rules.drizzle.shapes.spelling import same_expression, same_type

_T = TypeVar("_T")


def differences(one: Shape, other: Shape) -> Iterator[Difference]:
    """Every difference of two shapes of one dialect, table by table."""
    for name in sorted(one.tables.keys() | other.tables.keys()):
        yield from table_differences(
            one.dialect, name, one.tables.get(name), other.tables.get(name)
        )
    yield from enum_differences(one.enums, other.enums)


def enum_differences(
    one: Mapping[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]
) -> Iterator[Difference]:
    """The enums that two shapes disagree about. The order of the values counts."""
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            told = (_listed(enums[name]) if name in enums else None for enums in (one, other))
            yield Difference(name, "", Aspect.ENUM, *told)


def table_differences(
    dialect: str, name: str, one: TableShape | None, other: TableShape | None
) -> Iterator[Difference]:
    """Every difference of one table; of the table as a whole where one does not have it."""
    if one is None or other is None:
        if one is not other:
            told = (name if table else None for table in (one, other))
            yield Difference(name, "", Aspect.TABLE, *told)
        return
    if one == other:
        return
    for column in _merged(one.columns, other.columns):
        before, after = one.columns.get(column), other.columns.get(column)
        if before != after:
            is_key = column in one.primary_key and column in other.primary_key
            yield from _column(dialect, name, before, after, is_key)
    if one.primary_key != other.primary_key:
        keys = (_listed(s.primary_key) if s.primary_key else None for s in (one, other))
        yield Difference(name, "", Aspect.PRIMARY_KEY, *keys)
    yield from _indexes(dialect, name, one.indexes, other.indexes)
    yield from _foreign_keys(name, one.foreign_keys, other.foreign_keys)
    yield from _named(
        name,
        Aspect.UNIQUE,
        one.uniques,
        other.uniques,
        lambda u: _listed(u.columns) + (" nulls not distinct" if u.nulls_not_distinct else ""),
    )
    for check in _merged(one.checks, other.checks):
        mine, theirs = (
            s.checks[check].expression if check in s.checks else None for s in (one, other)
        )
        if not same_expression(dialect, mine, theirs):
            yield Difference(name, check, Aspect.CHECK, mine, theirs)


def _column(
    dialect: str, table: str, one: ColumnShape | None, other: ColumnShape | None, is_key: bool
) -> Iterator[Difference]:
    if one is None or other is None:
        known = one or other
        assert known is not None
        told = (_described(column) if column else None for column in (one, other))
        yield Difference(table, known.name, Aspect.COLUMN, *told)
        return
    if not same_type(dialect, one.type, other.type):
        yield Difference(table, one.name, Aspect.TYPE, one.type, other.type)
    if one.not_null != other.not_null and not (
        dialect == "postgresql" and _never_null(one, is_key)
    ):
        said = ("NOT NULL" if c.not_null else "nullable" for c in (one, other))
        yield Difference(table, one.name, Aspect.NOT_NULL, *said)
    for aspect, mine, theirs in (
        (Aspect.DEFAULT, one.default, other.default),
        (Aspect.GENERATED, one.generated, other.generated),
    ):
        if not same_expression(dialect, mine, theirs):
            yield Difference(table, one.name, aspect, mine, theirs)
    if one.autoincrement != other.autoincrement:
        kept = ("autoincrement" if c.autoincrement else None for c in (one, other))
        yield Difference(table, one.name, Aspect.AUTOINCREMENT, *kept)
    if one.identity != other.identity:
        yield Difference(table, one.name, Aspect.IDENTITY, one.identity, other.identity)


def _described(column: ColumnShape) -> str:
    words = [column.type]
    if column.not_null:
        words.append("NOT NULL")
    if column.default is not None:
        words.append(f"DEFAULT {column.default}")
    return " ".join(words)


def _never_null(column: ColumnShape, is_key: bool) -> bool:
    """Whether PostgreSQL makes a column NOT NULL without being told."""
    return is_key or column.identity is not None or column.type.lower() in _SERIALS


_SERIALS = ("serial", "bigserial", "smallserial")


def _indexes(
    dialect: str, table: str, one: Mapping[str, IndexShape], other: Mapping[str, IndexShape]
) -> Iterator[Difference]:
    for name in _merged(one, other):
        mine, theirs = one.get(name), other.get(name)
        if mine is None or theirs is None or not _same_index(dialect, mine, theirs):
            told = (_told_index(index) if index else None for index in (mine, theirs))
            yield Difference(table, name, Aspect.INDEX, *told)


def _same_index(dialect: str, one: IndexShape, other: IndexShape) -> bool:
    return (
        one.unique == other.unique
        and (one.method or "btree") == (other.method or "btree")
        and len(one.columns) == len(other.columns)
        and all(map(same_expression, repeat(dialect), one.columns, other.columns))
        and same_expression(dialect, one.where, other.where)
    )


def _told_index(index: IndexShape) -> str:
    kind = "unique " if index.unique else ""
    where = f" where {index.where}" if index.where else ""
    method = f" using {index.method}" if index.method not in ("", "btree") else ""
    return f"{kind}{_listed(index.columns)}{method}{where}"


def _foreign_keys(
    table: str, one: tuple[ForeignKeyShape, ...], other: tuple[ForeignKeyShape, ...]
) -> Iterator[Difference]:
    """References are known by their columns: SQLite does not keep their names."""
    mine, theirs = ({key.columns: key for key in keys} for keys in (one, other))
    for columns in _merged(mine, theirs):
        told = [_reference(keys.get(columns)) for keys in (mine, theirs)]
        if told[0] != told[1]:
            yield Difference(table, ", ".join(columns), Aspect.FOREIGN_KEY, *told)


def _reference(key: ForeignKeyShape | None) -> str | None:
    if key is None:
        return None
    actions = "".join(
        f" on {event} {action}"
        for event, action in (("delete", key.on_delete), ("update", key.on_update))
        if action != "no action"
    )
    return f"{key.to_table}{_listed(key.to_columns)}{actions}"


def _named(
    table: str,
    aspect: Aspect,
    one: Mapping[str, _T],
    other: Mapping[str, _T],
    tell: Callable[[_T], str],
) -> Iterator[Difference]:
    for name in _merged(one, other):
        told = [tell(parts[name]) if name in parts else None for parts in (one, other)]
        if told[0] != told[1]:
            yield Difference(table, name, aspect, *told)


def _merged(one: Mapping[_T, object], other: Mapping[_T, object]) -> tuple[_T, ...]:
    """The keys of both, those of the first first."""
    return tuple(dict.fromkeys((*one, *other)))


def _listed(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})"
