"""What a statement would have made is known by its name."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.replay.lost import is_missing, made


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("CREATE VIEW v AS SELECT 1", ["v"]),
        ('CREATE OR REPLACE TEMP VIEW "Odd one" AS SELECT 1', ["odd one"]),
        ("CREATE MATERIALIZED VIEW IF NOT EXISTS app.v AS SELECT 1", ["v"]),
        ("CREATE UNLOGGED TABLE t (a integer)", ["t"]),
        ("CREATE TYPE app.mood AS ENUM ('to')", ["mood"]),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", ["i"]),
        ("CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()", ["g"]),
        ("CREATE FUNCTION app.f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'", ["f"]),
        ("ALTER TABLE t ADD COLUMN IF NOT EXISTS a text, ADD b text", ["a", "b"]),
        ("ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)", ["c"]),
        ("ALTER TABLE t RENAME COLUMN a TO b", ["b"]),
        ("ALTER VIEW app.v RENAME TO w", ["w"]),
        ("DROP VIEW v", []),
        ("GRANT SELECT ON v TO somebody", []),
        ("CREATE", []),
        ("", []),
    ],
)
def test_names_of_what_is_made(sql: str, names: list[str]) -> None:
    assert list(made(sql)) == names


@pytest.mark.parametrize(
    ("reason", "it_is"),
    [
        ('view "v" does not exist', True),
        ('relation "app.V" does not exist', True),
        ('column "v" of relation "t" does not exist', True),
        ("column t.v does not exist", True),
        ("function v(integer) does not exist", True),
        ("no such table: main.v", True),
        ('relation "v" already exists', False),
        ('view "w" does not exist', False),
        ("no such table: w", False),
    ],
)
def test_refusal_for_want_of_it(reason: str, it_is: bool) -> None:
    assert is_missing(reason, frozenset({"v"})) is it_is


def test_without_names_nothing_is_missing() -> None:
    assert not is_missing('view "v" does not exist', frozenset())
