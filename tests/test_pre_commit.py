"""The hook of pre-commit: what its manifest says, and what git gives it to judge."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from plexus_rules.cli import main
from plexus_rules.samples import base
from plexus_rules.trees import Append, apply
from tests.checkouts import Checkout, write

ROOT = Path(__file__).parent.parent
SQL = "packages/backend/drizzle/migrations/0001_add_request_tokens.sql"


@pytest.fixture
def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert isinstance(only, dict)
    return only


@pytest.fixture
def checkout(tmp_path: Path, hook: dict[str, Any]) -> Checkout:
    """The sample, committed, where git calls the hook before commits and merges."""
    checkout = Checkout.new(tmp_path)
    _, *arguments = shlex.split(hook["entry"])
    call = shlex.join([sys.executable, "-m", "plexus_rules", *arguments])
    for name in ("pre-commit", "pre-merge-commit"):
        file = tmp_path / ".git/hooks" / name
        write(tmp_path, {f".git/hooks/{name}": f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec {call}\n'})
        file.chmod(0o755)
    return checkout


def git(checkout: Checkout, *arguments: str) -> tuple[int, str]:
    """The status of a git command, and what the hook printed."""
    done = subprocess.run(
        ["git", "-C", str(checkout.root), *arguments], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def edit(checkout: Checkout) -> None:
    write(checkout.root, apply(base(), [Append(SQL, "\nSELECT 1;\n")]))


def test_manifest_calls_a_command_that_there_is(hook: dict[str, Any]) -> None:
    program, name, *options = shlex.split(hook["entry"])
    assert program == "plexus-rules"
    known = {flag for parameter in main.commands[name].params for flag in parameter.opts}
    assert set(options) <= known


def test_manifest_has_the_whole_project_checked_at_every_commit(hook: dict[str, Any]) -> None:
    assert hook["always_run"] is True
    assert hook["pass_filenames"] is False


def test_commit_of_an_edit_is_stopped(checkout: Checkout) -> None:
    edit(checkout)
    status, said = git(checkout, "commit", "--all", "--message", "x")
    assert status == 1
    assert "PLX201" in said


def test_commit_of_nothing_but_a_deletion_is_stopped(checkout: Checkout) -> None:
    checkout.git("rm", "--quiet", SQL)
    status, said = git(checkout, "commit", "--message", "x")
    assert status == 1
    assert "this landed migration is deleted" in said


def test_merge_of_an_edit_is_stopped_and_another_is_not(checkout: Checkout) -> None:
    checkout.git("switch", "--quiet", "--create", "good")
    checkout.commit({"README.md": "more"})
    checkout.git("switch", "--quiet", "--create", "bad", "main")
    edit(checkout)
    checkout.git("commit", "--quiet", "--all", "--no-verify", "--message", "x")
    checkout.git("switch", "--quiet", "main")
    checkout.commit({"other.md": "more"})
    assert git(checkout, "merge", "--no-edit", "good")[0] == 0
    status, said = git(checkout, "merge", "--no-edit", "bad")
    assert status == 1
    assert "PLX201" in said
    status, said = git(checkout, "commit", "--no-edit")
    assert status == 1
    assert "PLX201" in said
