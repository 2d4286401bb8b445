"""The site as a browser gets it: every link leads somewhere, and nothing asks another host."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from plexus_rules.catalog import all_rules

#: Elements that make a browser fetch what they name.
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}


@dataclass
class Page(HTMLParser):
    """What a page links to, fetches and can be linked at."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[key] for key in ("id", "name") if key in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        address = values.get(FETCHED.get(tag, ""))
        if address and values.get("rel") not in ("canonical", "prev", "next"):
            self.fetched.append(address)


@pytest.fixture(scope="session")
def built(site: Path) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    for path in sorted(site.rglob("*.html")):
        page = Page()
        page.feed(path.read_text("utf-8"))
        pages[path.relative_to(site).as_posix()] = page
    return pages


def test_every_rule_has_its_address(site: Path) -> None:
    for rule in all_rules():
        assert (site / "rules" / rule.id / "index.html").is_file()


def test_no_two_elements_of_a_page_share_an_id(site: Path) -> None:
    for path in site.rglob("*.html"):
        body = re.sub(r"<(pre|code)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.DOTALL)
        ids = re.findall(r'<[a-z][^<>]*?\sid="([^"]+)"', body)
        twice = {name for name in ids if ids.count(name) > 1}
        assert not twice, path


def test_no_page_asks_another_host(built: dict[str, Page]) -> None:
    for path, page in built.items():
        foreign = [address for address in page.fetched if urlsplit(address).netloc]
        assert not foreign, path


def test_style_sheets_ask_no_other_host(site: Path) -> None:
    for path in (site / "assets").rglob("*.css"):
        text = path.read_text("utf-8")
        assert "url(http" not in text.replace('"', "").replace("'", ""), path
        assert "@import" not in text, path


def test_every_link_leads_somewhere(site: Path, built: dict[str, Page]) -> None:
    broken: list[str] = []
    for path, page in built.items():
        if path == "404.html":
            continue  # its links are absolute, for whatever address was asked for
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (site / path).parent / unquote(parts.path) if parts.path else site / path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append(f"{path}: {link}")
            elif parts.fragment and target.suffix == ".html":
                name = target.resolve().relative_to(site.resolve()).as_posix()
                if unquote(parts.fragment) not in built[name].anchors:
                    broken.append(f"{path}: {link}")
    assert not broken


def test_lists_for_agents_lead_to_files_as_text(site: Path) -> None:
    for name in ("llms.txt", "llms-full.txt"):
        links = re.findall(r"\]\(([^)]+)\)", (site / name).read_text("utf-8"))
        assert len(links) > len(all_rules())
        for link in links:
            assert (site / link).is_file(), f"{name}: {link}"
            assert not link.endswith(("/", ".html"))


def test_data_for_programs_is_served(site: Path) -> None:
    for name in ("rules.json", "rules.schema.json", "llms.txt", "llms-full.txt"):
        assert (site / name).is_file()
