"""What the place and the name of a source file say about what it is for."""

from __future__ import annotations

import re
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TEST_DIRECTORIES = _words(
    "__fixtures__ __mocks__ __tests__ e2e fixtures mocks spec specs test testing tests"
)
_TEST_PARTS = _words("bench e2e fixture fixtures mock mocks spec stories test tests")
_TEST_NAMES = re.compile(
    r"(?:vitest|jest|playwright|setup-?tests?|test-?(?:setup|utils?|helpers?))\b"
)
#: Run by hand, or only to be read: no part of the application.
_ASIDE_DIRECTORIES = _words(
    "bench benchmark benchmarks demo demos docs example examples script scripts seed seeders "
    "seeds tools"
)
_ASIDE_NAMES = re.compile(r"seed(?:er|s)?\b")
_FRONTEND_DIRECTORIES = _words("browser client components frontend pages ui web webapp")

#: Of so many paths it is remembered what they say: one check asks for each of them often.
_MOST_PATHS = 8192

#: The words by which paths name a dialect.
_DIALECT_WORDS = {
    "sqlite": "sqlite sqlite3 lite libsql turso d1",
    "postgresql": "pg pgsql psql postgres postgresql pglite neon supabase",
    "mysql": "mysql mysql2 mariadb planetscale",
}
_TITLES = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "singlestore": "SingleStore",
    "gel": "Gel",
}
_OF_WORD = {word: dialect for dialect, words in _DIALECT_WORDS.items() for word in words.split()}
_SPELLINGS = {"SQLite": "Sqlite", "PostgreSQL": "Postgresql", "PGlite": "Pglite", "MySQL": "Mysql"}
_WORD = re.compile(r"[A-Z]?[a-z]+\d*|[A-Z]+\d*")


@lru_cache(maxsize=_MOST_PATHS)
def is_test(path: str) -> bool:
    """Whether a file is a test, or helps tests only."""
    *directories, name = path.split("/")
    parts = name.split(".")
    return (
        not _TEST_DIRECTORIES.isdisjoint(directories)
        or not _TEST_PARTS.isdisjoint(parts[1:])
        or _TEST_NAMES.match(name) is not None
    )


@lru_cache(maxsize=_MOST_PATHS)
def is_aside(path: str) -> bool:
    """Whether a file is a script run by hand, a seed, an example: no part of the application."""
    *directories, name = path.split("/")
    return not _ASIDE_DIRECTORIES.isdisjoint(directories) or _ASIDE_NAMES.match(name) is not None


@lru_cache(maxsize=_MOST_PATHS)
def is_frontend(path: str) -> bool:
    """Whether a file seems to run in a browser."""
    *directories, name = path.split("/")
    is_markup = name.endswith((".tsx", ".jsx"))
    return is_markup or not _FRONTEND_DIRECTORIES.isdisjoint(directories)


def dialects_in(text: str) -> frozenset[str]:
    """The dialects that the words of a path, or of another name, say: ``usage.pg.ts``."""
    for spelling, plain in _SPELLINGS.items():
        text = text.replace(spelling, plain)
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(_OF_WORD[word] for word in words if word in _OF_WORD)


def asks_for_dialect(word: str) -> bool:
    """Whether a name in code speaks of the dialect in use: ``getDialect``, ``isPostgres``."""
    words = [part.lower() for part in _WORD.findall(word)]
    return "dialect" in words or (words[:1] == ["is"] and bool(dialects_in(word)))


def dialect_title(dialect: str) -> str:
    """A dialect's name, as people write it."""
    return _TITLES.get(dialect, dialect)


def dialect_called(name: str) -> str:
    """The dialect that a journal or a snapshot names: old releases say ``pg``."""
    return {"pg": "postgresql", "turso": "sqlite"}.get(name, name)
