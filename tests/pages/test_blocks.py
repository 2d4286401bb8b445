"""Generated blocks inside of pages that a person writes."""

from __future__ import annotations

import pytest

from plexus_rules.pages.blocks import BlockError, fill_blocks

PAGE = "Before.\n<!-- begin: a -->\nold\n<!-- end: a -->\nAfter.\n"


def test_block_is_filled_and_the_rest_stays() -> None:
    filled = fill_blocks("p.md", PAGE, {"a": "new\n"})
    assert filled == "Before.\n<!-- begin: a -->\nnew\n<!-- end: a -->\nAfter.\n"
    assert fill_blocks("p.md", filled, {"a": "new"}) == filled


def test_unknown_block_is_named() -> None:
    with pytest.raises(BlockError, match=r"p\.md: no block 'a'; there are: b"):
        fill_blocks("p.md", PAGE, {"b": ""})


@pytest.mark.parametrize(
    "text", [PAGE.replace("<!-- end: a -->", ""), PAGE.replace("<!-- begin: a -->", "")]
)
def test_block_without_begin_or_end_is_an_error(text: str) -> None:
    with pytest.raises(BlockError, match="lacks its begin or its end"):
        fill_blocks("p.md", text, {"a": ""})
