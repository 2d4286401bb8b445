"""What one config object says, before its paths are looked up in the tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from plexus_rules.drizzle.json_text import locate
from plexus_rules.drizzle.static.evaluator import Evaluator
from plexus_rules.drizzle.static.values import Found, Items, Obj, TooMuch, Unknown, Value
from plexus_rules.finding import Range

#: The folder that drizzle-kit writes to where the config names none.
DEFAULT_OUT = "drizzle"

_DIALECTS = {
    "cockroach": "cockroach",
    "duckdb": "duckdb",
    "gel": "gel",
    "mssql": "mssql",
    "mysql": "mysql",
    "postgresql": "postgresql",
    "singlestore": "singlestore",
    "sqlite": "sqlite",
    "turso": "sqlite",
}
#: Before drizzle-kit 0.22 a config had a driver and no dialect.
_DRIVERS = {
    "aws-data-api": "postgresql",
    "better-sqlite": "sqlite",
    "better-sqlite3": "sqlite",
    "d1": "sqlite",
    "d1-http": "sqlite",
    "durable-sqlite": "sqlite",
    "expo": "sqlite",
    "libsql": "sqlite",
    "mysql": "mysql",
    "mysql2": "mysql",
    "op-sqlite": "sqlite",
    "pg": "postgresql",
    "pglite": "postgresql",
    "turso": "sqlite",
}


class Unread(Struct, frozen=True):
    """A part of a config that cannot be read without running it.

    Attributes:
        path: the file.
        range: the place in it.
        property: ``schema``, ``out``, …; ``default export``; ``config`` for the whole file.
        reason: a sentence for the user.
    """

    path: str
    range: Range
    property: str
    reason: str


class Given(Struct, frozen=True):
    """A property as the config gives it. Where it is not ``certain``, a spread may hold it."""

    value: Value
    path: str
    range: Range
    certain: bool = True

    def unread(self, name: str, reason: str) -> Unread:
        """That the property cannot be read; the reason ends a sentence about it."""
        return Unread(self.path, self.range, name, f"`{name}` {reason}")


#: Gives the property at the end of a chain of names; None where it is absent.
_Get = Callable[[tuple[str, ...]], Given | None]


class Described(Struct, frozen=True):
    """One config object. Paths are as written; None stands for what is absent or unread.

    ``telling`` is whether something in it, beside the file's name, makes it a drizzle config.
    """

    range: Range
    dialect: str | None
    schema: tuple[str, ...] | None
    schema_given: Given | None
    out: str | None
    out_given: Given | None
    prefix: str | None
    unread: tuple[Unread, ...]
    telling: bool


def described_json(path: str, data: bytes, value: dict[str, Any]) -> Described:
    """What a JSON config says."""

    def get(names: tuple[str, ...]) -> Given | None:
        found: Any = value
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        if found is None:
            return None
        read = Items(tuple(found)) if isinstance(found, list) else found
        return Given(read, path, locate(data, names))

    return _Reader(get).described(locate(data, ()), defined=False)


def described_object(evaluator: Evaluator, obj: Obj, place: Range) -> Described:
    """What a config object of a source file says."""

    def get(names: tuple[str, ...]) -> Given | None:
        try:
            found = _found(evaluator, obj, names)
        except TooMuch as error:
            source = obj.frame.module.source
            return Given(Unknown("", str(error)), source.path, source.range(obj.node))
        value = None if found is None else evaluator.settled(found.value)
        if found is None or value is None:
            return None
        if isinstance(value, Items):
            value = Items(tuple(evaluator.settled(one) for one in value.values))
        source = found.module.source
        return Given(value, source.path, source.range(found.node), found.certain)

    return _Reader(get).described(place, defined=obj.defined)


def _found(evaluator: Evaluator, obj: Obj, names: tuple[str, ...]) -> Found | None:
    owner: Value = obj
    found = None
    for name in names:
        found = evaluator.find(owner, name) if isinstance(owner, Obj) else None
        if found is None:
            return None
        owner = evaluator.settled(found.value)
    return found


class _Reader:
    """Reads the properties of one config object, and notes those that it cannot read."""

    def __init__(self, get: _Get) -> None:
        self._get = get
        self._unread: list[Unread] = []

    def described(self, place: Range, *, defined: bool) -> Described:
        schema, out = self._get(("schema",)), self._get(("out",))
        dialect = self._get(("dialect",))
        driver = self._get(("driver",)) if dialect is None else None
        given = (schema, out, dialect, driver)
        return Described(
            range=place,
            dialect=self._driver(driver) if dialect is None else self._dialect(dialect),
            schema=None if schema is None else self._schema(schema),
            schema_given=schema,
            out=DEFAULT_OUT if out is None else self._out(out),
            out_given=out,
            prefix=self._prefix(self._get(("migrations", "prefix"))),
            unread=tuple(self._unread),
            telling=defined or any(one is not None and one.certain for one in given),
        )

    def _note(self, given: Given, name: str, reason: str) -> None:
        self._unread.append(given.unread(name, reason))

    def _text(self, given: Given, name: str) -> str | None:
        if isinstance(given.value, str):
            return given.value
        reason = given.value.reason if isinstance(given.value, Unknown) else "is not a text"
        self._note(given, name, reason)
        return None

    def _dialect(self, given: Given) -> str | None:
        text = self._text(given, "dialect")
        if text is not None and text not in _DIALECTS:
            self._note(given, "dialect", f"is '{text}', which drizzle-kit does not know")
        return None if text is None else _DIALECTS.get(text)

    def _driver(self, given: Given | None) -> str | None:
        # A spread that nothing is known of may hold much; a driver is no more likely than that.
        if given is None or not given.certain:
            return None
        text = self._text(given, "driver")
        return None if text is None else _DRIVERS.get(text)

    def _schema(self, given: Given) -> tuple[str, ...] | None:
        if not isinstance(given.value, Items):
            text = self._text(given, "schema")
            return None if text is None else (text,)
        texts = [value for value in given.value.values if isinstance(value, str)]
        if len(texts) == len(given.value.values):
            return tuple(texts)
        unknown = (value for value in given.value.values if isinstance(value, Unknown))
        reason = next((value.reason for value in unknown), "lists something that is not a text")
        self._note(given, "schema", reason)
        return None

    def _out(self, given: Given) -> str | None:
        text = self._text(given, "out")
        return DEFAULT_OUT if text == "" else text

    def _prefix(self, given: Given | None) -> str | None:
        if given is None or not given.certain:
            return None
        return self._text(given, "migrations.prefix")
