"""The gallery bites: an example fails as soon as its rule, or the example, says something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from msgspec.structs import replace

from plexus_rules.catalog import all_rules, find_rule
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery import Outcome, example_id, run_all, run_example
from plexus_rules.rule import Bad, Example, Good, Rule, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_INDEX_BOTH,
    ADD_SECOND_COLUMN_BOTH,
    base,
)
from plexus_rules.samples.building import build
from plexus_rules.trees import Append, Delete, EditError, Replace, Write

RULES = all_rules()
CHECKED = [rule for rule in RULES if rule.check is not None]
SQL = "packages/backend/drizzle/migrations/0001_add_request_tokens.sql"
BY_HAND = "packages/backend/drizzle/migrations/9999_by_hand.sql"


@cache
def outcomes(rule: Rule) -> tuple[Outcome, ...]:
    return tuple(run_all(RULES, [rule]))


def the(rule_id: str) -> Rule:
    rule = find_rule(rule_id)
    assert rule is not None
    return rule


def finds_nothing(rule: Rule) -> Rule:
    """The same rule with a check that finds nothing."""

    def of_change(change: Change) -> Iterator[object]:
        return iter(())

    def of_state(repository: Repository) -> Iterator[object]:
        return iter(())

    check = of_change if rule.reads_change else of_state
    return replace(rule, check=check)


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.id)
class TestEveryRule:
    def test_gives_what_its_examples_name(self, rule: Rule) -> None:
        for outcome in outcomes(rule):
            assert outcome.passed, (outcome.example.title, outcome.missing, outcome.unexpected)

    def test_is_really_emitted_by_each_of_its_bad_examples(self, rule: Rule) -> None:
        bad = [outcome for outcome in outcomes(rule) if outcome.is_bad]
        assert bad
        for outcome in bad:
            assert rule.id in {finding.rule for finding in outcome.report.findings}

    def test_fails_its_bad_examples_where_it_finds_nothing(self, rule: Rule) -> None:
        blind = finds_nothing(rule)
        others = [blind if other is rule else other for other in RULES]
        for example in rule.examples:
            if isinstance(example, Bad):
                outcome = run_example(blind, example, others)
                assert not outcome.passed, example.title
                assert outcome.missing

    def test_lets_no_fault_pass_in_its_good_examples(self, rule: Rule) -> None:
        for example in rule.examples:
            if isinstance(example, Good):
                fault = Write("tools/push.sh", "npx drizzle-kit push\n")
                planted = replace(example, change=(*example.change, fault))
                outcome = run_example(rule, planted, RULES)
                assert not outcome.passed, example.title
                assert [finding.path for finding in outcome.unexpected] == [fault.path]


def test_every_example_has_an_id_of_its_own() -> None:
    ids = [example_id(rule, example) for rule in RULES for example in rule.examples]
    assert len(set(ids)) == len(ids)
    assert all(part.isalnum() for name in ids for part in name.split("-"))


class TestVerdict:
    RULE = the("PLX201")
    EDIT = Append(SQL, "\n--> statement-breakpoint\nSELECT 1;\n")

    def run(self, example: Example) -> Outcome:
        return run_example(self.RULE, example, RULES)

    def test_finding_at_another_line_is_missing_and_unexpected(self) -> None:
        outcome = self.run(Bad("x", change=(self.EDIT,), gives=(at(SQL, line=99),)))
        assert outcome.missing == (at(SQL, line=99),)
        assert [finding.path for finding in outcome.unexpected] == [SQL]

    def test_finding_of_another_rule_is_named_with_it(self) -> None:
        change = (Write(BY_HAND, "SELECT 1;\n"),)
        assert not self.run(Bad("x", change=change, gives=(at(BY_HAND),))).passed
        assert self.run(Bad("x", change=change, gives=(at(BY_HAND, rule="PLX202"),))).passed

    def test_one_name_fits_one_finding(self) -> None:
        (line,) = (f.range.line for f in self.run(Good("x", change=(self.EDIT,))).unexpected)
        twice = (at(SQL, line=line), at(SQL, line=line))
        outcome = self.run(Bad("x", change=(self.EDIT,), gives=twice))
        assert (outcome.missing, outcome.unexpected) == (twice[1:], ())

    def test_rule_that_breaks_down_fails_every_example(self) -> None:
        def broken(repository: Repository) -> Iterator[object]:
            raise KeyError

        rules = [replace(the("PLX205"), check=broken)]
        outcome = run_example(self.RULE, Good("x"), rules)
        assert outcome.report.findings == ()
        assert not outcome.passed


class TestBuild:
    def test_steps_and_edits_follow_one_another(self) -> None:
        changes = (ADD_COLUMN_BOTH, Append(SQL, "-- x"), ADD_SECOND_COLUMN_BOTH, Delete(SQL))
        files, last = build(base(), changes, None)
        assert last is ADD_SECOND_COLUMN_BOTH
        assert SQL not in files
        assert sum("0002" in path or "0003" in path for path in files) == 8

    def test_step_that_was_recorded_elsewhere_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="was recorded after"):
            build(base(), (ADD_COLUMN_BOTH, ADD_INDEX_BOTH), None)

    def test_edit_that_does_not_fit_is_an_error(self) -> None:
        with pytest.raises(EditError):
            build(base(), (Replace(SQL, "no such text", ""),), None)


def test_diff_shows_added_changed_and_deleted_files() -> None:
    change = (Append(SQL, "\nSELECT 1;"), Write("new.txt", "a\nb"), Delete("README.md"))
    diff = run_example(the("PLX201"), Good("x", change=change), RULES).diff
    assert "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline" in diff
    assert f"--- a/{SQL}\n+++ b/{SQL}\n" in diff
    assert "--- a/README.md\n+++ /dev/null\n" in diff
