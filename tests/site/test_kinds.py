"""No page escapes the tests that look at one page of each kind."""

from __future__ import annotations

from pathlib import Path

from tests.site.kinds import KINDS, NOT_FOUND


def pages(site: Path) -> list[str]:
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(path.removesuffix("index.html") for path in found)


def test_every_page_is_of_a_kind(site: Path) -> None:
    assert [page for page in pages(site) if not any(kind.holds(page) for kind in KINDS)] == []


def test_every_kind_has_its_page(site: Path) -> None:
    built = set(pages(site))
    shown = {kind.page.partition("?")[0] for kind in KINDS if kind != NOT_FOUND}
    assert shown - built == set()


def test_a_rule_with_a_check_and_one_without_are_looked_at() -> None:
    from plexus_rules.catalog import all_rules

    shown = {kind.page for kind in KINDS}
    looked_at = [rule for rule in all_rules() if f"rules/{rule.id}/" in shown]
    assert {rule.check is None for rule in looked_at} == {True, False}
