"""PLX306: changes of a type that PostgreSQL refuses."""

from __future__ import annotations

import json

import pytest

from plexus_rules.finding import Severity
from tests.catalog.helpers import check, messages, skipped
from tests.catalog.sql.databases import breakpoints, files, judge

PATH = "drizzle/0001_step.sql"


def said(*statements: str) -> list[str]:
    """What is said of statements after those that make the enum ``kind`` and the table ``t``."""
    made = ("CREATE TYPE kind AS ENUM ('a')", "CREATE TYPE other AS ENUM ('a')", *statements)
    return messages(judge("PLX306", ("", ""), (breakpoints(*made), ""), dialect="postgresql"))


def change(old: str, new: str) -> list[str]:
    return said(f"CREATE TABLE t (c {old})", f"ALTER TABLE t ALTER COLUMN c SET DATA TYPE {new}")


@pytest.mark.parametrize(
    ("old", "new"), [("integer", "boolean"), ("text", "jsonb"), ("text", "kind"), ("kind", "other")]
)
def test_change_without_a_cast_fails(old: str, new: str) -> None:
    assert change(old, new) == [
        f"t.c is {old}, which PostgreSQL does not cast to {new} by itself: this fails (42804), "
        "with rows and without, and every migration after it waits"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("integer", "bigint"),
        ("varchar(20)", "varchar(200)"),
        ("kind", "text"),
        ("integer", "boolean USING c <> 0"),
        ("text DEFAULT 'a'::kind", "kind USING c::kind"),
        ("text DEFAULT now()", "timestamp USING c::timestamp"),
        ("text DEFAULT NULL", "integer USING c::integer"),
        ("citext", "integer USING c::integer"),
    ],
)
def test_change_with_a_cast_is_fine(old: str, new: str) -> None:
    assert change(old, new) == []


@pytest.mark.parametrize(
    ("old", "default", "new"),
    [
        ("integer", "0", "boolean"),
        ("text", "'a'", "kind"),
        ("kind", "'a'", "other"),
        ("boolean", "false", "integer"),
        ("text", "'{}'::text", "jsonb"),
    ],
)
def test_using_does_not_cast_the_default(old: str, default: str, new: str) -> None:
    assert change(f"{old} DEFAULT {default}", f"{new} USING NULL") == [
        f"the default {default} of t.c is not cast to {new}, not even by a USING: this fails "
        "(42804), and every migration after it waits"
    ]


def test_statements_before_it_count() -> None:
    alter = "ALTER TABLE t ALTER COLUMN c"
    assert (
        said(
            "CREATE TABLE t (c integer DEFAULT 0)",
            f"{alter} DROP DEFAULT",
            f"{alter} SET DATA TYPE boolean USING c <> 0",
        )
        == []
    )
    assert said(
        "CREATE TABLE t (c kind DEFAULT 'a')",
        f"{alter} SET DATA TYPE text",
        f"{alter} SET DATA TYPE integer",
    )[0].startswith("t.c is text")


def test_serial_is_only_for_a_new_column() -> None:
    assert change("integer", "serial") == [
        "serial is no type that t.c can be changed to: it exists only for a new column (42704)"
    ]


def test_schema_that_drizzle_kit_did_not_know() -> None:
    assert change("text", '"undefined"."inet"') == [
        'drizzle-kit wrote the schema "undefined" before the new type inet of t.c: there is none '
        "(3F000), and every migration after this one waits"
    ]


def test_remedy_is_a_cast_for_that_column() -> None:
    sql = breakpoints('CREATE TABLE t ("{c}" integer)', 'ALTER TABLE t ALTER "{c}" TYPE bool')
    (finding,) = judge("PLX306", ("", ""), (sql, ""), dialect="postgresql").findings
    assert (finding.path, finding.range.line, finding.severity) == (PATH, 2, Severity.ERROR)
    assert 'as `USING "{c}"::bool`' in finding.remedy


def test_types_before_are_those_of_the_snapshot() -> None:
    alter = "ALTER TABLE notes ALTER COLUMN text SET DATA TYPE jsonb;"
    history = ("", "notes: id!, text"), (alter, "notes: id!, text")
    assert len(messages(judge("PLX306", *history, dialect="postgresql"))) == 1

    found = files(*history, dialect="postgresql")
    snapshot = json.loads(found["drizzle/meta/0000_snapshot.json"])
    snapshot["tables"]["notes"]["columns"]["text"]["type"] = "json"
    found["drizzle/meta/0000_snapshot.json"] = json.dumps(snapshot)
    assert messages(check("PLX306", found)) == []

    found["drizzle/meta/0000_snapshot.json"] = "{"
    assert skipped(check("PLX306", found)) == [
        (PATH, "the snapshot before it, which says the types, cannot be read")
    ]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("", "line 1: the type of t.c before is not known"),
        ("CREATE TABLE t (c citext);--> statement-breakpoint\n", "line 2: whether citext casts to"),
    ],
)
def test_what_is_not_known_is_not_judged(before: str, reason: str) -> None:
    sql = f"{before}ALTER TABLE t ALTER COLUMN c SET DATA TYPE integer;"
    report = judge("PLX306", ("", ""), (sql, ""), dialect="postgresql")
    ((path, told),) = skipped(report)
    assert (path, told.startswith(reason), report.findings) == (PATH, True, ())


def test_landed_change_is_information() -> None:
    sql = breakpoints("CREATE TABLE t (c text)", "ALTER TABLE t ALTER c TYPE integer")
    (finding,) = judge("PLX306", ("", ""), (sql, ""), dialect="postgresql", landed=2).findings
    assert finding.severity is Severity.INFO
    assert finding.remedy.startswith("It fails on every database")
