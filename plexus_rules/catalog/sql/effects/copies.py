"""Columns that a rebuild of SQLite copies from a table that does not have them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from plexus_rules.catalog.sql.effects.moment import Doubt, Moment, Question
from plexus_rules.drizzle.sql.operations import CopyRows, DropTable, Located, RenameTable
from plexus_rules.finding import Range

#: Names that SQLite knows in every table, or that are no names where they stand unquoted.
_ROW_ID = frozenset(("rowid", "oid", "_rowid_"))
_VALUES = frozenset(
    ("null", "true", "false", "current_date", "current_time", "current_timestamp", "default")
)


class MissingColumn(Struct, frozen=True):
    """A column that is copied and not there. ``is_text``: it may be taken as a text instead."""

    source: str
    into: str
    column: str
    range: Range
    is_text: bool


class CopyWatch:
    """Sees the copies of a migration whose ``operations`` are known beforehand."""

    def __init__(self, operations: Sequence[Located]) -> None:
        replaced = (found.operation for found in operations)
        self._replaced = {o.table for o in replaced if isinstance(o, DropTable | RenameTable)}
        self.missing: list[MissingColumn] = []
        self.doubts: list[Doubt] = []

    def see(self, moment: Moment) -> None:
        copy = moment.operation
        if not isinstance(copy, CopyRows):
            return
        tables = moment.tables
        replaced = {tables.fold(name) for name in self._replaced}
        is_rebuild = bool({tables.fold(copy.source), tables.fold(copy.into)} & replaced)
        named = copy.columns if len(copy.columns) == len(copy.selected) else ()
        selects = moment.text.partition("(")[2] or moment.text
        suspects: list[str] = []
        source = tables.get(copy.source)
        for position, selected in enumerate(copy.selected):
            if selected is None:
                continue
            name, is_quoted = selected
            key = tables.fold(name)
            if key in _ROW_ID or (not is_quoted and key in _VALUES):
                continue
            into = named[position] if named else name
            if source is not None and key in source.columns:
                continue
            if is_rebuild or tables.fold(into) == key:
                suspects.append(name)
        if not suspects:
            return
        if source is None or not source.is_known:
            reason = f"the columns of {copy.source} before it are not known"
            self.doubts.append(Doubt(Question.COPIES, moment.range, reason))
            return
        selects = moment.text.lower().partition("select")[2]
        for name in dict.fromkeys(suspects):
            is_text = f'"{name.lower()}"' in selects and f'."{name.lower()}"' not in selects
            self.missing.append(MissingColumn(copy.source, copy.into, name, moment.range, is_text))
