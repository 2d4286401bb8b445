"""Two spellings of one type, and of one expression."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.shapes.spelling import same_expression, same_type

POSTGRES, SQLITE = "postgresql", "sqlite"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int", "integer"),
        ("int4", "integer"),
        ("INT8", "bigint"),
        ("bool", "boolean"),
        ("varchar(20)", "character varying (20)"),
        ("numeric(10, 2)", "decimal(10,2)"),
        ("numeric(10)", "numeric(10,0)"),
        ("timestamp (3) with time zone", "timestamptz(3)"),
        ("timestamp", "timestamp without time zone"),
        ("time with time zone", "timetz"),
        ("double precision", "float8"),
        ("float(24)", "real"),
        ("char", "character(1)"),
        ("bit varying(3)", "varbit(3)"),
        ("serial", "serial4"),
        ("text[]", "text[3]"),
        ("int4[][]", "integer[3][3]"),
        ("interval day to second(3)", "INTERVAL DAY TO SECOND (3)"),
        ('"public"."role"', "role"),
        ("pg_catalog.int4", "integer"),
    ],
)
def test_one_type_of_postgresql(one: str, other: str) -> None:
    assert same_type(POSTGRES, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("text", "varchar"),
        ("text", "text[]"),
        ("varchar(20)", "varchar(21)"),
        ("numeric", "numeric(10,0)"),
        ("timestamp", "timestamptz"),
        ("serial", "integer"),
        ('"char"', "char"),
        ('"Role"', "role"),
        ("auth.role", "role"),
        ("a" * 600, "A" * 600),
    ],
)
def test_two_types_of_postgresql(one: str, other: str) -> None:
    assert not same_type(POSTGRES, one, other)


def test_sqlite_keeps_a_type_as_it_is_declared() -> None:
    assert same_type(SQLITE, "INTEGER", "integer")
    assert same_type(SQLITE, "text (20)", "text(20)")
    assert not same_type(SQLITE, "int", "integer")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'x'::text", "'x'"),
        ("('x')", "'x'"),
        ('\'a\'::"public"."role"', "'a'"),
        ("'{}'::character varying(20)[]", "'{}'::text[]"),
        ("'2020-01-01'::timestamp(3) with time zone", "'2020-01-01'"),
        ("1::double precision", "1"),
        ("now()", "NOW( )"),
        ("CURRENT_TIMESTAMP", "now()"),
        ('"t"."a" > 1', '"a" > 1'),
        ('"s"."t"."a">1', "a > 1"),
        ("(a > 1) AND (b<2)", "a > 1 and b < 2"),
        ("a != 1", "a <> 1"),
        ("a::int4", "a::integer"),
        ("a IN ((1), 2)", "a in (1,2)"),
        ("-- why\na > 1", "a > 1 /* so */"),
    ],
)
def test_one_expression_of_postgresql(one: str, other: str) -> None:
    assert same_expression(POSTGRES, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'x'", "'X'"),
        ("'a b'", "'a  b'"),
        ("1", "'1'"),
        ("a::int4", "a::text"),
        ('"Col" = 1', "col = 1"),
        ("a > 1 and b < 2 or c", "a > 1 and (b < 2 or c)"),
        ("true", "1"),
        ("('a", "('a'"),
        ("(((", ")))"),
        ("f(a)", "f(b)"),
    ],
)
def test_two_expressions_of_postgresql(one: str, other: str) -> None:
    assert not same_expression(POSTGRES, one, other)


def test_expressions_of_sqlite() -> None:
    assert same_expression(SQLITE, "true", "1")
    assert same_expression(SQLITE, "(unixepoch())", "UNIXEPOCH()")
    assert same_expression(SQLITE, '"__new_t"."a" in (1, 2)', "`a` IN (1,2)")
    assert same_expression(SQLITE, "x'AB'", "X'AB'")
    assert same_expression(SQLITE, "[A] == 1", "a = 1")
    assert not same_expression(SQLITE, "'true'", "1")
    assert not same_expression(SQLITE, "CURRENT_TIMESTAMP", "now()")


def test_no_expression_is_only_equal_to_none() -> None:
    assert same_expression(POSTGRES, None, None)
    assert not same_expression(POSTGRES, None, "NULL")
    assert not same_expression(POSTGRES, "1", None)


@pytest.mark.parametrize("dialect", [POSTGRES, SQLITE, "mysql"])
@pytest.mark.parametrize("hostile", ["(", "'", '"', "/*", "a.", "::", "a::b(", "[1]", "f("])
def test_hostile_text_is_compared_in_one_pass(hostile: str, dialect: str) -> None:
    for times in (300, 5_000, 100_000):
        text = hostile * times
        assert not same_expression(dialect, text, f"{text} + 1")
        assert not same_type(dialect, text, f"{text}x")
