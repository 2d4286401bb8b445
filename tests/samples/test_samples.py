"""The sample project and its recorded steps."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from plexus_rules import samples
from plexus_rules.samples import ALL_STEPS, Dialect, NotRecordedError, Step, files, recorded
from plexus_rules.samples.recipes import BACKEND, BASE_HISTORY, FOLDERS, RECIPES, Recipe
from plexus_rules.samples.store import DATA
from plexus_rules.trees.edits import apply

STATES = [(), *(step.history for step in ALL_STEPS)]
ROOT_ID = "00000000-0000-0000-0000-000000000000"

each_step = pytest.mark.parametrize("step", ALL_STEPS, ids=str)
each_state = pytest.mark.parametrize("steps", STATES, ids=lambda steps: str((*steps, "base")[0]))
each_dialect = pytest.mark.parametrize("dialect", samples.BOTH)


def journal(state: Mapping[str, bytes], dialect: Dialect) -> list[dict[str, object]]:
    path = f"{BACKEND}/{FOLDERS[dialect]}/meta/_journal.json"
    data = json.loads(state[path])
    assert data["dialect"] == dialect
    entries: list[dict[str, object]] = data["entries"]
    return entries


def recipe_of(step: Step) -> Recipe:
    (recipe,) = (recipe for recipe in RECIPES if recipe.step == step)
    return recipe


def test_the_steps_have_names_of_their_own() -> None:
    assert len({step.name for step in ALL_STEPS}) == len(ALL_STEPS)
    assert all(getattr(samples, step.name.upper()) == step for step in ALL_STEPS)


def test_each_step_has_one_recipe_and_one_record() -> None:
    assert sorted(recipe.name for recipe in RECIPES) == sorted(step.name for step in ALL_STEPS)
    stored = sorted(path.name for path in (DATA / "steps").iterdir())
    assert stored == sorted(step.name for step in ALL_STEPS)


@each_step
def test_a_record_holds_what_the_step_changed_and_no_more(step: Step) -> None:
    before = files(*step.history[:-1])
    record = recorded(step)
    assert record.files
    assert all(before.get(path) != data for path, data in record.files.items())
    assert set(record.deleted) <= before.keys()
    assert not set(record.deleted) & record.files.keys()
    directory = DATA / "steps" / step.name
    assert {path.name for path in directory.iterdir()} == {"files", "step.json"}


@each_step
def test_a_record_follows_its_recipe(step: Step) -> None:
    recipe = recipe_of(step)
    before, after = files(*step.history[:-1]), files(*step.history)
    edited = apply(before, recipe.edits)
    folders = tuple(f"{BACKEND}/{folder}/" for folder in FOLDERS.values())
    for path in edited.keys() | after.keys():
        if not path.startswith(folders):
            assert edited.get(path) == after.get(path), path
    assert recorded(step).commands == tuple(command.command for command in recipe.commands)


@each_step
def test_a_step_generates_for_the_dialects_that_it_names(step: Step) -> None:
    before, after = files(*step.history[:-1]), files(*step.history)
    changed = tuple(d for d in samples.BOTH if journal(before, d) != journal(after, d))
    assert changed == step.dialects


def test_steps_happen_one_after_another_and_in_the_past() -> None:
    days = [recipe.day for recipe in (*BASE_HISTORY, *RECIPES)]
    assert len(set(days)) == len(days)
    first_step = max(recipe.day for recipe in BASE_HISTORY)
    for recipe in RECIPES:
        after = recipe.step and recipe.step.after
        assert recipe.day > (recipe_of(after).day if after else first_step)
        assert recipe.moment(0) < datetime(2026, 1, 1, tzinfo=UTC)


def test_a_step_follows_the_one_that_it_was_recorded_after() -> None:
    assert files() == dict(samples.base())
    files(samples.ADD_COLUMN_BOTH, samples.ADD_SECOND_COLUMN_BOTH)
    with pytest.raises(ValueError, match="recorded after add_column_both, so it cannot follow the"):
        files(samples.ADD_SECOND_COLUMN_BOTH)
    with pytest.raises(ValueError, match="after the base project, so it cannot follow add_column"):
        files(samples.ADD_COLUMN_BOTH, samples.ADD_OTHER_COLUMN_BOTH)


def test_a_step_without_a_record_says_how_to_record_it() -> None:
    with pytest.raises(NotRecordedError, match=r"python -m plexus_rules\.lab\.record nothing"):
        files(Step("nothing", "Nothing"))


def test_files_can_be_changed_by_the_caller() -> None:
    files().clear()
    assert files()


@each_dialect
@each_state
def test_a_journal_fits_its_files(steps: tuple[Step, ...], dialect: Dialect) -> None:
    state = files(*steps)
    folder = PurePosixPath(BACKEND, FOLDERS[dialect])
    entries = journal(state, dialect)
    assert [entry["idx"] for entry in entries] == list(range(len(entries)))
    times = [int(str(entry["when"])) for entry in entries]
    assert times == sorted(set(times))
    tags = [str(entry["tag"]) for entry in entries]
    expected = {f"{folder}/meta/_journal.json"}
    expected |= {f"{folder}/{tag}.sql" for tag in tags}
    expected |= {f"{folder}/meta/{tag.partition('_')[0]}_snapshot.json" for tag in tags}
    assert {path for path in state if path.startswith(f"{folder}/")} == expected


@each_dialect
@each_state
def test_snapshots_form_a_chain(steps: tuple[Step, ...], dialect: Dialect) -> None:
    state = files(*steps)
    folder = f"{BACKEND}/{FOLDERS[dialect]}/meta"
    last = ROOT_ID
    for entry in journal(state, dialect):
        prefix = str(entry["tag"]).partition("_")[0]
        snapshot = json.loads(state[f"{folder}/{prefix}_snapshot.json"])
        assert snapshot["prevId"] == last
        assert snapshot["dialect"] == dialect
        last = snapshot["id"]


def test_no_snapshot_id_is_used_by_two_steps() -> None:
    ids = [
        json.loads(data)["id"]
        for changed in (samples.base(), *(recorded(step).files for step in ALL_STEPS))
        for path, data in changed.items()
        if path.endswith("_snapshot.json")
    ]
    assert len(set(ids)) == len(ids)


@each_state
def test_the_files_are_text_with_unix_line_ends(steps: tuple[Step, ...]) -> None:
    for path, data in files(*steps).items():
        assert "\r" not in data.decode(), path
        assert "node_modules" not in path
