"""Measures how the site is built as the catalogue grows: ``python -m tests.benchmarks.pages``."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import click
import msgspec

from plexus_rules.catalog import all_rules, module_of
from plexus_rules.gallery import Outcome, run_example
from plexus_rules.pages.card import write_cards
from plexus_rules.pages.site import site_files
from plexus_rules.pages.twins import write_twins
from plexus_rules.rule import Rule

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent


class Grown(msgspec.Struct, frozen=True):
    """A generated catalogue: rules, what their examples gave, and the rule that each is made of."""

    rules: list[Rule]
    outcomes: list[Outcome]
    made_of: dict[str, Rule]


def grown_catalogue(count: int) -> Grown:
    """So many rules like those of the catalogue, in turn, each with two examples that are run."""
    real, rules = all_rules(), list(all_rules())
    found = Grown([], [], {})
    for number in range(count):
        rule = rules[number % len(rules)]
        kept = {type(example): example for example in rule.examples}
        one = msgspec.structs.replace(
            rule,
            id=f"{rule.id[:4]}{number:04}",
            name=f"{rule.name}-{number}",
            why=(),
            examples=tuple(kept.values()),
        )
        found.rules.append(one)
        found.made_of[one.id] = rule
        for example in one.examples:
            found.outcomes.append(_renamed(run_example(rule, example, real), rule, one))
    return msgspec.structs.replace(found, rules=sorted(found.rules, key=lambda one: one.id))


def _renamed(outcome: Outcome, rule: Rule, one: Rule) -> Outcome:
    findings = tuple(
        msgspec.structs.replace(finding, rule=one.id) if finding.rule == rule.id else finding
        for finding in outcome.report.findings
    )
    report = msgspec.structs.replace(outcome.report, findings=findings)
    return msgspec.structs.replace(outcome, rule=one, report=report)


def write_pages(root: Path, grown: Grown) -> None:
    """Writes the generated pages, as ``plexus-rules generate`` does."""
    with patch("plexus_rules.pages.views.module_of", lambda one: module_of(grown.made_of[one.id])):
        files = site_files(grown.rules, grown.outcomes, "# Changelog\n", {})
    for name, text in files.items():
        path = root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


@contextmanager
def source_tree() -> Iterator[Path]:
    """A source tree with the written pages alone; the package and its tests are linked to."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        generated = shutil.ignore_patterns("rules", "source", "guides", "evidence")
        shutil.copytree(ROOT / "docs", root / "docs", ignore=generated)
        for name in ("CHANGELOG.md", "mkdocs.yml", "mkdocs_hooks.py"):
            shutil.copy(ROOT / name, root)
        for name in ("plexus_rules", "tests"):
            (root / name).symlink_to(ROOT / name)
        yield root


def mkdocs_build(root: Path) -> Path:
    """Runs mkdocs as it is. Links from written pages to claims are broken here, so not strictly."""
    site = root / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--no-strict", "--site-dir", str(site)]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    if done.returncode:
        raise click.ClickException(f"mkdocs build failed:\n{done.stderr}")
    return site


class Built(msgspec.Struct, frozen=True):
    """What one build of a site of so many rules took, in seconds.

    Attributes:
        rules: how many.
        mkdocs: mkdocs alone, on the pages as they are.
        ours: what is done beside it: pages are rendered before, twins and cards are made after.
        examples: what running the examples took, which is no work on pages.
    """

    rules: int
    mkdocs: float
    ours: float
    examples: float

    @property
    def ratio(self) -> float:
        """How many times mkdocs alone the site takes."""
        return (self.mkdocs + self.ours) / self.mkdocs


def build(count: int) -> Built:
    """Builds a site of so many rules."""
    with source_tree() as root:
        grown, examples = _timed(lambda: grown_catalogue(count))
        _, before = _timed(lambda: write_pages(root, grown))
        site, mkdocs = _timed(lambda: mkdocs_build(root))
        _, after = _timed(lambda: (write_twins(root, site), write_cards(site)))
    return Built(count, mkdocs, before + after, examples)


def _timed(make: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return make(), time.perf_counter() - start


def told(built: Built) -> str:
    """One line of the table."""
    return (
        f"{built.rules:5,}  {built.mkdocs:6.1f} s  {built.ours:6.1f} s  {built.ratio:5.2f}"
        f"  {1000 * (built.mkdocs + built.ours) / built.rules:5.0f} ms  {built.examples:6.1f} s"
    )


@click.command()
@click.option("--rules", "counts", multiple=True, type=int, default=(25, 200, 1000))
@click.option("--rounds", default=1, show_default=True, help="How often each site is built.")
def main(counts: Sequence[int], rounds: int) -> None:
    """Measure building the site of generated catalogues, beside mkdocs alone on the same pages."""
    click.echo("rules    mkdocs      ours  ratio  a rule  examples")
    for _, count in itertools.product(range(rounds), counts):
        click.echo(told(build(count)))


if __name__ == "__main__":
    main()
