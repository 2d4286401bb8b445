"""The tables of a database while one of its migrations runs, statement by statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from plexus_rules.drizzle.shapes.model import ColumnShape, ForeignKeyShape, TableShape
from plexus_rules.drizzle.shapes.snapshots import table_shape
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    AddConstraint,
    CopyRows,
    CreateTable,
    DropColumn,
    DropSchema,
    DropTable,
    Operation,
    PrimaryKeyConstraint,
    RedefineColumn,
    RenameColumn,
    RenameSchema,
    RenameTable,
    SetDefault,
    SetIdentity,
    SetNotNull,
)

_WORD = re.compile(r"\w+")

#: A column of the schema before the migration: its table and its name, folded.
Origin = tuple[str, str]


class Column(Struct, eq=False):
    """A column as it stands. ``origins`` are the columns before whose values it holds."""

    shape: ColumnShape
    origins: set[Origin] = field(default_factory=set)


class Table(Struct, eq=False):
    """A table as it stands.

    Attributes:
        name: its name at this moment.
        origin: its name before the migration, folded; None where the migration made it.
        columns: by their names, folded.
        references: as they were made; what they refer to now is for Tables to say.
        rows_of: the tables before, folded, whose rows it holds.
        computed: the columns before from which expressions took what it holds.
        may_have_rows: False for a new table into which nothing was written yet.
        is_known: whether its columns and references can be told.
        written: at which step rows were last copied into it; -1 for never.
    """

    name: str
    origin: str | None
    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: frozenset[str] = frozenset()
    references: tuple[ForeignKeyShape, ...] = ()
    rows_of: set[str] = field(default_factory=set)
    computed: set[Origin] = field(default_factory=set)
    may_have_rows: bool = True
    is_known: bool = True
    written: int = -1

    def take_all(self, source: Table) -> None:
        """Takes the rows of another table in a way that cannot be told column by column."""
        self.rows_of |= source.rows_of
        self.computed |= source.computed
        self.computed.update(*(column.origins for column in source.columns.values()))


#: A table, and one of its references.
Reference = tuple[Table, ForeignKeyShape]


class Tables:
    """Starts from the schema before a migration, and follows what the migration does.

    A table of the schema before is read when an operation touches it, and no sooner.

    Args:
        dialect: the dialect of the database.
        before: gives the tables of the snapshot before; None where that cannot be read. It is
            called at most once, when a table is needed that the migration did not make.
    """

    def __init__(
        self, dialect: str, before: Callable[[], Mapping[str, Mapping[str, Any]] | None]
    ) -> None:
        self._dialect = dialect
        self._read_before = before
        self._before: dict[str, Mapping[str, Any]] | None = None
        self._now: dict[str, Table | None] = {}
        #: By the name of a table, folded: the references to it, of tables that were read.
        self._referring: dict[str, list[Reference]] = {}
        #: By the name of a table, folded: the tables that refer to it and may not be read yet.
        self._unread_children: dict[str, list[str]] | None = None
        #: Whether the schema before was needed and cannot be read.
        self.is_unread = False

    def fold(self, name: str) -> str:
        """A name as the database compares it: SQLite knows no case."""
        return name.lower().removeprefix("main.") if self._dialect == "sqlite" else name

    def get(self, name: str) -> Table | None:
        """A table; None where it is not there, as far as the schema before can tell."""
        key = self.fold(name)
        if key not in self._now:
            raw = self._schema_before().get(key)
            if raw is not None:
                self.put(self._table(table_shape(raw), key))
            elif self.is_unread:
                self._now[key] = Table(name, key, rows_of={key}, is_known=False)
        return self._now.get(key)

    def touched(self) -> Iterator[Table]:
        """The tables that are there and that an operation touched, or made."""
        return (table for table in self._now.values() if table is not None)

    def names_in(self, schema: str) -> list[str]:
        """The tables that a database schema had before."""
        return [name for name in self._schema_before() if name.startswith(f"{schema}.")]

    def is_new(self, name: str) -> bool:
        """Whether the migration made a table, and nothing was written into it yet."""
        table = self._now.get(self.fold(name))
        return table is not None and table.origin is None and not table.may_have_rows

    def is_dropped(self, name: str) -> bool:
        """Whether the migration has dropped a table, or given it another name."""
        key = self.fold(name)
        return key in self._now and self._now[key] is None

    def referring(self, table: Table) -> list[Reference]:
        """The references to a table, of itself among them."""
        target = self.fold(table.name)
        self._read_children(target)
        return [
            (child, key)
            for child, key in self._referring.get(target, ())
            if self._now.get(self.fold(child.name)) is child
        ]

    def loaded(self, name: str) -> Table | None:
        """A table that an operation touched before, or made; no other is read for this."""
        return self._now.get(self.fold(name))

    def put(self, table: Table) -> None:
        """Takes a table for the one of its name."""
        self._now[self.fold(table.name)] = table
        for key in table.references:
            self._refer(table, key)

    def apply(self, operation: Operation, step: int, text: str) -> None:
        """Follows one operation of a statement. One on a table that is not there does nothing."""
        match operation:
            case CreateTable(table=shape, if_not_exists=is_lenient):
                if not (is_lenient and self.get(shape.name)):
                    self.put(self._table(shape, None))
            case DropTable(table=name):
                self._now[self.fold(name)] = None
            case RenameTable(table=name, to=to):
                self._rename(name, to)
            case CopyRows(into=into, source=source):
                self._copy(operation, self.get(into), self.get(source), step, text)
            case AddConstraint(table=name, constraint=PrimaryKeyConstraint(columns=columns)):
                if table := self.get(name):
                    table.primary_key = frozenset(map(self.fold, columns))
            case AddColumn() | DropColumn() | RenameColumn():
                if table := self.get(operation.table):
                    self._alter(table, operation)
            case SetNotNull() | SetDefault() | SetIdentity() | RedefineColumn():
                self._set(operation)
            case RenameSchema(name=schema, to=to):
                for name in self.names_in(schema):
                    self._rename(name, to + name.removeprefix(schema))
            case DropSchema(name=schema):
                self._now.update(dict.fromkeys(self.names_in(schema)))
            case _:
                pass

    def _alter(self, table: Table, operation: AddColumn | DropColumn | RenameColumn) -> None:
        match operation:
            case AddColumn(column=column, constraints=constraints):
                key = self.fold(column.name)
                if not (operation.if_not_exists and key in table.columns):
                    table.columns[key] = Column(column)
                    for constraint in constraints:
                        if isinstance(constraint, ForeignKeyShape):
                            self._refer(table, constraint)
            case DropColumn(column=name):
                table.columns.pop(self.fold(name), None)
            case RenameColumn(column=name, to=to):
                if found := table.columns.pop(self.fold(name), None):
                    renamed = replace(found.shape, name=to)
                    table.columns[self.fold(to)] = Column(renamed, found.origins)

    def _set(self, change: SetNotNull | SetDefault | SetIdentity | RedefineColumn) -> None:
        table = self.get(change.table)
        column = table.columns.get(self.fold(change.column)) if table else None
        if column is None:
            return
        match change:
            case SetNotNull(not_null=not_null):
                column.shape = replace(column.shape, not_null=not_null)
            case SetDefault(default=default):
                column.shape = replace(column.shape, default=default)
            case SetIdentity(identity=identity):
                column.shape = replace(column.shape, identity=identity)
            case RedefineColumn(to=to):
                column.shape = to

    def _rename(self, name: str, to: str) -> None:
        """Renames a table. The references to it follow, its own among them."""
        table = self.get(name) or Table(name, None, is_known=False)
        old, new = self.fold(name), self.fold(to)
        if self._dialect == "sqlite":
            self._read_children(old)
            self._read_children(new)
            moved, there = self._referring.pop(old, []), self._referring.get(new)
            self._referring[new] = [*there, *moved] if there else moved
        self._now[old] = None
        table.name = to
        self._now[new] = table

    def _copy(
        self, copy: CopyRows, into: Table | None, source: Table | None, step: int, text: str
    ) -> None:
        if into is None:
            return
        into.may_have_rows, into.written = True, step
        if source is None:
            return
        names = copy.columns or tuple(into.columns)
        if len(names) != len(copy.selected):
            into.take_all(source)
            return
        into.rows_of |= source.rows_of
        into.computed |= source.computed
        for name, selected in zip(names, copy.selected, strict=True):
            target = into.columns.get(self.fold(name))
            found = source.columns.get(self.fold(selected[0])) if selected else None
            if target is not None and found is not None:
                target.origins |= found.origins
        if None in copy.selected:
            read = _read_by(text)
            taken = (c.origins for name, c in source.columns.items() if read(name))
            into.computed.update(*taken)

    def _table(self, shape: TableShape, origin: str | None) -> Table:
        columns = {
            self.fold(name): Column(column, {(origin, self.fold(name))} if origin else set())
            for name, column in shape.columns.items()
        }
        return Table(
            shape.name,
            origin,
            columns,
            frozenset(map(self.fold, shape.primary_key)),
            shape.foreign_keys,
            {origin} if origin else set(),
            may_have_rows=origin is not None,
        )

    def _refer(self, table: Table, key: ForeignKeyShape) -> None:
        if self._dialect == "sqlite":
            self._referring.setdefault(self.fold(key.to_table), []).append((table, key))

    def _read_children(self, target: str) -> None:
        """Reads the tables of the schema before that refer to one."""
        if self._unread_children is None:
            self._unread_children = {}
            for name, raw in self._schema_before().items():
                keys = raw.get("foreignKeys")
                for key in keys.values() if isinstance(keys, dict) else ():
                    if isinstance(key, dict):
                        to = self.fold(str(key.get("tableTo")))
                        self._unread_children.setdefault(to, []).append(name)
        for name in self._unread_children.pop(target, ()):
            if name not in self._now:
                self.get(name)

    def _schema_before(self) -> dict[str, Mapping[str, Any]]:
        if self._before is None:
            before = self._read_before()
            self.is_unread = before is None
            self._before = {self.fold(name): raw for name, raw in (before or {}).items()}
        return self._before


def _read_by(text: str) -> Callable[[str], bool]:
    """Whether the expressions that a statement selects may name a column."""
    words = set(_WORD.findall(text.lower().partition("select")[2]))
    return lambda name: name.lower() in words or not _WORD.fullmatch(name)
