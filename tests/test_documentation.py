"""What the written pages say works as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from plexus_rules.catalog import all_rules
from plexus_rules.cli import main
from plexus_rules.gallery import run_example
from plexus_rules.pages.terminal import gallery_line, gallery_summary
from plexus_rules.rule import Rule

ROOT = Path(__file__).parent.parent
WALK = (ROOT / "docs/writing-a-rule.md").read_text("utf-8")


def fences(text: str, start: str) -> list[str]:
    return re.findall(rf"^```{re.escape(start)}[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def written_rule() -> Rule:
    (code,) = fences(WALK, "python title=")
    module = types.ModuleType("lower_case_name")
    sys.modules[module.__name__] = module
    exec(compile(code, "docs/writing-a-rule.md", "exec"), module.__dict__)
    rule: Rule = module.RULE
    return rule


def test_rule_of_the_walk_through_works_as_written(written_rule: Rule) -> None:
    others = (rule for rule in all_rules() if rule.id != written_rule.id)
    rules = (*others, written_rule)
    outcomes = [run_example(written_rule, example, rules) for example in written_rule.examples]
    said = [*map(gallery_line, outcomes), gallery_summary(outcomes)]
    (shown,) = fences(WALK, "text")
    assert "\n".join(said) == shown.rstrip()


def test_rule_of_the_walk_through_has_the_style_of_the_others(tmp_path: Path) -> None:
    (code,) = fences(WALK, "python title=")
    module = tmp_path / "lower_case_name.py"
    module.write_text(code)
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        assert not os.environ.get("TESTS_RUN_IN_CI"), (
            "ruff is not installed, and CI must check the page"
        )
        pytest.skip("ruff is not installed: pip install -e '.[dev]'")
    for command in (["check"], ["format", "--check", "--diff"]):
        options = ["--no-cache", "--config", str(ROOT / "pyproject.toml")]
        done = subprocess.run(
            [str(ruff), *command, *options, str(module)],
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
