"""The columns of a database, statement by statement, with their types and defaults."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from plexus_rules.drizzle.shapes.model import ColumnShape, Shape
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    CreateEnum,
    CreateTable,
    DropColumn,
    DropTable,
    DropType,
    Operation,
    RenameColumn,
    RenameTable,
    RenameType,
    SetDefault,
    SetType,
)


def element(name: str) -> str:
    """The type of an array's elements; of another type itself."""
    return name.partition("[")[0]


class KnownColumns:
    """What is known of the columns. It starts with a shape, and follows what statements do.

    Attributes:
        tables: the columns of each table, by name, in order.
        enums: the names of the enums.
    """

    def __init__(self, shape: Shape) -> None:
        self.tables = {name: dict(table.columns) for name, table in shape.tables.items()}
        self.enums = set(shape.enums)

    def column(self, table: str, column: str) -> ColumnShape | None:
        """A column; None where it, or its table, is not known."""
        return self.tables.get(table, {}).get(column)

    def follow(self, operation: Operation) -> None:
        """Does what a statement does to tables, columns and enums, as far as both are known."""
        if isinstance(operation, CreateTable):
            known = operation.table.name in self.tables and operation.if_not_exists
            if not known:
                self.tables[operation.table.name] = dict(operation.table.columns)
        elif isinstance(operation, DropTable):
            self.tables.pop(operation.table, None)
        elif isinstance(operation, RenameTable):
            if operation.table in self.tables:
                self.tables[operation.to] = self.tables.pop(operation.table)
        elif isinstance(operation, CreateEnum):
            self.enums.add(operation.name)
        elif isinstance(operation, DropType):
            self.enums.discard(operation.name)
        elif isinstance(operation, RenameType):
            self._rename_type(operation)
        elif isinstance(operation, (AddColumn, DropColumn, RenameColumn, SetType, SetDefault)):
            self._follow_column(operation)

    def _follow_column(
        self, operation: AddColumn | DropColumn | RenameColumn | SetType | SetDefault
    ) -> None:
        columns = self.tables.get(operation.table)
        if columns is None:
            return
        if isinstance(operation, AddColumn):
            columns.setdefault(operation.column.name, operation.column)
        elif operation.column not in columns:
            return
        elif isinstance(operation, DropColumn):
            del columns[operation.column]
        elif isinstance(operation, SetType):
            self._change(operation, lambda c: replace(c, type=operation.type))
        elif isinstance(operation, SetDefault):
            self._change(operation, lambda c: replace(c, default=operation.default))
        else:
            self.tables[operation.table] = {
                operation.to if name == operation.column else name: column
                for name, column in columns.items()
            }

    def _change(
        self, operation: SetType | SetDefault, change: Callable[[ColumnShape], ColumnShape]
    ) -> None:
        columns = self.tables[operation.table]
        columns[operation.column] = change(columns[operation.column])

    def _rename_type(self, operation: RenameType) -> None:
        if operation.name in self.enums:
            self.enums = self.enums - {operation.name} | {operation.to}
        for columns in self.tables.values():
            for name, column in columns.items():
                base = element(column.type)
                if base == operation.name:
                    kind = operation.to + column.type[len(base) :]
                    columns[name] = replace(column, type=kind)
