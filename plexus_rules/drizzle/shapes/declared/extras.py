"""The third argument of a table: its indexes and constraints."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from plexus_rules.drizzle.columns import Column, quoted
from plexus_rules.drizzle.modules import Symbol
from plexus_rules.drizzle.shapes.declared.model import OF_EXTRAS, Notes
from plexus_rules.drizzle.shapes.declared.naming import Names
from plexus_rules.drizzle.tables import Table
from plexus_rules.drizzle.values import (
    Place,
    chain,
    parameters,
    properties,
    property_name,
    returned,
)


class Extra(Struct, frozen=True):
    """One index or constraint: the function of the core, its call, the methods called on it."""

    function: str
    call: Place
    methods: tuple[tuple[str, Place], ...]
    whole: Place


class Own(Struct, frozen=True):
    """What the parameter of the third argument stands for: the columns of the table itself."""

    table: Table
    parameter: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    def column(self, place: Place) -> Column | None:
        """The column that an expression names by that parameter."""
        if place.node.type == "identifier":
            key = self.keys.get(place.text)
            return self.table.column(key) if key is not None else None
        inside, name = place.child("object"), place.child("property")
        if place.node.type != "member_expression" or inside is None or name is None:
            return None
        is_own = inside.node.type == "identifier" and inside.text == self.parameter
        return self.table.column(name.text) if is_own else None


def extras_of(table: Table, names: Names, notes: Notes) -> tuple[Own, list[Extra]]:
    """The indexes and constraints of a table that can be read, and whose columns they name."""
    found: list[Extra] = []
    function = names.values.follow(table.extras) if table.extras is not None else None
    body = returned(function) if isinstance(function, Place) else None
    if table.extras is None or function is None:
        return Own(table), found
    value = names.values.follow(body) if body is not None else None
    if not isinstance(function, Place) or not isinstance(value, Place):
        notes.miss_any(table.extras, f"{quoted(table.extras)} cannot be read", OF_EXTRAS)
        return Own(table), found
    for item in _items(value):
        extra = None if item is None else _extra(item, names)
        if extra is not None:
            found.append(extra)
        elif item is None or not _is_policy(item, names):
            place = value if item is None else item
            reason = f"what {quoted(place)} adds to the table cannot be read"
            notes.miss_any(place, reason, OF_EXTRAS)
    return _own(table, function), found


def _items(value: Place) -> Iterator[Place | None]:
    """What an array or an object lists, arrays within an array too; None for what is unread."""
    if value.node.type == "array":
        for node in value.node.named_children:
            if node.type == "array":
                yield from (value.at(n) for n in node.named_children if n.type != "comment")
            elif node.type not in ("comment", "object"):  # drizzle-orm passes over objects
                yield value.at(node).unwrapped()
    elif value.node.type == "object":
        for part in properties(value):
            yield part.value.unwrapped()
    else:
        yield None


def _extra(item: Place, names: Names) -> Extra | None:
    """One index or constraint; None for what none of Drizzle's functions makes."""
    found = names.values.follow(item)
    if isinstance(found, Symbol):
        return None
    calls = list(chain(found))
    builder = names.builders.of(calls[-1])
    if builder is None or builder.core != names.core:
        return None
    methods: list[tuple[str, Place]] = []
    for call in reversed(calls[:-1]):
        function = call.child("function")
        method = function.child("property") if function is not None else None
        methods.append(("" if method is None else method.text, call))
    return Extra(builder.name, calls[-1], tuple(methods), item)


def _is_policy(item: Place, names: Names) -> bool:
    """Whether it is a policy of row-level security, which is not compared."""
    calls = list(chain(item))
    function = calls[-1].child("function")
    target = names.values.follow(function) if function is not None else None
    is_drizzle = isinstance(target, Symbol) and target.path.startswith("drizzle-orm/")
    return is_drizzle and "policy" in getattr(target, "name", "").lower()


def _own(table: Table, function: Place) -> Own:
    """The columns by the names that the function has for them: ``(t) =>``, ``({ id }) =>``."""
    for pattern in parameters(function)[:1]:
        if pattern.type == "identifier":
            return Own(table, function.at(pattern).text)
        keys: dict[str, str] = {}
        for part in pattern.named_children if pattern.type == "object_pattern" else ():
            if part.type == "shorthand_property_identifier_pattern":
                name = function.at(part).text
                keys[name] = name
            elif part.type == "pair_pattern":
                key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
                if key is not None and value is not None:
                    keys[function.at(value).text] = property_name(function.source, key) or ""
        return Own(table, "", keys)
    return Own(table)
