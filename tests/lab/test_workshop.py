"""A workshop is gone afterwards; the one of a process that was killed, at the next run."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plexus_rules.lab.lines import V0
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.workshop import sweep, workshop

#: Makes a workshop and waits to be ended.
HOLDS_ONE = """
import sys
from pathlib import Path
from plexus_rules.lab.lines import V0
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.workshop import workshop
with workshop(Toolbox(V0, Path("node"), Path("modules"))) as directory:
    print(directory, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def tools(tmp_path: Path) -> Toolbox:
    return Toolbox(V0, tmp_path / "node", tmp_path / "node_modules")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path.resolve()


def another_process() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)
    process.communicate(timeout=60)


def test_what_is_installed_is_found_there_and_it_is_gone_afterwards(
    temporary: Path, tools: Toolbox
) -> None:
    with workshop(tools) as directory:
        assert directory.parent == temporary
        assert (directory / "node_modules").readlink() == tools.modules
    assert list(temporary.iterdir()) == []


def test_that_of_a_killed_process_is_deleted_by_the_next(temporary: Path, tools: Toolbox) -> None:
    process, left = another_process()
    end(process, signal.SIGKILL)
    assert left.is_dir()
    with workshop(tools):
        assert not left.exists()


def test_that_of_a_process_that_lives_is_let_be(temporary: Path, tools: Toolbox) -> None:
    process, kept = another_process()
    with workshop(tools):
        assert kept.is_dir()
    end(process, signal.SIGINT)
    assert not kept.exists()


def test_only_workshops_are_swept(temporary: Path) -> None:
    for name in ("plexus-rules-lab-new", "another"):
        (temporary / name).mkdir()
    (temporary / "another" / "lock").touch()
    (temporary / "elsewhere").mkdir()
    (temporary / "elsewhere" / "lock").touch()
    (temporary / "plexus-rules-lab-link").symlink_to(temporary / "elsewhere")
    sweep(temporary)
    assert len(list(temporary.iterdir())) == 4
