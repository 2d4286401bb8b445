"""The base project and every step are what the real drizzle-kit makes of the schema."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from plexus_rules.lab.battery import STATES
from plexus_rules.lab.kit import Kit, write_files
from plexus_rules.lab.lines import V0
from plexus_rules.lab.record import Migration, RecordError, compare, record, run_generate
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.workshop import workshop
from plexus_rules.samples import ALL_STEPS, base
from plexus_rules.samples.recipes import BACKEND, FOLDERS, Generate
from tests.once import once

Files = dict[str, bytes]
FOLDER = f"{BACKEND}/{FOLDERS['sqlite']}"
MOMENT = datetime(2025, 4, 1, 9, tzinfo=UTC)

#: Prints the states of the battery as they are where the samples lie in another directory.
STATES_FROM = """
import json, sys
from hashlib import sha256
from pathlib import Path
from plexus_rules.samples import store
store.DATA = Path(sys.argv[1])
from plexus_rules.lab.battery import STATES
print(json.dumps({state.name: [
    {path: sha256(data).hexdigest() for path, data in files.items()}
    for files in (state.files_before, state.files)
] for state in STATES}))
"""


@pytest.fixture(scope="module")
def kit(tools: Toolbox) -> Iterator[Kit]:
    with workshop(tools) as directory:
        yield Kit(tools, directory)


@pytest.fixture(scope="module")
def made(kit: Kit, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Mapping[str, Files]:
    """The base project and each step, made anew, by directory."""
    return once(tmp_path_factory, worker_id, "steps", lambda: dict(record(kit, ())))


def test_the_lab_installs_the_versions_that_the_sample_names() -> None:
    package = json.loads(base()[f"{BACKEND}/package.json"])
    named = package["dependencies"] | package["devDependencies"]
    for name in ("drizzle-kit", "drizzle-orm"):
        assert named[name] == V0.versions[name]


def test_a_command_that_fails_is_named(kit: Kit) -> None:
    files = dict(base())
    files[f"{BACKEND}/drizzle.config.ts"] = b"export default {};\n"
    migration = Migration(FOLDER, "seed", MOMENT)
    with pytest.raises(RecordError, match=r"add_nothing: exited 1[\s\S]*'dialect'"):
        run_generate(kit, files, Generate("sqlite", "add_nothing"), migration)


def test_a_command_that_was_to_find_nothing_must_say_so(kit: Kit) -> None:
    migration = Migration(FOLDER, "seed", MOMENT)
    idle = Generate("sqlite", "add_nothing", idle=True)
    assert run_generate(kit, base(), idle, migration) == base()
    with pytest.raises(RecordError, match="wrote no migration"):
        run_generate(kit, base(), Generate("sqlite", "add_nothing"), migration)


class TestEverything:
    def test_is_made_again_as_it_is_stored(self, made: Mapping[str, Files]) -> None:
        assert made.keys() == {"base", *(f"steps/{step}" for step in ALL_STEPS)}
        differing = {directory: compare(directory, files) for directory, files in made.items()}
        assert {name: lines for name, lines in differing.items() if lines} == {}

    def test_makes_the_states_of_the_battery(
        self, made: Mapping[str, Files], tmp_path: Path
    ) -> None:
        for files in made.values():
            write_files(tmp_path, files)
        done = subprocess.run(
            [sys.executable, "-c", STATES_FROM, tmp_path], capture_output=True, check=True
        )
        stored = {
            state.name: [digests(files) for files in (state.files_before, state.files)]
            for state in STATES
        }
        assert json.loads(done.stdout) == stored


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: sha256(data).hexdigest() for path, data in files.items()}
