"""A button beside a command puts the command, and nothing else, on the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.site.browser import Tab

COMMANDS = ".language-sh.highlight"


@pytest.fixture
def copying_tab(browser: Browser) -> Iterator[Tab]:
    from tests.site.browser import Tab

    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        opened = Tab(context)
        yield opened
        assert not opened.faults


@pytest.mark.parametrize("address", ["", "check/", "rules/PLX201/", "workflow/"])
def test_button_copies_the_command(copying_tab: Tab, address: str) -> None:
    page = copying_tab.open(address)
    blocks = [block for block in page.locator(COMMANDS).all() if block.is_visible()]
    assert blocks
    for block in blocks:
        block.scroll_into_view_if_needed()
        block.locator("button[data-md-type=copy]").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == block.locator("code").inner_text().strip()
        assert not copied.startswith("$")
