"""The kinds of page that the site has, and one page of each to look at closely."""

from __future__ import annotations

import re

from msgspec import Struct

#: Widths and heights in CSS pixels: a laptop, and a phone held upright.
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


class Kind(Struct, frozen=True):
    """A kind of page.

    Attributes:
        name: what to call it.
        page: the address of one, below the site's own; with a query, where all of it is too much.
        addresses: a regular expression for the addresses of all.
    """

    name: str
    page: str
    addresses: str

    def holds(self, page: str) -> bool:
        """Whether a page is of this kind."""
        return re.fullmatch(self.addresses, page) is not None


def _one(name: str, page: str) -> Kind:
    return Kind(name, page, re.escape(page))


#: More than one of them where their parts differ: a rule with a check, and one without.
KINDS = (
    _one("home", ""),
    _one("rules", "rules/"),
    Kind("rule", "rules/PLX201/", r"rules/PLX\d+/"),
    Kind("advised-rule", "rules/PLX404/", r"rules/PLX\d+/"),
    Kind("source", "source/PLX201/", r"source/PLX\d+/"),
    Kind("gallery", "gallery/?rule=PLX101&rule=PLX201", r"gallery/"),  # its cards are all alike
    _one("workflow", "workflow/"),
    _one("evidence", "evidence/"),
    Kind("claim", "evidence/edit-never-reaches-old-databases/", r"evidence/[a-z0-9-]+/"),
    _one("drizzle-kit-check", "evidence/drizzle-kit-check/"),
    _one("guides", "guides/"),
    Kind("guide", "guides/AGENTS/", r"guides/(.*/)?AGENTS/"),
    _one("for-agents", "agents/"),
    _one("using-it", "check/"),
    _one("audit", "audit/"),
    _one("writing-a-rule", "writing-a-rule/"),
    _one("api", "api/"),
    _one("changelog", "changelog/"),
    Kind("not-found", "no/such/page/", r"404\.html"),
)
NOT_FOUND = KINDS[-1]
