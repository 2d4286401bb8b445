"""The card that a link to a page shows in a message: written into the built pages.

Neither the theme nor Markdown has a place for it, and a built page says all that it needs.
"""

from __future__ import annotations

import re
from pathlib import Path

#: Where the image stands in the site, and its size in pixels.
IMAGE = "assets/card.png"
_SIZE = (1200, 630)

_CANONICAL = re.compile(r'<link rel="canonical" href="(?P<address>[^"]+)">')
_TITLE = re.compile(r"<title>(?P<text>[^<]*)</title>")
_DESCRIPTION = re.compile(r'<meta name="description" content="(?P<text>[^"]*)">')


def with_card(html: str, page: str) -> str:
    """A built page with the card in its head.

    Args:
        html: the page. Without the address that it is served at, or with a card, it stays as it is.
        page: its address below that of the site, as in ``rules/PLX201/``; empty for the first page.
    """
    head = html.partition("</head>")[0]
    canonical = _CANONICAL.search(head)
    if canonical is None or 'property="og:' in head or not canonical["address"].endswith(page):
        return html
    address = canonical["address"]
    title, description = _TITLE.search(head), _DESCRIPTION.search(head)
    width, height = _SIZE
    values = {
        "og:type": "website",
        "og:title": title["text"] if title else "",
        "og:description": description["text"] if description else "",
        "og:url": address,
        "og:image": address.removesuffix(page) + IMAGE,
        "og:image:width": str(width),
        "og:image:height": str(height),
    }
    lines = [f'<meta property="{key}" content="{v}">' for key, v in values.items() if v]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    at = canonical.end()
    return html[:at] + "\n" + "\n".join(lines) + html[at:]


def write_cards(site: Path) -> int:
    """Writes the card into each page of a built site that has an address; gives how many.

    Raises:
        OSError: a page cannot be read or written.
    """
    written = 0
    for path in sorted(site.rglob("*.html")):
        html = path.read_text("utf-8")
        page = path.relative_to(site).as_posix().removesuffix("index.html")
        done = with_card(html, page)
        if done != html:
            path.write_text(done, "utf-8", newline="\n")
            written += 1
    return written
