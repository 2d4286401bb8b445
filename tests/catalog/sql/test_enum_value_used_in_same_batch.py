"""PLX305: a new enum value that pending migrations use."""

from __future__ import annotations

import json

import pytest

from plexus_rules.check import Report
from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.sql.databases import Files, breakpoints, files

ADD = "ALTER TYPE kind ADD VALUE 'new'"
USE = "UPDATE notes SET kind = 'new'"


def history(*pending: str) -> Files:
    """A landed table ``notes`` with a column of the enum ``kind``, and pending migrations."""
    migrations = [(sql, "notes: id!, kind, text") for sql in ("SELECT 1;", *pending)]
    found = files(*migrations, dialect="postgresql")
    for path in [path for path in found if path.endswith("snapshot.json")]:
        snapshot = json.loads(found[path])
        snapshot["tables"]["notes"]["columns"]["kind"]["type"] = "kind"
        snapshot["enums"] = {"public.kind": {"name": "kind", "schema": "public", "values": ["a"]}}
        found[path] = json.dumps(snapshot)
    return found


def judge(*pending: str, landed: int = 0) -> Report:
    return check("PLX305", history(*pending), history(*pending[:landed]))


def test_value_is_added_and_used_in_one_migration() -> None:
    (finding,) = judge(breakpoints(ADD, USE)).findings
    assert (finding.path, finding.range.line) == ("drizzle/0001_step.sql", 2)
    assert finding.message == (
        "the value 'new' of kind is used here, and added in the same batch: PostgreSQL refuses a "
        "value before its transaction is committed, and the migrator runs all pending migrations "
        "in one (55P04)"
    )
    assert [(r.range.line, r.message) for r in finding.related] == [(1, "'new' is added here")]


def test_all_pending_migrations_are_one_batch() -> None:
    report = judge(ADD, "SELECT 1;", breakpoints("SELECT 2", USE, USE))
    assert places(report) == [("drizzle/0003_step.sql", 2)]
    assert [(r.path, r.range.line) for r in report.findings[0].related] == [
        ("drizzle/0001_step.sql", 1),
        ("drizzle/0003_step.sql", 3),
    ]


@pytest.mark.parametrize(
    "pending",
    [
        (ADD,),
        (ADD, "UPDATE notes SET kind = 'a'"),
        (ADD, "UPDATE notes SET text = 'new'"),
        (USE, ADD),
        ("ALTER TYPE kind ADD VALUE IF NOT EXISTS 'a'", "UPDATE notes SET kind = 'a'"),
        (
            "CREATE TYPE fresh AS ENUM ('new')",
            "ALTER TYPE fresh ADD VALUE 'x'",
            "SELECT 'x'::fresh",
        ),
        (ADD, "DROP TYPE kind CASCADE", "CREATE TYPE kind AS ENUM ('new')", "SELECT 'new'::kind"),
    ],
)
def test_what_postgresql_takes(pending: tuple[str, ...]) -> None:
    assert messages(judge(*pending)) == []


def test_names_are_followed() -> None:
    renamed = judge(
        ADD,
        "ALTER TYPE kind RENAME VALUE 'new' TO 'newer'",
        "ALTER TYPE kind RENAME TO sort",
        "ALTER TABLE notes RENAME COLUMN kind TO sort",
        "ALTER TABLE notes RENAME TO remarks",
        "UPDATE remarks SET sort = 'newer'",
    )
    assert places(renamed) == [("drizzle/0006_step.sql", 1)]
    assert messages(renamed)[0].startswith("the value 'newer' of sort is used here")


def test_value_that_has_landed_may_be_used() -> None:
    assert messages(judge(ADD, USE, landed=1)) == []
    assert messages(judge(ADD, USE, landed=2)) == []


def test_whole_history_on_a_fresh_database_makes_its_enums_itself() -> None:
    made = breakpoints("CREATE TYPE kind AS ENUM ('a')", ADD, "SELECT 'new'::kind")
    found = files((made, ""), dialect="postgresql")
    nothing: Files = {"drizzle.config.ts": found["drizzle.config.ts"]}
    assert messages(check("PLX305", found, nothing)) == []


def test_what_cannot_be_told_is_not_judged() -> None:
    report = judge(ADD, "DO $$ BEGIN UPDATE notes SET kind = 'new'; RETURN; END IF; END $$")
    assert skipped(report) == [
        (
            "drizzle/0002_step.sql",
            "line 1: whether the statement uses 'new' of kind cannot be told",
        )
    ]
    assert report.findings == ()


def test_types_before_the_batch_are_those_of_its_snapshot() -> None:
    found = history(ADD, USE) | {"drizzle/meta/0000_snapshot.json": "{"}
    assert skipped(check("PLX305", found, history())) == [
        (
            "drizzle/0001_step.sql",
            "the snapshot before it, which says the types, cannot be read",
        )
    ]
