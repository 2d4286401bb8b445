"""Every kind of page, in a browser: it asks no other host, is quiet, fits, and all can read it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.site.kinds import KINDS, SCHEMES, SIZES
from tests.site.tools import Tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.site.browser import Tab

#: Where a picture of each kind of page goes, where one is wanted.
PICTURES = os.environ.get("SITE_SCREENSHOTS")

#: Of these the first screen has to do.
LONG = ("gallery", "source", "rule", "evidence")
#: What the theme calls its schemes.
PALETTES = {"light": "default", "dark": "slate"}

#: What axe finds, and what about it.
_AXE = """
options => axe.run(document, {resultTypes: ["violations"], ...options}).then(found =>
    found.violations.flatMap(fault => fault.nodes.map(node =>
        `${fault.id}: ${fault.help}: ${node.target} ${node.html.slice(0, 160)}`)))
"""
#: What sticks out on the right, though nothing around it scrolls.
_WIDER = """
() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [...document.querySelectorAll("body *")].filter(element =>
        element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(element => element.outerHTML.slice(0, 160))
"""

#: Goes down the page as a reader would: what is far away is drawn, and made ready for keys, late.
_WALK = """
async () => {
    const frame = () => new Promise(requestAnimationFrame)
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight * 0.8) {
        scrollTo({top: y, behavior: "instant"})
        await frame()
        await frame()
    }
    scrollTo({top: 0, behavior: "instant"})
    await frame()
}
"""
_ALL_DRAWN = "* { content-visibility: visible !important }"
#: The rules of axe that another scheme or size can change.
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class Opened(NamedTuple):
    """A page, and the tab that it is opened in."""

    page: Page
    tab: Tab


def look(page: Page, scheme: str, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    # The theme follows the scheme a moment later.
    page.wait_for_selector(f"body[data-md-color-scheme={PALETTES[scheme]}]")
    page.evaluate(_WALK)


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def opened(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Opened]:
    from tests.site.browser import Tab

    with browser.new_context(reduced_motion="reduce") as context:
        tab = Tab(context)
        yield Opened(tab.open(request.param.page), tab)


def test_page_is_quiet_and_asks_only_its_own_host(opened: Opened) -> None:
    opened.page.wait_for_load_state("networkidle")
    assert opened.page.locator("h1").count() == 1
    assert len(opened.tab.responses) > 5
    assert opened.tab.faults == []


def test_axe_finds_nothing(opened: Opened, npm_tools: Tools) -> None:
    page = opened.page
    page.evaluate((npm_tools.modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    page.add_style_tag(content=_ALL_DRAWN)
    found: dict[str, list[str]] = {}
    for scheme, size in (("light", "desktop"), ("dark", "phone")):
        look(page, scheme, size)
        found[f"{scheme}, {size}"] = page.evaluate(_AXE, {})
    for scheme, size in (("dark", "desktop"), ("light", "phone")):
        look(page, scheme, size)
        found[f"{scheme}, {size}"] = page.evaluate(_AXE, _COLOURS)
    assert {look: faults for look, faults in found.items() if faults} == {}


def test_page_fits_a_phone(opened: Opened) -> None:
    look(opened.page, "light", "phone")
    assert opened.page.evaluate(_WIDER) == []


def test_axe_finds_a_fault(tab: Tab, npm_tools: Tools) -> None:
    page = tab.open("")
    page.evaluate((npm_tools.modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    page.evaluate("document.querySelector('article p').style.color = '#ccc'")
    look(page, "light", "desktop")
    assert any("color-contrast" in fault for fault in page.evaluate(_AXE, _COLOURS))


def test_page_that_is_too_wide_is_found(tab: Tab) -> None:
    page = tab.open("")
    look(page, "light", "phone")
    page.evaluate("document.querySelector('article').style.width = '600px'")
    assert page.evaluate(_WIDER) != []


def test_schemes_differ(tab: Tab) -> None:
    page, grounds = tab.open(""), set()
    for scheme in SCHEMES:
        look(page, scheme, "desktop")
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == len(SCHEMES)


@pytest.mark.skipif(not PICTURES, reason="SITE_SCREENSHOTS names no directory for pictures")
def test_pictures_are_taken(tab: Tab) -> None:
    for kind in KINDS:
        page = tab.open(kind.page)
        for scheme, size in itertools.product(SCHEMES, SIZES):
            look(page, scheme, size)
            path = Path(str(PICTURES), f"{kind.name}-{scheme}-{size}.png")
            page.screenshot(path=path, full_page=kind.name not in LONG)
            assert path.stat().st_size > 0
