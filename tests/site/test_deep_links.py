"""A link to an example shows that example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plexus_rules.catalog import all_rules

if TYPE_CHECKING:
    from tests.site.browser import Tab

SHOWN = "section.example:visible"


@pytest.mark.parametrize("where", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize("address", ["gallery/", "rules/PLX201/"])
def test_example_is_in_sight(tab: Tab, address: str, where: int) -> None:
    from playwright.sync_api import expect

    anchor = tab.open(address).locator(SHOWN).nth(where).get_attribute("id")
    assert anchor
    tab.open("")
    page = tab.open(f"{address}#{anchor}")
    expect(page.locator(f'[id="{anchor}"] :is(h2, h3, h4)')).to_be_in_viewport()


def test_link_of_an_example_is_its_own(tab: Tab) -> None:
    sections = tab.open("gallery/").locator(SHOWN)
    anchors = sections.evaluate_all("sections => sections.map(section => section.id)")
    assert len(set(anchors)) == sum(len(rule.examples) for rule in all_rules())
