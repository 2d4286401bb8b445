"""Indexes and constraints as drizzle-kit writes them into a snapshot."""

from __future__ import annotations

from typing import Any

from plexus_rules.drizzle.columns import Column, Modifier
from plexus_rules.drizzle.shapes.declared.extras import Extra
from plexus_rules.drizzle.shapes.declared.literals import Odd
from plexus_rules.drizzle.shapes.declared.naming import (
    Reference,
    Uncased,
    own_name,
)
from plexus_rules.drizzle.shapes.declared.parts import Parts, Raw
from plexus_rules.drizzle.shapes.model import Aspect
from plexus_rules.drizzle.values import Place, returned

_ORDERS = {"asc": ("asc", True), "desc": ("asc", False)}
_NULLS = {"nullsFirst": "first", "nullsLast": "last"}


class ConstraintWriter(Parts):
    """Adds the indexes and constraints of one table to its raw form."""

    def add(self, extra: Extra) -> str | None:
        """Adds what an item of the third argument says; the name that it has."""
        match extra.function:
            case "index" | "uniqueIndex":
                return self._index(extra)
            case "unique":
                return self._unique(extra)
            case "primaryKey":
                return self._primary_key(extra)
            case "foreignKey":
                return self._foreign_key(extra)
            case "check":
                return self._check(extra)
        return None

    # Columns

    def unique_column(self, column: Column, name: str, modifier: Modifier) -> None:
        """The ``unique()`` of a column."""
        call = modifier.call
        arguments = call.arguments() if call is not None else []
        given = self._name(arguments)
        nulls = self._names.option(arguments[1], "nulls") if len(arguments) > 1 else Odd.UNDEFINED
        if call is not None and Odd.UNKNOWN in (given, nulls):
            self._miss(call, self._unique_aspect, None)
        else:
            given = given or f"{self._table.name}_{own_name(column)}_unique"
            self._add_unique(str(given), [name], nulls == "not distinct")

    def reference(self, column: Column, name: str, modifier: Modifier) -> None:
        """The ``references()`` of a column."""
        call = modifier.call
        arguments = call.arguments() if call is not None else []
        if call is None or not arguments:
            return
        function = self._names.values.follow(arguments[0])
        body = returned(function) if isinstance(function, Place) else None
        target = self._column(body) if body is not None else None
        actions = arguments[1] if len(arguments) > 1 else None
        if target is None or not self._add_key(call, [(column, name)], [target], None, actions):
            self._miss(call, Aspect.FOREIGN_KEY, None)

    # Items of the third argument

    def _index(self, extra: Extra) -> str | None:
        given = self._name(extra.call.arguments())
        columns: list[Any] | None = None
        found: Raw = {"isUnique": extra.function == "uniqueIndex"}
        if not self._is_sqlite:
            found |= {"concurrently": False, "method": "btree", "with": {}}
        is_known = True
        for method, call in extra.methods:
            arguments = call.arguments()
            match method:
                case "on" | "onOnly":
                    columns = self._index_columns(arguments)
                    used = {c["expression"] for c in columns or () if isinstance(c, dict)}
                    is_known = is_known and used.isdisjoint(self._mixed_up)
                    # After it, drizzle-orm mixes up the orders of these columns in other indexes.
                    self._mixed_up |= used if method == "onOnly" else set()
                case "using" if arguments and not self._is_sqlite:
                    columns = self._index_columns(arguments[1:])
                    found["method"] = self._names.literals.value(arguments[0])
                case "where" if arguments:
                    found["where"] = self._sql(arguments[0], in_index=False)
                    is_known = is_known and found["where"] is not None
                case "concurrently":
                    found["concurrently"] = True
                case "with" if arguments:
                    found["with"] = self._names.literals.value(arguments[0])
                case _:
                    is_known = False
        if not given and columns is not None and not self._is_sqlite:
            own = "_".join(column["expression"] for column in columns)
            has_sql = any(column["isExpression"] for column in columns)
            given = Odd.UNKNOWN if has_sql else f"{self._table.name}_{own}_index"
        if not isinstance(given, str) or not given:
            self._miss(extra.whole, Aspect.INDEX, None)
            return None
        if columns is None or not is_known or Odd.UNKNOWN in found.values():
            self._miss(extra.whole, Aspect.INDEX, given)
        self._raw["indexes"][given] = {"name": given, "columns": columns or [], **found}
        return given

    def _index_columns(self, places: list[Place]) -> list[Any] | None:
        found = [self._index_column(place) for place in places]
        return None if None in found or not found else found

    def _index_column(self, place: Place) -> Any:
        text = self._sql(place, in_index=True)
        if self._is_sqlite:
            return self._column_name(place) if text is None else text
        if text is not None:
            return {"expression": text, "isExpression": True, "asc": True, "nulls": "last"}
        found: Raw = {"isExpression": False, "asc": True, "nulls": "last"}
        while place.node.type == "call_expression":
            function = place.child("function")
            method = function.child("property") if function is not None else None
            inside = function.child("object") if function is not None else None
            if method is None or inside is None:
                return None
            if method.text in _ORDERS:
                key, value = _ORDERS[method.text]
                found.setdefault(f"_{key}", value)
            elif method.text in _NULLS:
                found.setdefault("_nulls", _NULLS[method.text])
            elif method.text == "op":
                opclass = self._names.literals.value(next(iter(place.arguments()), place))
                found.setdefault("opclass", opclass)
            else:
                return None
            place = inside
        found["asc"] = found.pop("_asc", True)
        found["nulls"] = found.pop("_nulls", "last")
        name = self._column_name(place)
        is_text = isinstance(found.get("opclass", ""), str)
        return {"expression": name, **found} if name is not None and is_text else None

    def _unique(self, extra: Extra) -> str | None:
        given = self._name(extra.call.arguments())
        columns: list[tuple[Column, str]] | None = None
        nulls_not_distinct = False
        for method, call in extra.methods:
            if method == "on":
                columns = self._named(call.arguments())
            elif method == "nullsNotDistinct":
                nulls_not_distinct = True
            else:
                columns = None
        if not columns or isinstance(given, Odd):
            part = given if isinstance(given, str) and given else None
            self._miss(extra.whole, self._unique_aspect, part)
            return None
        own = "_".join(own_name(column) for column, _ in columns)
        name = given or f"{self._table.name}_{own}_unique"
        self._add_unique(name, [name for _, name in columns], nulls_not_distinct)
        return name

    def _primary_key(self, extra: Extra) -> str | None:
        arguments = extra.call.arguments()
        columns, given = self._listed(arguments, "columns")
        if not columns or isinstance(given, Odd) or extra.methods:
            self._miss(extra.whole, Aspect.PRIMARY_KEY, None)
            return None
        if self._is_sqlite and len(columns) == 1:
            raw = self._raw["columns"].get(columns[0][1])
            if raw is not None:
                raw["primaryKey"] = True
            return None
        uncased = Uncased(self._names)
        for column, name in columns:
            uncased.add(column, name)
        own = "_".join(own_name(column) for column, _ in columns)
        name = uncased.turn(given or f"{self._table.name}_{own}_pk")
        listed = [name for _, name in columns]
        self._raw["compositePrimaryKeys"][name] = {"name": name, "columns": listed}
        return name

    def _foreign_key(self, extra: Extra) -> str | None:
        arguments = extra.call.arguments()
        options = self._given_by_function(arguments[0]) if arguments else None
        if options is not None:
            columns, given = self._listed([options], "columns")
            targets = self._references(self._names.property(options, "foreignColumns"))
            actions = self._methods(extra)
            if columns and targets and actions is not None and not isinstance(given, Odd):
                return self._put_key(columns, targets, given, actions)
        self._miss(extra.whole, Aspect.FOREIGN_KEY, None)
        return None

    def _given_by_function(self, place: Place) -> Place:
        found = self._names.values.follow(place)
        body = returned(found) if isinstance(found, Place) else None
        return place if body is None else body

    def _methods(self, extra: Extra) -> Raw | None:
        """The actions that ``onDelete`` and ``onUpdate`` set; None where they cannot be read."""
        found: Raw = {}
        for method, call in extra.methods:
            value = next((self._names.literals.value(a) for a in call.arguments()), None)
            if method not in ("onDelete", "onUpdate") or not isinstance(value, str):
                return None
            found[method] = value
        return found

    def _check(self, extra: Extra) -> str | None:
        arguments = extra.call.arguments()
        name = self._name(arguments)
        if not isinstance(name, str) or not name or len(arguments) < 2:
            self._miss(extra.whole, Aspect.CHECK, None)
            return None
        text = self._sql(arguments[1], in_index=False)
        if text is None:
            self._miss(extra.whole, Aspect.CHECK, name)
        self._raw["checkConstraints"][name] = {"name": name, "value": text or ""}
        return name

    # What they are made of

    @property
    def _unique_aspect(self) -> Aspect:
        return Aspect.INDEX if self._is_sqlite else Aspect.UNIQUE

    def _add_unique(self, name: str, columns: list[str], nulls_not_distinct: bool) -> None:
        if self._is_sqlite:
            self._raw["indexes"][name] = {"name": name, "columns": columns, "isUnique": True}
        else:
            self._raw["uniqueConstraints"][name] = {
                "name": name,
                "nullsNotDistinct": nulls_not_distinct,
                "columns": columns,
            }

    def _add_key(
        self,
        call: Place,
        columns: list[tuple[Column, str]],
        targets: list[Reference],
        given: str | None,
        actions: Place | None,
    ) -> bool:
        """Adds a reference, if all of it can be read."""
        found: Raw = {}
        for action in ("onDelete", "onUpdate"):
            value = self._names.option(actions, action)
            if value is Odd.UNKNOWN:
                return False
            if isinstance(value, str):
                found[action] = value
        return self._put_key(columns, targets, given, found) is not None

    def _put_key(
        self,
        columns: list[tuple[Column, str]],
        targets: list[Reference],
        given: str | None,
        actions: Raw,
    ) -> str | None:
        to, to_names = targets[0].table, [self._names.of(t.column) for t in targets]
        if to.name is None or None in to_names or any(t.table is not to for t in targets):
            return None
        uncased = Uncased(self._names)
        for column, name in columns:
            uncased.add(column, name)
        for target, to_name in zip(targets, to_names, strict=True):
            uncased.add(target.column, str(to_name))
        parts = [self._table.name, *(own_name(c) for c, _ in columns), to.name]
        parts += [own_name(target.column) for target in targets]
        name = uncased.turn(given or f"{'_'.join(map(str, parts))}_fk")
        found: Raw = {
            "name": name,
            "tableFrom": self._table.name,
            "tableTo": to.name,
            "columnsFrom": [name for _, name in columns],
            "columnsTo": to_names,
            "onDelete": actions.get("onDelete", "no action"),
            "onUpdate": actions.get("onUpdate", "no action"),
        }
        if to.schema is not None:
            found["schemaTo"] = to.schema
        self._raw["foreignKeys"][name] = found
        return name
