"""Replays migrations of PostgreSQL in a model of it: no server is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.replay.history import Own
from plexus_rules.drizzle.replay.outcome import Failure, Unable
from plexus_rules.drizzle.replay.postgres_state import Misfit, State
from plexus_rules.drizzle.replay.postgres_tables import apply
from plexus_rules.drizzle.replay.said import ReadsSnapshots, Said
from plexus_rules.drizzle.shapes.model import Aspect, Difference, TableShape
from plexus_rules.drizzle.shapes.snapshots import qualified, table_shape
from plexus_rules.drizzle.sql.operations import CreateTable, Other, Unparsed
from plexus_rules.drizzle.sql.statements import Statement
from plexus_rules.finding import Range

_NAME = r'((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))?)'
_ONLY_NEW = r"(?:if\s+not\s+exists\s+)?"
#: What makes a view, or a table whose columns are not all named; and what it is called.
_MAKES = re.compile(
    r"create\s+(?:or\s+replace\s+)?"
    rf"(?:(?:(?:materialized|recursive|temp|temporary)\s+)*view\s+{_ONLY_NEW}{_NAME}|"
    rf"(?:(?:global|local)\s+)?(?:temp|temporary)\s+table\s+{_ONLY_NEW}{_NAME}|"
    rf"(?:unlogged\s+)?table\s+{_ONLY_NEW}{_NAME}\s*"
    r"(?:(?:\([^()]*\)\s*)?as\b|partition\s+of\b|\(\s*like\b|.*\)\s*inherits\s*\())",
    re.IGNORECASE | re.DOTALL,
)
_KEY = re.compile(r'constraint\s+(?:"([^"]+)"|([\w$]+))\s+primary\s+key', re.IGNORECASE)
_PART = re.compile(r'"([^"]+)"|([\w$]+)')
#: A block that swallows the error of what is there already.
_SWALLOWS = re.compile(r"do\b.*\bexception\s+when\b", re.IGNORECASE | re.DOTALL)
#: A block without one of these words changes rows only.
_SCHEMA_WORDS = re.compile(r"\b(?:create|alter|drop|execute|perform|call|rename)\b", re.IGNORECASE)
_BLOCK = re.compile(r"do\b", re.IGNORECASE)


class PostgresWorld(ReadsSnapshots):
    """The tables and enums of a PostgreSQL, in a model."""

    def __init__(self) -> None:
        self._state = State()
        self._known = self._state
        self._start = self._state, self._known

    def begin(self) -> None:
        self._start = self._state, self._known

    def undo(self) -> None:
        self._state, self._known = self._start

    def run(self, database: Database, tag: str) -> Failure | Unable | None:
        self._state = self._state.copy()
        texts = _Texts(database.statements(tag))
        for located in database.operations(tag):
            operation, place = located.operation, located.range
            if isinstance(operation, Other) and operation.kind == "view":
                self._state.opaque |= _made(texts.at(place))
            elif isinstance(operation, CreateTable) and (made := _made(texts.at(place))):
                self._state.opaque |= made
                continue
            elif isinstance(operation, Unparsed):
                text = texts.at(place)
                made = _made(text)
                self._state.opaque |= made
                if not made and not (_BLOCK.match(text) and not _SCHEMA_WORDS.search(text)):
                    return Unable(operation.reason, place)
            try:
                apply(self._state, operation)
                if isinstance(operation, CreateTable):
                    self._name_key(operation, texts.at(place))
            except Misfit as error:
                if not (error.is_there and _SWALLOWS.match(texts.at(place))):
                    return Failure(str(error), place)
        return None

    def _name_key(self, operation: CreateTable, text: str) -> None:
        """Notes the name of the primary key of a new table."""
        name = operation.table.name
        found = _KEY.search(text)
        bare = name.rpartition(".")[2]
        self._state.keys[name] = (found[1] or found[2].lower()) if found else f"{bare}_pkey"

    def changed(self) -> Iterable[str]:
        now, known = self._state.tables, self._known.tables
        yield from (name for name, table in now.items() if known.get(name) is not table)
        yield from (name for name in known if name not in now)

    def settle(self) -> None:
        self._known = self._state

    def table(self, name: str) -> TableShape | None:
        return self._state.tables.get(name)

    def enums(self) -> Mapping[str, tuple[str, ...]]:
        return self._state.enums

    def excuses(self, difference: Difference) -> bool:
        return difference.table in self._state.opaque

    def become(self, said: Said, own: frozenset[Own]) -> Unable | None:
        tables = {name: table_shape(raw) for name, raw in said.tables.items()}
        for aspect, name, part in own:
            before = self._state.tables.get(name)
            if before is not None and aspect is Aspect.TABLE:
                tables[name] = before
            elif before is not None and aspect is Aspect.INDEX and name in tables:
                kept = {i: index for i, index in before.indexes.items() if i == part}
                tables[name] = replace(tables[name], indexes={**kept, **tables[name].indexes})
        self._state = self._known = State(tables, dict(said.enums), {}, self._state.opaque)
        return None


class _Texts:
    """The text of the statement that stands at a place."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._by_place: dict[Range, str] = {s.range: s.text for s in statements}

    def at(self, place: Range) -> str:
        return self._by_place.get(place, "")


def _made(text: str) -> frozenset[str]:
    """The name of the table or view that a statement makes, if it makes one."""
    found = _MAKES.match(text)
    if found is None:
        return frozenset()
    parts = [quoted or bare.lower() for quoted, bare in _PART.findall(found[found.lastindex or 1])]
    return frozenset({qualified(parts[-1], parts[-2] if len(parts) > 1 else None)})
