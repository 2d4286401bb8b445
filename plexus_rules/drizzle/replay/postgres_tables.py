"""What operations on whole tables, enums and schemas make of the model of a PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from plexus_rules.drizzle.replay import postgres_columns
from plexus_rules.drizzle.replay.postgres_names import renamed, renamed_type, split, told
from plexus_rules.drizzle.replay.postgres_state import Misfit, State
from plexus_rules.drizzle.shapes.model import TableShape
from plexus_rules.drizzle.sql import operations as ops


def apply(state: State, operation: ops.Operation) -> None:
    """Does what an operation says; nothing for one that the model does not hold.

    Raises:
        Misfit: it does not fit the schema.
    """
    handler = HANDLERS.get(type(operation))
    if handler is not None:
        handler(state, operation)


def _create_table(state: State, op: ops.CreateTable) -> None:
    name = op.table.name
    if op.if_not_exists and (name in state.tables or name in state.opaque):
        return
    state.require_free(name)
    state.tables[name] = op.table


def _drop_table(state: State, op: ops.DropTable) -> None:
    if op.table in state.opaque:
        state.opaque -= {op.table}
    elif op.table in state.tables:
        del state.tables[op.table]
        state.keys.pop(op.table, None)
        for other in [t for t in state.tables.values() if t.foreign_keys]:
            keys = tuple(k for k in other.foreign_keys if k.to_table != op.table)
            if keys != other.foreign_keys:
                state.tables[other.name] = replace(other, foreign_keys=keys)
    elif not op.if_exists:
        raise Misfit(f"table {told(op.table)} does not exist")


def _rename_table(state: State, op: ops.RenameTable) -> None:
    table = state.table(op.table)
    if table is None:
        state.opaque = state.opaque - {op.table} | {op.to}
        return
    state.require_free(op.to)
    _move(state, table, op.to)


def _move(state: State, table: TableShape, to: str) -> None:
    old, new = split(table.name)[1], split(to)[1]
    moved = replace(
        table,
        name=to,
        checks={
            n: replace(c, expression=renamed(c.expression, old, new))
            for n, c in table.checks.items()
        },
    )
    tables: dict[str, TableShape] = {}
    for name, other in state.tables.items():
        kept = moved if name == table.name else other
        if any(key.to_table == table.name for key in kept.foreign_keys):
            keys = tuple(
                replace(key, to_table=to) if key.to_table == table.name else key
                for key in kept.foreign_keys
            )
            kept = replace(kept, foreign_keys=keys)
        tables[kept.name] = kept
    state.tables, state.holders = tables, None
    if table.name in state.keys:
        state.keys[to] = state.keys.pop(table.name)


def _rename_schema(state: State, op: ops.RenameSchema) -> None:
    def new(name: str) -> str:
        schema, bare = split(name)
        return f"{op.to}.{bare}" if schema == op.name else name

    state.holders = None
    state.enums = {new(name): values for name, values in state.enums.items()}
    state.opaque = frozenset(map(new, state.opaque))
    state.tables = {
        new(name): replace(
            table,
            name=new(name),
            foreign_keys=tuple(replace(k, to_table=new(k.to_table)) for k in table.foreign_keys),
        )
        for name, table in state.tables.items()
    }
    _retype(state, new)


def _drop_schema(state: State, op: ops.DropSchema) -> None:
    if op.cascade:
        for name in [n for n in state.tables if split(n)[0] == op.name]:
            _drop_table(state, ops.DropTable(name))
        state.enums = {n: v for n, v in state.enums.items() if split(n)[0] != op.name}


def _retype(state: State, new: Callable[[str], str]) -> None:
    for table in list(state.tables.values()):
        changed = {n: c for n, c in table.columns.items() if new(c.type) != c.type}
        if changed:
            columns = {n: replace(c, type=new(c.type)) for n, c in changed.items()}
            state.tables[table.name] = replace(table, columns={**table.columns, **columns})


def _create_enum(state: State, op: ops.CreateEnum) -> None:
    if op.name in state.enums:
        raise Misfit(f"type {told(op.name)} already exists", is_there=True)
    state.enums[op.name] = op.values


def _add_enum_value(state: State, op: ops.AddEnumValue) -> None:
    values = list(state.enum(op.name))
    if op.value in values:
        if not op.if_not_exists:
            raise Misfit(f'enum label "{op.value}" already exists', is_there=True)
        return
    near = op.before if op.before is not None else op.after
    if near is not None and near not in values:
        raise Misfit(f'"{near}" is not an existing enum label')
    place = len(values) if near is None else values.index(near) + (op.before is None)
    values.insert(place, op.value)
    state.enums[op.name] = tuple(values)


def _rename_enum_value(state: State, op: ops.RenameEnumValue) -> None:
    values = state.enum(op.name)
    if op.value not in values:
        raise Misfit(f'"{op.value}" is not an existing enum label')
    state.enums[op.name] = tuple(op.to if value == op.value else value for value in values)


def _rename_type(state: State, op: ops.RenameType) -> None:
    if op.name not in state.enums:
        return  # another type than an enum
    if op.to in state.enums:
        raise Misfit(f"type {told(op.to)} already exists", is_there=True)
    state.enums = {(op.to if n == op.name else n): v for n, v in state.enums.items()}
    _retype(state, lambda kind: renamed_type(kind, op.name, op.to))


def _drop_type(state: State, op: ops.DropType) -> None:
    # Another type than an enum may have this name, so that it is no error to know none.
    state.enums.pop(op.name, None)


#: What each operation does.
HANDLERS: dict[type, Callable[[State, Any], None]] = {
    **postgres_columns.HANDLERS,
    ops.CreateTable: _create_table,
    ops.DropTable: _drop_table,
    ops.RenameTable: _rename_table,
    ops.CreateEnum: _create_enum,
    ops.AddEnumValue: _add_enum_value,
    ops.RenameEnumValue: _rename_enum_value,
    ops.RenameType: _rename_type,
    ops.DropType: _drop_type,
    ops.RenameSchema: _rename_schema,
    ops.DropSchema: _drop_schema,
}
