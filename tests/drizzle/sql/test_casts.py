"""Which type a column of PostgreSQL can be changed to by itself.

Every pair that is listed here was tried on PostgreSQL 18.
"""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.sql.casts import assignable, natural_type

ENUMS = {"kind", "Role"}


@pytest.mark.parametrize(
    "change",
    [
        "integer > bigint",
        "bigint > smallint",
        "numeric(10, 2) > integer",
        "real > numeric",
        "varchar(20) > varchar(10)",
        "varchar > text",
        "integer > text",
        "boolean > varchar(5)",
        "uuid > text",
        "jsonb > text",
        "text[] > text",
        "kind > text",
        "Role > Role",
        "timestamp > timestamp with time zone",
        "timestamptz > date",
        "date > timestamp",
        "json > jsonb",
        "serial > bigint",
        "integer[] > bigint[]",
        "integer[] > text[]",
        "text[] > varchar(3)[]",
        "inet > cidr",
        "interval > time",
        "interval > interval day to second",
        "citext > citext",
    ],
)
def test_types_that_an_assignment_casts(change: str) -> None:
    old, new = change.split(" > ")
    assert assignable(old, new, ENUMS) is True


@pytest.mark.parametrize(
    "change",
    [
        "integer > boolean",
        "boolean > integer",
        "text > integer",
        "text > jsonb",
        "text > uuid",
        "text > kind",
        "kind > Role",
        "integer > timestamp",
        "bigint > date",
        "timestamp > bigint",
        "text > text[]",
        "text[] > integer[]",
        "integer[] > integer",
        "jsonb > integer",
        "bytea > uuid",
        "boolean[] > integer[]",
    ],
)
def test_types_that_need_using(change: str) -> None:
    old, new = change.split(" > ")
    assert assignable(old, new, ENUMS) is False


@pytest.mark.parametrize("change", ["text > citext", "citext > text", "vector(3) > text"])
def test_types_of_extensions_are_not_known(change: str) -> None:
    old, new = change.split(" > ")
    assert assignable(old, new, ENUMS) is None


@pytest.mark.parametrize(
    ("default", "natural"),
    [
        ("'x'", "varchar"),
        ("'x'::text", "text"),
        ('\'x\'::"public"."Role"', "Role"),
        ("0", "int4"),
        ("-1.5", "numeric"),
        ("true", "bool"),
        ("now()", None),
        ("1 + 1", None),
        ("NULL", None),
    ],
)
def test_type_that_a_default_has_by_itself(default: str, natural: str | None) -> None:
    assert natural_type(default, "varchar") == natural
