"""Entries without snapshots, and snapshots without entries."""

from __future__ import annotations

import pytest

from tests.catalog.helpers import check, messages, places
from tests.catalog.migrations.histories import (
    FIRST,
    entries,
    entry,
    history,
    identity,
    journal,
    snapshot,
    without,
)

FIVE = history("0000_a", "0001_b", "0002_c", "0003_d", "0004_e")
JOURNAL = "drizzle/meta/_journal.json"


def snapshots(*numbers: int) -> list[str]:
    return [f"drizzle/meta/{number:04}_snapshot.json" for number in numbers]


def test_place_is_the_tag_in_the_journal() -> None:
    (finding,) = check("PLX206", without(FIVE, *snapshots(1))).findings
    assert (finding.path, finding.range.line, finding.range.column) == (JOURNAL, 16, 14)
    assert finding.message == "0001_b has no snapshot drizzle/meta/0001_snapshot.json"


def test_history_without_any_snapshot_is_one_finding() -> None:
    (finding,) = check("PLX206 PLX207 PLX211", without(FIVE, *snapshots(0, 1, 2, 3, 4))).findings
    assert finding.message.endswith("0000_snapshot.json, nor have 4 more after it")
    assert len(finding.related) == 4


def test_missing_snapshot_breaks_no_chain() -> None:
    assert places(check("PLX206 PLX207", without(FIVE, *snapshots(2)))) == [(JOURNAL, 23)]


def test_number_that_two_entries_share_is_no_missing_snapshot() -> None:
    files = FIVE | {"drizzle/0004_f.sql": "SELECT 1;"}
    files |= journal([*entries(FIVE), entry(5, "0004_f")])
    assert not check("PLX206", files).findings


@pytest.mark.parametrize("prefix", ["0007", "20250101000000", "1735689600", "initial"])
def test_snapshot_is_named_by_all_before_the_first_underscore(prefix: str) -> None:
    files = history(f"{prefix}_a_b")
    assert f"drizzle/meta/{prefix}_snapshot.json" in files
    assert not check("PLX206", files).findings


def test_prefix_of_none_is_found_since_drizzle_kit_never_reads_such_a_snapshot() -> None:
    (finding,) = check("PLX206 PLX207", history("_a", "_b")).findings
    assert (finding.path, finding.range.line) == (JOURNAL, 9)
    assert finding.message == (
        "drizzle-kit never reads drizzle/meta/_snapshot.json back: generate repeats the whole "
        "schema"
    )
    assert "migrations.prefix" in finding.remedy


def test_snapshots_without_entries_are_one_finding() -> None:
    (finding,) = check(
        "PLX206",
        without(FIVE, "drizzle/0003_d.sql", "drizzle/0004_e.sql") | journal(entries(FIVE)[:3]),
    ).findings
    assert finding.path == snapshots(3)[0]
    assert finding.message == (
        "no journal entry has this snapshot's number, nor those of 1 more, and generate compares "
        "the schema with the newest snapshot"
    )
    assert [r.path for r in finding.related] == snapshots(4)


def test_older_snapshot_without_an_entry_is_not_what_generate_compares_with() -> None:
    files = FIVE | {"drizzle/meta/0001x_snapshot.json": snapshot(identity(8), FIRST, [])}
    assert messages(check("PLX206", files)) == ["no journal entry has this snapshot's number"]


def test_malformed_snapshot_is_not_missing() -> None:
    assert not check("PLX206", FIVE | {snapshots(4)[0]: "{"}).findings


def test_deleted_snapshots_are_one_finding_of_the_change() -> None:
    (finding,) = check("PLX201 PLX206", without(FIVE, *snapshots(1, 2)), FIVE).findings
    assert (finding.rule, finding.path) == ("PLX201", snapshots(1)[0])
    assert finding.message == (
        "the snapshot of the landed migration 0001_b is deleted, and 1 more after it"
    )
    assert finding.related[-1].message.endswith("(PLX206)")
