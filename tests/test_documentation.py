"""What the written pages say works as written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plexus_rules.cli import main

ROOT = Path(__file__).parent.parent
WALK = (ROOT / "docs/writing-a-rule.md").read_text("utf-8")


def fences(text: str, start: str) -> list[str]:
    return re.findall(rf"^```{re.escape(start)}[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def titled(text: str, language: str) -> dict[str, str]:
    """The fences of a page that show a file, or a change of one, by its path."""
    found = re.findall(
        rf'^```{language} title="([^"]+)"\n(.*?)^```$', text, re.MULTILINE | re.DOTALL
    )
    assert found
    return dict(found)


class Walk:
    """A copy of the source tree, in which a reader does what the page says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("plexus_rules", "docs", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        for name in ("pyproject.toml", "mkdocs.yml", "README.md", "CHANGELOG.md"):
            shutil.copy(ROOT / name, root / name)
        files = titled(WALK, "python")
        (self.tests,) = (path for path in files if path.startswith("tests/"))
        (self.module,) = files.keys() - {self.tests}
        self.files = files

    def write(self, path: str) -> None:
        assert not (self.root / path).exists(), path
        (self.root / path).write_text(self.files[path], "utf-8")

    def change(self) -> None:
        """Makes the changes that the page shows as diffs."""
        for path, diff in titled(WALK, "diff").items():
            lines = diff.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if not line.startswith("+"))
            after = "".join(line[1:] for line in lines if not line.startswith("-"))
            text = (self.root / path).read_text("utf-8")
            assert text.count(before) == 1, path
            (self.root / path).write_text(text.replace(before, after), "utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a module of Python on the copy."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def state(self) -> dict[Path, bytes]:
        """Every file, but for what Python keeps of its modules."""
        files = (path for path in self.root.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return {path: path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return Walk(tmp_path_factory.mktemp("walk"))


def test_reader_of_the_walk_through_comes_to_its_end(walk: Walk) -> None:
    walk.write(walk.module)
    shown = walk.run("plexus_rules", "gallery", "--select", "PLX399")
    assert (shown.returncode, [shown.stdout]) == (0, fences(WALK, "text")), shown.stderr

    before = walk.state
    refused = walk.run("plexus_rules", "generate")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"PLX399 ended-transaction has no tests: {walk.tests} is missing" in refused.stderr
    assert walk.state == before

    walk.write(walk.tests)
    walk.change()
    generated = walk.run("plexus_rules", "generate")
    assert generated.returncode == 0, generated.stderr
    page = (walk.root / "docs/source/PLX399.md").read_text("utf-8")
    assert re.findall(r'^--8<-- "(.+)"$', page, re.MULTILINE) == [walk.module, walk.tests]
    guide = walk.root / "docs/guides/packages/backend/drizzle/schema/AGENTS.md"
    assert "PLX399" in guide.read_text("utf-8")

    claims = "tests/lab/test_claims.py::test_every_claim_has_a_rule_that_rests_on_it"
    tests = (walk.tests, "tests/catalog/test_catalogue.py", claims)
    passed = walk.run("pytest", "-p", "no:cacheprovider", *tests)
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_files_of_the_walk_through_have_the_style_of_the_others(walk: Walk) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        assert not os.environ.get("TESTS_RUN_IN_CI"), (
            "ruff is not installed, and CI must check the page"
        )
        pytest.skip("ruff is not installed: pip install -e '.[dev]'")
    for path, text in walk.files.items():
        for command in (["check"], ["format", "--check", "--diff"]):
            options = ["--no-cache", "--stdin-filename", str(walk.root / path)]
            done = subprocess.run(
                [str(ruff), *command, *options, "-"],
                cwd=walk.root,
                input=text,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", ["README.md", "docs/check.md", "docs/index.md", "CONTRIBUTING.md"])
def test_commands_that_pages_name_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for name, options in re.findall(r"plexus-rules ([a-z]+)((?: --[a-z-]+)*)", text):
        command = main.commands.get(name)
        assert command is not None, f"{page} names plexus-rules {name}"
        known = {flag for parameter in command.params for flag in parameter.opts}
        assert set(options.split()) <= known | {"--help"}, f"{page}: {name}{options}"


def test_make_targets_that_pages_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text("utf-8")
        for target in re.findall(r"`make ([a-z]+)`", text):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_json_on_the_page_has_the_keys_of_the_contract() -> None:
    from plexus_rules.check import Report
    from plexus_rules.reporters.json import report_value

    page = (ROOT / "docs/check.md").read_text("utf-8")
    for key in report_value(Report(None, (), ())):
        assert f'"{key}":' in page


def test_help_names_every_command() -> None:
    done = CliRunner().invoke(main, ["--help"])
    for name in main.commands:
        assert f"  {name} " in done.output
