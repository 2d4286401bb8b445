"""PLX307: tables and columns that a migration drops, and what only looks like it."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Severity
from plexus_rules.samples import UNEXPORT_TABLE_SQLITE
from tests.catalog.helpers import check, messages, places, sample, skipped
from tests.catalog.sql.databases import breakpoints, files, judge, rebuild

BEFORE = "notes: id!, text\nother: id!"
DEFINITIONS = "`id` integer PRIMARY KEY NOT NULL, `text` text"
BOTH = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])


def said(sql: str, dialect: str = "sqlite", before: str = BEFORE) -> list[str]:
    return messages(judge("PLX307", ("", before), (sql, before), dialect=dialect))


@BOTH
def test_a_table_is_dropped(dialect: str) -> None:
    report = judge("PLX307", ("", BEFORE), ("DROP TABLE notes;", BEFORE), dialect=dialect)
    assert messages(report) == ["table notes is dropped, with every row"]
    assert report.findings[0].severity is Severity.WARNING


@BOTH
def test_a_column_is_dropped(dialect: str) -> None:
    assert said("ALTER TABLE notes DROP COLUMN text;", dialect) == [
        "column notes.text is dropped, with its values"
    ]


@BOTH
def test_a_renamed_table_or_column_is_not_dropped(dialect: str) -> None:
    assert said("ALTER TABLE notes RENAME TO remarks;", dialect) == []
    assert said("ALTER TABLE notes RENAME COLUMN text TO body;", dialect) == []


@BOTH
def test_what_the_migration_made_itself_may_go(dialect: str) -> None:
    assert said(breakpoints("CREATE TABLE tmp (id integer)", "DROP TABLE tmp"), dialect) == []
    column = breakpoints("ALTER TABLE notes ADD x integer", "ALTER TABLE notes DROP COLUMN x")
    assert said(column, dialect) == []


@BOTH
def test_a_table_that_may_not_be_there_and_is_not_is_no_loss(dialect: str) -> None:
    assert said("DROP TABLE IF EXISTS gone;", dialect) == []
    assert said("DROP TABLE IF EXISTS notes;", dialect) != []


def test_a_rebuild_drops_nothing() -> None:
    assert said(rebuild("notes", ["id", "text"], DEFINITIONS)) == []


def test_a_rebuild_leaves_a_column_out() -> None:
    report = judge(
        "PLX307", ("", BEFORE), (rebuild("notes", ["id"], "`id` integer PRIMARY KEY"), BEFORE)
    )
    assert places(report) == [("drizzle/0001_step.sql", 3)]
    assert messages(report) == ["the rebuild of notes leaves out notes.text: its values are gone"]
    assert said(rebuild("notes", ["id"], DEFINITIONS)) == [
        "the rebuild of notes does not copy notes.text: its values are gone"
    ]


def test_a_rebuild_copies_a_column_under_another_name_or_in_an_expression() -> None:
    new = "CREATE TABLE __new (id integer, body text)"
    replaced = ("DROP TABLE notes", "ALTER TABLE __new RENAME TO notes")
    for selected in ("text", "upper(text)", "coalesce(text, '')"):
        copy = f"INSERT INTO __new (id, body) SELECT id, {selected} FROM notes"
        assert said(breakpoints(new, copy, *replaced)) == []
    copy = "INSERT INTO __new (id, body) SELECT id, NULL FROM notes"
    assert len(said(breakpoints(new, copy, *replaced))) == 1
    everything = "INSERT INTO __new SELECT * FROM notes"
    assert said(breakpoints(new, everything, *replaced)) == []


def test_a_rebuild_by_renaming_the_old_table_first() -> None:
    statements = (
        "ALTER TABLE notes RENAME TO old_notes",
        f"CREATE TABLE notes ({DEFINITIONS})",
        "INSERT INTO notes (id, text) SELECT id, text FROM old_notes",
        "DROP TABLE old_notes",
    )
    assert said(breakpoints(*statements)) == []
    assert said(breakpoints(*statements[:2], statements[3])) == [
        "table notes is dropped and made anew: every row is gone"
    ]


def test_a_rebuild_through_a_copy_that_a_query_makes() -> None:
    statements = (
        "CREATE TABLE saved AS SELECT * FROM notes",
        "DROP TABLE notes",
        f"CREATE TABLE notes ({DEFINITIONS})",
        "INSERT INTO notes SELECT * FROM saved",
        "DROP TABLE saved",
    )
    assert said(breakpoints(*statements)) == []


def test_a_rebuild_over_two_migrations() -> None:
    lines = rebuild("notes", ["id", "text"], DEFINITIONS).splitlines(keepends=True)
    for cut in (3, 4):
        parts = ("".join(lines[:cut]), BEFORE), ("".join(lines[cut:]), BEFORE)
        assert messages(judge("PLX307", ("", BEFORE), *parts)) == []


def test_a_table_that_is_dropped_and_made_anew_is_empty() -> None:
    anew = breakpoints("DROP TABLE notes", f"CREATE TABLE notes ({DEFINITIONS})")
    assert said(anew) == ["table notes is dropped and made anew: every row is gone"]


def test_a_column_that_is_dropped_and_added_anew_is_empty() -> None:
    anew = breakpoints("ALTER TABLE notes DROP COLUMN text", "ALTER TABLE notes ADD text text")
    assert said(anew) == ["column notes.text is dropped and added anew: its values are gone"]


def test_a_generated_column_holds_nothing_of_its_own() -> None:
    head = files(("", BEFORE), ("ALTER TABLE notes DROP COLUMN text;", BEFORE))
    path = "drizzle/meta/0000_snapshot.json"
    text = head[path]
    assert isinstance(text, str)
    plain, generated = '"name": "text"', '"name": "text", "generated": {"as": "(id)"}'
    assert messages(check("PLX307", {**head, path: text.replace(plain, generated)})) == []


def test_what_may_be_a_rename_is_told() -> None:
    column = breakpoints("ALTER TABLE notes ADD body text", "ALTER TABLE notes DROP COLUMN text")
    assert said(column) == [
        "column notes.text is dropped, with its values; the same migration adds body: a rename "
        "would have kept them"
    ]
    table = breakpoints("CREATE TABLE remarks (id integer, text text)", "DROP TABLE notes")
    assert said(table) == [
        "table notes is dropped, with every row; the same migration adds remarks: a rename would "
        "have kept them"
    ]


def test_one_finding_for_each_migration() -> None:
    report = judge(
        "PLX307", ("", BEFORE), (breakpoints("DROP TABLE notes", "DROP TABLE other"), BEFORE)
    )
    assert messages(report) == ["table notes is dropped, with every row"]
    (related,) = report.findings[0].related
    assert related.message == "table other is dropped, with every row"


def test_a_database_schema_is_dropped_with_its_tables() -> None:
    head = files(("", BEFORE), ('DROP SCHEMA "auth" CASCADE;', BEFORE), dialect="postgresql")
    path = "drizzle/meta/0000_snapshot.json"
    text = head[path]
    assert isinstance(text, str)
    in_schema = text.replace('"schema": ""', '"schema": "auth"', 1)
    assert messages(check("PLX307", {**head, path: in_schema})) == [
        "table auth.notes is dropped, with every row"
    ]


def test_a_landed_one_is_told_for_information() -> None:
    report = judge("PLX307", ("", BEFORE), ("DROP TABLE notes;", BEFORE), landed=2)
    assert [finding.severity for finding in report.findings] == [Severity.INFO]


def test_a_drop_needs_no_snapshot() -> None:
    sql = breakpoints("DROP TABLE notes", "ALTER TABLE other DROP COLUMN x")
    head = files(("", BEFORE), (sql, BEFORE))
    del head["drizzle/meta/0000_snapshot.json"]
    report = check("PLX307", head)
    assert len(report.findings) == 1
    assert len(report.findings[0].related) == 1


def test_a_drop_that_cannot_be_read_is_not_judged() -> None:
    report = judge("PLX307", ("", BEFORE), ("ALTER TABLE notes DROP FROB text;", BEFORE))
    assert not report.findings
    ((path, reason),) = skipped(report)
    assert path == "drizzle/0001_step.sql"
    assert reason.startswith("line 1: the statement cannot be read: ")


def test_a_drop_of_a_referenced_table_is_one_finding() -> None:
    before = "parent: id!\nchild: id!, parent -> parent.id cascade"
    report = judge("PLX301 PLX307", ("", before), ("DROP TABLE parent;", before))
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("PLX301", Severity.ERROR)
    assert [related.message for related in finding.related] == [
        "table parent is dropped, with every row (PLX307)"
    ]


def test_a_table_that_is_no_longer_exported_is_one_finding() -> None:
    report = check("PLX103 PLX307", sample(UNEXPORT_TABLE_SQLITE), sample())
    (finding,) = report.findings
    assert finding.rule == "PLX103"
    assert [related.message for related in finding.related if "PLX307" in related.message] == [
        "table api_keys is dropped, with every row (PLX307)"
    ]
