"""Where a difference stands."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.replay.places import snapshot_keys, statement_of
from plexus_rules.drizzle.shapes.model import Aspect, Difference
from plexus_rules.drizzle.sql.statements import split

SQL = """CREATE TABLE `a` (`id` integer);
ALTER TABLE `a` ADD `x` text;
CREATE TABLE `__new_b` (`id` integer, `y` text);
INSERT INTO `__new_b`("id", "y") SELECT "id", "y" FROM `b`;
DROP TABLE `b`;
CREATE INDEX `i` ON `c` (`z`);"""


def difference(
    aspect: Aspect, table: str, part: str = "", one: str | None = "x", other: str | None = None
) -> Difference:
    return Difference(table, part, aspect, one, other)


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (difference(Aspect.COLUMN, "a", "x"), 2),
        (difference(Aspect.TYPE, "b", "y"), 3),
        (difference(Aspect.INDEX, "c", "i"), 6),
        (difference(Aspect.TABLE, "a"), 2),
        (difference(Aspect.COLUMN, "a", "z", None, "text"), 6),
        (difference(Aspect.COLUMN, "a", "other", None, "text"), 1),
        (difference(Aspect.COLUMN, "d", "other", None, "text"), None),
    ],
)
def test_last_statement_that_has_to_do_with_it(found: Difference, line: int | None) -> None:
    statement = statement_of(split(SQL, "sqlite"), found)
    assert (statement.range.line if statement else None) == line


def test_keys_that_lead_to_it_in_the_snapshot() -> None:
    key = {"name": "a_x_fk", "columnsFrom": ["x", "y"]}
    value = {
        "tables": {
            "public.a": {"name": "a", "schema": "", "foreignKeys": {"a_x_fk": key}},
            "auth.a": {"name": "a", "schema": "auth"},
        },
        "enums": {"public.role": {"name": "role", "schema": "public"}},
    }
    assert snapshot_keys(value, difference(Aspect.COLUMN, "auth.a", "x")) == (
        "tables",
        "auth.a",
        "columns",
        "x",
    )
    assert snapshot_keys(value, difference(Aspect.NOT_NULL, "a", "x"))[-1] == "notNull"
    assert snapshot_keys(value, difference(Aspect.FOREIGN_KEY, "a", "x, y"))[2:] == (
        "foreignKeys",
        "a_x_fk",
    )
    assert snapshot_keys(value, difference(Aspect.CHECK, "a", "k"))[2:] == ("checkConstraints", "k")
    assert snapshot_keys(value, difference(Aspect.PRIMARY_KEY, "a"))[2:] == (
        "compositePrimaryKeys",
    )
    assert snapshot_keys(value, difference(Aspect.TABLE, "b")) == ("tables", "b")
    assert snapshot_keys(value, difference(Aspect.ENUM, "role")) == (
        "enums",
        "public.role",
        "values",
    )
