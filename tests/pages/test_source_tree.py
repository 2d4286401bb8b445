"""Generating inside of the source tree: what is stale, what is gone, and what is left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules, find_rule, module_of
from plexus_rules.gallery import Outcome, run_all
from plexus_rules.pages import source_tree
from plexus_rules.pages.source_tree import SourceTreeError, find_source_tree, plan
from plexus_rules.rule import Rule

ROOT = Path(__file__).parent.parent.parent
HELP = {"help-audit": "audit", "commands": "(help)", "help-check": "(help)"}


@pytest.fixture(scope="module")
def some_outcomes() -> list[Outcome]:
    rules = [rule for rule in all_rules() if rule.id in ("PLX201", "PLX203", "PLX301")]
    return list(run_all(all_rules(), rules))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, some_outcomes: list[Outcome]) -> Path:
    """A source tree of its own, in which few examples run."""

    def few(rules: tuple[Rule, ...]) -> list[Outcome]:
        return some_outcomes

    monkeypatch.setattr(source_tree, "run_all", few)
    for name in ("mkdocs.yml", "CHANGELOG.md", *source_tree.WRITTEN):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "plexus_rules").mkdir()
    return tmp_path


def test_first_run_writes_and_the_second_changes_nothing(tree: Path) -> None:
    first = plan(tree, HELP)
    assert "docs/rules/PLX201.md" in first.changed
    first.write()
    assert (tree / "docs/rules/PLX201.md").read_text("utf-8") == first.files["docs/rules/PLX201.md"]
    second = plan(tree, HELP)
    assert (second.changed, second.gone, second.diff) == ([], [], "")


def test_rule_without_its_tests_is_refused_before_anything_is_written(tree: Path) -> None:
    rule = find_rule("PLX203")
    assert rule is not None
    module = tree / module_of(rule)
    module.parent.mkdir(parents=True)
    module.touch()
    tests = tree / "tests/catalog/migrations/test_missing_migration_file.py"
    with pytest.raises(SourceTreeError) as refused:
        plan(tree, HELP)
    assert str(refused.value) == (
        "PLX203 missing-migration-file has no tests: "
        "tests/catalog/migrations/test_missing_migration_file.py is missing, which the page of "
        "its source shows; write it (docs/writing-a-rule.md), and run this again. Nothing was "
        "written"
    )
    tests.parent.mkdir(parents=True)
    tests.touch()
    assert "docs/source/PLX203.md" in plan(tree, HELP).files


def test_advice_has_no_tests(tree: Path) -> None:
    rule = find_rule("PLX603")
    assert rule is not None
    module = tree / module_of(rule)
    module.parent.mkdir(parents=True)
    module.touch()
    assert "docs/source/PLX603.md" in plan(tree, HELP).files


def test_page_of_a_rule_that_is_gone_is_removed(tree: Path) -> None:
    plan(tree, HELP).write()
    (tree / "docs/rules/PLX999.md").write_text("# PLX999\n")
    (tree / "docs/written.md").write_text("# By hand\n")
    generated = plan(tree, HELP)
    assert generated.gone == ["docs/rules/PLX999.md"]
    assert "-# PLX999" in generated.diff
    generated.write()
    assert not (tree / "docs/rules/PLX999.md").exists()
    assert (tree / "docs/written.md").exists()


def test_edit_of_a_generated_page_is_shown_as_a_diff(tree: Path) -> None:
    plan(tree, HELP).write()
    page = tree / "docs/rules/PLX201.md"
    page.write_text(page.read_text("utf-8").replace("Never edit", "Feel free to edit"), "utf-8")
    diff = plan(tree, HELP).diff
    assert "a/docs/rules/PLX201.md" in diff
    assert '+description: "Never edit' in diff


def test_text_that_a_person_wrote_stays(tree: Path) -> None:
    readme = tree / "README.md"
    readme.write_text(readme.read_text("utf-8") + "\nBy hand.\n", "utf-8")
    plan(tree, HELP).write()
    assert readme.read_text("utf-8").endswith("\nBy hand.\n")
    assert "(help)" in readme.read_text("utf-8")


def test_broken_block_is_an_error_that_names_the_page(tree: Path) -> None:
    readme = tree / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("<!-- end: commands -->", ""), "utf-8")
    with pytest.raises(SourceTreeError, match=r"README\.md: a generated block lacks"):
        plan(tree, HELP)


def test_source_tree_is_found_from_below(tree: Path) -> None:
    assert find_source_tree(tree / "docs") == tree


def test_elsewhere_the_error_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(SourceTreeError, match=r"mkdocs\.yml and docs/.*--into CHECKOUT"):
        find_source_tree(tmp_path)
