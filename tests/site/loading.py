"""What a browser loads for a page, and when it shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tests.site.built import ADDRESS

if TYPE_CHECKING:
    from playwright.sync_api import Response

    from tests.site.browser import Tab

#: Where mkdocs-material keeps what every site made with it loads.
_THEME = ("assets/javascripts/", "assets/stylesheets/")
#: The theme's worker reads it in the background, once for all pages.
SEARCH_INDEX = "search/search_index.json"

#: The largest thing drawn so far, and how much moved by itself while the page was loaded.
WATCH = """
window.seen = {largest: 0, shift: 0}
const watch = (type, told) => new PerformanceObserver(list => list.getEntries().forEach(told))
    .observe({type, buffered: true})
watch("largest-contentful-paint", entry => { window.seen.largest = entry.startTime })
watch("layout-shift", entry => { window.seen.shift += entry.hadRecentInput ? 0 : entry.value })
"""


class Loaded(Struct, frozen=True):
    """One load of a page, with nothing in the browser's cache.

    Attributes:
        sizes: bytes of each answer's body as it was sent, by address below the site's own.
        largest: milliseconds until the largest contentful paint.
        shift: the cumulative layout shift.
    """

    sizes: dict[str, int]
    largest: float
    shift: float

    @property
    def own(self) -> int:
        """Bytes of the page and of what this project adds to the theme."""
        return sum(
            size
            for address, size in self.sizes.items()
            if address != SEARCH_INDEX and not address.startswith(_THEME)
        )

    @property
    def theme(self) -> int:
        """Bytes of the theme's own files."""
        return sum(size for address, size in self.sizes.items() if address.startswith(_THEME))


def load(tab: Tab, page: str) -> Loaded:
    """Opens a page, waits until nothing more is asked for, and tells what came."""
    tab.page.add_init_script(WATCH)
    tab.open(page).wait_for_load_state("networkidle")
    seen = tab.page.evaluate("window.seen")
    sizes = dict(map(_size, tab.responses))
    return Loaded(sizes, seen["largest"], seen["shift"])


def _size(response: Response) -> tuple[str, int]:
    length = response.header_value("content-length")
    assert length is not None, f"the server did not say how long {response.url} is"
    return response.url.removeprefix(ADDRESS), int(length)
