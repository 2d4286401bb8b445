"""The recorder makes what is random in drizzle-kit's output the same each time."""

import json
from datetime import UTC, datetime

import pytest

from plexus_rules.lab.record import (
    Migration,
    RecordError,
    compare,
    difference,
    newest_tag,
    normalise,
    stored_form,
)
from plexus_rules.samples import ADD_COLUMN_BOTH, Step, base, recorded
from plexus_rules.samples.recipes import Generate, Recipe

MOMENT = datetime(2025, 4, 1, 9, tzinfo=UTC)
RANDOM_ID = "6f0c8f1e-8a57-4a0b-9d6e-0f8f8f0f2b11"
Files = dict[str, bytes]
SQL = b"ALTER TABLE `t` ADD `c` text;"


def written(
    prefix: str, snapshot_id: str = RANDOM_ID, when: int = 1795358981384
) -> dict[str, bytes]:
    entries = [
        {"idx": 0, "version": "6", "when": 1740819600000, "tag": "0000_initial"},
        {"idx": 1, "version": "6", "when": when, "tag": f"{prefix}_add_c"},
    ]
    return {
        "m/0000_initial.sql": b"CREATE TABLE `t` (`id` integer);",
        f"m/{prefix}_add_c.sql": SQL,
        "m/meta/0000_snapshot.json": b'{"id": "first", "prevId": "none"}',
        f"m/meta/{prefix}_snapshot.json": (
            f'{{\n  "id": "{snapshot_id}",\n  "prevId": "first",\n  "tables": {{}}\n}}'.encode()
        ),
        "m/meta/_journal.json": json.dumps({"entries": entries}, indent=2).encode(),
    }


def test_ids_and_times_become_the_same_each_time() -> None:
    migration = Migration("m", "add_c/sqlite/1", MOMENT)
    once = normalise(written("0001"), migration)
    again = normalise(written("0001", RANDOM_ID.replace("6", "7"), 1795358990000), migration)
    assert once == again
    assert json.loads(once["m/meta/_journal.json"])["entries"][1]["when"] == 1743498000000
    other = normalise(written("0001"), Migration("m", "add_d/sqlite/1", MOMENT))
    assert once["m/meta/0001_snapshot.json"] != other["m/meta/0001_snapshot.json"]


def test_all_else_stays_byte_for_byte() -> None:
    before = written("0001")
    after = normalise(before, Migration("m", "add_c/sqlite/1", MOMENT))
    new_id = json.loads(after["m/meta/0001_snapshot.json"])["id"].encode()
    old = before["m/meta/0001_snapshot.json"]
    assert after["m/meta/0001_snapshot.json"] == old.replace(RANDOM_ID.encode(), new_id)
    old = before["m/meta/_journal.json"]
    assert after["m/meta/_journal.json"] == old.replace(b"1795358981384", b"1743498000000")
    for path in ("m/0000_initial.sql", "m/0001_add_c.sql", "m/meta/0000_snapshot.json"):
        assert after[path] == before[path]


def test_a_time_in_a_file_name_is_fixed() -> None:
    after = normalise(written("20261122144503"), Migration("m", "add_c/sqlite/1", MOMENT))
    assert after["m/20250401090000_add_c.sql"] == SQL
    assert "m/meta/20250401090000_snapshot.json" in after
    assert not [path for path in after if "20261122" in path]
    assert json.loads(after["m/meta/_journal.json"])["entries"][1]["tag"] == "20250401090000_add_c"


def test_output_that_is_not_understood_is_refused() -> None:
    files = written("0001")
    files["m/meta/_journal.json"] = files["m/meta/_journal.json"].replace(b'"when": ', b'"when":')
    with pytest.raises(RecordError, match="0 times, not once"):
        normalise(files, Migration("m", "add_c/sqlite/1", MOMENT))


def test_a_generate_that_writes_nothing_or_half_is_seen() -> None:
    after = written("0001")
    before = {"m/meta/_journal.json": b'{"entries": [{"tag": "0000_initial"}]}'}
    assert newest_tag(before, after, "m", "") == "0001_add_c"
    assert newest_tag(after, after, "m", "") is None
    del after["m/0001_add_c.sql"]
    with pytest.raises(RecordError, match="did not write one migration whole"):
        newest_tag(before, after, "m", "it failed")


def test_a_difference_is_what_was_added_changed_and_deleted() -> None:
    recipe = Recipe(Step("s", "S"), day=1, commands=(Generate("postgresql", "add_c"),))
    change = difference(
        recipe, {"a": b"1", "b": b"1", "c": b"1"}, {"a": b"1", "b": b"2", "d": b"1"}
    )
    assert change.files == {"b": b"2", "d": b"1"}
    assert change.deleted == ("c",)
    command = "bunx drizzle-kit generate --config drizzle.config.pg.ts --name add_c"
    assert change.commands == (command,)


def test_stored_data_is_compared_file_by_file() -> None:
    stored = stored_form(ADD_COLUMN_BOTH, recorded(ADD_COLUMN_BOTH))
    assert compare("steps/add_column_both", stored) == []
    notes = stored["steps/add_column_both/step.json"]
    stored["steps/add_column_both/step.json"] = b"{}\n"
    lines = compare("steps/add_column_both", stored)
    assert lines[0] == "--- stored/steps/add_column_both/step.json"
    assert "+{}" in lines
    stored["steps/add_column_both/step.json"] = notes.rstrip()
    assert len(compare("steps/add_column_both", stored)) == 1
    assert compare("base", {f"base/{path}": data for path, data in base().items()}) == []
