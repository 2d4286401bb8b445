"""A Chromium that sees the site and nothing else, and tells what a page asked for and said."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
)

from tests.site.built import ADDRESS, HOST

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TIMEOUT = 15_000  # milliseconds
_FLAGS = ("--disable-gpu", "--disable-quic", "--disable-sync")


def program(playwright: Playwright) -> str | None:
    """Chromium: the machine's, or else Playwright's own; None where there is neither."""
    found = filter(None, map(shutil.which, _PROGRAMS))
    own = playwright.chromium.executable_path
    return next(found, own if Path(own).is_file() else None)


def launch(playwright: Playwright, chromium: str, port: int) -> Browser:
    """Starts Chromium. The site's host is this port of this machine, and no other host is found."""
    hosts = f"MAP {HOST}:80 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    return playwright.chromium.launch(
        executable_path=chromium, args=[*_FLAGS, f"--host-resolver-rules={hosts}"]
    )


class Tab:
    """A page of the browser, and what went wrong on it."""

    def __init__(self, context: BrowserContext) -> None:
        context.set_default_timeout(_TIMEOUT)
        self.page: Page = context.new_page()
        self.responses: list[Response] = []
        self.faults: list[str] = []
        # On the context, so that what a worker asks for is seen as well.
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))

    def open(self, page: str) -> Page:
        """Goes to a page of the site, by its address below the site's own."""
        self.page.goto(ADDRESS + page, wait_until="load")
        return self.page

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((ADDRESS, "data:", "blob:")):
            self.faults.append(f"asked for {request.url}")

    def _answered(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.status} for {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # That a page is not there is said of the page itself, where one is asked for on purpose.
        own = message.location["url"] == self.page.url and "404" in message.text
        if message.type in ("error", "warning") and not own:
            self.faults.append(f"console {message.type}: {message.text}")
