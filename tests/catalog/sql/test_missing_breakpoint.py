"""PLX303: statements that no breakpoint parts."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Severity
from plexus_rules.samples import ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH
from tests.catalog.helpers import check, messages, places, sample
from tests.catalog.sql.databases import breakpoints, judge

TABLES = "notes: id!"
TWO = "ALTER TABLE notes ADD a text;\nALTER TABLE notes ADD b text;\n"


def lines(sql: str, dialect: str = "sqlite") -> list[int]:
    report = judge("PLX303", ("", TABLES), (sql, TABLES), dialect=dialect)
    return [line for _, line in places(report)]


def test_message_says_what_each_driver_does() -> None:
    (finding,) = judge("PLX303", ("", TABLES), (TWO, TABLES)).findings
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "no breakpoint parts this statement from the one before it: bun:sqlite and libsql never "
        "run it, and record the migration as applied"
    )


def test_postgresql_loses_nothing_with_most_drivers() -> None:
    report = judge("PLX303", ("", TABLES), (TWO, TABLES), dialect="postgresql")
    (finding,) = report.findings
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("postgres-js runs both; another driver may refuse them")


def test_a_migration_is_one_finding_that_names_every_statement() -> None:
    sql = f"{TWO}DROP TABLE x;--> statement-breakpoint\nDROP TABLE y; DROP TABLE z;"
    (finding,) = judge("PLX303", ("", TABLES), (sql, TABLES)).findings
    assert finding.range.line == 2
    assert [(r.range.line, r.range.column) for r in finding.related] == [(3, 1), (4, 15)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    "sql",
    [
        breakpoints("DROP TABLE a", "DROP TABLE b"),
        "-- a; b\nDROP TABLE a; -- c; d\n/* e; */;\n",
        "INSERT INTO notes VALUES ('a; b');",
        "",
    ],
)
def test_comments_and_texts_are_no_statements(sql: str, dialect: str) -> None:
    assert lines(sql, dialect) == []


def test_body_of_a_trigger_or_function_is_one_statement() -> None:
    trigger = "CREATE TRIGGER x AFTER INSERT ON notes BEGIN SELECT 1; SELECT 2; END;"
    function = "CREATE FUNCTION f() RETURNS int AS $$ BEGIN; RETURN 1; END $$ LANGUAGE plpgsql;"
    assert lines(trigger) == []
    assert lines(function, "postgresql") == []


def test_breakpoint_in_a_comment_counts_as_the_migrator_counts_it() -> None:
    assert lines("DROP TABLE a; -- x --> statement-breakpoint\nDROP TABLE b;") == []


def test_what_the_journal_says_of_breakpoints_does_not_matter() -> None:
    files = sample(ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH)
    path = "packages/backend/drizzle/migrations/meta/_journal.json"
    assert b'"breakpoints": false' in files[path]
    changed = files | {path: files[path].replace(b'"breakpoints": false', b'"breakpoints": true')}
    assert messages(check("PLX303", changed)) == messages(check("PLX303", files))


def test_landed_migration_is_information() -> None:
    (finding,) = judge("PLX303", ("", TABLES), (TWO, TABLES), landed=2).findings
    assert finding.severity is Severity.INFO
    assert "newer migration" in finding.remedy


def test_other_databases_are_not_judged() -> None:
    assert lines(TWO, "mysql") == []
