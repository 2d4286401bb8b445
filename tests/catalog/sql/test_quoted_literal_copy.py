"""PLX302: a rebuild copies columns that the old table does not have."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Severity
from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.sql.databases import breakpoints, files, judge, rebuild

BEFORE = "notes: id!, text"
NEW = "`id` integer PRIMARY KEY NOT NULL, `text` text, `extra` text"
REBUILT = rebuild("notes", ["id", "text", "extra"], NEW)


def said(sql: str, before: str = BEFORE) -> list[str]:
    return messages(
        judge("PLX302", ("CREATE TABLE `notes` (`id` integer);", before), (sql, before))
    )


def test_the_name_of_a_column_that_is_not_there_is_stored_as_a_text() -> None:
    report = judge("PLX302", ("", BEFORE), (REBUILT, BEFORE))
    assert places(report) == [("drizzle/0001_step.sql", 3)]
    assert messages(report) == [
        "__new_notes gets extra from notes, which has no such column: bun:sqlite stores the text "
        "'extra' in every row, and libsql fails"
    ]
    assert report.findings[0].severity is Severity.ERROR


@pytest.mark.parametrize("name", ["`extra`", "[extra]", "extra"])
def test_in_other_quotes_and_in_none_the_migration_fails(name: str) -> None:
    copy = REBUILT.replace('SELECT "id", "text", "extra"', f'SELECT "id", "text", {name}')
    (message,) = said(copy)
    assert message.endswith("which has no such column: the migration fails")


def test_columns_that_are_there_may_be_copied() -> None:
    assert said(REBUILT, f"{BEFORE}, extra") == []
    assert said(REBUILT.replace('"extra" FROM', '"EXTRA" FROM'), f"{BEFORE}, extra") == []


def test_an_earlier_statement_of_the_migration_may_make_the_column() -> None:
    assert said(breakpoints("ALTER TABLE `notes` ADD `extra` text") + REBUILT) == []
    renamed = breakpoints("ALTER TABLE `notes` RENAME COLUMN `text` TO `extra`")
    assert len(said(renamed + REBUILT)) == 1  # now text is what is not there


@pytest.mark.parametrize("value", ["NULL", "'extra'", "CURRENT_TIMESTAMP", "rowid", "upper(id)"])
def test_a_value_is_no_column(value: str) -> None:
    assert said(REBUILT.replace('"extra" FROM', f"{value} FROM")) == []


def test_a_text_in_double_quotes_is_left_where_nothing_is_rebuilt() -> None:
    """It is not what SQL says, but whoever wrote it by hand meant it."""
    before = f"{BEFORE}\nlog: id!, kind"
    insert = 'INSERT INTO log (id, kind) SELECT id, "imported" FROM notes;'
    assert said(insert, before) == []
    assert said(insert.replace('"imported"', '"kind"'), before) != []


def test_several_columns_are_one_finding() -> None:
    new = rebuild("notes", ["id", "one", "two"], "`id` integer, `one` text, `two` text")
    report = judge("PLX302", ("", BEFORE), (new, BEFORE))
    assert len(report.findings) == 1
    assert len(report.findings[0].related) == 1


def test_a_landed_one_is_told_for_information() -> None:
    report = judge("PLX302", ("", BEFORE), (REBUILT, BEFORE), landed=2)
    assert [finding.severity for finding in report.findings] == [Severity.INFO]


def test_a_table_that_is_not_known_is_not_judged() -> None:
    head = files(("", BEFORE), (REBUILT, BEFORE))
    del head["drizzle/meta/0000_snapshot.json"]
    report = check("PLX302", head)
    assert not report.findings
    assert skipped(report) == [
        ("drizzle/0001_step.sql", "line 3: the columns of notes before it are not known")
    ]


def test_a_statement_that_cannot_be_read_makes_its_table_unknown() -> None:
    report = judge(
        "PLX302", ("", BEFORE), (breakpoints("ALTER TABLE `notes` FROB") + REBUILT, BEFORE)
    )
    assert not report.findings
    assert len(skipped(report)) == 1
