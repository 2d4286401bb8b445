"""What is public, what is documented, and that both are the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import plexus_rules
from plexus_rules.samples import files

ROOT = Path(__file__).parent.parent


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    for path, data in files().items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return tmp_path


def test_every_public_name_can_be_imported_and_has_a_docstring() -> None:
    for name in plexus_rules.__all__:
        assert getattr(plexus_rules, name).__doc__, name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(plexus_rules, "no_such_name")  # noqa: B009


def test_api_page_lists_exactly_what_is_public() -> None:
    page = (ROOT / "docs/api/index.md").read_text("utf-8")
    listed = re.findall(r"^::: plexus_rules\.(\w+)$", page, re.MULTILINE)
    assert sorted(listed) == sorted(plexus_rules.__all__)


def test_public_names_are_listed_once_with_their_home() -> None:
    assert sorted(plexus_rules._HOMES) == sorted(plexus_rules.__all__)


def test_directory_is_checked_by_one_call(sample: Path) -> None:
    report = plexus_rules.check_directory(sample, environ={})
    assert report.findings == ()
    assert report.base is None
    assert [project.dialect for project in report.projects] == ["postgresql", "sqlite"]
    assert {entry.rule for entry in report.not_run} == {
        rule.id for rule in plexus_rules.all_rules() if rule.reads_change
    }


def test_missing_directory_and_unknown_rule_are_errors(sample: Path) -> None:
    with pytest.raises(plexus_rules.CannotCheck, match="no such file"):
        plexus_rules.check_directory(sample / "nowhere")
    with pytest.raises(plexus_rules.UnknownRule, match="did you mean edited-migration"):
        plexus_rules.check_directory(sample, select="edited-migrations")


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, plexus_rules; print(*(m for m in sys.modules if 'plexus_rules.' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
