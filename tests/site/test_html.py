"""The pages are HTML as its standard says, but for what the theme does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.once import once
from tests.site.tools import Tools

#: Faults of mkdocs-material's own templates, which this project does not override.
THEME = {
    # It keeps a browser from remembering whether the menu was open; harmless.
    ("valid-autocomplete", "#__drawer"),
    ("valid-autocomplete", "#__search"),
}


Faults = set[tuple[str, str, str]]


def faults(tools: Tools, directory: Path, scratch: Path) -> Faults:
    """Page, rule and place of whatever is not as the standard says."""
    config, report = scratch / "html-validate.json", scratch / "faults.json"
    config.write_text('{"root": true, "extends": ["html-validate:standard"]}')
    program = tools.modules / "html-validate" / "bin" / "html-validate.mjs"
    command = [str(tools.node), str(program), "--config", str(config), "--formatter", "json"]
    with report.open("wb") as written:  # it ends before a pipe has taken everything
        done = subprocess.run(
            [*command, f"{directory}/**/*.html"],
            stdout=written,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode in (0, 1), done.stderr
    pages: list[dict[str, Any]] = json.loads(report.read_bytes())
    return {
        (
            str(Path(page["filePath"]).relative_to(directory)),
            fault["ruleId"],
            fault.get("selector") or f"line {fault['line']}: {fault['message']}",
        )
        for page in pages
        for fault in page["messages"]
    }


@pytest.fixture(scope="module")
def found(
    npm_tools: Tools, site: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Faults:
    scratch = tmp_path_factory.mktemp("html")
    return once(tmp_path_factory, worker_id, "html", lambda: faults(npm_tools, site, scratch))


def test_pages_are_valid(found: Faults) -> None:
    assert sorted(fault for fault in found if fault[1:] not in THEME) == []


def test_what_is_allowed_still_happens(found: Faults) -> None:
    assert {fault[1:] for fault in found} >= THEME


def test_fault_is_found(npm_tools: Tools, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "index.html"
    page.parent.mkdir()
    page.write_text("<!DOCTYPE html><html lang='en'><title>A page</title><p><div></div></p></html>")
    assert {fault[1] for fault in faults(npm_tools, page.parent, tmp_path)} >= {
        "element-permitted-content"
    }
