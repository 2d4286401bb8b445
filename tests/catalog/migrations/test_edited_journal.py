"""Landed entries that are changed, removed or reordered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.migrations.histories import (
    DAY,
    START,
    Files,
    entries,
    entry,
    history,
    identity,
    journal,
    replaced,
    snapshot,
    without,
)

FIVE = history("0000_a", "0001_b", "0002_c", "0003_d", "0004_e")
JOURNAL = "drizzle/meta/_journal.json"
EVERY = "PLX201 PLX202 PLX203 PLX204 PLX205 PLX206 PLX207 PLX211"


def listing(*positions: int, renumber: bool = True, **changes: Any) -> Files:
    """The five migrations, with a journal that lists these, the last of them changed."""
    found = [entries(FIVE)[position] for position in positions]
    if renumber:
        found = [e | {"idx": n} for n, e in enumerate(found)]
    found[-1] |= changes
    return FIVE | journal(found)


def test_removed_entries_in_a_row_are_one_finding_with_all_that_follows() -> None:
    (finding,) = check(EVERY, listing(0, 3, 4), FIVE).findings
    assert (finding.rule, finding.path, finding.range.line) == ("PLX204", JOURNAL, 16)
    assert finding.message == "2 landed entries are removed, 0001_b to 0002_c"
    assert {r.message.rpartition(" ")[2] for r in finding.related} >= {"(PLX202)", "(PLX207)"}


def test_gap_that_is_not_renumbered_belongs_to_the_removal() -> None:
    (finding,) = check(EVERY, listing(0, 1, 3, 4, renumber=False), FIVE).findings
    assert finding.message == "the landed entry 0002_c is removed"
    assert [r.range.line for r in finding.related if r.message.endswith("(PLX205)")] == [20]


def test_removal_at_the_end_is_shown_at_the_last_entry() -> None:
    (finding,) = check("PLX204", listing(0, 1, 2, 3), FIVE).findings
    assert finding.range.line == 30


def test_removed_with_its_files_it_is_a_deleted_migration() -> None:
    files = without(listing(0, 1, 2, 3), "drizzle/0004_e.sql", "drizzle/meta/0004_snapshot.json")
    (finding,) = check(EVERY, files, FIVE).findings
    assert (finding.rule, finding.path) == ("PLX201", "drizzle/0004_e.sql")
    assert finding.related[0].message == "the landed entry 0004_e is removed (PLX204)"


@pytest.mark.parametrize("moved", [False, True])
def test_renamed_entry_is_one_finding_with_its_file_or_without(moved: bool) -> None:
    files = listing(0, 1, 2, 3, 4, tag="0004_better")
    if moved:
        files["drizzle/0004_better.sql"] = files.pop("drizzle/0004_e.sql")
    (finding,) = check(EVERY, files, FIVE).findings
    assert finding.rule == ("PLX201" if moved else "PLX204")
    said = [finding.message, *(r.message for r in finding.related)]
    assert any("the landed entry 0004_e is renamed to 0004_better" in message for message in said)


@pytest.mark.parametrize("days", [1.5, 90])
def test_new_migration_before_landed_ones_is_one_finding(days: float) -> None:
    when = START + int(days * DAY)
    found = [*entries(FIVE)[:2], entry(2, "0002_x", when=when), *entries(FIVE)[2:]]
    files = FIVE | journal([e | {"idx": n} for n, e in enumerate(found)])
    files |= {"drizzle/0002_x.sql": "SELECT 1;"}
    (finding,) = check("PLX204", files, FIVE).findings
    assert finding.range.line == 23
    assert finding.message.startswith("0002_x is inserted before 0002_c, which has landed: ")
    assert ("skip it" in finding.message) == (days < 4)
    assert {f.rule for f in check("PLX204 PLX205", files, FIVE).findings} == {"PLX204"}


def test_several_new_ones_in_a_row_are_one_finding() -> None:
    new = [entry(0, "0000_x", when=START - 2), entry(1, "0000_y", when=START - 1)]
    files = FIVE | journal([e | {"idx": n} for n, e in enumerate([*new, *entries(FIVE)])])
    (message,) = messages(check("PLX204", files, FIVE))
    assert message.startswith("0000_x to 0000_y is inserted before 0000_a, which has landed")


def test_entry_moved_to_the_front_is_named_and_not_all_the_others() -> None:
    (finding,) = check("PLX204 PLX205 PLX207", listing(4, 0, 1, 2, 3), FIVE).findings
    assert finding.message == "the landed entry 0004_e is moved before 0000_a"
    assert finding.range.line == 9


def test_entry_moved_to_the_end() -> None:
    (finding,) = check("PLX204 PLX205 PLX207", listing(0, 2, 3, 4, 1), FIVE).findings
    assert finding.message == "the landed entry 0001_b is moved behind 0004_e"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"when": START},
            f"the when of the landed entry 0004_e is changed; it landed as {START + 4 * DAY}",
        ),
        ({"idx": 7}, "the idx of the landed entry 0004_e is changed; it landed as 4"),
        (
            {"breakpoints": False},
            "the breakpoints of the landed entry 0004_e is changed; it landed as true",
        ),
    ],
)
def test_changed_value_is_one_finding(changes: dict[str, Any], message: str) -> None:
    (finding,) = check("PLX204 PLX205", listing(0, 1, 2, 3, 4, **changes), FIVE).findings
    assert (finding.rule, finding.message) == ("PLX204", message)


def test_one_value_changed_throughout_is_one_finding() -> None:
    files = FIVE | journal([e | {"when": e["when"] + 1} for e in entries(FIVE)])
    (finding,) = check("PLX204", files, FIVE).findings
    assert finding.message == "the when of the landed entry 0000_a and of 4 more is changed"
    assert [r.range.line for r in finding.related] == [15, 22, 29, 36]


def test_idx_may_be_put_right() -> None:
    broken = listing(0, 1, 2, 3, 4, idx=9)
    assert check("PLX205", broken).findings
    assert not check("PLX204", FIVE, broken).findings


@pytest.mark.parametrize(
    "head",
    [
        FIVE | {JOURNAL: json.dumps(json.loads(str(FIVE[JOURNAL])), indent=8) + "\r\n"},
        FIVE | journal([e | {"version": "7"} for e in entries(FIVE)], version="6"),
        FIVE | journal([{k: v for k, v in e.items() if k != "breakpoints"} for e in entries(FIVE)]),
    ],
)
def test_what_drizzle_kit_or_a_formatter_rewrites_is_no_edit(head: Files) -> None:
    assert not check("PLX204", head, FIVE).findings


def test_new_entries_at_the_end_are_no_edit() -> None:
    assert not check("PLX204", FIVE, history("0000_a", "0001_b")).findings


def test_deleted_or_replaced_history_is_a_new_beginning() -> None:
    other = history("0000_squashed") | journal([entry(0, "0000_squashed", when=START + 90 * DAY)])
    assert not check("PLX201 PLX204", other, FIVE).findings
    assert not check("PLX201 PLX204", {}, FIVE).findings


def test_history_that_is_deleted_while_its_config_stays_is_a_warning() -> None:
    (finding,) = check("PLX201 PLX204", history(), FIVE).findings
    assert (finding.rule, finding.severity) == ("PLX201", "warning")
    assert finding.message == (
        "the whole landed history is deleted (5 migrations), and none stands in its place"
    )


def test_part_of_a_history_is_not_squashed() -> None:
    files = without(FIVE, *(f"drizzle/{tag}.sql" for tag in ("0001_b", "0002_c", "0003_d")))
    files |= journal([entries(FIVE)[0], entry(1, "0001_squashed", when=START + 90 * DAY)])
    files |= {"drizzle/0001_squashed.sql": "SELECT 1;"}
    files = without(
        files, "drizzle/0004_e.sql", *(f"drizzle/meta/000{n}_snapshot.json" for n in (2, 3, 4))
    )
    files["drizzle/meta/0001_snapshot.json"] = snapshot(identity(20), identity(0), ["c0"])
    (finding,) = check(EVERY, files, FIVE).findings
    assert (finding.rule, finding.path) == ("PLX201", "drizzle/0001_b.sql")
    assert finding.message == "this landed migration is deleted, and 3 more after it"
    assert finding.related[-1].message.startswith("4 landed entries are removed, 0001_b to 0004_e")


def test_databases_are_paired_by_their_history() -> None:
    moved: Files = {path.replace("drizzle/", "db/migrations/"): data for path, data in FIVE.items()}
    moved = replaced(moved, "drizzle.config.ts", "./drizzle'", "./db/migrations'")
    assert not check("PLX201 PLX204", moved, FIVE).findings
    first, *rest = entries(FIVE)
    broken = moved | journal([first | {"when": 1}, *rest], "db/migrations")
    assert places(check("PLX204", broken, FIVE)) == [("db/migrations/meta/_journal.json", 8)]


@pytest.mark.parametrize("head", [FIVE, FIVE | {JOURNAL: "{"}])
def test_what_landed_is_not_known_where_the_base_cannot_be_read(head: Files) -> None:
    report = check("PLX201 PLX204", head, FIVE | {JOURNAL: "<<<<<<< a\n>>>>>>> b\n"})
    reason = (
        "in the base the journal has unresolved conflict markers, so what has landed is not known"
    )
    assert skipped(report) == [(JOURNAL, reason)] * 2


def test_unreadable_head_is_not_judged() -> None:
    report = check("PLX204", FIVE | {JOURNAL: ""}, FIVE)
    assert skipped(report) == [(JOURNAL, "the journal is empty, so the migrations are not known")]
    assert not check("PLX204", FIVE | {JOURNAL: ""}, FIVE).findings
