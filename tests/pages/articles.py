"""What the text of a built page consists of."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Elements that have no end.
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
#: What the site adds to a page's own text.
ADDED = ("headerlink", "doc-labels", "md-content__button", "filename")


class Article(HTMLParser):
    """The headings, code blocks and table rows of a page's own text."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.code: list[str] = []
        self.rows: list[str] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        self._open.append((tag, dict(attrs).get("class") or ""))
        if self._is_inside("article"):
            if re.fullmatch("h[1-6]", tag):
                self.headings.append("")
            elif tag == "pre" and not self._is_inside("div", "doc-signature"):
                self.code.append("")
            elif tag == "tr":
                self.rows.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_inside("article") or any(self._is_inside(None, name) for name in ADDED):
            return
        if any(re.fullmatch("h[1-6]", tag) for tag, _ in self._open):
            self.headings[-1] += data
        if self._is_inside("pre") and not self._is_inside("div", "doc-signature"):
            self.code[-1] += data
        if self._is_inside("tr"):
            self.rows[-1] += f"{data} "

    def _is_inside(self, tag: str | None, of_class: str = "") -> bool:
        return any(
            tag in (None, one) and (not of_class or of_class in names.split())
            for one, names in self._open
        )
