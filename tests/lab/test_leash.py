"""An installer never outlives the process that runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plexus_rules.lab.leash import run_leashed

#: Starts a program of its own, as npm does, and says who both are.
INSTALLER = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
made = pathlib.Path("processes.new")
made.write_text(f"{os.getpid()} {child.pid}")
made.rename("processes")
time.sleep(60)
"""
RUNS_IT = """
import os, sys
from pathlib import Path
from plexus_rules.lab.leash import run_leashed
run_leashed([sys.executable, "-c", sys.argv[1]], Path.cwd(), os.environ, 60)
"""


def run(directory: Path, program: str, seconds: float = 60) -> str | None:
    return run_leashed([sys.executable, "-c", program], directory, os.environ, seconds)


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def await_end(processes: list[int]) -> None:
    until = time.monotonic() + 30
    while any(map(is_alive, processes)):
        assert time.monotonic() < until, "it outlives the process that ran it"
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
class TestEnds:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_with_the_process_that_runs_it(self, number: int, tmp_path: Path) -> None:
        runner = subprocess.Popen(
            [sys.executable, "-c", RUNS_IT, INSTALLER], cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        said = tmp_path / "processes"
        while not said.exists():
            assert runner.poll() is None
            time.sleep(0.01)
        processes = list(map(int, said.read_text().split()))
        assert len([one for one in processes if is_alive(one)]) == 2
        runner.send_signal(number)
        runner.wait(60)
        await_end(processes)

    def test_when_its_time_is_over(self, tmp_path: Path) -> None:
        with pytest.raises(subprocess.TimeoutExpired):
            run(tmp_path, INSTALLER, seconds=2)
        await_end(list(map(int, (tmp_path / "processes").read_text().split())))


def test_one_that_does_its_work_says_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "print('added 3 packages')") is None


def test_one_that_fails_says_why(tmp_path: Path) -> None:
    assert run(tmp_path, "import sys; sys.exit('no network')") == "no network"
    assert run(tmp_path, "raise SystemExit(4)") == "it said nothing, and ended with status 4"


def test_it_works_where_the_command_was_told_to(tmp_path: Path) -> None:
    assert run(tmp_path, "open('made', 'w').close()") is None
    assert (tmp_path / "made").exists()


def test_its_stdin_is_empty(tmp_path: Path) -> None:
    assert run(tmp_path, "import sys; sys.exit(sys.stdin.read() or 0)") is None
