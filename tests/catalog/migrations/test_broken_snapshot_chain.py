"""Snapshots that do not follow on each other."""

from __future__ import annotations

import pytest

from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.migrations.histories import (
    FIRST,
    Files,
    entries,
    entry,
    history,
    identity,
    journal,
    snapshot,
    without,
)

FOUR = history("0000_a", "0001_b", "0002_c", "0003_d")


def path(number: int) -> str:
    return f"drizzle/meta/{number:04}_snapshot.json"


def relinked(number: int, own: str, before: str, files: Files = FOUR) -> Files:
    """The history with the ids of one snapshot changed."""
    return files | {path(number): snapshot(own, before, ["c0"])}


def test_parent_beside_the_one_before_tells_of_two_branches() -> None:
    (finding,) = check("PLX207", relinked(3, identity(3), identity(1))).findings
    assert (finding.path, finding.range.line) == (path(3), 5)
    assert finding.message == (
        "the prevId of this snapshot names 0001_snapshot.json, not 0002_snapshot.json before it: "
        "it was generated on another branch, without the changes of that one"
    )
    assert [(r.path, r.message) for r in finding.related] == [
        (path(2), "the id that it should name"),
        (path(1), "the id that it names"),
    ]


def test_remedy_names_the_files_and_the_command_of_that_database() -> None:
    (finding,) = check("PLX207", relinked(3, identity(3), identity(1))).findings
    assert finding.remedy.startswith(
        "If 0003_d has not landed: delete 0003_d.sql, meta/0003_snapshot.json and its entry in "
        "meta/_journal.json, and run `bunx drizzle-kit generate`."
    )
    mysql = history("0000_{a}", dialect="mysql")
    mysql["drizzle/meta/0000_snapshot.json"] = snapshot(identity(0), identity(7), [], "mysql")
    (finding,) = check("PLX207", mysql).findings
    assert "delete 0000_{a}.sql" in finding.remedy
    assert "run `drizzle-kit generate` with drizzle.config.ts." in finding.remedy


def test_copy_is_one_finding_and_what_follows_it_is_none() -> None:
    files = relinked(2, identity(1), identity(0))
    files = relinked(3, identity(3), identity(1), files)
    (finding,) = check("PLX207", files).findings
    assert (finding.path, finding.range.line) == (path(2), 4)
    assert finding.message == (
        "this snapshot has the id of 0001_snapshot.json: one is a copy of the other"
    )


@pytest.mark.parametrize(
    ("before", "names"),
    [
        (identity(40), "a snapshot that is not here, not 0001_snapshot.json before it"),
        (FIRST, "no snapshot at all, not 0001_snapshot.json before it"),
        ("", "a snapshot that is not here, not 0001_snapshot.json before it"),
    ],
)
def test_parent_that_is_unknown(before: str, names: str) -> None:
    (message,) = messages(check("PLX207", relinked(2, identity(2), before)))
    assert message == f"the prevId of this snapshot names {names}"


def test_first_snapshot_follows_on_nothing() -> None:
    (message,) = messages(check("PLX207", relinked(0, identity(0), identity(9))))
    assert message == "this is the first snapshot, and its prevId is not all zeros"


def test_parent_that_lost_its_entry_is_one_finding() -> None:
    found = [e | {"idx": n} for n, e in enumerate(e for e in entries(FOUR) if e["idx"] != 2)]
    files = without(FOUR, "drizzle/0002_c.sql") | journal(found)
    (finding,) = check("PLX206 PLX207", files).findings
    assert (finding.rule, finding.path) == ("PLX206", path(2))
    assert finding.related[-1].path == path(3)
    (finding,) = check("PLX205 PLX206 PLX207", files).findings
    assert finding.rule == "PLX205"
    assert [r.path for r in finding.related] == [path(2), path(3)]


def test_dropped_migration_in_the_middle_is_one_finding() -> None:
    found = [e for e in entries(FOUR) if e["idx"] != 2]
    files = without(FOUR, "drizzle/0002_c.sql", path(2)) | journal(found)
    (finding,) = check("PLX205 PLX206 PLX207", files).findings
    assert (finding.rule, finding.message) == ("PLX205", "0003_d has idx 3 at position 2")
    assert finding.related[0].message == (
        "the prevId of this snapshot names a snapshot that is not here, not 0001_snapshot.json "
        "before it (PLX207)"
    )


@pytest.mark.parametrize("files", [without(FOUR, path(1)), FOUR | {path(1): "<<<<<<< HEAD\n"}])
def test_gap_lets_the_next_name_what_is_not_known(files: Files) -> None:
    assert not check("PLX207", files).findings
    assert not check("PLX207", relinked(2, identity(2), identity(0), files)).findings


@pytest.mark.parametrize("before", [FIRST, identity(3)])
def test_gap_does_not_excuse_another_parent(before: str) -> None:
    files = relinked(2, identity(2), before, without(FOUR, path(1)))
    assert places(check("PLX207", files)) == [(path(2), 5)]


def test_snapshot_that_two_migrations_share_may_have_been_overwritten() -> None:
    found = [*entries(FOUR), entry(4, "0003_e"), entry(5, "0004_f")]
    files = FOUR | journal(found) | {"drizzle/0003_e.sql": ";", "drizzle/0004_f.sql": ";"}
    files |= {path(4): snapshot(identity(5), identity(3), ["c0"])}
    assert not check("PLX207", files).findings
    assert not check("PLX207", relinked(3, identity(4), identity(77), files)).findings


def test_order_is_that_of_the_journal() -> None:
    first, second, *rest = entries(FOUR)
    assert len(check("PLX207", FOUR | journal([second, first, *rest])).findings) == 3


def test_timestamps_follow_on_numbers() -> None:
    assert not check("PLX207", history("0000_a", "20250101000000_b", "20250102000000_c")).findings


def test_unreadable_journal_leaves_the_chain_unjudged() -> None:
    report = check("PLX207", FOUR | {"drizzle/meta/_journal.json": ""})
    assert not report.findings
    assert [reason for _, reason in skipped(report)] == [
        "the journal is empty, so the migrations are not known"
    ]
