"""Statements that PostgreSQL runs by themselves only, and never inside a transaction (25001)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from plexus_rules.drizzle.replay.tokens import Token

#: Without one of these there is none; most migrations are not looked at any closer.
_POSSIBLE = re.compile(
    r"concurrently|vacuum|database|tablespace|\bsystem\b|\breindex\b|\bdiscard\b", re.IGNORECASE
)
_WHOLE = frozenset(
    {
        ("create", "database"), ("drop", "database"), ("create", "tablespace"),
        ("drop", "tablespace"), ("alter", "system"), ("discard", "all"),
    }
)  # fmt: skip
_MANY = frozenset({"schema", "database", "system"})
#: So many tokens tell: ``CREATE UNIQUE INDEX CONCURRENTLY``, ``REINDEX (VERBOSE, …) INDEX …``.
_MOST_TOKENS = 24


class Alone(Struct, frozen=True):
    """Such a statement.

    Attributes:
        command: what PostgreSQL calls it.
        instead: the statement that does the same inside a transaction; None if there is none.
    """

    command: str
    instead: str | None = None


def alone(text: str) -> Alone | None:
    """What is refused inside a transaction about a statement, if that is certain."""
    from plexus_rules.drizzle.replay.tokens import tokens

    items = list(islice(tokens(text), _MOST_TOKENS))
    words = [item.text.lower() if item.kind == "word" else "" for item in items]
    first, second = (*words, "", "")[:2]
    if first == "vacuum":
        return Alone("VACUUM")
    if (first, second) in _WHOLE:
        return Alone(f"{first} {second}".upper())
    if first in ("create", "drop"):
        position = 2 if (first, second) == ("create", "unique") else 1
        if words[position : position + 2] == ["index", "concurrently"]:
            return Alone(f"{first.upper()} INDEX CONCURRENTLY", _without(text, items[position + 1]))
    if first == "reindex":
        return _reindex(items, words)
    return None


def _reindex(items: Sequence[Token], words: Sequence[str]) -> Alone | None:
    start = 1
    if len(items) > 1 and items[1].is_opening:
        closing = (n for n, item in enumerate(items) if item.text == ")")
        start = next(closing, len(items)) + 1
    kind, concurrently = (*words[start : start + 2], "", "")[:2]
    if kind in _MANY:
        return Alone(f"REINDEX {kind.upper()}")
    return Alone("REINDEX CONCURRENTLY") if concurrently == "concurrently" else None


def _without(text: str, token: Token) -> str:
    return text[: token.start] + text[token.end :]


def standing_alone(database: Database, tag: str) -> Iterator[tuple[Range, Alone]]:
    """Such statements of one migration, each with its place.

    Raises:
        TreeError: its SQL cannot be read.
    """
    if not _POSSIBLE.search(database.sql(tag)):
        return
    for statement in database.statements(tag):
        found = alone(statement.text)
        if found is not None:
            yield statement.range, found
