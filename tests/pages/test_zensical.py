"""Zensical, which follows mkdocs-material, makes the same pages of the same files."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plexus_rules.pages.twins import write_twins
from tests.pages.articles import Article

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def by_zensical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built in a copy: Zensical writes beside the file of its settings."""
    if importlib.util.find_spec("zensical") is None:
        assert not os.environ.get("TESTS_RUN_IN_CI"), (
            "zensical is not installed, and CI must build the site with it"
        )
        pytest.skip("zensical is not installed: pip install zensical")
    tree = tmp_path_factory.mktemp("zensical")
    shutil.copytree(ROOT / "docs", tree / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tree)
    for name in ("plexus_rules", "tests"):
        (tree / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "site"


def parts(page: Path) -> dict[str, list[str]]:
    article = Article()
    article.feed(page.read_text("utf-8"))
    found = {"headings": article.headings, "code": article.code, "rows": article.rows}
    return {name: ["".join(text.split()) for text in texts] for name, texts in found.items()}


def test_pages_are_the_same(by_zensical: Path, site: Path) -> None:
    built = {path.relative_to(by_zensical) for path in by_zensical.rglob("index.html")}
    assert built == {path.relative_to(site) for path in site.rglob("index.html")}
    for page in sorted(built):
        assert parts(by_zensical / page) == parts(site / page), page


def test_what_a_page_marks_is_marked(by_zensical: Path, site: Path) -> None:
    marks = ("<section ", "<details", 'class="tabbed-set', '<svg class="workflow"', 'class="files"')
    seen = dict.fromkeys(marks, 0)
    for page in site.rglob("index.html"):
        ours = page.read_text("utf-8")
        theirs = (by_zensical / page.relative_to(site)).read_text("utf-8")
        for mark in marks:
            assert theirs.count(mark) == ours.count(mark), f"{page}: {mark}"
            seen[mark] += ours.count(mark)
    assert all(seen.values())


def test_twins_stand_beside_its_pages(by_zensical: Path) -> None:
    write_twins(ROOT, by_zensical)
    for page in by_zensical.rglob("index.html"):
        assert page.with_name("index.md").is_file(), page
