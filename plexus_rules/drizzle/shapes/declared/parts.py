"""What the indexes and constraints of a table are made of: names, columns, SQL."""

from __future__ import annotations

from typing import Any

from plexus_rules.drizzle.columns import Column, quoted
from plexus_rules.drizzle.shapes.declared.extras import Own
from plexus_rules.drizzle.shapes.declared.literals import Odd
from plexus_rules.drizzle.shapes.declared.model import Hole, Notes
from plexus_rules.drizzle.shapes.declared.naming import Names, Reference
from plexus_rules.drizzle.shapes.model import Aspect
from plexus_rules.drizzle.values import Place

Raw = dict[str, Any]


class Parts:
    """Reads the parts of what is said of one table, and notes what cannot be read."""

    def __init__(self, names: Names, own: Own, raw: Raw, notes: Notes) -> None:
        self._names = names
        self._own = own
        self._table = own.table
        self._raw = raw
        self._notes = notes
        self._is_sqlite = names.core == "sqlite"
        self._mixed_up: set[str] = set()

    def _name(self, arguments: list[Place]) -> str | Odd | None:
        """The name that is given first; empty where there is none, UNKNOWN where it is computed."""
        value = self._names.literals.value(arguments[0]) if arguments else Odd.UNDEFINED
        if value is Odd.UNDEFINED:
            return None
        return value if isinstance(value, str) else Odd.UNKNOWN

    def _listed(
        self, arguments: list[Place], key: str
    ) -> tuple[list[tuple[Column, str]] | None, str | Odd | None]:
        """The columns and the name of ``{ columns: […], name }``, or the columns given as such."""
        if not arguments or arguments[0].node.type != "object":
            return self._named(arguments), None
        listed = self._array(self._names.property(arguments[0], key))
        given = self._names.option(arguments[0], "name")
        name = None if given is Odd.UNDEFINED else given
        columns = None if listed is None else self._named(listed)
        return columns, name if name is None or isinstance(name, str) else Odd.UNKNOWN

    def _array(self, place: Place | Odd | None) -> list[Place] | None:
        found = self._names.values.follow(place) if isinstance(place, Place) else None
        if not isinstance(found, Place) or found.node.type != "array":
            return None
        return [found.at(n).unwrapped() for n in found.node.named_children if n.type != "comment"]

    def _references(self, place: Place | Odd | None) -> list[Reference] | None:
        found = [self._column(one) for one in self._array(place) or ()]
        return None if None in found else [one for one in found if one is not None]

    def _named(self, places: list[Place]) -> list[tuple[Column, str]] | None:
        found: list[tuple[Column, str]] = []
        for place in places:
            target = self._column(place)
            name = self._names.of(target.column) if target is not None else None
            if target is None or name is None:
                return None
            found.append((target.column, name))
        return found

    def _column(self, place: Place) -> Reference | None:
        own = self._own.column(place)
        return self._names.reference(place) if own is None else Reference(self._table, own)

    def _column_name(self, place: Place) -> str | None:
        found = self._column(place)
        return None if found is None else self._names.of(found.column)

    def _sql(self, place: Place, *, in_index: bool) -> str | None:
        """The text of an ``sql`` template; the table's name stands before columns in no index."""
        return self._names.literals.sql(place, lambda inner: self._quoted(inner, in_index))

    def _quoted(self, place: Place, in_index: bool) -> str | None:
        found = self._column(place)
        name = self._names.of(found.column) if found is not None else None
        if found is None or name is None:
            return None
        parts = [name] if in_index else [str(found.table.name), name]
        if found.table.schema is not None and not in_index:
            parts.insert(0, found.table.schema)
        return ".".join(f'"{part}"' for part in parts)

    def generated(self, place: Place) -> str | None:
        """The text of a generated column: SQL, a function that gives it, or a string."""
        found = self._names.literals.sql_of_function(
            place, lambda inner: self._quoted(inner, self._is_sqlite)
        )
        if found is None:
            value = self._names.literals.value(place)
            found = value if isinstance(value, str) else None
        return f"({found})" if found is not None and self._is_sqlite else found

    def _miss(self, place: Place, aspect: Aspect, part: str | None) -> None:
        reason = f"the {aspect.value} {quoted(place)} cannot be told without running it"
        self._notes.miss(place, reason, Hole(aspect, part))
