"""The picture of the workflow: it says what the steps say, by itself, in the page's colours."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.catalog.workflow import workflow
from plexus_rules.check import check_repository
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.pages.picture import picture
from plexus_rules.pages.ways import Way, ways
from plexus_rules.profile import PLEXUS, Generator, read_profile
from plexus_rules.samples import base, by_ci
from plexus_rules.trees import MemoryTree

WAYS = list(ways())
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.title)


def texts(svg: str) -> list[str]:
    found = ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("text")]
    assert all(found)
    return found


@each_way
def test_every_step_stands_in_the_picture_with_what_guards_it(way: Way) -> None:
    said = " ".join(texts(way.picture))
    for number, step in enumerate(way.workflow.steps, start=1):
        assert f"{number}. {step.title}" in said
        assert all(rule in said for rule in step.rules)
        assert all(f'href="../rules/{rule}/"' in way.picture for rule in step.rules)


@each_way
def test_picture_is_named_and_described(way: Way) -> None:
    svg = ElementTree.fromstring(way.picture)
    assert svg.get("role") == "group"  # its links can be reached
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert list(named) == (svg.get("aria-labelledby") or "").split()
    title, about = named.values()
    assert way.workflow.title in (title or "")
    assert all(step.title in (about or "") for step in way.workflow.steps)


def test_pictures_of_one_page_share_no_id() -> None:
    ids = [found for way in WAYS for found in re.findall(r'\bid="([^"]+)"', way.picture)]
    assert len(ids) == len(set(ids)) == 2 * len(WAYS)


@each_way
def test_everything_lies_inside_and_text_fits_its_box(way: Way) -> None:
    svg = ElementTree.fromstring(way.picture)
    _, _, width, height = map(int, (svg.get("viewBox") or "").split())
    boxes = [
        {key: int(box.get(key) or 0) for key in ("x", "y", "width", "height")}
        for box in svg.iter("rect")
    ]
    for box in boxes:
        assert 0 <= box["x"] < box["x"] + box["width"] <= width
        assert 0 <= box["y"] < box["y"] + box["height"] <= height
    for text in svg.iter("text"):
        x, y = int(text.get("x") or 0), int(text.get("y") or 0)
        (around,) = (
            box
            for box in boxes
            if box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]
        )
        # No common font is wider than this on average.
        assert len(text.text or "") * int(text.get("font-size") or 13) * 0.66 < around["width"]


@each_way
def test_picture_takes_the_colours_of_the_page(way: Way) -> None:
    colours = set(re.findall(r'\b(?:fill|stroke)="([^"]+)"', way.picture))
    assert colours == {"none", "currentColor", "var(--md-code-bg-color, none)"}
    assert "<script" not in way.picture
    assert "\n" not in way.picture


def test_each_database_has_a_box() -> None:
    said = texts(WAYS[0].picture)
    for name in ("SQLite", "migrations/", "PostgreSQL", "migrations_pg/"):
        assert said.count(name) == 1
    assert [texts(WAYS[1].picture).count(name) for name in ("SQLite", "PostgreSQL")] == [2, 2]


def test_project_with_one_database_has_one_lane() -> None:
    files = {path: data for path, data in base().items() if "pg" not in path}
    profile = read_profile(Repository(MemoryTree(files), NOW))
    said = texts(picture(workflow(profile), profile, "one"))
    assert said.count("SQLite") == 1
    assert "PostgreSQL" not in said


def test_second_profile_is_read_off_a_checkout_that_breaks_no_rule() -> None:
    repository = Repository(MemoryTree(by_ci()), NOW)
    profile = read_profile(repository)
    assert profile.generator is Generator.CI
    assert profile.generator_evidence in by_ci()
    assert profile.generate == ("bun run generate:sqlite", "bun run generate:postgres")
    assert check_repository(repository, all_rules(), profile, "no base").findings == ()
    assert WAYS[1].workflow == workflow(profile)
    assert WAYS[0].workflow == workflow(PLEXUS)


@each_way
def test_page_says_each_step_in_words_with_its_commands(way: Way, pages: dict[str, str]) -> None:
    _, *tabs = pages["workflow.md"].split('\n=== "')
    (tab,) = (tab for tab in tabs if tab.startswith(f'{way.title}"'))
    assert way.picture in tab
    for step in way.workflow.steps:
        assert f"**{step.title}.** {step.text}" in tab
        assert all(f"[{rule}](rules/{rule}.md)" in tab for rule in step.rules)
        assert all(f"        {command}\n" in tab for command in step.commands)
