"""The journal."""

from __future__ import annotations

import json

import pytest

from plexus_rules.drizzle.journal import Journal, JournalEntry, parse_journal, runs
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.finding import Range

ENTRY = {"idx": 0, "version": "6", "when": 1700000000000, "tag": "0000_a", "breakpoints": True}


def parsed(**changes: object) -> Journal | Malformed:
    value = {"version": "7", "dialect": "sqlite", "entries": [ENTRY]} | changes
    return parse_journal("meta/_journal.json", json.dumps(value, indent=2).encode())


def test_journal_as_it_stands() -> None:
    found = parsed()
    assert isinstance(found, Journal)
    assert (found.dialect, found.version) == ("sqlite", "7")
    assert found.entries == (JournalEntry(0, 0, 1700000000000, "0000_a", True, "6"),)
    assert found.range(found.entries[0], "tag") == Range(9, 14, 9, 22)
    assert found.range(found.entries[0]).line == 5


@pytest.mark.parametrize(
    ("name", "dialect"),
    [("pg", "postgresql"), ("turso", "sqlite"), ("mysql", "mysql"), ("gel", "gel")],
)
def test_dialects_by_the_names_that_configs_use(name: str, dialect: str) -> None:
    found = parsed(dialect=name)
    assert isinstance(found, Journal)
    assert found.dialect == dialect


@pytest.mark.parametrize("version", ["5", "6", "7", 7])
def test_known_versions(version: object) -> None:
    assert isinstance(parsed(version=version), Journal)


def test_values_of_old_and_odd_journals() -> None:
    old = {"idx": 0, "when": 1.5, "tag": "first try"}
    found = parsed(entries=[old])
    assert isinstance(found, Journal)
    assert found.entries == (JournalEntry(0, 0, 1, "first try", True, "None"),)


def test_place_of_what_is_wrong_is_the_entry() -> None:
    found = parsed(entries=[ENTRY, ENTRY | {"idx": None}])
    assert isinstance(found, Malformed)
    assert found.range.line == 12


def test_runs_are_entries_that_directly_follow() -> None:
    made = [JournalEntry(n, n, n, str(n), True, "6") for n in range(7)]
    chosen = [made[n] for n in (0, 2, 3, 5)]
    assert [[entry.idx for entry in run] for run in runs(chosen)] == [[0], [2, 3], [5]]
    assert runs([]) == []
