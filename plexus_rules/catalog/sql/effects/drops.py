"""What dropping a table of SQLite does to the rows that refer to it, where foreign keys are on.

``DROP TABLE`` first deletes every row of the table, as ``DELETE FROM`` does. The references at that
moment decide what becomes of the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from plexus_rules.catalog.sql.effects.moment import Doubt, Moment, Question
from plexus_rules.catalog.sql.effects.tables import Column, Table, Tables
from plexus_rules.drizzle.shapes.model import ForeignKeyShape
from plexus_rules.drizzle.sql.operations import DropTable, Other
from plexus_rules.finding import Range

#: What ends the migrator's transaction: after it, switching foreign keys off works.
_ENDS = frozenset(("commit", "end", "rollback"))

#: More references than this are not followed from one dropped table.
_MOST = 200


class Effect(Enum):
    """What becomes of a row that refers to a dropped table. In order of how grave that is."""

    DELETED = "deleted"
    CLEARED = "cleared"
    REFUSED = "refused"


class Referrer(Struct, frozen=True):
    """A table with rows that refer to a dropped one.

    Attributes:
        table: its name after the migration.
        columns: those that refer.
        effect: what becomes of such a row.
        through: the table whose rows are deleted first, where it does not refer directly.
        is_itself: it is what takes the dropped table's place.
    """

    table: str
    columns: tuple[str, ...]
    effect: Effect
    through: str = ""
    is_itself: bool = False


class Drop(Struct, frozen=True):
    """A table that is dropped while rows refer to it. ``is_rebuild``: its rows are kept."""

    table: str
    range: Range
    is_rebuild: bool
    referrers: tuple[Referrer, ...]


class _Found(Struct, frozen=True):
    child: Table
    key: ForeignKeyShape
    effect: Effect
    parent: Table


class DropWatch:
    """Sees every ``DROP TABLE`` of a migration, and tells at its end what that did."""

    def __init__(self) -> None:
        self._seen: list[tuple[Moment, Table, list[_Found]]] = []
        self._ends_transaction = False
        self.doubts: list[Doubt] = []

    def see(self, moment: Moment) -> None:
        if isinstance(moment.operation, Other) and moment.operation.kind in _ENDS:
            self._ends_transaction = True
        if not isinstance(moment.operation, DropTable):
            return
        table = moment.tables.get(moment.operation.table)
        if moment.tables.is_unread:
            self._doubt(moment, "which tables refer to a dropped one is not known")
        elif table is not None and table.may_have_rows:
            found = list(_followed(table, moment.tables))
            if found and self._ends_transaction:
                self._doubt(moment, "it ends the migrator's transaction by itself")
            elif found:
                self._seen.append((moment, table, found))

    def _doubt(self, moment: Moment, reason: str) -> None:
        self.doubts.append(Doubt(Question.REFERENCES, moment.range, reason))

    def drops(self, tables: Tables) -> Iterator[Drop]:
        """The drops that touch rows of others, by what is there after the migration."""
        alive = {id(table) for table in tables.touched()}
        heirs: dict[str, list[Table]] = {}
        for heir in tables.touched():
            for origin in heir.rows_of:
                heirs.setdefault(origin, []).append(heir)
        for moment, table, found in self._seen:
            named = table.origin or tables.fold(table.name)
            referrers: dict[Referrer, None] = {}
            for item in found:
                child = item.child
                has_heirs = any(origin in heirs for origin in child.rows_of)
                is_gone = id(child) not in alive and not has_heirs
                is_put_back = child.written > moment.step
                if item.effect is not Effect.REFUSED and (is_gone or is_put_back):
                    continue
                if not child.is_known:
                    self._doubt(moment, f"what {child.name} refers to is not known")
                    continue
                referrers[_referrer(item, table, named, tables)] = None
            if referrers:
                is_rebuild = any(o in heirs for o in table.rows_of)
                name = moment.operation.table if isinstance(moment.operation, DropTable) else ""
                yield Drop(name, moment.range, is_rebuild, tuple(referrers))


def _referrer(item: _Found, dropped: Table, named: str, tables: Tables) -> Referrer:
    child = item.child
    is_itself = child is dropped or tables.fold(child.name) == named
    through = "" if item.parent is dropped else item.parent.name
    return Referrer(child.name, item.key.columns, item.effect, through, is_itself)


def _followed(dropped: Table, tables: Tables) -> Iterator[_Found]:
    """The references to a table, and to those whose rows are deleted with its rows."""
    waiting, seen, left = deque([dropped]), {id(dropped)}, _MOST
    while waiting and left > 0:
        parent = waiting.popleft()
        for child, key in tables.referring(parent)[:left]:
            left -= 1
            if child is parent:
                # All rows go: only what refuses at once stops that.
                if key.on_delete == "restrict" or _empties_required(key, child, tables):
                    yield _Found(child, key, Effect.REFUSED, parent)
                continue
            if child is dropped or not child.may_have_rows:
                continue
            effect = _effect(key, child, tables)
            yield _Found(child, key, effect, parent)
            if effect is Effect.DELETED and id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)


def _effect(key: ForeignKeyShape, child: Table, tables: Tables) -> Effect:
    if key.on_delete == "cascade":
        return Effect.DELETED
    if key.on_delete not in ("set null", "set default") or _empties_required(key, child, tables):
        return Effect.REFUSED
    # No row is left that the default could refer to.
    has_default = any(c.shape.default is not None for c in _referring_columns(key, child, tables))
    is_default_set = key.on_delete == "set default" and has_default
    return Effect.REFUSED if is_default_set else Effect.CLEARED


def _empties_required(key: ForeignKeyShape, child: Table, tables: Tables) -> bool:
    """Whether a reference is set to NULL, or a default, in a column that is NOT NULL."""
    if key.on_delete not in ("set null", "set default"):
        return False
    return any(column.shape.not_null for column in _referring_columns(key, child, tables))


def _referring_columns(key: ForeignKeyShape, child: Table, tables: Tables) -> list[Column]:
    columns = (child.columns.get(tables.fold(name)) for name in key.columns)
    return [column for column in columns if column is not None]
