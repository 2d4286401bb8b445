"""The names that the ``casing`` of a drizzle config makes of the keys of columns."""

from __future__ import annotations

import re
from enum import StrEnum


class Casing(StrEnum):
    """How a column that is given no name is named after its key."""

    KEPT = ""
    SNAKE = "snake_case"
    CAMEL = "camelCase"
    #: The config cannot be read, or says something else than the snapshots.
    UNKNOWN = "unknown"


_WORDS = re.compile(r"[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+")
_QUOTES = re.compile("['\u2019]")


def cased(key: str, casing: Casing) -> str | None:
    """The name of a column; None where it depends on what is not known."""
    if casing is Casing.KEPT:
        return key
    words = _WORDS.findall(_QUOTES.sub("", key))
    snake = "_".join(words).lower()
    camel = "".join(w[0].upper() + w[1:] if i else w.lower() for i, w in enumerate(words))
    if casing is Casing.UNKNOWN:
        return key if key == snake == camel else None
    return snake if casing is Casing.SNAKE else camel


_SAID = re.compile(rb"""\bcasing\b(?:\s*:\s*(['"])(\w+)\1)?""")
#: What ``casing`` says of ``drizzle-kit pull``.
_OF_PULL = (b"camel", b"preserve")


def casing_in(data: bytes) -> Casing:
    """The casing that the text of a drizzle config says; UNKNOWN where that is not plain."""
    said = [value for _, value in _SAID.findall(data) if value not in _OF_PULL]
    if not said:
        return Casing.KEPT
    if len(said) == 1 and said[0] in (b"snake_case", b"camelCase"):
        return Casing(said[0].decode())
    return Casing.UNKNOWN
