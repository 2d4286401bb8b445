"""The pages of claims: what was tried is shown, and what was not is not said to be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.lab.evidence import Evidence
from plexus_rules.lab.records import read_records
from plexus_rules.pages.site import site_files
from plexus_rules.pages.source_tree import EVIDENCE
from plexus_rules.pages.twins import Sources, twins

CLAIM = "drop-is-final"
RULES = all_rules()
CLAIMS = {claim.id for rule in RULES for claim in rule.why}


@pytest.fixture(scope="module")
def records_of_all() -> dict[str, Evidence]:
    return read_records(Path(__file__).parents[2] / EVIDENCE, CLAIMS)


def made(records: Mapping[str, Evidence]) -> Mapping[str, str]:
    return site_files(RULES, [], "# Changelog\n", records)


def test_claim_that_was_tried_shows_how_and_what_came_of_it(
    records_of_all: dict[str, Evidence],
) -> None:
    page = made(records_of_all)[f"evidence/{CLAIM}.md"]
    assert f"```sh\nplexus-rules prove {CLAIM} --steps\n```" in page
    for line in ("v0", "v1"):
        stated = f"## {line} {{ #{line} }}\n\n**✓ holds.** The claim is stated for this line."
        assert stated in page
    assert "### SQLite (bun:sqlite): ✓ holds { #v0-1 }" in page


def test_heading_of_a_line_has_its_own_name_as_slug_in_plain_markdown(
    records_of_all: dict[str, Evidence],
) -> None:
    path = f"evidence/{CLAIM}.md"
    page = {path: made(records_of_all)[path]}
    (twin,) = twins(page, Sources(lambda _: "", lambda _: "")).values()
    headings = [line for line in twin.splitlines() if line.startswith("## ")]
    assert headings == ["## v0", "## v1"]


def test_claim_that_was_not_tried_is_not_said_to_be(records_of_all: dict[str, Evidence]) -> None:
    pages = made({name: record for name, record in records_of_all.items() if name != CLAIM})
    page, index = pages[f"evidence/{CLAIM}.md"], pages["evidence/index.md"]
    assert "It was not tried yet: nothing is recorded.\n" in page
    assert "plexus-rules prove" not in page
    assert f"{len(CLAIMS)} claims about Drizzle" in index
    assert f"{len(CLAIMS) - 1} of them tried" in index
    assert index.count("    not tried yet [PLX") == 1


def test_index_says_that_all_were_tried_where_they_were(
    records_of_all: dict[str, Evidence],
) -> None:
    index = made(records_of_all)["evidence/index.md"]
    assert "rest, all of them tried with" in index
    assert "not tried yet" not in index
