"""Tables and columns that a migration drops with what they hold."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plexus_rules.catalog.sql.effects.moment import Moment
from plexus_rules.catalog.sql.effects.tables import Column, Origin, Table, Tables
from plexus_rules.drizzle.shapes.model import ColumnShape
from plexus_rules.drizzle.shapes.spelling import same_type
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    CopyRows,
    CreateTable,
    DropColumn,
    DropSchema,
    DropTable,
)
from plexus_rules.finding import Range

#: So many new tables, and columns, are looked at for what may be an old one renamed.
_MOST_NEW = 50


class Loss(Struct, frozen=True):
    """A table, or a column of one, that is there before a migration and not after it.

    Attributes:
        column: empty for a whole table.
        is_left_out: a rebuild does not copy the column.
        is_emptied: it is there again afterwards, and empty.
        instead: what the same migration adds that may be the same thing under a new name.
    """

    table: str
    column: str
    range: Range
    is_left_out: bool = False
    is_emptied: bool = False
    instead: tuple[str, ...] = ()


class _Dropped(Struct, frozen=True):
    """A table or column at the moment when it is dropped."""

    table: Table
    name: str
    range: Range
    column: Column | None = None


class LossWatch:
    """Sees what a migration drops, and tells at its end what of that is gone."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._dropped: list[_Dropped] = []
        self._added: list[AddColumn] = []
        self._made: list[str] = []
        self._copies: dict[int, Range] = {}

    def see(self, moment: Moment) -> None:
        tables = moment.tables
        match moment.operation:
            case DropTable(table=name, if_exists=is_lenient):
                self._drop_table(tables.get(name), name, is_lenient, moment)
            case DropSchema(name=schema, cascade=True):
                for name in tables.names_in(schema):
                    self._drop_table(tables.get(name), name, True, moment)
            case DropColumn(table=name, column=column):
                self._drop_column(name, column, moment)
            case AddColumn() as added if len(self._added) < _MOST_NEW:
                self._added.append(added)
            case CreateTable(table=shape) if len(self._made) < _MOST_NEW:
                self._made.append(shape.name)
            case CopyRows():
                self._copies[moment.step] = moment.range

    def _drop_table(self, table: Table | None, name: str, is_lenient: bool, moment: Moment) -> None:
        if table is None and not is_lenient and not moment.tables.is_dropped(name):
            key = moment.tables.fold(name)
            table = Table(name, key, rows_of={key}, is_known=False)
        if table is not None and table.rows_of:
            self._dropped.append(_Dropped(table, name, moment.range))

    def _drop_column(self, name: str, column: str, moment: Moment) -> None:
        table, key = moment.tables.get(name), moment.tables.fold(column)
        if table is None or not table.rows_of:
            return
        found = table.columns.get(key)
        if found is None and not table.is_known:
            found = Column(ColumnShape(column, ""), {(table.origin or "", key)})
        if found is not None and found.origins and found.shape.generated is None:
            self._dropped.append(_Dropped(table, name, moment.range, found))

    def losses(self, tables: Tables) -> Iterator[Loss]:
        """What is gone after the migration."""
        heirs: dict[str, list[Table]] = {}
        kept: set[Origin] = set()
        for table in tables.touched():
            for source in table.rows_of:
                heirs.setdefault(source, []).append(table)
            kept |= table.computed
            for column in table.columns.values():
                kept |= column.origins
        for dropped in self._dropped:
            holding = [heir for o in dropped.table.rows_of for heir in heirs.get(o, ())]
            if dropped.column is not None:
                if holding and not dropped.column.origins & kept:
                    yield self._column(dropped, dropped.column.shape, holding[0], tables)
            elif (origin := dropped.table.origin) is not None:
                # Rows that went into a table of before have not taken their table along.
                heirs_of = (h for h in holding if h.origin is None or tables.fold(h.name) == origin)
                heir = next(heirs_of, None)
                if heir is None:
                    yield self._table(dropped, origin, tables)
                elif dropped.table.is_known and heir.is_known:
                    yield from self._left_out(dropped, heir, kept, tables)

    def _table(self, dropped: _Dropped, origin: str, tables: Tables) -> Loss:
        name = dropped.name if tables.fold(dropped.name) == origin else origin
        again = tables.get(origin) is not None
        columns = dropped.table.columns.keys()
        alike = [
            made
            for made in self._made
            if not again and (new := tables.get(made)) and new.columns.keys() == columns
        ]
        return Loss(name, "", dropped.range, is_emptied=again, instead=tuple(alike))

    def _column(self, dropped: _Dropped, shape: ColumnShape, table: Table, tables: Tables) -> Loss:
        again = tables.fold(shape.name) in table.columns
        added = [
            a.column.name
            for a in self._added
            if not again
            and tables.fold(a.table) == tables.fold(dropped.name)
            and same_type(self._dialect, a.column.type, shape.type)
        ]
        return Loss(dropped.name, shape.name, dropped.range, is_emptied=again, instead=tuple(added))

    def _left_out(
        self, dropped: _Dropped, heir: Table, kept: set[Origin], tables: Tables
    ) -> Iterator[Loss]:
        """The columns of a table that its rebuild does not copy."""
        where = self._copies.get(heir.written, dropped.range)
        for key, column in dropped.table.columns.items():
            if column.shape.generated is None and column.origins and not column.origins & kept:
                again = key in heir.columns
                yield Loss(heir.name, column.shape.name, where, True, again)
