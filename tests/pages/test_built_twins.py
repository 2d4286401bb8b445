"""Each page of the built site has a Markdown twin that holds all of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.articles import Article


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def shown(markdown: str) -> str:
    """Markdown as its reader sees it: links without their addresses."""
    return re.sub(r"\]\([^()\s]+\)", "]", markdown)


def unindented(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def missing(article: Article, twin: str) -> Iterator[str]:
    seen = shown(twin)
    titles = {words(title) for title in re.findall(r"^ *#+ (.*)$", seen, re.MULTILINE)}
    yield from (heading for heading in article.headings if words(heading) not in titles)
    code = unindented(twin)
    yield from (block for block in article.code if unindented(block) not in code)
    rows = {words(row) for row in seen.splitlines() if row.lstrip().startswith("|")}
    yield from (row for row in article.rows if words(row) not in rows)


@pytest.fixture(scope="session")
def articles(site: Path) -> dict[Path, Article]:
    found: dict[Path, Article] = {}
    for page in sorted(site.rglob("index.html")):
        found[page] = Article()
        found[page].feed(page.read_text("utf-8"))
    return found


def test_each_page_has_a_twin(articles: dict[Path, Article]) -> None:
    assert articles
    for page in articles:
        assert page.with_name("index.md").is_file(), page


def test_twin_holds_each_heading_and_code_block_and_row(articles: dict[Path, Article]) -> None:
    for page, article in articles.items():
        assert article.headings, page
        lacking = list(missing(article, page.with_name("index.md").read_text("utf-8")))
        assert not lacking, page


def test_what_a_twin_lacks_is_noticed(articles: dict[Path, Article], site: Path) -> None:
    page = site / "check/index.html"
    twin = page.with_name("index.md").read_text("utf-8")
    for part in ("## Exit status\n", "pip install", "| 2 |"):
        assert list(missing(articles[page], twin.replace(part, "", 1))), part


def test_twin_has_no_html(articles: dict[Path, Article]) -> None:
    for page in articles:
        twin = page.with_name("index.md").read_text("utf-8")
        outside = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", twin, flags=re.MULTILINE | re.DOTALL)
        outside = re.sub(r"(`+).*?\1", "", outside)
        assert not re.search(r"</?[a-z][^>]*>|^ *(?:===|\?\?\?|:::)", outside, re.MULTILINE), page


def test_links_of_twins_lead_to_files(articles: dict[Path, Article], site: Path) -> None:
    for page in articles:
        twin = page.with_name("index.md")
        text = re.sub(
            r"^( *)(`{3,}).*?^\1\2$", "", twin.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        text = re.sub(r"(?<!\[)(`+)[^`]+\1", "", text)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            path = link.partition("#")[0]
            if path and "://" not in path:
                assert (twin.parent / path).is_file(), f"{twin.relative_to(site)}: {link}"
