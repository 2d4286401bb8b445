"""The words by which code names dialects."""

from __future__ import annotations

_WORDS = {
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "libsql": "sqlite",
    "turso": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "pg": "postgresql",
    "mysql": "mysql",
    "mysql2": "mysql",
}
_SCHEMES = {
    "sqlite": "sqlite",
    "libsql": "sqlite",
    "file": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "mysql": "mysql",
}


def dialect_of(word: str) -> str | None:
    """The dialect that a word names: ``pg`` is ``postgresql``."""
    return _WORDS.get(word.lower())


def dialect_of_url(text: str) -> str | None:
    """The dialect of the addresses that start with a text: ``sqlite://``, ``postgres:``."""
    scheme, colon, rest = text.partition(":")
    return _SCHEMES.get(scheme.lower()) if colon and not rest.strip("/") else None
