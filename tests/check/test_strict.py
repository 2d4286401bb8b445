"""A check that is strict counts as done only where every part was checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plexus_rules.catalog import all_rules
from plexus_rules.check.report import Report
from plexus_rules.check.strict import unchecked
from plexus_rules.cli import main
from plexus_rules.finding import NotRun, Unsupported
from plexus_rules.rule import Needs
from plexus_rules.trees import Append, Delete, Replace
from tests.catalog.helpers import sample
from tests.checkouts import Checkout, write

PACKAGE = "packages/backend"
PROVIDERS = f"{PACKAGE}/drizzle/schema/sqlite/providers.ts"
SPREAD = (
    Replace(PROVIDERS, "  name: text('name').notNull(),\n", "  ...named('name'),\n"),
    Append(PROVIDERS, "import { named } from 'columns';\n"),
)
SAID = "the check is incomplete: 3 parts were not checked, which strict does not allow"


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(root), *options], env={"CI": ""})


@pytest.fixture
def unread(tmp_path: Path) -> Path:
    """A checkout in which a part of the schema cannot be read by three rules."""
    return Checkout.new(tmp_path, sample(*SPREAD)).root


def test_without_it_what_was_not_checked_is_only_said(unread: Path) -> None:
    result = run(unread)
    assert result.exit_code == 0
    assert "not checked: PLX210: " in result.stderr
    assert "incomplete" not in result.stderr


@pytest.mark.parametrize("by", ["option", "settings"])
def test_with_it_the_status_is_2(unread: Path, by: str) -> None:
    if by == "settings":
        write(unread, {"plexus-rules.toml": "strict = true\n"})
    result = run(unread, *(["--strict"] if by == "option" else []))
    assert result.exit_code == 2
    assert result.stdout.startswith("not checked to its end (")
    assert result.stderr.splitlines()[-1] == SAID


def test_settings_may_say_that_it_is_off(unread: Path) -> None:
    write(unread, {"plexus-rules.toml": "strict = false\n"})
    assert run(unread).exit_code == 0


def test_settings_of_another_type_are_an_error(unread: Path) -> None:
    write(unread, {"plexus-rules.toml": 'strict = "yes"\n'})
    result = run(unread)
    assert result.exit_code == 2
    assert "plexus-rules.toml:1: strict must be true or false" in result.stderr


def test_an_error_that_was_found_wins(unread: Path) -> None:
    write(unread, {f"{PACKAGE}/drizzle/migrations/0002_by_hand.sql": "SELECT 1;\n"})
    assert run(unread, "--strict").exit_code == 1


def test_the_json_is_the_same(unread: Path) -> None:
    before, strict = (run(unread, "--format=json", *more) for more in ([], ["--strict"]))
    assert json.loads(strict.stdout) == json.loads(before.stdout)
    assert (before.exit_code, strict.exit_code) == (0, 2)


def test_what_is_read_whole_is_checked(tmp_path: Path) -> None:
    assert run(Checkout.new(tmp_path).root, "--strict").exit_code == 0


def test_a_rule_that_does_not_apply_has_nothing_to_check(tmp_path: Path) -> None:
    gone = [path for path in sample() if "/migrations_pg/" in path or "/schema/postgres/" in path]
    files = sample(*map(Delete, [*gone, f"{PACKAGE}/drizzle.config.pg.ts"]))
    root = Checkout.new(tmp_path, files).root
    result = run(root, "--select=PLX102,PLX205", "--strict")
    assert "not checked: PLX102: the repository has one dialect" in result.stderr
    assert result.exit_code == 0


def test_a_base_that_is_missing_counts(tmp_path: Path) -> None:
    assert run(write(tmp_path, sample()), "--strict").exit_code == 2


def test_a_baseline_can_be_written_with_parts_that_are_not_checked(unread: Path) -> None:
    write(unread, {"plexus-rules.toml": "strict = true\n"})
    assert run(unread, "--write-baseline").exit_code == 0


@pytest.mark.parametrize(
    ("not_run", "unsupported", "said"),
    [
        ((), (), ""),
        ((NotRun("PLX102", ".", Needs.TWO_DIALECTS.value),), (), ""),
        ((NotRun("PLX201", ".", "no base"),), (), "one part was"),
        ((NotRun("PLX201", ".", "no base"),), (Unsupported("a", "link"),), "2 parts were"),
    ],
)
def test_what_counts(
    not_run: tuple[NotRun, ...], unsupported: tuple[Unsupported, ...], said: str
) -> None:
    report = Report(None, (), (), not_run, unsupported)
    assert unchecked(report, all_rules()).startswith(said)
    assert bool(unchecked(report, all_rules())) == bool(said)
