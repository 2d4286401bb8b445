"""SQL cut at breakpoints, and then into statements."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.sql.statements import split
from plexus_rules.finding import Range


def texts(sql: str, dialect: str = "sqlite") -> list[str]:
    return [statement.text for statement in split(sql, dialect)]


def test_each_statement_knows_its_place_and_the_part_that_it_stands_in() -> None:
    first, second, third = split(
        "DROP TABLE a;\n  DROP TABLE\n b;\n--> statement-breakpoint\nDROP TABLE c;\n", "sqlite"
    )
    assert (first.text, first.range, first.chunk) == ("DROP TABLE a", Range(1, 1, 1, 13), 0)
    assert (second.text, second.range, second.chunk) == ("DROP TABLE\n b", Range(2, 3, 3, 3), 0)
    assert (third.text, third.range, third.chunk) == ("DROP TABLE c", Range(5, 1, 5, 13), 1)


def test_breakpoint_cuts_wherever_it_stands() -> None:
    sql = "SELECT 'a --> statement-breakpoint b'"
    assert texts(sql) == ["SELECT 'a", "b'"]
    assert [statement.chunk for statement in split(sql, "sqlite")] == [0, 1]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize(
    "sql",
    ["", "\n\t ", ";", " ;; ;", "-- a note", "/* a ; b */", "--> statement-breakpoint\n", "\ufeff"],
)
def test_text_without_a_statement(sql: str, dialect: str) -> None:
    assert texts(sql, dialect) == []


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'a;b'",
        "SELECT 'it''s; fine'",
        'SELECT "a;b"',
        "SELECT 1 /* a; b */ + 1",
        "SELECT 1 -- a; b\n + 1",
        "SELECT '-- a' || 'b'",
    ],
)
def test_quoted_texts_and_comments_end_no_statement(statement: str, dialect: str) -> None:
    assert texts(f"-- before;\n{statement} /* ; */; -- after\nSELECT 2;", dialect) == [
        statement,
        "SELECT 2",
    ]


def test_what_only_one_dialect_quotes_with() -> None:
    assert texts("SELECT `a;b`, [c;d]; SELECT 2") == ["SELECT `a;b`, [c;d]", "SELECT 2"]
    assert texts("SELECT a[1]; SELECT 2", "postgresql") == ["SELECT a[1]", "SELECT 2"]
    assert texts("SELECT 'a\\'; b'; # c;\nSELECT 2", "mysql") == ["SELECT 'a\\'; b'", "SELECT 2"]
    assert texts("SELECT 'a\\'; SELECT 2", "postgresql") == ["SELECT 'a\\'", "SELECT 2"]
    assert texts("SELECT E'a\\'; b'; SELECT 2", "postgresql") == ["SELECT E'a\\'; b'", "SELECT 2"]


def test_dollar_quoted_bodies_of_postgresql() -> None:
    body = "CREATE FUNCTION f() AS $a$ BEGIN; $$ ; $$ END; $a$ LANGUAGE plpgsql"
    assert texts(f"{body}; SELECT $1; SELECT 2", "postgresql") == [body, "SELECT $1", "SELECT 2"]


def test_comments_nest_in_postgresql_alone() -> None:
    sql = "/* a /* b */ c; */ SELECT 1;"
    assert texts(sql, "postgresql") == ["SELECT 1"]
    assert texts(sql, "sqlite") == ["c", "*/ SELECT 1"]


def test_trigger_of_sqlite_holds_statements() -> None:
    trigger = (
        "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n"
        "  UPDATE b SET c = CASE WHEN d THEN 1 END;\n  SELECT ';'; -- x\nEND"
    )
    assert texts(f"{trigger};\nSELECT 1;") == [trigger, "SELECT 1"]


def test_bodies_of_postgresql_that_are_not_quoted() -> None:
    function = (
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; "
        "SELECT CASE WHEN true THEN 1 END; END"
    )
    rule = "CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT 2)"
    assert texts(f"{function}; {rule}; SELECT 3", "postgresql") == [function, rule, "SELECT 3"]


@pytest.mark.parametrize("opening", ["'", '"', "/*", "$a$", "E'", "$$"])
def test_text_that_is_never_closed_reaches_to_the_end_of_its_part(opening: str) -> None:
    sql = f"SELECT 1; SELECT {opening} a; b --> statement-breakpoint\nSELECT 2;"
    first, *_, last = texts(sql, "postgresql")
    assert (first, last) == ("SELECT 1", "SELECT 2")


@pytest.mark.parametrize(
    "hostile",
    [
        "'" * 99_999,
        "/*" * 50_000,
        "$a$ " * 9_999 + "$b",
        "create trigger a;" * 9_999,
        "e'\\" * 9_999,
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_hostile_text_is_cut_in_one_pass(hostile: str, dialect: str) -> None:
    split(hostile, dialect)
