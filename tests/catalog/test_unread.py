"""What is said of tables of which a part cannot be read."""

from __future__ import annotations

import pytest

from plexus_rules.catalog.unread import Missed, first_of, told_lines, told_together
from plexus_rules.drizzle.columns import UnreadPart
from plexus_rules.finding import Range


def missed(table: str, line: int, path: str = "a.ts", reason: str = "computed") -> Missed:
    return Missed(UnreadPart(path, Range(line), reason), table)


def told(*parts: Missed) -> list[tuple[str, str]]:
    found = told_together(parts, "table {table} is left", "{tables} are left")
    return [(skipped.path, skipped.reason) for skipped in found]


def test_one_table_is_named() -> None:
    assert told(missed("{users}", 3)) == [("a.ts", "line 3: computed; table {users} is left")]


def test_many_tables_of_one_reason_are_counted_and_the_first_are_named() -> None:
    assert told(*(missed(f"t{number}", number) for number in range(1, 13))) == [
        ("a.ts", "lines 1, 2, 3 and 9 more: computed; 12 tables (t1, t2, t3 and 9 more) are left")
    ]


def test_tables_that_one_helper_makes_have_its_line() -> None:
    assert told(missed("a", 7), missed("b", 7)) == [
        ("a.ts", "line 7: computed; 2 tables (a and b) are left")
    ]


def test_each_file_and_each_reason_is_told_apart() -> None:
    parts = told(missed("a", 1), missed("b", 2, path="b.ts"), missed("c", 3, reason="imported"))
    assert [reason for _, reason in parts] == [
        "line 1: computed; table a is left",
        "line 2: computed; table b is left",
        "line 3: imported; table c is left",
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_few_names_are_all_told(names: list[str], said: str) -> None:
    assert first_of(names) == said


def test_lines_are_told_in_the_singular_and_the_plural() -> None:
    assert [told_lines([4]), told_lines([4, 9])] == ["line 4", "lines 4 and 9"]
