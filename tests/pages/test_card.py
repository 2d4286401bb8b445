"""A link to a page shows a card, with an address that other hosts can ask for."""

from __future__ import annotations

from pathlib import Path

from plexus_rules.pages.card import IMAGE, with_card, write_cards

PAGE = """<!doctype html>
<html><head>
<meta name="description" content="Never &quot;edit&quot;.">
<link rel="canonical" href="https://example.org/base/rules/PLX201/">
<title>PLX201 edited-migration</title>
</head><body>text</body></html>
"""


def test_the_card_says_what_the_page_says_of_itself() -> None:
    made = with_card(PAGE, "rules/PLX201/")
    assert '<meta property="og:title" content="PLX201 edited-migration">' in made
    assert '<meta property="og:description" content="Never &quot;edit&quot;.">' in made
    assert '<meta property="og:url" content="https://example.org/base/rules/PLX201/">' in made


def test_the_image_has_an_absolute_address_below_that_of_the_site() -> None:
    made = with_card(PAGE, "rules/PLX201/")
    assert f'<meta property="og:image" content="https://example.org/base/{IMAGE}">' in made


def test_the_first_page_has_the_address_of_the_site() -> None:
    first = PAGE.replace("rules/PLX201/", "")
    assert f'content="https://example.org/base/{IMAGE}"' in with_card(first, "")


def test_a_page_without_an_address_stays_as_it_is() -> None:
    page = PAGE.replace("canonical", "other")
    assert with_card(page, "rules/PLX201/") == page


def test_a_card_is_written_once(tmp_path: Path) -> None:
    page = tmp_path / "rules" / "PLX201" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, "utf-8")
    assert write_cards(tmp_path) == 1
    once = page.read_text("utf-8")
    assert once != PAGE
    assert write_cards(tmp_path) == 0
    assert page.read_text("utf-8") == once


def test_the_text_of_the_page_is_left_alone() -> None:
    assert with_card(PAGE, "rules/PLX201/").partition("</head>")[2] == PAGE.partition("</head>")[2]


def test_the_image_is_there_and_has_the_size_that_is_named() -> None:
    image = (Path(__file__).parents[2] / "docs" / IMAGE).read_bytes()
    assert image.startswith(b"\x89PNG")
    size = int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    made = with_card(PAGE, "rules/PLX201/")
    assert f'og:image:width" content="{size[0]}"' in made
    assert f'og:image:height" content="{size[1]}"' in made
