"""Measures whole processes: ``python -m tests.benchmarks --help``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import DirectoryTree
from tests.benchmarks.grow import grown
from tests.benchmarks.processes import Measured, Process, measure, table
from tests.checkouts import Checkout, git

_READ = "import sys\nfor p in sys.stdin.read().split('\\0'): open(p, 'rb').read()"
_PARSE = "import json, sys\nfor p in sys.stdin.read().split('\\0'): json.load(open(p, 'rb'))"
_SQL = """
import sys, time
from pathlib import Path
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import DirectoryTree
for database in Repository(DirectoryTree(Path(sys.argv[1])), 0).databases:
    found = [database.statements(entry.tag) for entry in database.entries]
    start = time.perf_counter()
    operations = [database.operations(entry.tag) for entry in database.entries]
    spent = time.perf_counter() - start
    count = sum(map(len, found))
    print(f"{database.dialect}: {count} statements, {sum(map(len, operations))} operations, "
          f"{spent * 1000:.1f} ms")
"""


class Program(NamedTuple):
    """The words that start the program, and the interpreter that runs it."""

    python: str
    words: tuple[str, ...]


HERE = Program(sys.executable, (sys.executable, "-m", "plexus_rules"))
_SOURCE = Path(__file__).parents[2]

NOTHING, CHECK, CACHED = "python -c pass", "plexus-rules check", "plexus-rules check --cache"
KIT, AUDIT = "drizzle-kit check, each config", "plexus-rules audit"


def metadata(root: Path) -> list[Path]:
    """The journals and snapshots of a checkout."""
    listed = git("-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    paths = [root / path for path in listed.split("\0") if path.endswith(".json")]
    folders = {path.parent for path in paths if path.name == "_journal.json"}
    return [path for path in paths if path.parent in folders]


def start_up(program: Program = HERE) -> list[Process]:
    """The interpreter, and the program doing next to nothing."""
    return [
        Process(NOTHING, ((program.python, "-c", "pass"),)),
        Process("plexus-rules --version", ((*program.words, "--version"),)),
        Process("plexus-rules list", ((*program.words, "list"),)),
    ]


def checks(
    root: Path, cache: Path, kit: Path | None = None, program: Program = HERE
) -> list[Process]:
    """A check, one that nothing changed for, and what else reads the same files."""
    paths = "\0".join(map(str, metadata(root))).encode()
    check = (*program.words, "check", str(root))
    found = [
        Process("read the same JSON", ((program.python, "-c", _READ),), given=paths),
        Process("read and parse it", ((program.python, "-c", _PARSE),), given=paths),
        Process(CHECK, (check,)),
        Process(CACHED, ((*check, "--cache", str(cache)),)),
    ]
    return found if kit is None else [*found, drizzle_kit(root, kit)]


def drizzle_kit(root: Path, modules: Path) -> Process:
    """The check of drizzle-kit for each config of a checkout, one after the other."""
    repository = Repository(DirectoryTree(root), 0)
    configs = {database.config: repository.packages for database in repository.databases}
    places = {packages.directory(config) for config, packages in configs.items()}
    (place,) = places or {""}
    program = ("node", str(modules / "drizzle-kit" / "bin.cjs"), "check", "--config")
    names = (config[len(place) :].lstrip("/") for config in configs)
    return Process(KIT, tuple((*program, name) for name in names), root / place)


def audit(root: Path, program: Program = HERE) -> list[Process]:
    """The audit of a whole history, beside one check."""
    return [
        Process(CHECK, ((*program.words, "check", str(root)),)),
        Process(AUDIT, ((*program.words, "audit", str(root)),)),
    ]


def scaled(count: int, rounds: int, program: Program = HERE) -> Measured:
    """A check of a generated project with so many migrations, half of them in each dialect."""
    with tempfile.TemporaryDirectory() as directory:
        root = Checkout.new(Path(directory), grown(count // 2, count - count // 2)).root
        (found,) = measure([Process(CHECK, ((*program.words, "check", str(root)),))], rounds)
    return Measured(f"{count:,} migrations", found.taken)


def parsed(root: Path) -> str:
    """How long the SQL of each database's migrations takes to parse, a line each."""
    command = [sys.executable, "-c", _SQL, str(root)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def _program(installed: bool) -> Iterator[Program]:
    """The program of this environment; or one that is installed with what it needs, and no more.

    What else is installed is looked through at each import, so it makes the program slower.
    """
    if not installed:
        yield HERE
        return
    with tempfile.TemporaryDirectory() as directory:
        venv.create(directory, with_pip=True)
        programs = Path(directory) / ("Scripts" if os.name == "nt" else "bin")
        python = str(programs / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(_SOURCE)], check=True)
        yield Program(python, (str(programs / "plexus-rules"),))


@contextmanager
def _checkout(named: Path | None) -> Iterator[Path]:
    if named is not None:
        yield named
        return
    with tempfile.TemporaryDirectory() as directory:
        yield Checkout.new(Path(directory), grown()).root


def _installed(root: Path, generated: bool) -> Path | None:
    """The node_modules with drizzle-kit that a checkout uses; a generated one gets it here."""
    own = root / "node_modules"
    if generated:
        from plexus_rules.lab.lines import V0
        from plexus_rules.lab.toolbox import NoToolbox, toolbox

        try:
            own.symlink_to(toolbox(V0, lambda text: click.echo(text, err=True)).modules)
        except NoToolbox as error:
            raise click.ClickException(str(error)) from None
    return own if (own / "drizzle-kit" / "bin.cjs").is_file() else None


@click.command()
@click.argument("checkout", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--rounds", default=15, show_default=True, help="How often each process runs.")
@click.option("--kit", is_flag=True, help="Measure drizzle-kit check beside the check.")
@click.option(
    "--installed", is_flag=True, help="Measure the program installed with no more than it needs."
)
@click.option("--audit", "with_audit", is_flag=True, help="Measure an audit of the whole history.")
@click.option("--sql", is_flag=True, help="Measure how long the SQL of all migrations parses.")
@click.option(
    "--scale",
    multiple=True,
    type=int,
    metavar="COUNT",
    help="Measure a check of so many generated migrations; may be given several times.",
)
@click.option("--markdown", is_flag=True, help="Print tables for a page.")
def main(
    checkout: Path | None,
    rounds: int,
    kit: bool,
    installed: bool,
    with_audit: bool,
    sql: bool,
    scale: tuple[int, ...],
    markdown: bool,
) -> None:
    """Measure the program on CHECKOUT, or on a generated project with 60 + 80 migrations.

    Processes run in turn, round by round. Memory is that of the largest process.
    """
    with (
        _program(installed) as program,
        _checkout(checkout) as root,
        tempfile.TemporaryDirectory() as cache,
    ):
        paths = metadata(root)
        size = sum(path.stat().st_size for path in paths)
        click.echo(f"{len(paths)} journals and snapshots, {size / 1e6:.1f} MB; {rounds} rounds\n")
        modules = _installed(root, checkout is None) if kit else None
        if kit and modules is None:
            raise click.ClickException("there is no drizzle-kit in CHECKOUT/node_modules")
        processes = [*start_up(program), *checks(root, Path(cache), modules, program)]
        beside = KIT if modules else NOTHING
        click.echo(table(measure(processes, rounds), beside, markdown=markdown))
        if with_audit:
            click.echo()
            found = measure(audit(root, program), min(rounds, 3))
            click.echo(table(found, CHECK, markdown=markdown))
        if sql:
            click.echo()
            click.echo(parsed(root), nl=False)
        if scale:
            click.echo()
            measured = [scaled(count, min(rounds, 5), program) for count in scale]
            click.echo(table(measured, measured[0].name, markdown=markdown))


if __name__ == "__main__":
    main()
