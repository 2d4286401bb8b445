"""Whole processes, run in turn, round by round, so that a busy machine slows all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

#: Runs a command out of a small process: a large one would be counted as part of its memory.
_RUNNER = """
import os, sys, time
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
os.write(int(sys.argv[1]), b"%r %d" % (time.perf_counter() - start, usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""

#: ``ru_maxrss`` counts these.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Process(Struct, frozen=True):
    """What is measured: commands that run one after the other.

    Attributes:
        name: what to call it.
        commands: the words of each.
        directory: where they run; None for here.
        given: what they read on stdin.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    directory: Path | None = None
    given: bytes = b""


class Taken(Struct, frozen=True):
    """What one run took: seconds, and megabytes of memory at the most."""

    seconds: float
    megabytes: float


class Measured(Struct, frozen=True):
    """What all runs of a process took, the best of them and the median."""

    name: str
    taken: tuple[Taken, ...]

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(taken.seconds for taken in self.taken)

    @property
    def best(self) -> float:
        """Seconds."""
        return min(taken.seconds for taken in self.taken)

    @property
    def megabytes(self) -> float:
        """The memory of the largest run."""
        return max(taken.megabytes for taken in self.taken)


def measure(processes: Sequence[Process], rounds: int) -> list[Measured]:
    """Runs processes in turn. The first round is not counted: it fills caches."""
    taken: dict[str, list[Taken]] = {process.name: [] for process in processes}
    with tempfile.TemporaryDirectory() as compiled:
        # An installed program is compiled already, whatever this environment wants.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for process in processes:
                found = _run(process, environment)
                if number:
                    taken[process.name].append(found)
    return [Measured(name, tuple(runs)) for name, runs in taken.items()]


def _run(process: Process, environment: dict[str, str]) -> Taken:
    seconds = megabytes = 0.0
    for command in process.commands:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write(process.given)
            given.seek(0)
            reading, writing = os.pipe()
            try:
                done = subprocess.run(
                    [sys.executable, "-I", "-S", "-c", _RUNNER, str(writing), *command],
                    check=False,
                    cwd=process.directory,
                    env=environment,
                    stdin=given,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    pass_fds=(writing,),
                )
            finally:
                os.close(writing)
                with os.fdopen(reading) as pipe:
                    told = pipe.read().split()
            if done.returncode not in (0, 1) or not told:
                said.seek(0)
                raise SystemExit(f"{process.name}: {said.read().decode(errors='replace')}")
            seconds += float(told[0])
            megabytes = max(megabytes, float(told[1]) * _RSS_UNIT / 1e6)
    return Taken(seconds, megabytes)


def table(measured: Iterable[Measured], beside: str, *, markdown: bool = False) -> str:
    """Medians, bests and memory, and how many times the median of one process they are."""
    rows = list(measured)
    unit = next(row.median for row in rows if row.name == beside)
    cells = [
        (
            row.name,
            f"{row.median * 1000:.0f} ms",
            f"{row.best * 1000:.0f} ms",
            f"{row.median / unit:.2f}",
            f"{row.megabytes:.0f} MB",
        )
        for row in rows
    ]
    head = ("", "median", "best", f"x {beside}", "memory")
    if markdown:
        lines = [head, ("---", *["---:"] * 4), *cells]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (head, *cells)
    )
