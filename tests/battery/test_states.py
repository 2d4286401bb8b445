"""The battery: broken states give exactly what is wrong with them, sound repositories nothing.

Each state is built from the sample project and from what the real drizzle-kit recorded for it;
see ``plexus_rules/lab/battery``. Errors and warnings count; information does not.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check import Report, check_change
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Severity
from plexus_rules.gallery.run import NOW
from plexus_rules.lab.battery import BROKEN, SOUND, STATES, UNSEEN, WRONG_MERGES, Found, State
from plexus_rules.lab.battery.merges import RIGHT_MERGES
from plexus_rules.profile import read_profile
from plexus_rules.trees import MemoryTree


def each(states: Sequence[State]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("state", states, ids=lambda state: state.name)


def report(state: State) -> Report:
    head = Repository(MemoryTree(state.files), NOW)
    change = Change(Repository(MemoryTree(state.files_before), NOW), head)
    return check_change(change, all_rules(), read_profile(head))


def found(report: Report) -> list[Found]:
    graver = (f for f in report.findings if f.severity is not Severity.INFO)
    return sorted(Found(finding.rule, finding.path) for finding in graver)


@each(BROKEN)
def test_a_broken_state_gives_its_findings(state: State) -> None:
    assert found(report(state)) == sorted(state.gives)


@each(WRONG_MERGES)
def test_a_wrong_merge_gives_one_finding_for_each_cause(state: State) -> None:
    assert found(report(state)) == sorted(state.gives)


@each([state for state in WRONG_MERGES if not state.name.endswith("-from-branch")])
def test_a_wrong_merge_has_a_remedy_that_names_the_command(state: State) -> None:
    for finding in report(state).findings:
        assert "`bunx drizzle-kit generate`" in finding.remedy


@each([*SOUND, *RIGHT_MERGES])
def test_a_sound_repository_gives_nothing(state: State) -> None:
    outcome = report(state)
    assert found(outcome) == []
    assert outcome.incomplete == ()


def test_states_have_names_of_their_own() -> None:
    assert len({state.name for state in STATES}) == len(STATES)
    assert len({state.title for state in STATES}) == len(STATES)


def test_a_broken_state_names_rules_that_exist_and_files_that_are_there() -> None:
    known = {rule.id for rule in all_rules() if rule.check is not None}
    for state in STATES:
        for finding in state.gives:
            assert finding.rule in known
            assert finding.path in {**state.files_before, **state.files}


def test_a_sound_repository_says_so() -> None:
    assert all(state.is_sound for state in (*SOUND, *RIGHT_MERGES))
    assert not any(state.is_sound for state in (*BROKEN, *WRONG_MERGES))


def test_the_battery_is_as_large_as_it_says() -> None:
    assert len(BROKEN) >= 29
    assert len(SOUND) >= 20
    assert all(UNSEEN.values())
