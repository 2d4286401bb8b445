"""One rule's page is the same whether it is made alone or among all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from plexus_rules.catalog import all_rules, module_of
from plexus_rules.gallery import Outcome
from plexus_rules.pages.preview import preview
from plexus_rules.pages.site import rule_page

ROOT = Path(__file__).parent.parent.parent


def test_page_made_alone_is_the_same(outcomes: list[Outcome], pages: Mapping[str, str]) -> None:
    for rule in all_rules():
        own = [outcome for outcome in outcomes if outcome.rule is rule]
        assert rule_page(rule, all_rules(), own, {}) == pages[f"rules/{rule.id}.md"]


def test_only_pages_of_the_named_modules_are_written(tmp_path: Path) -> None:
    rule = next(rule for rule in all_rules() if rule.id == "PLX404")
    shutil.copytree(ROOT / "docs/evidence", tmp_path / "docs/evidence")
    (tmp_path / "docs/rules").mkdir()
    assert preview(tmp_path, [module_of(rule)]) == ["docs/rules/PLX404.md"]
    assert [path.name for path in (tmp_path / "docs/rules").iterdir()] == ["PLX404.md"]
    page = (tmp_path / "docs/rules/PLX404.md").read_text("utf-8")
    assert page == (ROOT / "docs/rules/PLX404.md").read_text("utf-8")
