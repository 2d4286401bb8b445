"""Statements that change what tables there are, told from others and from prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexus_rules.drizzle.ddl import ddl_statements
from plexus_rules.drizzle.texts import HOLE

H = HOLE


def told(text: str) -> list[str]:
    return [f"{d.verb} {d.kind} {'.'.join(d.name)}" for d in ddl_statements(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREATE TABLE IF NOT EXISTS users (id int)", ["CREATE TABLE users"]),
        ('create table "a"."b c" as select 1', ["CREATE TABLE a.b c"]),
        ("CREATE TABLE `x` (a int); CREATE INDEX i ON x (a)", ["CREATE TABLE x", "CREATE INDEX i"]),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY t (a)", ["CREATE INDEX i"]),
        ("create index on t (a)", ["CREATE INDEX t"]),
        (f"CREATE TABLE {H} (", [f"CREATE TABLE {H}"]),
        (f'CREATE TABLE "{H}".x {H}', [f"CREATE TABLE {H}.x"]),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", ["CREATE VIEW v"]),
        ("CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1", ["CREATE MATERIALIZED VIEW v"]),
        ("CREATE TYPE mood AS ENUM ('a')", ["CREATE TYPE mood"]),
        ("CREATE VIRTUAL TABLE f USING fts5(a)", ["CREATE VIRTUAL TABLE f"]),
        ("CREATE SEQUENCE s", ["CREATE SEQUENCE s"]),
        ("CREATE SCHEMA IF NOT EXISTS s;", ["CREATE SCHEMA s"]),
        ("CREATE POLICY p ON t", ["CREATE POLICY p"]),
        ("CREATE TRIGGER t AFTER INSERT ON x BEGIN UPDATE y; END", ["CREATE TRIGGER t"]),
        ("ALTER TABLE ONLY t ADD COLUMN c int", ["ALTER TABLE t"]),
        (f"ALTER TABLE t {H}", ["ALTER TABLE t"]),
        ("ALTER TYPE mood ADD VALUE 'b'", ["ALTER TYPE mood"]),
        ("DROP TABLE IF EXISTS a, b CASCADE", ["DROP TABLE a"]),
        ("drop index concurrently i", ["DROP INDEX i"]),
        ("RENAME TABLE a TO b", ["RENAME TABLE a"]),
        ("-- c\n/* d */ DROP TABLE t;", ["DROP TABLE t"]),
        ("BEGIN; DROP TABLE t; COMMIT", ["DROP TABLE t"]),
        ("SELECT ';'; DROP TABLE t", ["DROP TABLE t"]),
        (
            "DO $$ BEGIN CREATE TYPE m AS ENUM (); EXCEPTION WHEN x THEN null; END $$; "
            "DROP TABLE t",
            ["CREATE TYPE m", "DROP TABLE t"],
        ),
        ("DO $x$ BEGIN IF a THEN DROP TABLE t; END IF; END $x$", ["DROP TABLE t"]),
        ("create table of contents", []),
        ("Drop table reservations are free", []),
        ("alter table manners", []),
        ("SELECT 'CREATE TABLE x (a int)'", []),
        ("-- DROP TABLE t", []),
        ("EXPLAIN CREATE TABLE x (a int)", []),
        ("CREATE FUNCTION f() AS $$ BEGIN DROP TABLE t; END $$", []),
        ("CREATE EXTENSION vector", []),
        ("CREATE DATABASE d", []),
        ("TRUNCATE TABLE t", []),
        ("VACUUM; ANALYZE; PRAGMA table_info(t); DELETE FROM t", []),
        ("", []),
    ],
)
def test_statements(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_what_is_gone_with_the_connection() -> None:
    text = (
        "CREATE TEMP TABLE a (b int); create temporary view v as select 1; CREATE TABLE c (d int)"
    )
    assert [d.is_temporary for d in ddl_statements(text)] == [True, True, False]


def test_table_of_an_index() -> None:
    (found,) = ddl_statements('CREATE INDEX i ON "s"."t" (a)')
    assert (found.name, found.table) == (("i",), ("s", "t"))


def test_places() -> None:
    text = "\n  CREATE TABLE IF NOT EXISTS a.b (c int)"
    (found,) = ddl_statements(text)
    assert text[found.start : found.end] == "CREATE TABLE IF NOT EXISTS a.b"


PARTS = (
    *("create", "table", "drop", "alter", "if", "not", "exists", "a", ".", "(", ")", ";", "'"),
    *('"', "`", "$$", "$a$", "do", "begin", "--", "/*", "*/", "\n", "as", "on"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=30))
def test_no_text_is_refused(parts: list[str]) -> None:
    text = " ".join(parts)
    for found in ddl_statements(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.name


@pytest.mark.parametrize(
    "text",
    [
        *("'" * 100_000, '"' * 99_999, "$a$" * 30_000, "/*" * 50_000, "create table " * 10_000),
        *("create table " + "a." * 50_000, "create" + " " * 90_000, "(;" * 50_000),
        *("".join(f"$a{n}$" for n in range(20_000)), "DO $$" + "begin " * 20_000 + "$$"),
        "DO $$" + "'" * 50_001 + "$$",
    ],
    ids=range(11),
)
def test_hostile_text_comes_to_an_end(text: str) -> None:
    assert len(list(ddl_statements(text))) <= len(text)
