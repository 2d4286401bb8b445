"""What holds for every rule."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import plexus_rules.catalog
from plexus_rules.catalog import all_rules, claims
from plexus_rules.catalog.guides import GUIDES, SCHEMA
from plexus_rules.catalog.topics import TOPICS, topic_of
from plexus_rules.catalog.workflow import workflow
from plexus_rules.check.runner import remedy
from plexus_rules.finding import Severity
from plexus_rules.gallery import example_id
from plexus_rules.guidance import rule_line
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Bad, Claim, Enforcement, Example, Good, Needs, Rule

RULES = all_rules()
rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)

#: The ids, names and levels that are promised for ever, by the version that brought them.
#: A rule may be added, never changed.
PROMISED = {
    "0.1.0": """
PLX101 table-outside-dialect-directory error
PLX102 dialect-drift warning
PLX111 parent-schema-import error
PLX112 single-dialect-import warning
PLX201 edited-migration error
PLX202 unjournaled-migration error
PLX203 missing-migration-file error
PLX204 edited-journal error
PLX205 journal-order error
PLX206 missing-snapshot error
PLX207 broken-snapshot-chain error
PLX209 one-dialect-migration error
PLX211 unreadable-migration-metadata error
PLX401 raw-ddl error
PLX402 schema-push error
PLX403 untested-migration advice
PLX404 live-database-edit advice
PLX501 handwritten-row-type warning
PLX601 generate-for-both-dialects warning
PLX602 review-generated-sql advice
PLX603 commit-what-was-generated advice
""",
    "0.2.0": """
PLX103 unexported-table error
PLX104 unloadable-schema-file error
PLX208 handwritten-migration error
PLX210 schema-without-migration error
PLX301 cascade-wipe error
PLX302 quoted-literal-copy error
PLX303 missing-breakpoint error
PLX304 required-column-without-default warning
PLX305 enum-value-used-in-same-batch error
PLX306 type-change-without-using error
PLX307 dropped-table warning
PLX308 empty-migration warning
""",
}


@pytest.mark.parametrize("version", PROMISED)
def test_promised_rules_are_there(version: str) -> None:
    brought = [rule for rule in RULES if rule.since == version]
    found = [f"{r.id} {r.name} {r.severity if r.check else 'advice'}" for r in brought]
    assert found == PROMISED[version].split("\n")[1:-1]


def test_every_rule_is_promised() -> None:
    assert {rule.since for rule in RULES} == set(PROMISED)


def test_one_module_holds_one_rule() -> None:
    (package,) = plexus_rules.catalog.__path__
    modules = sorted(Path(package).glob("*/[a-z]*.py"))
    modules = [path for path in modules if path.stem != "common" and path.parent.name != "claims"]
    assert len(modules) == len(RULES)
    for path in modules:
        module = importlib.import_module(f"plexus_rules.catalog.{path.parent.name}.{path.stem}")
        assert module.RULE.name.replace("-", "_") == path.stem
        assert module.__doc__


@rules
def test_id_name_and_topic_have_their_form(rule: Rule) -> None:
    assert re.fullmatch(r"PLX[1-6]\d\d", rule.id)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert topic_of(rule) in TOPICS


@rules
def test_texts_are_sentences_that_can_be_filled(rule: Rule) -> None:
    for text in (rule.statement, remedy(rule.remedy, PLEXUS), *(c.sentence for c in rule.why)):
        assert (
            text[0].isupper()
            or text[0] in "`-"
            or text.startswith(("generate", "drizzle-kit", "push"))
        )
        assert text.endswith("."), text
    for text in (rule.unseen, rule.advised_because):
        assert not text or text.endswith(".")
    assert rule.statement.lower().startswith(rule.obligation.value)
    assert rule_line(rule, PLEXUS)


@rules
def test_why_rests_on_claims(rule: Rule) -> None:
    assert rule.why


@rules
def test_full_guide_carries_every_rule(rule: Rule) -> None:
    assert SCHEMA in rule.guides
    assert set(rule.guides) <= set(GUIDES)


@rules
def test_enforcement_follows_from_the_check(rule: Rule) -> None:
    if rule.check is None:
        assert rule.enforcement is Enforcement.ADVISED
        assert rule.advised_because
        assert not rule.examples
    else:
        expected = Enforcement.IN_PART if rule.unseen else Enforcement.CHECKED
        assert rule.enforcement is expected


@rules
def test_checked_rule_shows_both_kinds(rule: Rule) -> None:
    if rule.check is not None:
        kinds = {type(example) for example in rule.examples}
        assert kinds == {Bad, Good}


@rules
def test_bad_example_names_its_own_rule(rule: Rule) -> None:
    for example in rule.examples:
        named = {found.rule for found in example.findings}
        if isinstance(example, Bad):
            assert None in named
        else:
            assert not named


def test_examples_have_names_of_their_own() -> None:
    names = [example_id(rule, example) for rule in RULES for example in rule.examples]
    assert len(names) == len(set(names))


def test_examples_are_many_and_none_stands_twice() -> None:
    examples: list[Example] = [example for rule in RULES for example in rule.examples]
    assert len(examples) >= 45
    assert len({(e.given, e.change) for e in examples if e.change}) >= len(examples) * 0.9


def test_claims_have_ids_of_their_own_and_are_all_used() -> None:
    known = [value for value in vars(claims).values() if isinstance(value, Claim)]
    assert len({claim.id for claim in known}) == len(known)
    used = {claim for rule in RULES for claim in rule.why}
    assert used >= set(known)
    assert len({claim.id for claim in used}) == len(used)


def test_workflow_names_rules_that_exist() -> None:
    ids = {rule.id for rule in RULES}
    for step in workflow(PLEXUS).steps:
        assert step.rules
        assert set(step.rules) <= ids


def test_parity_rules_need_two_dialects() -> None:
    parity = {"PLX102", "PLX111", "PLX112", "PLX209", "PLX601"}
    assert {r.id for r in RULES if r.needs is Needs.TWO_DIALECTS} >= parity


def test_rule_without_check_must_say_why() -> None:
    rule = RULES[0]
    with pytest.raises(ValueError, match="says why no program decides it"):
        Rule(
            id="PLX999",
            name="nothing",
            since="0.1.0",
            obligation=rule.obligation,
            statement=rule.statement,
            why=rule.why,
            remedy=rule.remedy,
            line=rule.line,
            guides=rule.guides,
            severity=Severity.ERROR,
        )
