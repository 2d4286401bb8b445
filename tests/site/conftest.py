"""The site is built once; each process serves it, and looks at it with one browser."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.once import once
from tests.site.built import build
from tests.site.server import served
from tests.site.tools import Tools, absent, tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.site.browser import Tab


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The built site; the directory above it is what a server serves."""
    if importlib.util.find_spec("mkdocs") is None:
        absent("mkdocs is not installed: pip install -e '.[site]'")
    return once(tmp_path_factory, worker_id, "site", lambda: build(tmp_path_factory.mktemp("web")))


@pytest.fixture(scope="session")
def npm_tools() -> Tools:
    return tools()


@pytest.fixture(scope="session")
def browser(site: Path) -> Iterator[Browser]:
    if importlib.util.find_spec("playwright") is None:
        absent("Playwright is not installed: pip install -e '.[browser]'")
    from playwright.sync_api import sync_playwright

    from tests.site.browser import launch, program

    with served(site.parent) as port, sync_playwright() as playwright:
        chromium = program(playwright)
        if chromium is None:
            absent("there is no Chromium: install it, or run playwright install chromium")
        with launch(playwright, chromium, port) as started:
            yield started


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A page of a fresh browser; whatever a test does there, nothing may go wrong."""
    from tests.site.browser import Tab

    with browser.new_context() as context:
        opened = Tab(context)
        yield opened
        assert not opened.faults
