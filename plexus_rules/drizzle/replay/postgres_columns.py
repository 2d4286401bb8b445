"""What operations on columns, constraints and indexes make of the model of a PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from plexus_rules.drizzle.replay.postgres_names import (
    mentions,
    rekeyed,
    renamed,
    split,
    told,
    without,
)
from plexus_rules.drizzle.replay.postgres_state import Misfit, State
from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    TableShape,
    UniqueShape,
)
from plexus_rules.drizzle.sql import operations as ops


def _add_column(state: State, op: ops.AddColumn) -> None:
    table = state.table(op.table)
    if table is None:
        return
    name = op.column.name
    if name in table.columns:
        if not op.if_not_exists:
            raise Misfit(
                f'column "{name}" of relation {told(op.table)} already exists', is_there=True
            )
        return
    state.set_column(table, op.column)
    for constraint in op.constraints:
        _add_constraint(state, ops.AddConstraint(op.table, constraint))


def _drop_column(state: State, op: ops.DropColumn) -> None:
    table = state.table(op.table)
    if table is None:
        return
    gone = op.column
    if gone not in table.columns:
        if not op.if_exists:
            raise Misfit(f'column "{gone}" of relation {told(op.table)} does not exist')
        return
    state.tables[op.table] = replace(
        table,
        columns={name: column for name, column in table.columns.items() if name != gone},
        primary_key=() if gone in table.primary_key else table.primary_key,
        indexes={
            name: index
            for name, index in table.indexes.items()
            if not any(mentions(column, gone) for column in index.columns)
            and not (index.where and mentions(index.where, gone))
        },
        foreign_keys=tuple(key for key in table.foreign_keys if gone not in key.columns),
        uniques={n: unique for n, unique in table.uniques.items() if gone not in unique.columns},
        checks={n: c for n, c in table.checks.items() if not mentions(c.expression, gone)},
    )
    if op.cascade:
        _drop_references(state, op.table, gone)


def _drop_references(state: State, to: str, column: str) -> None:
    for other in list(state.tables.values()):
        keys = tuple(
            k for k in other.foreign_keys if k.to_table != to or column not in k.to_columns
        )
        if keys != other.foreign_keys:
            state.tables[other.name] = replace(other, foreign_keys=keys)


def _rename_column(state: State, op: ops.RenameColumn) -> None:
    found = state.column(op.table, op.column)
    if found is None:
        return
    table, column = found
    if op.to in table.columns:
        raise Misfit(f'column "{op.to}" of relation {told(op.table)} already exists', is_there=True)
    old, new = op.column, op.to

    def names(listed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if name == old else name for name in listed)

    def text(said: str) -> str:
        return renamed(said, old, new)

    state.tables[op.table] = TableShape(
        name=table.name,
        columns={
            (new if name == old else name): (
                replace(column, name=new)
                if name == old
                else replace(c, generated=text(c.generated))
                if c.generated
                else c
            )
            for name, c in table.columns.items()
        },
        primary_key=names(table.primary_key),
        indexes={
            name: replace(
                index,
                columns=tuple(
                    text(c) if c not in table.columns else c for c in names(index.columns)
                ),
                where=text(index.where) if index.where else None,
            )
            for name, index in table.indexes.items()
        },
        foreign_keys=tuple(replace(k, columns=names(k.columns)) for k in table.foreign_keys),
        uniques={n: replace(u, columns=names(u.columns)) for n, u in table.uniques.items()},
        checks={n: replace(c, expression=text(c.expression)) for n, c in table.checks.items()},
    )
    for other in list(state.tables.values()):
        if any(k.to_table == op.table and old in k.to_columns for k in other.foreign_keys):
            keys = tuple(
                replace(k, to_columns=names(k.to_columns)) if k.to_table == op.table else k
                for k in other.foreign_keys
            )
            state.tables[other.name] = replace(other, foreign_keys=keys)


def _alter(
    change: Callable[[ColumnShape, Any], ColumnShape],
) -> Callable[[State, Any], None]:
    """Makes an operation of what it does to one column."""

    def handler(state: State, op: Any) -> None:
        found = state.column(op.table, op.column)
        if found is not None:
            state.set_column(found[0], change(found[1], op))

    return handler


def _add_constraint(state: State, op: ops.AddConstraint) -> None:
    table = state.table(op.table)
    if table is None:
        return
    new = op.constraint
    if new.name and new.name in constraint_names(table):
        raise Misfit(
            f'constraint "{new.name}" for relation {told(op.table)} already exists', is_there=True
        )
    listed = () if isinstance(new, CheckShape) else new.columns
    for column in listed:
        if column not in table.columns:
            raise Misfit(f'column "{column}" of relation {told(op.table)} does not exist')
    if isinstance(new, ops.PrimaryKeyConstraint):
        if table.primary_key:
            raise Misfit(
                f"multiple primary keys for table {told(op.table)} are not allowed", is_there=True
            )
        table = replace(table, primary_key=new.columns)
        state.keys[op.table] = new.name
    elif isinstance(new, ForeignKeyShape):
        table = replace(table, foreign_keys=(*table.foreign_keys, new))
    elif isinstance(new, UniqueShape):
        table = replace(table, uniques={**table.uniques, new.name: new})
    else:
        table = replace(table, checks={**table.checks, new.name: new})
    state.tables[op.table] = table


def constraint_names(table: TableShape) -> set[str]:
    """The names of all constraints of a table but its primary key."""
    return {*table.uniques, *table.checks, *(key.name for key in table.foreign_keys)}


def _drop_constraint(state: State, op: ops.DropConstraint) -> None:
    table = state.table(op.table)
    if table is None:
        return
    if op.name in constraint_names(table):
        state.tables[op.table] = replace(
            table,
            foreign_keys=tuple(k for k in table.foreign_keys if k.name != op.name),
            uniques=without(table.uniques, op.name),
            checks=without(table.checks, op.name),
        )
    elif table.primary_key and _is_key(state, op):
        state.tables[op.table] = replace(table, primary_key=())
    elif not op.if_exists:
        raise Misfit(f'constraint "{op.name}" of relation {told(op.table)} does not exist')


def _is_key(state: State, op: ops.DropConstraint) -> bool:
    """Whether a constraint is the primary key, by its name if that is known."""
    known = state.keys.get(op.table)
    return op.name.endswith(("_pk", "_pkey")) if known is None else op.name == known


def _rename_constraint(state: State, op: ops.RenameConstraint) -> None:
    table = state.table(op.table)
    if state.keys.get(op.table) == op.name:
        state.keys[op.table] = op.to
    if table is None or op.name not in constraint_names(table):
        return
    state.tables[op.table] = replace(
        table,
        foreign_keys=tuple(
            replace(k, name=op.to) if k.name == op.name else k for k in table.foreign_keys
        ),
        uniques=rekeyed(table.uniques, op.name, op.to),
        checks=rekeyed(table.checks, op.name, op.to),
    )


def _create_index(state: State, op: ops.CreateIndex) -> None:
    table = state.table(op.table)
    if table is None:
        return
    schema, _ = split(op.table)
    name = f"{schema}.{op.index.name}" if schema else op.index.name
    if op.if_not_exists and state.holder(name) is not None:
        return
    state.require_free(name)
    for column in op.index.columns:
        if column not in table.columns and re.fullmatch(r"\w+", column):
            raise Misfit(f'column "{column}" does not exist')
    state.add_index(table, op.index)


def _drop_index(state: State, op: ops.DropIndex) -> None:
    table = state.holder(op.name)
    if table is not None:
        bare = split(op.name)[1]
        state.tables[table.name] = replace(table, indexes=without(table.indexes, bare))
    elif not op.if_exists and not state.opaque:
        raise Misfit(f"index {told(op.name)} does not exist")


def _rename_index(state: State, op: ops.RenameIndex) -> None:
    table = state.holder(op.name)
    if table is not None:
        old, new = split(op.name)[1], split(op.to)[1]
        state.tables[table.name] = replace(table, indexes=without(table.indexes, old))
        state.add_index(state.tables[table.name], replace(table.indexes[old], name=new))


#: What each operation does.
HANDLERS: dict[type, Callable[[State, Any], None]] = {
    ops.AddColumn: _add_column,
    ops.DropColumn: _drop_column,
    ops.RenameColumn: _rename_column,
    ops.SetType: _alter(lambda column, op: replace(column, type=op.type)),
    ops.SetDefault: _alter(lambda column, op: replace(column, default=op.default)),
    ops.SetNotNull: _alter(lambda column, op: replace(column, not_null=op.not_null)),
    ops.SetIdentity: _alter(lambda column, op: replace(column, identity=op.identity)),
    ops.DropExpression: _alter(lambda column, op: replace(column, generated=None)),
    ops.AddConstraint: _add_constraint,
    ops.DropConstraint: _drop_constraint,
    ops.RenameConstraint: _rename_constraint,
    ops.CreateIndex: _create_index,
    ops.DropIndex: _drop_index,
    ops.RenameIndex: _rename_index,
}
