"""``drizzle-kit check`` and plexus_rules look at one state, and the record says what each saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Severity
from plexus_rules.lab.battery import NOW, RIGHT_MERGES, SOUND, STATES
from plexus_rules.lab.battery.model import CONFIG, JOURNAL, PG_CONFIG, PG_JOURNAL
from plexus_rules.lab.kit import Kit
from plexus_rules.lab.records import BadRecord
from plexus_rules.lab.side_by_side import (
    RECORD,
    Checked,
    Compared,
    Comparison,
    Kind,
    Reported,
    compare_checks,
    encode,
    read_by_check,
    read_comparison,
)
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.workshop import workshop
from plexus_rules.pages.source_tree import EVIDENCE
from plexus_rules.trees import MemoryTree
from tests.once import once

RECORDED = Path(__file__).parents[2] / EVIDENCE
BY_NAME = {state.name: state for state in STATES}

FINE = Checked("drizzle-kit check", "drizzle.config.ts", 0, ("Everything's fine 🐶🔥",))
FAILED = Checked("drizzle-kit check", "drizzle.config.ts", 1, ("Unexpected token",))
MUTTERED = Checked("drizzle-kit check", "drizzle.config.ts", 0, ("data is malformed",))


def compared(*kit: Checked, found: tuple[Reported, ...] = ()) -> Compared:
    return Compared("a-state", Kind.BROKEN, "Something is done", kit, found)


def reported(severity: Severity) -> Reported:
    return Reported("PLX201", severity, "m/0001_x.sql", "was edited")


@pytest.fixture(scope="module")
def comparison(
    tools: Toolbox, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Comparison:
    return once(tmp_path_factory, worker_id, "comparison", lambda: compare_checks(tools))


# What was noticed


def test_drizzle_kit_notices_what_it_says_or_fails_at() -> None:
    assert not compared(FINE, FINE).kit_noticed
    assert compared(FINE, FAILED).kit_noticed
    assert compared(MUTTERED, FINE).kit_noticed


def test_errors_and_warnings_are_noticed_and_information_is_not() -> None:
    assert compared(FINE, found=(reported(Severity.WARNING),)).noticed
    assert not compared(FINE, found=(reported(Severity.INFO),)).noticed
    assert not compared(FINE).noticed


# What drizzle-kit check reads


def test_only_the_history_and_the_settings_of_a_config_are_handed_over() -> None:
    files = BY_NAME["base"].files
    repository = Repository(MemoryTree(files), NOW)
    sqlite, postgres = (read_by_check(repository, files, name) for name in (CONFIG, PG_CONFIG))
    assert JOURNAL in sqlite
    assert JOURNAL not in postgres
    assert PG_JOURNAL in postgres
    assert not [path for path in (*sqlite, *postgres) if path.endswith(".sql") or "schema" in path]


@pytest.mark.parametrize("name", ["base", "malformed-snapshot", "merge-same-parent", "missing-sql"])
def test_it_says_the_same_of_the_whole_repository(name: str, tools: Toolbox) -> None:
    files = BY_NAME[name].files
    repository = Repository(MemoryTree(files), NOW)
    with workshop(tools) as directory:
        kit = Kit(tools, directory)
        package = repository.packages.directory(CONFIG)
        whole = kit.run(files, ("check",), package)
        part = kit.run(read_by_check(repository, files, CONFIG), ("check",), package)
    assert (whole.exit, whole.text.replace(whole.root, "")) == (
        part.exit,
        part.text.replace(part.root, ""),
    )


# On disk


def test_a_comparison_is_read_as_it_was_written(tmp_path: Path) -> None:
    state = compared(FINE, FAILED, found=(reported(Severity.ERROR),))
    made = Comparison("0.31.11", (state,))
    (tmp_path / RECORD).write_bytes(encode(made))
    assert read_comparison(tmp_path) == made


def test_where_nothing_was_recorded_there_is_none(tmp_path: Path) -> None:
    assert read_comparison(tmp_path) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_comparison_is_named_with_the_remedy(data: bytes, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_bytes(data)
    with pytest.raises(BadRecord, match=r"drizzle-kit-check\.json: .*prove --record"):
        read_comparison(tmp_path)


# The real drizzle-kit over the whole battery


class TestTheBattery:
    def test_every_state_is_compared_in_order(self, comparison: Comparison) -> None:
        sound = [state.name for state in (*RIGHT_MERGES, *SOUND)]
        assert [state.name for state in comparison.of(Kind.SOUND)] == sound
        assert {state.name for state in comparison.states} == BY_NAME.keys()
        assert len(comparison.states) == len(STATES)

    def test_every_config_is_checked(self, comparison: Comparison) -> None:
        for state in comparison.states:
            files = BY_NAME[state.name].files
            configs = {path for path in files if "drizzle.config" in path}
            assert {run.config for run in state.kit} == configs

    def test_plexus_rules_notices_what_is_broken_and_nothing_else(
        self, comparison: Comparison
    ) -> None:
        for state in comparison.states:
            assert state.noticed == (state.kind is not Kind.SOUND), state.name

    def test_drizzle_kit_is_content_with_what_is_sound(self, comparison: Comparison) -> None:
        assert [state.name for state in comparison.of(Kind.SOUND) if state.kit_noticed] == []

    def test_the_record_says_what_happens(self, comparison: Comparison) -> None:
        recorded = read_comparison(RECORDED)
        if recorded is None:
            pytest.skip("nothing is recorded; run: plexus-rules prove --record")
        assert recorded == comparison, "record it: plexus-rules prove --record"
