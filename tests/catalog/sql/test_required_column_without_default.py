"""PLX304: columns that become NOT NULL while rows hold nothing there."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Severity
from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.sql.databases import breakpoints, files, judge, rebuild

BEFORE = "notes: id!, text"


def said(sql: str, dialect: str = "postgresql", before: str = BEFORE) -> list[str]:
    return messages(judge("PLX304", ("", before), (sql, before), dialect=dialect))


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_required_column_is_added(dialect: str) -> None:
    sql = "ALTER TABLE notes ADD COLUMN extra text NOT NULL;"
    assert said(sql, dialect) == [
        "notes.extra is added as NOT NULL without a default: this fails on a table with rows"
    ]
    report = judge("PLX304", ("", BEFORE), (sql, BEFORE), dialect=dialect)
    assert report.findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "column",
    [
        "text",
        "text NOT NULL DEFAULT 'x'",
        "serial NOT NULL",
        "bigserial NOT NULL",
        "integer NOT NULL GENERATED ALWAYS AS IDENTITY",
        "text GENERATED ALWAYS AS (upper(text)) STORED NOT NULL",
    ],
)
def test_a_column_that_has_a_value_of_its_own_may_be_required(column: str) -> None:
    assert said(f"ALTER TABLE notes ADD COLUMN extra {column};") == []


def test_a_default_of_null_is_none() -> None:
    assert said("ALTER TABLE notes ADD COLUMN extra text DEFAULT NULL NOT NULL;") != []


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_table_of_the_same_migration_has_no_rows(dialect: str) -> None:
    made = breakpoints("CREATE TABLE other (id integer)")
    added = breakpoints("ALTER TABLE other ADD COLUMN extra text NOT NULL")
    filled = breakpoints("INSERT INTO other (id) VALUES (1)")
    assert said(made + added, dialect) == []
    assert said(made + filled + added, dialect) != []


def test_a_table_that_was_emptied_has_no_rows() -> None:
    added = "ALTER TABLE notes ADD COLUMN extra text NOT NULL;"
    assert said(breakpoints("TRUNCATE TABLE notes") + added) == []
    assert said(breakpoints("DELETE FROM notes") + added) == []
    assert said(breakpoints("DELETE FROM other") + added) != []


SET = 'ALTER TABLE "notes" ALTER COLUMN "text" SET NOT NULL;'


def test_a_nullable_column_becomes_required() -> None:
    assert said(SET) == [
        "notes.text becomes NOT NULL and is not filled first: this fails if a row holds NULL"
    ]


def test_a_default_does_not_fill_the_rows_that_are_there() -> None:
    default = breakpoints("""ALTER TABLE "notes" ALTER COLUMN "text" SET DEFAULT 'x'""")
    assert said(default + SET) != []


def test_what_was_required_stays_so() -> None:
    assert said(SET, before="notes: id!, text!") == []


def test_a_column_that_was_added_with_a_default_is_filled() -> None:
    added = """ALTER TABLE "notes" ADD COLUMN "extra" text DEFAULT 'x'"""
    required = 'ALTER TABLE "notes" ALTER COLUMN "extra" SET NOT NULL'
    assert said(breakpoints(added, required)) == []
    assert said(breakpoints(added.partition(" DEFAULT")[0], required)) != []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET text = 'x' WHERE text IS NULL",
        'UPDATE "public"."notes" SET "text" = coalesce("text", id::text)',
        "DELETE FROM notes WHERE text IS NULL",
        "DO $$ BEGIN UPDATE notes SET text = 'x'; END $$",
    ],
)
def test_the_rows_are_filled_before(statement: str) -> None:
    assert said(breakpoints(statement) + SET) == []
    report = judge(
        "PLX304", ("", BEFORE), (f"{statement};", BEFORE), (SET, BEFORE), dialect="postgresql"
    )
    assert messages(report) == []


def test_another_column_or_another_table_is_filled() -> None:
    assert said(breakpoints("UPDATE notes SET id = 1") + SET) != []
    assert said(breakpoints("UPDATE other SET text = 'x'") + SET) != []
    assert said(SET + breakpoints("", "UPDATE notes SET text = 'x'")) != []


REQUIRED = rebuild("notes", ["id", "text"], "`id` integer PRIMARY KEY, `text` text NOT NULL")


def test_a_rebuild_makes_a_column_required() -> None:
    report = judge("PLX304", ("", BEFORE), (REQUIRED, BEFORE))
    assert places(report) == [("drizzle/0001_step.sql", 3)]
    assert messages(report) == [
        "the rebuild makes notes.text NOT NULL: the copy fails if a row holds NULL there"
    ]


def test_a_rebuild_may_fill_what_it_makes_required() -> None:
    update = breakpoints("UPDATE `notes` SET `text` = '' WHERE `text` IS NULL")
    assert said(update + REQUIRED, "sqlite") == []
    coalesced = REQUIRED.replace('SELECT "id", "text"', 'SELECT "id", coalesce("text", \'\')')
    assert said(coalesced, "sqlite") == []
    chosen = REQUIRED.replace("FROM `notes`", "FROM `notes` WHERE `text` IS NOT NULL")
    assert said(chosen, "sqlite") == []


def test_a_rebuild_adds_a_required_column_and_copies_nothing_into_it() -> None:
    new = "`id` integer PRIMARY KEY, `text` text, `extra` text NOT NULL"
    assert said(rebuild("notes", ["id", "text"], new), "sqlite") == [
        "the rebuild adds notes.extra as NOT NULL and does not fill it: this fails with rows"
    ]
    assert said(rebuild("notes", ["id", "text"], f"{new} DEFAULT ''"), "sqlite") == []


def test_a_landed_one_is_told_for_information() -> None:
    report = judge("PLX304", ("", BEFORE), (SET, BEFORE), dialect="postgresql", landed=2)
    assert [finding.severity for finding in report.findings] == [Severity.INFO]


def test_without_the_snapshot_before_a_nullable_column_is_not_known() -> None:
    head = files(("", BEFORE), (SET, BEFORE), dialect="postgresql")
    del head["drizzle/meta/0000_snapshot.json"]
    report = check("PLX304", head)
    assert not report.findings
    ((_, reason),) = skipped(report)
    assert reason.endswith("whether rows of notes hold NULL where it becomes NOT NULL is not known")


def test_other_dialects_are_not_judged() -> None:
    assert said("ALTER TABLE notes ADD COLUMN extra text NOT NULL;", "mysql") == []
