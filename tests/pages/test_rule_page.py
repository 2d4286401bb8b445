"""The page of a rule: its facts, its examples, how it is waived, and what is related to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules, module_of
from plexus_rules.catalog.topics import topic_of
from plexus_rules.check import check_change
from plexus_rules.check.settings import Waiver, parse_settings
from plexus_rules.check.waivers import Waiving as Applied
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery import Outcome, example_id
from plexus_rules.gallery.run import NOW
from plexus_rules.guidance import guide_pages
from plexus_rules.pages.views import RuleView
from plexus_rules.pages.waiving import Waiving
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Rule
from plexus_rules.trees import MemoryTree

ROOT = Path(__file__).parent.parent.parent
RULES = all_rules()
CHECKED = [rule for rule in RULES if rule.check]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
each_checked = pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.id)


def page_of(rule: Rule, pages: Mapping[str, str]) -> str:
    return pages[f"rules/{rule.id}.md"]


@each_rule
def test_facts_say_level_enforcement_dialects_and_since(
    pages: Mapping[str, str], rule: Rule
) -> None:
    section = page_of(rule, pages).split('<div class="facts"')[1].split("</div>")[0]
    facts = re.sub("</?span[^>]*>", "", section)
    assert f"- **Level** {rule.severity.value if rule.check else 'advice'}\n" in facts
    assert f"- **Enforcement** {rule.enforcement}\n" in facts
    assert f"- **Since** {rule.since}\n" in facts
    (dialects,) = re.findall(r"- \*\*Dialects\*\* (.*)", facts)
    assert ("SQLite" in dialects) == ("sqlite" in rule.needs.dialects)
    assert ("PostgreSQL" in dialects) == ("postgresql" in rule.needs.dialects)


@each_rule
def test_each_example_is_a_section_with_what_the_gallery_filters_by(
    pages: Mapping[str, str], rule: Rule
) -> None:
    found = re.findall(r"<section ([^>]*)>", page_of(rule, pages))
    sections = [dict(re.findall(r'([\w-]+)="([^"]*)"', attributes)) for attributes in found]
    assert [section["id"] for section in sections] == [
        example_id(rule, example)
        for example in sorted(rule.examples, key=lambda e: type(e).__name__)
    ]
    for section in sections:
        assert section["markdown"] == "block"
        assert section["class"] == f"example {section['data-kind']}"
        assert section["data-kind"] in ("bad", "good")
        assert section["data-rule"] == rule.id
        assert section["data-topic"] == module_of(rule).split("/")[2]
        assert section["data-topic-title"] == topic_of(rule).title
        assert section["data-dialect"].split() == list(rule.needs.dialects)
        assert section["data-reads"] == rule.reads
        assert section["data-level"] == rule.severity.value


def test_each_changed_file_of_an_example_stands_in_its_tree(
    pages: Mapping[str, str], outcomes: list[Outcome]
) -> None:
    for outcome in outcomes:
        anchor = example_id(outcome.rule, outcome.example)
        page = page_of(outcome.rule, pages)
        section = page.split(f'id="{anchor}"')[1].split("</section>")[0]
        changed = {
            path
            for path in outcome.before.keys() | outcome.after.keys()
            if outcome.before.get(path) != outcome.after.get(path)
        }
        assert set(paths_in(section)) == changed, anchor


def paths_in(section: str) -> list[str]:
    """The paths of the files in a tree of a page."""
    above: list[str] = []
    found: list[str] = []
    tree = section.split('<div class="files"')[1].split("</div>")[0] if "files" in section else ""
    for indent, name, verb in re.findall(r"^( *)- `([^`]+)`(.*)$", tree, re.MULTILINE):
        above[len(indent) // 4 :] = [name]
        if verb:
            found.append("".join(above))
    return found


@each_rule
def test_neighbours_are_those_of_the_topic(views: Mapping[str, RuleView], rule: Rule) -> None:
    topic = [other for other in RULES if topic_of(other) is topic_of(rule)]
    view = views[rule.id]
    assert view.previous is (topic[topic.index(rule) - 1] if rule is not topic[0] else None)
    assert view.next is (topic[topic.index(rule) + 1] if rule is not topic[-1] else None)


def test_commands_of_a_remedy_can_be_copied(pages: Mapping[str, str]) -> None:
    assert (
        "```sh\ncd packages/backend\nbunx drizzle-kit generate\n"
        "bunx drizzle-kit generate --config drizzle.config.pg.ts\n```\n"
    ) in pages["rules/PLX201.md"]


@each_rule
def test_guides_are_quoted_as_they_stand(views: Mapping[str, RuleView], rule: Rule) -> None:
    texts = {page.path: page.text for page in guide_pages(RULES, PLEXUS)}
    quoted = views[rule.id].quoted
    assert {one.page.guide for one in quoted} == set(rule.guides)
    for one in quoted:
        assert one.lines
        for line in one.lines:
            assert f"{line}\n" in texts[one.page.path]
            assert rule.id in line


def test_related_rules_share_a_claim_or_a_line_or_an_example(
    views: Mapping[str, RuleView], pages: Mapping[str, str]
) -> None:
    for view in views.values():
        for other in view.related:
            assert other.claims or other.same_line or other.in_examples
            assert f"](PLX{other.rule.id[3:]}.md)" in page_of(view.rule, pages)
            back = [one for one in views[other.rule.id].related if one.rule is view.rule]
            if other.claims or other.same_line:
                assert back
                assert set(back[0].claims) == set(other.claims)
    assert {one.rule.id for one in views["PLX202"].related} >= {"PLX208", "PLX203"}


@each_rule
def test_source_page_shows_the_module_and_its_tests(pages: Mapping[str, str], rule: Rule) -> None:
    page = pages[f"source/{rule.id}.md"]
    shown = re.findall(r'^--8<-- "(.*)"$', page, re.MULTILINE)
    assert shown[0] == module_of(rule)
    assert all((ROOT / path).is_file() for path in shown)
    assert len(shown) == (2 if rule.check else 1)
    assert f'id="{rule.id}"' in (ROOT / shown[0]).read_text("utf-8").replace(" = ", "=")
    assert f"../source/{rule.id}.md" in page_of(rule, pages)


# How a finding is waived


def judged(waiving: Waiving, after: Mapping[str, bytes], waivers: tuple[Waiver, ...]) -> set[str]:
    """The rules and paths of what is waived."""
    head = Repository(MemoryTree(after), NOW)
    before = Repository(MemoryTree(waiving.outcome.before), NOW)
    change = Change(before, head)
    report = check_change(change, RULES, PLEXUS)
    applied = Applied(waivers, RULES, RULES, head.tree, lambda: change.landed_sql)
    done = applied.apply(report)
    assert not done.incomplete
    return {f"{one.finding.rule} {one.finding.path}" for one in done.waived}


@each_checked
def test_waiver_in_the_settings_waives_the_finding(
    views: Mapping[str, RuleView], pages: Mapping[str, str], rule: Rule
) -> None:
    waiving = views[rule.id].waiving
    assert waiving is not None
    assert waiving.settings in page_of(rule, pages)
    settings = parse_settings(waiving.settings.encode(), "plexus-rules.toml", RULES)
    waived = judged(waiving, waiving.outcome.after, settings.waivers)
    assert f"{rule.id} {waiving.finding.path}" in waived


@each_checked
def test_waiver_in_a_comment_waives_the_finding_where_the_page_shows_one(
    views: Mapping[str, RuleView], pages: Mapping[str, str], rule: Rule
) -> None:
    waiving = views[rule.id].waiving
    assert waiving is not None
    page = page_of(rule, pages)
    if not waiving.comment:
        assert waiving.no_comment
        assert waiving.no_comment in page
        return
    assert f"{waiving.comment}\n{waiving.above}\n" in page
    finding = waiving.finding
    lines = waiving.outcome.after[finding.path].decode().split("\n")
    found = lines[finding.range.line - 1]
    assert found.strip() == waiving.above
    lines.insert(finding.range.line - 1, found.replace(waiving.above, waiving.comment))
    after = {**waiving.outcome.after, finding.path: "\n".join(lines).encode()}
    assert f"{rule.id} {finding.path}" in judged(waiving, after, ())


def test_no_comment_is_shown_in_sql_that_has_landed(views: Mapping[str, RuleView]) -> None:
    # Each of its examples is about landed files, also where one is renamed.
    waiving = views["PLX201"].waiving
    assert waiving is not None
    assert not (waiving.comment and waiving.finding.path.endswith(".sql"))


@pytest.mark.parametrize("rule", [r for r in RULES if not r.check], ids=lambda rule: rule.id)
def test_advice_has_nothing_to_waive(
    views: Mapping[str, RuleView], pages: Mapping[str, str], rule: Rule
) -> None:
    assert views[rule.id].waiving is None
    assert "waivers" not in page_of(rule, pages)
