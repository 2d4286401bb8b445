"""Times, numbers and positions that go back."""

from __future__ import annotations

from typing import Any

import pytest

from plexus_rules.gallery.run import NOW
from tests.catalog.helpers import check, messages, skipped
from tests.catalog.migrations.histories import DAY, START, Files, entries, history, journal

TAGS = ("0000_a", "0001_b", "0002_c", "0003_d")
FOUR = history(*TAGS)
JOURNAL = "drizzle/meta/_journal.json"


def changed(position: int, **changes: Any) -> Files:
    """The four migrations, with one entry changed."""
    found = entries(FOUR)
    found[position] |= changes
    return FOUR | journal(found)


def test_times_are_compared_with_the_highest_before_not_the_neighbour() -> None:
    found = entries(FOUR)
    found[1]["when"], found[2]["when"] = START + 10 * DAY, START + 5 * DAY
    found[3]["when"] = START + 8 * DAY
    (finding,) = check("PLX205", FOUR | journal(found)).findings
    assert finding.message == (
        "the when of 0002_c and 1 more after it is not above that of 0001_b: a database that has "
        "run 0001_b skips them"
    )
    assert [(r.range.line, r.message) for r in finding.related] == [
        (15, "the when of 0001_b"),
        (29, "0003_d is skipped, too"),
    ]


def test_equal_times_are_skipped_as_well() -> None:
    (finding,) = check("PLX205", changed(2, when=START + DAY)).findings
    assert (finding.path, finding.range.line, finding.range.column) == (JOURNAL, 22, 15)
    assert finding.message == (
        "the when of 0002_c is not above that of 0001_b: a database that has run 0001_b skips it"
    )


def test_time_ahead_and_what_it_skips_are_one_finding() -> None:
    (finding,) = check("PLX205", changed(1, when=NOW + DAY)).findings
    assert finding.message.startswith("the when of 0001_b lies in the future: ")
    assert [r.message for r in finding.related] == ["0002_c is skipped", "0003_d is skipped"]


def test_several_times_ahead_are_one_finding() -> None:
    found = entries(FOUR)
    found[1]["when"], found[2]["when"] = NOW + 3 * DAY, NOW + 2 * DAY
    (finding,) = check("PLX205", FOUR | journal(found)).findings
    assert [r.message for r in finding.related] == [
        "the when of 0002_c does, too",
        "0003_d is skipped",
    ]


def test_clocks_may_differ_a_little() -> None:
    assert not check("PLX205", changed(3, when=NOW + 60_000)).findings


def test_only_the_first_wrong_position_is_found() -> None:
    found = [e | {"idx": e["idx"] + (e["idx"] > 1)} for e in entries(FOUR)]
    (finding,) = check("PLX205", FOUR | journal(found)).findings
    assert finding.message == "0002_c has idx 3 at position 2"
    assert finding.range.line == 20


def test_number_is_compared_as_it_is_written() -> None:
    tags = ("0001_a", "1_b", "01_c", "20250101000000_d")
    files = history(*tags) | journal(entries(history(*tags)))
    assert not [m for m in messages(check("PLX205", files)) if "has the number" in m]


def test_two_timestamps_of_one_second_share_a_snapshot() -> None:
    (message,) = messages(check("PLX205", history("20250101000000_a", "20250101000000_b")))
    assert message == (
        "20250101000000_b has the number of 20250101000000_a, and so shares its snapshot file"
    )


@pytest.mark.parametrize("tags", [("_a", "_b"), ("first", "second"), ("add_a", "add_b")])
def test_tags_without_a_number_share_none(tags: tuple[str, str]) -> None:
    assert not check("PLX205", history(*tags)).findings


def test_tag_that_is_listed_twice_is_said_so() -> None:
    found = [*entries(FOUR), entries(FOUR)[3] | {"idx": 4, "when": START + 9 * DAY}]
    (message,) = messages(check("PLX205", FOUR | journal(found)))
    assert message == "0003_d is listed twice: a fresh database runs it twice"


def test_next_number_that_is_taken_is_found_before_it_is_used() -> None:
    files = history("0001_a", "0002_b")
    (finding,) = check("PLX205", files).findings
    assert finding.message == (
        "after the idx of 0002_b the next migration gets the number 0002, and overwrites the "
        "snapshot of 0002_b"
    )
    assert finding.range.line == 13


def test_next_number_does_not_count_where_the_config_numbers_otherwise() -> None:
    files = history("0001_a", "0002_b")
    text = str(files["drizzle.config.ts"])
    files["drizzle.config.ts"] = text.replace("out:", "migrations: { prefix: 'unix' }, out:")
    assert not check("PLX205", files).findings


def test_faults_of_one_entry_are_one_finding_the_skip_first() -> None:
    found = entries(FOUR)
    found[3] |= {"tag": "0002_d", "idx": 2, "when": START}
    files = FOUR | journal(found) | {"drizzle/0002_d.sql": "SELECT 1;"}
    (finding,) = check("PLX205", files).findings
    assert finding.message.startswith("the when of 0002_d is not above that of 0002_c")
    assert [r.message for r in finding.related] == [
        "the when of 0002_c",
        "0002_c came first",
        "0002_d has the number of 0002_c, and so shares its snapshot file",
        "0002_d has idx 2 at position 3",
    ]


@pytest.mark.parametrize("when", [0, 1_700_000_000_000.5, -5])
def test_odd_times_are_compared_like_others(when: float) -> None:
    assert not check("PLX205", changed(0, when=when)).findings


def test_empty_journal_has_no_order() -> None:
    report = check("PLX205", history())
    assert not report.findings
    assert not skipped(report)


def test_line_ends_do_not_move_the_place() -> None:
    files = changed(2, when=START)
    files[JOURNAL] = str(files[JOURNAL]).replace("\n", "\r\n")
    (finding,) = check("PLX205", files).findings
    assert (finding.range.line, finding.range.column) == (22, 15)
