"""The generated pages: complete, true to the rules, and readable as plain Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from plexus_rules.catalog import all_rules
from plexus_rules.gallery import Outcome, example_id
from plexus_rules.guidance import guide_pages
from plexus_rules.pages.twins import twin_path
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Rule

RULES = all_rules()
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_page_says_all_that_the_rule_says(pages: Mapping[str, str], rule: Rule) -> None:
    page = pages[f"rules/{rule.id}.md"]
    said = (rule.statement, rule.enforcement, rule.since, rule.unseen, rule.advised_because)
    for text in (*said, *(claim.sentence for claim in rule.why), *rule.source):
        assert text in page
    for correction in rule.corrects:
        assert correction.measured in page
    for example in rule.examples:
        assert f"#{example_id(rule, example)}" in page


def test_rule_page_shows_what_the_check_said(
    pages: Mapping[str, str], outcomes: list[Outcome]
) -> None:
    for outcome in outcomes:
        page = pages[f"rules/{outcome.rule.id}.md"]
        for finding in outcome.report.findings:
            assert f"{finding.rule} {finding.name}  {finding.message}" in page


def test_gallery_holds_every_example(pages: Mapping[str, str], outcomes: list[Outcome]) -> None:
    anchors = re.findall(r'^<section [^>]*\bid="([^"]+)"', pages["gallery.md"], re.MULTILINE)
    assert anchors == [example_id(outcome.rule, outcome.example) for outcome in outcomes]


def test_index_lists_every_rule(pages: Mapping[str, str]) -> None:
    for rule in RULES:
        assert f"[{rule.id} {rule.name}]({rule.id}.md)" in pages["rules/index.md"]
        assert f"{rule.id} {rule.name}" in pages["llms.txt"]
        assert rule.statement in pages["llms-full.txt"]


def test_llms_txt_lists_every_page(pages: Mapping[str, str]) -> None:
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("*.md")}
    for page in {*pages, *written, "api/index.md"}:
        if page.endswith(".md") and page != "agents.md":
            assert f"]({twin_path(page)})" in pages["llms.txt"], page


def test_llms_txt_says_what_llms_full_holds(pages: Mapping[str, str]) -> None:
    said = "every rule: statement, why, remedy, titles of the examples"
    assert f"](llms-full.txt): {said}\n" in pages["llms.txt"]
    assert f"| {said} |" in pages["agents.md"]


def test_index_of_the_rules_says_which_drizzle_kit_the_checker_reads(
    pages: Mapping[str, str],
) -> None:
    assert "The checker reads repositories of drizzle-kit 0.x." in pages["rules/index.md"]


def test_guides_stand_at_the_path_that_they_have_in_the_target(pages: Mapping[str, str]) -> None:
    for guide in guide_pages(RULES, PLEXUS):
        assert pages[f"guides/{guide.path}"] == guide.text


def test_catalogue_export_fits_its_schema(pages: Mapping[str, str]) -> None:
    schema = json.loads(pages["rules.schema.json"])
    Draft202012Validator.check_schema(schema)
    value = json.loads(pages["rules.json"])
    Draft202012Validator(schema).validate(value)
    assert [entry["id"] for entry in value["rules"]] == [rule.id for rule in RULES]


@pytest.mark.parametrize("key", ["id", "level", "examples"])
def test_schema_refuses_what_lacks_a_part(pages: Mapping[str, str], key: str) -> None:
    value = json.loads(pages["rules.json"])
    del value["rules"][0][key]
    assert not Draft202012Validator(json.loads(pages["rules.schema.json"])).is_valid(value)


def test_front_matter_is_yaml(pages: Mapping[str, str]) -> None:
    for rule in RULES:
        _, front, _ = pages[f"rules/{rule.id}.md"].split("---\n", 2)
        assert yaml.safe_load(front) == {
            "title": f"{rule.id} {rule.name}",
            "description": rule.statement,
        }


def test_markdown_is_tidy(pages: Mapping[str, str]) -> None:
    for path, text in pages.items():
        if path.endswith((".md", ".txt")):
            outside = re.sub(
                r"^( *)(`{3,}).*?^\1\2", "(fence)", text, flags=re.MULTILINE | re.DOTALL
            )
            assert "\n\n\n" not in outside, path
            assert text.endswith("\n"), path
            assert not text.endswith("\n\n"), path
            assert "{{" not in outside, path
