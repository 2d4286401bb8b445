"""What paths and names say."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.packages import Packages
from plexus_rules.drizzle.places import (
    asks_for_dialect,
    dialect_title,
    dialects_in,
    is_aside,
    is_frontend,
    is_test,
)
from plexus_rules.trees import MemoryTree


@pytest.mark.parametrize(
    "path",
    ["test/a.ts", "src/__tests__/a.ts", "src/a.spec.ts", "vitest.config.ts", "src/test-utils.ts"],
)
def test_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path", ["src/latest.ts", "src/test.ts", "src/contest/a.ts", "a/testify.ts"]
)
def test_no_tests(path: str) -> None:
    assert not is_test(path)


@pytest.mark.parametrize(
    ("path", "aside", "frontend"),
    [
        ("scripts/a.ts", True, False),
        ("src/db/seed.ts", True, False),
        ("src/seedling.ts", False, False),
        ("src/manuscripts/a.ts", False, False),
        ("src/a.tsx", False, True),
        ("packages/frontend/src/a.ts", False, True),
        ("src/client.ts", False, False),
    ],
)
def test_purpose(path: str, aside: bool, frontend: bool) -> None:
    assert (is_aside(path), is_frontend(path)) == (aside, frontend)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("src/sqlite/a.ts", {"sqlite"}),
        ("src/SQLiteStore.ts", {"sqlite"}),
        ("src/usage.pg.ts", {"postgresql"}),
        ("src/PGliteStore.ts", {"postgresql"}),
        ("copy-sqlite-to-postgres", {"sqlite", "postgresql"}),
        ("storeD1", {"sqlite"}),
        ("mysql2", {"mysql"}),
        ("src/elite/upgrade.ts", set()),
    ],
)
def test_dialects_of_a_path(text: str, expected: set[str]) -> None:
    assert dialects_in(text) == expected


@pytest.mark.parametrize("word", ["dialect", "getCurrentDialect", "isPostgres", "isSQLite"])
def test_word_that_asks(word: str) -> None:
    assert asks_for_dialect(word)


@pytest.mark.parametrize("word", ["sqliteSchema", "dialectical", "isReady", "postgresIs", ""])
def test_word_that_does_not_ask(word: str) -> None:
    assert not asks_for_dialect(word)


def test_titles() -> None:
    assert dialect_title("postgresql") == "PostgreSQL"
    assert dialect_title("cockroach") == "cockroach"


def test_packages() -> None:
    packages = Packages(
        MemoryTree(
            {
                "package.json": b'{"name": "root"}',
                "a/package.json": b'{"name": "a", "devDependencies": {"b": "*"}}',
                "b/package.json": b'{"name": "b", "dependencies": null}',
                "c/package.json": b"[]",
            }
        )
    )
    assert packages.directory("a/src/x/y.ts") == "a"
    assert packages.directory("x.ts") == ""
    assert packages.uses("a/x.ts", "b/y.ts")
    assert not packages.uses("b/x.ts", "a/y.ts")
    assert packages.uses("c/x.ts", "c/y/z.ts")
    assert not packages.uses("c/x.ts", "a/y.ts")
