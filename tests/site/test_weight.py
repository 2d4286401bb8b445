"""A page is light, and nothing on it jumps while it loads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.site.kinds import KINDS, SIZES, Kind
from tests.site.loading import SEARCH_INDEX, WATCH, load

if TYPE_CHECKING:
    from tests.site.browser import Tab

#: Bytes of a rule page over the wire, as gzip makes them, beside the theme's own files.
RULE_PAGE = 150_000
#: Up to here a layout shift is called good.
SHIFT = 0.1
#: A phone shows the least; a page with its own script, or of its own kind, is looked at on both.
LOADS = [
    *((kind, "phone") for kind in KINDS),
    *((kind, "desktop") for kind in KINDS if kind.name in ("home", "rule", "gallery")),
]


def heaviest_rule(site: Path) -> str:
    """The address of the rule page with the most HTML."""
    pages = (site / "rules").glob("PLX*/index.html")
    heaviest = max(pages, key=lambda path: path.stat().st_size)
    return f"rules/{heaviest.parent.name}/"


def test_rule_page_is_light(tab: Tab, site: Path) -> None:
    loaded = load(tab, heaviest_rule(site))
    assert any(address.endswith(".css") for address in loaded.sizes)
    assert 5_000 < loaded.own < RULE_PAGE
    assert loaded.sizes[SEARCH_INDEX] + loaded.own + loaded.theme == sum(loaded.sizes.values())


@pytest.mark.parametrize(("kind", "size"), LOADS, ids=lambda value: getattr(value, "name", value))
def test_nothing_jumps(tab: Tab, kind: Kind, size: str) -> None:
    width, height = SIZES[size]
    tab.page.set_viewport_size({"width": width, "height": height})
    loaded = load(tab, kind.page)
    assert loaded.largest > 0
    assert loaded.shift < SHIFT


def test_jump_is_seen(tab: Tab) -> None:
    tab.page.add_init_script(WATCH)
    page = tab.open("")
    page.evaluate("document.querySelector('article').style.marginTop = '600px'")
    page.wait_for_function("least => window.seen.shift > least", arg=SHIFT)
