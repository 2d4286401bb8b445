"""Without script everything is there to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from plexus_rules.catalog import all_rules

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.site.browser import Tab

EXAMPLES = {rule.id: len(rule.examples) for rule in all_rules()}


@pytest.fixture
def plain_tab(browser: Browser) -> Iterator[Tab]:
    from tests.site.browser import Tab

    with browser.new_context(java_script_enabled=False) as context:
        opened = Tab(context)
        yield opened
        assert not opened.faults


def shown(tab: Tab, page: str) -> int:
    return tab.open(page).locator("section.example:visible").count()


def test_gallery_shows_every_example(plain_tab: Tab) -> None:
    assert shown(plain_tab, "gallery/") == sum(EXAMPLES.values())


@pytest.mark.parametrize("rule", ["PLX101", "PLX201", "PLX301"])
def test_rule_page_shows_every_example(plain_tab: Tab, rule: str) -> None:
    assert shown(plain_tab, f"rules/{rule}/") == EXAMPLES[rule]


def test_no_control_is_dead(plain_tab: Tab) -> None:
    page = plain_tab.open("gallery/")
    article = page.locator("article")
    assert article.count() == 1
    assert article.locator(":is(button, input, select):visible").count() == 0


def test_workflow_shows_its_picture(plain_tab: Tab) -> None:
    assert plain_tab.open("workflow/").locator("article svg:visible").count() >= 1
