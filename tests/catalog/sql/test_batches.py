"""What migrations that are pending together make, and take back: no database holds it yet."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Severity
from tests.catalog.helpers import messages
from tests.catalog.sql.databases import breakpoints, judge, rebuild

LANDED = "", "other: id!"
TABLES = "other: id!\nnotes: id!, text"
MADE = breakpoints("CREATE TABLE notes (id integer, text text)"), TABLES
CHILD = f"{TABLES}\nchild: id!, note -> notes.id cascade"

REQUIRED = rebuild("notes", ["id", "text"], "`id` integer, `text` text NOT NULL")
REBUILT = rebuild("notes", ["id", "text"], "`id` integer, `text` text")


@pytest.mark.parametrize(
    ("rule", "sql", "dialect"),
    [
        ("PLX304", "ALTER TABLE notes ADD extra text NOT NULL;", "sqlite"),
        ("PLX304", "ALTER TABLE notes ALTER COLUMN text SET NOT NULL;", "postgresql"),
        ("PLX304", REQUIRED, "sqlite"),
        ("PLX307", "DROP TABLE notes;", "postgresql"),
        ("PLX307", "ALTER TABLE notes DROP COLUMN text;", "sqlite"),
    ],
)
def test_a_table_of_the_same_batch_is_new_to_every_database(
    rule: str, sql: str, dialect: str
) -> None:
    history = LANDED, MADE, (sql, TABLES)
    assert messages(judge(rule, *history, dialect=dialect, landed=1)) == []
    assert len(messages(judge(rule, *history, dialect=dialect, landed=2))) == 1
    (finding,) = judge(rule, *history, dialect=dialect, landed=3).findings
    assert finding.severity is Severity.INFO


def test_a_column_of_the_same_batch_may_be_dropped() -> None:
    added = "ALTER TABLE other ADD extra text;", "other: id!, extra"
    dropped = "ALTER TABLE other DROP COLUMN extra;", "other: id!"
    assert messages(judge("PLX307", LANDED, added, dropped)) == []
    assert len(messages(judge("PLX307", LANDED, added, dropped, landed=2))) == 1


def test_rows_that_the_batch_itself_writes_count() -> None:
    filled = breakpoints("INSERT INTO notes (id) VALUES (1)"), TABLES
    required = "ALTER TABLE notes ADD extra text NOT NULL;", TABLES
    assert len(messages(judge("PLX304", LANDED, MADE, filled, required))) == 1


def test_what_was_there_before_the_batch_comes_first() -> None:
    both = breakpoints("DROP TABLE notes", "DROP TABLE other"), ""
    (finding,) = judge("PLX307", LANDED, MADE, both).findings
    assert finding.message == "table other is dropped, with every row"


def test_a_parent_of_the_same_batch_has_no_rows_to_delete() -> None:
    child = "CREATE TABLE child (id integer, note integer REFERENCES notes (id) ON DELETE CASCADE);"
    history = LANDED, MADE, (child, CHILD), (REBUILT, CHILD)
    assert messages(judge("PLX301", *history)) == []
    assert len(messages(judge("PLX301", *history, landed=2))) == 1
