"""The gallery's filter: counts, text, key, address, back and reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plexus_rules.catalog import all_rules
from tests.site.built import ADDRESS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.site.browser import Tab

EXAMPLES = [(rule, example) for rule in all_rules() for example in rule.examples]
ALL = len(EXAMPLES)


@pytest.fixture
def gallery(tab: Tab) -> Page:
    return tab.open("gallery/")


def shown(page: Page) -> list[str]:
    """The anchors of the examples that can be seen."""
    anchors: list[str] = page.evaluate(
        "[...document.querySelectorAll('section.example')]"
        ".filter(card => card.checkVisibility()).map(card => card.id)"
    )
    return anchors


def box(page: Page, facet: str, value: str) -> Locator:
    page.evaluate("document.querySelectorAll('.facets details').forEach(fold => fold.open = true)")
    return page.locator(f'.facets input[name="{facet}"][value="{value}"]')


def said(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def test_everything_shows_at_first(gallery: Page) -> None:
    assert len(shown(gallery)) == ALL
    assert said(gallery) == f"{ALL} of {ALL} examples"


@pytest.mark.parametrize("rule", ["PLX201", "PLX305"])
def test_facet_shows_what_it_counted(gallery: Page, rule: str) -> None:
    choice = box(gallery, "rule", rule)
    counted = int(choice.locator("xpath=..").locator(".n").inner_text())
    choice.check()
    here = shown(gallery)
    assert len(here) == counted == sum(of.id == rule for of, _ in EXAMPLES)
    assert all(anchor.startswith(f"{rule}-") for anchor in here)
    assert said(gallery) == f"{counted} of {ALL} examples"


def test_values_of_one_facet_add_up_and_facets_narrow(gallery: Page) -> None:
    box(gallery, "rule", "PLX201").check()
    one = shown(gallery)
    box(gallery, "rule", "PLX202").check()
    both = shown(gallery)
    assert set(one) < set(both)
    box(gallery, "kind", "good").check()
    assert shown(gallery) == [anchor for anchor in both if "-good-" in anchor]


def test_every_facet_is_there(gallery: Page) -> None:
    names = gallery.locator(".facets input[type=checkbox]").evaluate_all(
        "boxes => [...new Set(boxes.map(box => box.name))]"
    )
    assert sorted(names) == ["dialect", "kind", "level", "reads", "rule", "topic"]


def test_slash_goes_to_the_text_filter(gallery: Page) -> None:
    gallery.keyboard.press("/")
    gallery.keyboard.type("PLX302")
    here = shown(gallery)
    assert 0 < len(here) < ALL
    assert gallery.locator(".facets input[type=search]").input_value() == "PLX302"
    for anchor in here:
        text = gallery.locator(f'[id="{anchor}"]').text_content()
        assert "plx302" in str(text).lower()


def test_nothing_found_offers_a_way_out(gallery: Page) -> None:
    gallery.locator(".facets input[type=search]").fill("no example says this")
    assert shown(gallery) == []
    gallery.get_by_role("button", name="Show all").click()
    assert len(shown(gallery)) == ALL


def test_reset_shows_everything(gallery: Page) -> None:
    box(gallery, "kind", "bad").check()
    gallery.get_by_role("button", name="Reset").click()
    assert len(shown(gallery)) == ALL
    assert gallery.url == ADDRESS + "gallery/"


def test_address_holds_the_choice(gallery: Page, tab: Tab) -> None:
    box(gallery, "kind", "good").check()
    gallery.locator(".facets input[type=search]").fill("breakpoint")
    here, address = shown(gallery), gallery.url
    assert 0 < len(here) < ALL
    tab.open("")
    again = tab.open(address.removeprefix(ADDRESS))
    assert shown(again) == here
    assert box(again, "kind", "good").is_checked()


def test_back_and_forward_step_through_the_choices(gallery: Page) -> None:
    box(gallery, "rule", "PLX201").check()
    one = shown(gallery)
    box(gallery, "kind", "bad").check()
    two = shown(gallery)
    gallery.go_back()
    assert shown(gallery) == one
    assert not box(gallery, "kind", "bad").is_checked()
    gallery.go_back()
    assert len(shown(gallery)) == ALL
    gallery.go_forward()
    gallery.go_forward()
    assert shown(gallery) == two


def test_keys_alone_are_enough(gallery: Page) -> None:
    gallery.keyboard.press("/")
    focused = "document.activeElement.name + ' ' + document.activeElement.value"
    for _ in range(30):
        gallery.keyboard.press("Tab")
        if gallery.evaluate(focused) == "kind bad":
            break
    gallery.keyboard.press("Space")
    assert {"-bad-" in anchor for anchor in shown(gallery)} == {True}


def test_keys_can_pass_by_the_facets(gallery: Page) -> None:
    box(gallery, "rule", "PLX201").check()
    gallery.keyboard.press("/")
    gallery.keyboard.press("Tab")
    gallery.keyboard.press("Enter")
    assert gallery.evaluate("document.activeElement.id") == shown(gallery)[0]


def test_values_are_named_in_words(gallery: Page) -> None:
    labels = gallery.locator(".facets label").all_text_contents()
    for name in ("PostgreSQL", "Migration history", "compares them with their base"):
        assert any(label.startswith(name) for label in labels)


def test_choice_holds_where_the_browser_keeps_no_address(gallery: Page) -> None:
    refuse = "() => { throw new DOMException('', 'SecurityError') }"
    gallery.evaluate(f"() => {{ history.pushState = {refuse} }}")
    box(gallery, "kind", "good").check()
    assert {"-good-" in anchor for anchor in shown(gallery)} == {True}


def test_new_result_is_shown_from_its_beginning(gallery: Page) -> None:
    gallery.evaluate("scrollTo({top: 40000, behavior: 'instant'})")
    box(gallery, "rule", "PLX308").evaluate("box => box.click()")
    first = gallery.locator(f'[id="{shown(gallery)[0]}"]')
    assert first.evaluate("card => card.getBoundingClientRect().top") >= 0
    assert first.evaluate("card => card.getBoundingClientRect().top < innerHeight")


@pytest.mark.parametrize("fragment", ["100%", "%E0%A4%A", "no-such-example", "%00"])
def test_address_that_names_no_example_shows_all(tab: Tab, fragment: str) -> None:
    assert len(shown(tab.open(f"gallery/#{fragment}"))) == ALL


@pytest.mark.parametrize("address", ["gallery/", "gallery/?kind=good"])
def test_way_back_leads_to_the_same_place(tab: Tab, address: str) -> None:
    page = tab.open(address)
    card = page.locator(f'[id="{shown(page)[-9]}"]')
    link = card.locator(".about a")
    link.scroll_into_view_if_needed()
    before = card.evaluate("card => card.getBoundingClientRect().top")
    link.click()
    page.wait_for_url("**/rules/**")
    page.go_back()
    page.wait_for_function(
        "([id, top]) =>"
        " Math.abs(document.getElementById(id).getBoundingClientRect().top - top) < 40",
        arg=[card.get_attribute("id"), before],
    )


def test_link_to_an_example_wins_over_the_choice(gallery: Page, tab: Tab) -> None:
    good = next(anchor for anchor in shown(gallery) if "-good-" in anchor)
    tab.open("")
    page = tab.open(f"gallery/?kind=bad#{good}")
    page.wait_for_function("anchor => document.getElementById(anchor).checkVisibility()", arg=good)
    assert good in shown(page)
