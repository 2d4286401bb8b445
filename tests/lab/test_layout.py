from __future__ import annotations

from plexus_rules.lab.layout import in_order, sql_paths

INITIAL = "drizzle/20260101120059_initial/migration.sql"


def test_folder_made_within_a_second_of_another_comes_after_it() -> None:
    before = {INITIAL: b"1"}
    made = {
        "drizzle/20260101120059_add_region/migration.sql": b"2",
        "drizzle/20260101120059_add_region/snapshot.json": b"{}",
    }
    after = in_order(before, {**before, **made})
    assert after == {
        INITIAL: b"1",
        "drizzle/20260101120060_add_region/migration.sql": b"2",
        "drizzle/20260101120060_add_region/snapshot.json": b"{}",
    }
    assert [after[path] for path in sql_paths(after)] == [b"1", b"2"]


def test_later_folder_keeps_its_name() -> None:
    after = {INITIAL: b"1", "drizzle/20260101120105_add_region/migration.sql": b"2"}
    assert in_order({INITIAL: b"1"}, after) == after


def test_files_that_are_numbered_keep_their_names() -> None:
    before = {"drizzle/0000_initial.sql": b"1", "drizzle/meta/0000_snapshot.json": b"{}"}
    after = {**before, "drizzle/0001_add_region.sql": b"2", "schema.ts": b"3"}
    assert in_order(before, after) == after
