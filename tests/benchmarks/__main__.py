"""Measures whole processes: ``python -m tests.benchmarks [CHECKOUT] [--rounds N]``.

``plexus-rules check`` on a generated repository with 60 + 80 migrations, or on a checkout that
is named, beside the interpreter doing nothing and beside a process that only reads and parses
the same JSON. Rounds are interleaved, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks.grow import grown
from tests.checkouts import Checkout, git

_READ = "import sys\nfor p in sys.stdin.read().split('\\0'): open(p, 'rb').read()"
_PARSE = "import json, sys\nfor p in sys.stdin.read().split('\\0'): json.load(open(p, 'rb'))"


def metadata(root: Path) -> list[Path]:
    """The journals and snapshots of a checkout."""
    listed = git("-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    paths = [root / path for path in listed.split("\0") if path.endswith(".json")]
    folders = {path.parent for path in paths if path.name == "_journal.json"}
    return [path for path in paths if path.parent in folders]


def measure(root: Path, rounds: int) -> dict[str, list[float]]:
    """The seconds that each process took, by its name, round by round."""
    paths = "\0".join(map(str, metadata(root))).encode()
    program = [sys.executable, "-m", "plexus_rules"]
    processes = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "read the same JSON": [sys.executable, "-c", _READ],
        "read and parse it": [sys.executable, "-c", _PARSE],
        "plexus-rules --version": [*program, "--version"],
        "plexus-rules list": [*program, "list"],
        "plexus-rules check": [*program, "check", str(root)],
    }
    taken: dict[str, list[float]] = {name: [] for name in processes}
    with tempfile.TemporaryDirectory() as compiled:
        # An installed program is compiled already, whatever this environment wants.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for name, command in processes.items():
                start = time.perf_counter()
                done = subprocess.run(
                    command, input=paths, check=False, capture_output=True, env=environment
                )
                if number:  # the first round fills caches
                    taken[name].append(time.perf_counter() - start)
                if done.returncode not in (0, 1):
                    raise SystemExit(f"{name}: {done.stderr.decode(errors='replace')}")
    return taken


def table(taken: dict[str, list[float]]) -> str:
    """Medians in milliseconds, and how many times the first and the third they are."""
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    bare, parsing = medians["python -c pass"], medians["read and parse it"]
    lines = [f"{'':<24}{'median':>10}{'best':>10}{'x python':>10}{'x parsing':>11}"]
    for name, median in medians.items():
        best = min(taken[name])
        lines.append(
            f"{name:<24}{median * 1000:>7.0f} ms{best * 1000:>7.0f} ms"
            f"{median / bare:>10.1f}{median / parsing:>11.1f}"
        )
    return "\n".join(lines)


@click.command()
@click.argument("checkout", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--rounds", default=15, show_default=True, help="How often each process runs.")
def main(checkout: Path | None, rounds: int) -> None:
    """Measure plexus-rules check on CHECKOUT, or on a generated repository."""
    with tempfile.TemporaryDirectory() as directory:
        root = checkout or Checkout.new(Path(directory), grown()).root
        paths = metadata(root)
        size = sum(path.stat().st_size for path in paths)
        click.echo(f"{len(paths)} journals and snapshots, {size / 1e6:.1f} MB; {rounds} rounds")
        click.echo(table(measure(root, rounds)))


if __name__ == "__main__":
    main()
