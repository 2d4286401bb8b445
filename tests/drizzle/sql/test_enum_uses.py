"""Whether a statement uses the value ``new`` of the enum ``kind``.

The table ``p`` has the columns ``k kind, ks kind[], t text``. What PostgreSQL 18 refuses here
(55P04) is a use.
"""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.shapes.model import ColumnShape, Shape, TableShape
from plexus_rules.drizzle.sql.enum_uses import uses
from plexus_rules.drizzle.sql.known_columns import KnownColumns
from plexus_rules.drizzle.sql.parsing import operations_of

COLUMNS = {n: ColumnShape(n, t) for n, t in (("k", "kind"), ("ks", "kind[]"), ("t", "text"))}
BEFORE = Shape("postgresql", {"p": TableShape("p", COLUMNS)}, {"kind": ("a", "b")})


def used(sql: str, value: str = "new") -> bool | None:
    operations = list(operations_of(sql, "postgresql"))
    return uses(sql, operations, "kind", value, KnownColumns(BEFORE))


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE p ADD COLUMN f kind DEFAULT 'new'",
        "ALTER TABLE p ADD COLUMN f kind DEFAULT 'new'::kind NOT NULL",
        "CREATE TABLE q (f kind DEFAULT 'new')",
        'CREATE TABLE q (f "public"."kind"[] DEFAULT \'{a,"new"}\')',
        "CREATE TABLE q (f kind[] DEFAULT ARRAY['new']::kind[])",
        "CREATE TABLE q (f text DEFAULT 'new'::kind)",
        "ALTER TABLE p ALTER COLUMN k SET DEFAULT 'new'",
        "ALTER TABLE p ADD CHECK (k <> 'new')",
        "ALTER TABLE p ADD CHECK (k IN ('a', 'new'))",
        "ALTER TABLE p ALTER COLUMN t SET DATA TYPE kind USING 'new'::kind",
        "CREATE INDEX i ON p (k) WHERE k = 'new'",
        "CREATE VIEW v AS SELECT * FROM p WHERE (k) = ('new')",
        "CREATE POLICY x ON p USING (k = 'new')",
        "INSERT INTO p (t, k) VALUES ('x', 'a'), ('x', 'new')",
        "INSERT INTO p VALUES ('new')",
        "INSERT INTO p (k) SELECT 'new' FROM p",
        "INSERT INTO p (k) SELECT 'a' UNION SELECT 'new'",
        "INSERT INTO p (ks) VALUES ('{new}')",
        "INSERT INTO p (t) VALUES ('x') ON CONFLICT (t) DO UPDATE SET k = 'new'",
        "UPDATE p SET k = 'new'",
        "UPDATE p SET k = CASE WHEN t = 'x' THEN 'new' ELSE 'a' END",
        "UPDATE p SET k = coalesce(k, 'new')",
        "UPDATE p AS q SET t = 'x' WHERE q.k = 'new'",
        "UPDATE p SET t = CASE k WHEN 'new' THEN 'x' END",
        "DELETE FROM p WHERE k = ANY(ARRAY['new'])",
        "DELETE FROM p WHERE k = CAST('new' AS kind)",
    ],
)
def test_use(sql: str) -> None:
    assert used(sql) is True


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE q (f text DEFAULT 'new')",
        "ALTER TABLE p ALTER COLUMN t SET DEFAULT 'new'",
        "ALTER TABLE p ADD COLUMN new kind DEFAULT 'a'",
        "INSERT INTO p (t, k) VALUES ('new', 'a')",
        "INSERT INTO p (k, t) SELECT 'a', 'new'",
        "UPDATE p SET t = 'new'",
        "UPDATE p SET k = CASE WHEN t = 'new' THEN 'a' ELSE 'b' END",
        "UPDATE p SET t = 'x' WHERE k::text = 'new'",
        "UPDATE p SET t = 'new' WHERE k = 'a'",
        "DELETE FROM p WHERE k > 'a'",
        "SELECT concat(k, 'new') FROM p",
        "ALTER TYPE kind RENAME VALUE 'new' TO 'newer'",
        "ALTER TYPE kind ADD VALUE 'other' BEFORE 'new'",
        "CREATE TYPE other AS ENUM ('new')",
        "COMMENT ON TYPE kind IS 'new'",
    ],
)
def test_no_use(sql: str) -> None:
    assert used(sql) is False


@pytest.mark.parametrize(
    "sql",
    [
        "DO $$ BEGIN INSERT INTO p (k) VALUES ('new'); END $$",
        "CREATE FUNCTION f() RETURNS kind LANGUAGE sql AS $$ SELECT 'new'::kind $$",
        "nonsense 'new'",
    ],
)
def test_what_cannot_be_told(sql: str) -> None:
    assert used(sql) is None


def test_quotes_within_a_value() -> None:
    assert used("UPDATE p SET k = 'it''s'", "it's") is True
    assert used("UPDATE p SET k = 'its'", "it's") is False
