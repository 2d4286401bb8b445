"""What the page about using the checker says to paste works as pasted.

Programs that would fetch something (pip, pre-commit) only note down how they were called;
``plexus-rules`` is the one of this source tree.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from plexus_rules import __version__
from plexus_rules.cli import main
from plexus_rules.samples import ADD_COLUMN_BOTH, base, files
from plexus_rules.trees import Append, apply
from tests.checkouts import Checkout, write

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/check.md").read_text("utf-8")
SQL = "packages/backend/drizzle/migrations/0001_add_request_tokens.sql"
HOOKS = ("pre-commit", "pre-merge-commit")


def fences(language: str, text: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\b[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """The text of a section, without what follows it."""
    return re.split(r"^#+ ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@dataclass
class Shell:
    """Runs lines as a CI does: the first that fails ends it."""

    checkout: Checkout
    programs: Path

    def run(self, lines: str, **more: str) -> tuple[int, str]:
        """The status of some lines, and what they print."""
        hidden = ("CI", "GITHUB_ACTIONS", "GITHUB_BASE_REF")
        environ = {name: value for name, value in os.environ.items() if name not in hidden}
        environ["PATH"] = f"{self.programs}{os.pathsep}{environ['PATH']}"
        done = subprocess.run(
            ["bash", "-e", "-c", lines],
            cwd=self.checkout.root,
            env=environ | more,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def called(self, name: str) -> list[list[str]]:
        """How a program that only takes notes was called."""
        notes = self.programs / f"{name}.called"
        lines = notes.read_text("utf-8").splitlines() if notes.exists() else []
        return [shlex.split(line) for line in lines]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A clone of the sample on a branch of its own, as in a pull request."""
    programs = tmp_path / "programs"
    ours = shlex.join([sys.executable, "-m", "plexus_rules"])
    write(programs, {"plexus-rules": f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec {ours} "$@"\n'})
    for name in ("pip", "pre-commit"):
        notes = shlex.quote(str(programs / f"{name}.called"))
        write(programs, {name: f'#!/bin/sh\nprintf "\'%s\' " "$@" >> {notes}\necho >> {notes}\n'})
    for program in programs.iterdir():
        program.chmod(0o755)
    clone = Checkout.new(tmp_path / "origin").clone(tmp_path / "clone")
    clone.git("switch", "--quiet", "--create", "topic")
    return Shell(clone, programs)


def good(shell: Shell) -> None:
    shell.checkout.commit(files(ADD_COLUMN_BOTH))


def bad(shell: Shell) -> None:
    shell.checkout.commit(apply(base(), [Append(SQL, "\nSELECT 1;\n")]))


def job() -> dict[str, Any]:
    """The one job of the workflow on the page."""
    (workflow,) = (
        found
        for text in fences("yaml")
        if isinstance(found := yaml.safe_load(text), dict)
        if "jobs" in found
    )
    assert True in workflow or "on" in workflow  # YAML 1.1 reads "on" as true
    (found,) = workflow["jobs"].values()
    assert isinstance(found, dict)
    return found


def run_of(steps: list[dict[str, Any]], shell: Shell) -> tuple[int, str]:
    """The first failure of the steps that run something, or the last success."""
    status, said = 0, ""
    for step in steps:
        if "run" in step and not status:
            status, said = shell.run(
                step["run"], CI="true", GITHUB_ACTIONS="true", GITHUB_BASE_REF="main"
            )
    return status, said


def test_workflow_passes_a_good_pull_request(shell: Shell) -> None:
    good(shell)
    assert run_of(job()["steps"], shell)[0] == 0
    ((command, source),) = shell.called("pip")
    assert command == "install"
    assert source.startswith("git+https://")


def test_workflow_stops_a_bad_pull_request_with_annotations(shell: Shell) -> None:
    bad(shell)
    status, said = run_of(job()["steps"], shell)
    assert status == 1
    assert f"::error file={SQL},line=" in said
    assert "PLX201" in said


def test_workflow_fetches_the_history_that_the_check_compares_with() -> None:
    first = job()["steps"][0]
    assert first["uses"].startswith("actions/checkout@")
    assert first["with"]["fetch-depth"] == 0


def scanning() -> list[dict[str, Any]]:
    (text,) = fences("yaml", section("Code scanning"))
    steps = yaml.safe_load(text)
    assert isinstance(steps, list)
    return steps


def test_code_scanning_gets_the_findings_though_the_check_fails(shell: Shell) -> None:
    bad(shell)
    check, upload = scanning()
    assert run_of([check], shell)[0] == 1
    assert upload["if"] == "always()"
    sarif = json.loads((shell.checkout.root / upload["with"]["sarif_file"]).read_text("utf-8"))
    assert sarif["version"] == "2.1.0"
    assert "PLX201" in [result["ruleId"] for result in sarif["runs"][0]["results"]]


def test_code_scanning_gets_no_result_of_a_good_pull_request(shell: Shell) -> None:
    good(shell)
    check, upload = scanning()
    assert run_of([check], shell)[0] == 0
    sarif = json.loads((shell.checkout.root / upload["with"]["sarif_file"]).read_text("utf-8"))
    assert sarif["runs"][0]["results"] == []


def test_plain_shell_tells_good_from_bad(shell: Shell) -> None:
    (lines,) = fences("sh", section("In a pull request"))
    good(shell)
    assert shell.run(lines, CI="true")[0] == 0
    bad(shell)
    status, said = shell.run(lines, CI="true")
    assert status == 1
    assert "PLX201" in said


def test_first_lines_of_the_page_check_the_directory(shell: Shell) -> None:
    status, said = shell.run(fences("sh")[0])
    assert status == 0, said
    assert shell.called("pip") == [["install", "../plexus_rules"]]


def test_settings_of_pre_commit_name_a_hook_of_the_manifest() -> None:
    (text,) = fences("yaml", section("Before a commit"))
    (repository,) = yaml.safe_load(text)["repos"]
    assert repository["rev"] == f"v{__version__}"
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {hook["id"] for hook in repository["hooks"]} == {hook["id"] for hook in manifest}


def test_pre_commit_is_installed_for_the_hooks_that_the_check_is_made_for(shell: Shell) -> None:
    install, _ = fences("sh", section("Before a commit"))
    assert shell.run(install)[0] == 0
    options = [option for name in HOOKS for option in ("--hook-type", name)]
    assert shell.called("pre-commit") == [["install", *options]]


def test_directory_in_the_arguments_of_the_hook_is_what_is_checked(shell: Shell) -> None:
    (arguments,) = re.findall(r"`args: \[([^]]*)\]`", PAGE)
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    bad(shell)
    status, said = shell.run(f"{hook['entry']} {arguments}")
    assert status == 1
    assert SQL.removeprefix(f"{arguments}/") in said


def test_hook_written_by_hand_stops_a_bad_commit(shell: Shell) -> None:
    _, by_hand = fences("sh", section("Before a commit"))
    assert shell.run(by_hand)[0] == 0
    write(shell.checkout.root, apply(base(), [Append(SQL, "\nSELECT 1;\n")]))
    status, said = shell.run("git commit --quiet --all --message x")
    assert status == 1
    assert "PLX201" in said
    write(shell.checkout.root, {**base(), "notes.md": "more\n"})
    assert shell.run("git add notes.md\ngit commit --quiet --message x")[0] == 0


def test_each_command_of_the_page_is_one_that_there_is() -> None:
    for block in (*fences("sh"), *fences("yaml")):
        for name, options in re.findall(r"plexus-rules ([a-z]+)((?: --[a-z-]+)*)", block):
            known = {flag for parameter in main.commands[name].params for flag in parameter.opts}
            assert set(options.split()) <= known


def test_settings_on_the_page_are_read(tmp_path: Path) -> None:
    from plexus_rules.catalog import all_rules
    from plexus_rules.check.settings import parse_settings

    (text,) = fences("toml", section("Settings"))
    settings = parse_settings(text.encode(), "plexus-rules.toml", all_rules())
    assert len(settings.waivers) == 1
    assert settings.baseline
