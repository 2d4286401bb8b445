"""What cannot be there because the statement that makes it did not run, or was taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plexus_rules.drizzle.replay.tokens import Token, tokens

#: What stands between ``CREATE`` and a name, besides the kind of thing that is made.
_BEFORE_NAME = frozenset(
    {
        "or", "replace", "global", "local", "temp", "temporary", "unlogged", "unique",
        "materialized", "recursive", "foreign", "constraint", "event", "virtual", "concurrently",
        "if", "not", "exists",
    }
)  # fmt: skip
_KINDS = frozenset(
    {
        "aggregate", "collation", "domain", "extension", "function", "index", "policy",
        "procedure", "role", "schema", "sequence", "statistics", "table", "trigger", "type", "view",
    }
)  # fmt: skip
_IS_MISSING = re.compile(r"does not exist|no such ")
#: The names in a refusal: of PostgreSQL in quotation marks or bare, of SQLite behind a colon.
_NAMED = re.compile(
    r'"([^"]+)"|(?:column|function|procedure|aggregate) ([\w$.]+)|: ([\w$.]+)', re.IGNORECASE
)


def made(text: str) -> Iterator[str]:
    """The names, in lower case, of what a statement makes, adds or renames something to."""
    items = list(tokens(text))
    first = items[0] if items else None
    if first is None or not first.is_word("create", "alter"):
        return
    if first.is_word("create"):
        yield from _created(items)
        return
    for position, item in enumerate(items):
        if item.is_word("add"):
            yield from _name(items, _past(items, position + 1, _ADDED))
        elif item.is_word("to") and any(i.is_word("rename") for i in items[:position]):
            yield from _name(items, position + 1)


_ADDED = frozenset({"column", "constraint", "if", "not", "exists"})


def _created(items: Sequence[Token]) -> Iterator[str]:
    position = _past(items, 1, _BEFORE_NAME)
    if position < len(items) and items[position].is_word(*_KINDS):
        yield from _name(items, _past(items, position + 1, _BEFORE_NAME))


def _past(items: Sequence[Token], position: int, words: frozenset[str]) -> int:
    while position < len(items) and items[position].is_word(*words):
        position += 1
    return position


def _name(items: Sequence[Token], position: int) -> Iterator[str]:
    """The name that stands there, without its schema."""
    if position >= len(items) or items[position].name is None:
        return
    after = items[position + 1].text if position + 1 < len(items) else ""
    if after == ".":
        yield from _name(items, position + 2)
    else:  # a name without quotation marks and the dot before it are one token
        yield (after[1:] if after.startswith(".") else items[position].text).lower()


def is_missing(reason: str, names: frozenset[str]) -> bool:
    """Whether a statement is refused since one of some names is not there."""
    if not names or not _IS_MISSING.search(reason):
        return False
    said = {(a or b or c).rpartition(".")[2].lower() for a, b, c in _NAMED.findall(reason)}
    return not said.isdisjoint(names)
