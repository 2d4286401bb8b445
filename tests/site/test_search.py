"""A reader finds a rule by whatever is known of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.rule import Rule

if TYPE_CHECKING:
    from tests.site.browser import Tab


#: One of each hundred of ids.
RULES = list({rule.id[:4]: rule for rule in all_rules()}.values())
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def found(tab: Tab, query: str) -> list[str]:
    """The pages that a search gives, best first."""
    page = tab.open("")
    field = page.get_by_role("textbox", name="Search")
    field.click()
    field.fill(query)
    # The theme hears keys alone, and a fill is none.
    field.press("End")
    links = page.locator(".md-search-result__item > a:first-of-type")
    links.first.wait_for()
    addresses = links.evaluate_all("links => links.map(link => link.href)")
    return [re.sub(r"[?#].*", "", address) for address in addresses]


def is_page_of(rule: Rule, address: str) -> bool:
    return address.endswith(f"rules/{rule.id}/")


@every_rule
def test_by_its_id(tab: Tab, rule: Rule) -> None:
    assert is_page_of(rule, found(tab, rule.id)[0])


@every_rule
def test_by_its_name(tab: Tab, rule: Rule) -> None:
    assert is_page_of(rule, found(tab, rule.name)[0])


def words(text: str) -> set[str]:
    return set(re.findall(r"\b[a-z]{6,}\b", text))


def rarest_word(rule: Rule, site: Path) -> str:
    """Of the longer words of what it says, the one in the fewest parts of the site."""
    index = json.loads((site / "search" / "search_index.json").read_bytes())
    parts = Counter(word for part in index["docs"] for word in words(part["text"]))
    said = words(" ".join((rule.statement, *(example.title for example in rule.examples))))
    return min(sorted(said), key=parts.__getitem__)


@every_rule
def test_by_a_word_of_its_text(tab: Tab, rule: Rule, site: Path) -> None:
    word = rarest_word(rule, site)
    assert any(is_page_of(rule, address) for address in found(tab, word)), word


def test_code_of_a_rule_is_not_in_the_way(tab: Tab) -> None:
    assert not [address for address in found(tab, "PLX201") if "/source/" in address]
