"""The Markdown twin of a page: plain, complete, and with links that lead to twins."""

from __future__ import annotations

import pytest

from plexus_rules.pages.api import api_markdown
from plexus_rules.pages.twins import Sources, twin, twin_path

PAGES = {"index.md": "", "rules/index.md": "", "rules/PLX201.md": "", "evidence/a-claim.md": ""}


def made(text: str, page: str = "rules/PLX201.md") -> str:
    sources = Sources(lambda path: f"text of {path}\n", lambda name: f"### {name}")
    return twin(page, text, PAGES, sources)


@pytest.mark.parametrize(
    ("page", "served"),
    [
        ("index.md", "index.md"),
        ("rules/index.md", "rules/index.md"),
        ("rules/PLX201.md", "rules/PLX201/index.md"),
        ("guides/AGENTS.md", "guides/AGENTS/index.md"),
    ],
)
def test_twin_stands_at_the_address_of_the_page(page: str, served: str) -> None:
    assert twin_path(page) == served


def test_front_matter_is_left_out() -> None:
    assert made("---\ntitle: x\n---\n\n# x\n") == "# x\n"


@pytest.mark.parametrize(
    ("link", "seen"),
    [
        ("index.md#generated-sql", "../index.md#generated-sql"),
        ("../evidence/a-claim.md", "../../evidence/a-claim/index.md"),
        ("../index.md", "../../index.md"),
        ("../rules.json", "../../rules.json"),
        ("#why", "#why"),
        ("https://orm.drizzle.team/", "https://orm.drizzle.team/"),
    ],
)
def test_links_lead_to_twins(link: str, seen: str) -> None:
    assert made(f"See [this]({link}).\n") == f"See [this]({seen}).\n"


def test_text_in_code_is_no_link() -> None:
    assert made("`[a](index.md)` and\n\n```md\n[a](index.md)\n```\n") == (
        "`[a](index.md)` and\n\n```md\n[a](index.md)\n```\n"
    )


def test_html_and_attributes_are_left_out() -> None:
    text = '<section class="a" markdown="block">\n\n### It { #it .bad }\n\n</section>\n'
    assert made(text) == "### It\n"
    assert made('- **Level** <span class="tag error">error</span>\n') == "- **Level** error\n"
    assert made('- **As text** <a href="index.md">Markdown</a>\n') == "- **As text** Markdown\n"
    assert made("Write `<span>`.\n") == "Write `<span>`.\n"
    assert made("<!-- begin: a -->\ntext\n<!-- end: a -->\n") == "text\n"


def test_braces_of_code_stay() -> None:
    assert made("Use `{ #a }`\n\n```ts\nconst a = { b } { #c }\n```\n").endswith("{ #c }\n```\n")
    assert made("Write `x { #a }`.\n") == "Write `x { #a }`.\n"


def test_what_is_folded_away_stands_open() -> None:
    folded = '    ??? example "Run"\n\n        ```text\n        a\n          b\n        ```\n'
    text = f"- One\n\n{folded}\n- Two\n"
    assert made(text) == "- One\n\n    **Run**\n\n    ```text\n    a\n      b\n    ```\n\n- Two\n"


def test_tabs_follow_each_other() -> None:
    text = '=== "A"\n\n    ```sh\n    one\n    ```\n\n=== "B"\n\n    two\n\nAfter.\n'
    assert made(text) == "**A**\n\n```sh\none\n```\n\n**B**\n\ntwo\n\nAfter.\n"


def test_title_of_a_code_block_stands_above_it() -> None:
    assert made('```diff title="a/b.sql"\n+x\n```\n') == "`a/b.sql`:\n\n```diff\n+x\n```\n"


def test_other_files_are_shown_whole() -> None:
    assert made('```python\n--8<-- "a.py"\n```\n') == "```python\ntext of a.py\n```\n"
    assert made("::: plexus_rules.Finding\n") == "### plexus_rules.Finding\n"


def test_picture_is_named() -> None:
    text = '<svg role="img"><title id="t">The steps</title><path d=""/></svg>\n'
    assert made(text) == "Picture: The steps\n"


def test_documented_name_has_signature_text_and_members() -> None:
    text = api_markdown("plexus_rules.Report")
    assert text.startswith("### plexus_rules.Report\n\n```python\nReport(base: ")
    assert "\n- `findings`: sorted by place" in text
    assert "\n#### exit_status\n" in text
    assert "``" not in text.replace("```", "")


def test_name_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"plexus_rules\.Nothing: .* does not exist"):
        api_markdown("plexus_rules.Nothing")
