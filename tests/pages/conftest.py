"""What the tests of the pages share: every example is run once, and every page made once."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.gallery import Outcome, run_all
from plexus_rules.pages.site import site_files
from plexus_rules.pages.twins import write_twins
from plexus_rules.pages.views import RuleView, rule_views

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def outcomes() -> list[Outcome]:
    return list(run_all(all_rules()))


@pytest.fixture(scope="session")
def pages(outcomes: list[Outcome]) -> Mapping[str, str]:
    return site_files(all_rules(), outcomes, "# Changelog\n", {})


@pytest.fixture(scope="session")
def views(outcomes: list[Outcome]) -> dict[str, RuleView]:
    return {view.rule.id: view for view in rule_views(all_rules(), outcomes)}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("mkdocs") is None:
        assert not os.environ.get("TESTS_RUN_IN_CI"), (
            "mkdocs is not installed, and CI must build the site"
        )
        pytest.skip("mkdocs is not installed: pip install -e '.[site]'")
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    write_twins(ROOT, target)
    return target
