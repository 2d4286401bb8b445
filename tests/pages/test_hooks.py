"""While the site is served, twins are written as a build writes them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def hooks() -> ModuleType:
    pytest.importorskip("mkdocs")
    spec = importlib.util.spec_from_file_location("mkdocs_hooks", ROOT / "mkdocs_hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def config(tmp_path: Path) -> Any:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/page.md").write_text("# Page { #page }\n")
    return SimpleNamespace(
        config_file_path=str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "served")
    )


def test_twins_are_written_while_serving(hooks: ModuleType, config: Any, tmp_path: Path) -> None:
    hooks.on_startup(command="serve", dirty=False)
    hooks.on_post_build(config=config)
    assert (tmp_path / "served/page/index.md").read_text() == "# Page\n"


def test_build_does_not_depend_on_the_hook(hooks: ModuleType, config: Any, tmp_path: Path) -> None:
    hooks.on_startup(command="build", dirty=False)
    hooks.on_post_build(config=config)
    hooks.on_pre_build(config=config)
    assert not (tmp_path / "served").exists()
