"""Measures how soon a served site shows a changed rule: ``python -m tests.benchmarks.serving``."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from plexus_rules.catalog import all_rules, module_of
from plexus_rules.rule import Rule

ROOT = Path(__file__).parent.parent.parent
#: What ``make serve`` runs.
SERVE = ("mkdocs", "serve", "--livereload", "--dirty", "--no-strict")
#: Seconds until a page counts as never shown.
PATIENCE = 120


def copy_of_source(target: Path) -> Path:
    """A source tree that may be changed, compiled as one that is worked in."""
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("docs", "plexus_rules", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=unwanted)
    for name in ("CHANGELOG.md", "README.md", "mkdocs.yml", "mkdocs_hooks.py"):
        shutil.copy(ROOT / name, target)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", str(target / "plexus_rules")], check=True
    )
    return target


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serves a source tree, and gives the address once it is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    address = f"http://{where}/"
    environment = os.environ | {"SITE_URL": address, "NO_MKDOCS_2_WARNING": "1"}
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(
            [sys.executable, "-m", *SERVE, "--dev-addr", where],
            cwd=root,
            env=environment,
            stdout=said,
            stderr=said,
        )
        try:
            wait(lambda: shown(address, "") is not None)
            yield address
        except TimeoutError:
            said.seek(0)
            raise TimeoutError(said.read().decode(errors="replace")) from None
        finally:
            server.terminate()
            server.wait()


def shown(address: str, page: str) -> str | None:
    """A page as it is served; None where there is none yet."""
    try:
        with urllib.request.urlopen(address + page, timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
            return text
    except urllib.error.URLError:
        return None


def wait(done: Callable[[], bool]) -> float:
    """Waits until something is so; the seconds that it took."""
    start = time.perf_counter()
    while not done():
        if time.perf_counter() - start > PATIENCE:
            raise TimeoutError
        time.sleep(0.02)
    return time.perf_counter() - start


def change(root: Path, rule: Rule, mark: str) -> None:
    """Changes the sentence of a rule in its module."""
    module = root / module_of(rule)
    text = module.read_text("utf-8")
    first = rule.statement.split()[1]
    before, found, after = text.partition(f" {first}")
    while "statement=" not in before:
        more, found, after = after.partition(f" {first}")
        before += f" {first}{more}"
    module.write_text(f"{before} {mark}{found}{after}", "utf-8")


def until_shown(root: Path, address: str, rule: Rule, mark: str) -> float:
    """Changes a rule, and waits until its page says so; the seconds that it took."""
    change(root, rule, mark)
    return wait(lambda: mark in (shown(address, f"rules/{rule.id}/") or ""))


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often a rule is changed.")
@click.option("--pause", default=20, show_default=True, help="Seconds between two changes.")
def main(rounds: int, pause: int) -> None:
    """Measure how soon the page of a changed rule shows the change, while the site is served."""
    rule = max(all_rules(), key=lambda rule: len(rule.examples))
    with tempfile.TemporaryDirectory() as directory:
        root = copy_of_source(Path(directory))
        with serving(root) as address:
            taken = []
            for number in range(rounds):
                time.sleep(pause)
                taken.append(until_shown(root, address, rule, f"mark{number}"))
    listed = ", ".join(f"{seconds:.2f}" for seconds in taken)
    click.echo(f"{rule.id}, {len(rule.examples)} examples: {listed} s")
    click.echo(f"median {statistics.median(taken):.2f} s, best {min(taken):.2f} s")


if __name__ == "__main__":
    main()
