"""What a reader sees at once: on a screen, on a phone, on paper, at a lost address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.built import ADDRESS
from tests.site.kinds import SIZES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.site.browser import Tab

#: Which of the elements are higher than one line of their text.
_WRAPPED = """
elements => elements.filter(element =>
    element.getClientRects().length > 1 ||
    element.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(element).fontSize))
    .map(element => element.textContent)
"""


def sized(tab: Tab, page: str, size: str) -> Page:
    width, height = SIZES[size]
    tab.page.set_viewport_size({"width": width, "height": height})
    return tab.open(page)


def test_first_screen_tells_the_whole_story(tab: Tab) -> None:
    page = sized(tab, "", "desktop")
    for part in (".what", ".story"):
        box = page.locator(f".home > {part}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZES["desktop"][1]


@pytest.mark.parametrize("size", SIZES)
def test_line_of_source_stands_right_above_its_carets(tab: Tab, size: str) -> None:
    page = sized(tab, "rules/PLX301/", size)
    for lines in (".go", ".gt"):
        found = page.locator(f".language-plexus-findings {lines}")
        assert found.count() > 1
        assert found.evaluate_all(_WRAPPED) == []


def test_sentences_of_a_finding_wrap(tab: Tab) -> None:
    page = sized(tab, "rules/PLX201/", "phone")
    page.add_style_tag(content=".go, .gt { display: none !important }")
    wide = page.locator(".language-plexus-findings code").evaluate_all(
        "blocks => blocks.filter(block => block.scrollWidth > block.clientWidth).length"
    )
    assert wide == 0


def test_page_outside_the_navigation_belongs_to_an_entry(tab: Tab) -> None:
    for address, entry in (("rules/PLX201/", "Rules"), ("evidence/drop-is-final/", "Evidence")):
        current = tab.open(address).locator(".md-nav--primary [aria-current]")
        assert current.inner_text().strip() == entry


def test_keys_stop_only_where_there_is_something_to_see(tab: Tab) -> None:
    page = sized(tab, "rules/PLX404/", "desktop")
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "[document.activeElement.className, document.activeElement.offsetHeight]"
        )
        # The switch of the colours shows itself by its label.
        assert "md-option" in focused[0] or focused[1] > 0


def test_keys_pass_by_what_is_closed_on_a_phone(tab: Tab) -> None:
    page = sized(tab, "gallery/", "phone")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "gallery-filter":
            return
    raise AssertionError("the filter is far away")


def test_navigation_opens_on_a_phone(tab: Tab) -> None:
    page = sized(tab, "", "phone")
    entry = page.locator(".md-nav--primary").get_by_role("link", name="Gallery")
    assert not entry.is_visible()
    page.locator(".md-header label[for=__drawer]").click()
    entry.click()
    page.wait_for_url(f"{ADDRESS}gallery/")


def test_paper_has_all_text_and_no_controls(tab: Tab) -> None:
    page = tab.open("rules/PLX201/")
    folded = page.locator("article details:not([open])")
    assert folded.count() > 0
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    controls = page.locator(":is(.md-code__nav, .headerlink, .md-sidebar, .neighbours):visible")
    assert controls.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() > 0


def test_lost_address_offers_the_rule_that_it_names(tab: Tab) -> None:
    page = tab.open("rules/plx201-old-name/")
    article = page.locator("article")
    assert "/rules/plx201-old-name/" in article.inner_text()
    article.get_by_role("link", name="PLX201").click()
    page.wait_for_url(f"{ADDRESS}rules/PLX201/")


def test_lost_address_lists_where_to_go(tab: Tab) -> None:
    page = tab.open("no/such/page/")
    offered = page.locator("article li a").evaluate_all("links => links.map(link => link.href)")
    there = page.locator(".md-nav--primary a.md-nav__link")
    assert offered == there.evaluate_all("links => links.map(link => link.href)")
    assert len(offered) > 5
