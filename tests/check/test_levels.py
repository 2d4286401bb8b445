"""A project may settle how grave the findings of a rule are."""

from __future__ import annotations

import pytest

from plexus_rules.check.levels import with_levels
from plexus_rules.finding import Severity
from plexus_rules.rule import Problem
from tests.check.helpers import change, on_change, on_state, problem, state

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@pytest.mark.parametrize("own", [None, ERROR, WARNING])
@pytest.mark.parametrize("level", list(Severity))
def test_level_stands_before_that_of_the_rule_and_of_its_problem(
    own: Severity | None, level: Severity
) -> None:
    rules = with_levels([state("PLX901", problem("a", severity=own))], {"PLX901": level})
    assert [found.severity for found in on_state(rules).findings] == [level]


def test_what_is_only_information_as_things_are_stays_so() -> None:
    own = state("PLX901", problem("a", severity=INFO))
    landed = state(
        "PLX902",
        Problem("b", problem("b").range, "wrong", migration="0000.sql"),
        landed_remedy="Add a migration.",
    )
    rules = with_levels([own, landed], {"PLX901": ERROR, "PLX902": ERROR})
    assert [found.severity for found in on_state(rules).findings] == [INFO, INFO]


def test_other_rules_keep_their_own() -> None:
    rules = [state("PLX901", problem("a")), state("PLX902", problem("b"), severity=WARNING)]
    found = on_state(with_levels(rules, {"PLX902": INFO})).findings
    assert [finding.severity for finding in found] == [ERROR, INFO]
    assert with_levels(rules, {})[0] is rules[0]


def test_consequence_of_another_rule_keeps_its_gravity() -> None:
    rules = [state("PLX901", problem("a", "cause")), state("PLX902", problem("b", "cause"))]
    (found,) = on_state(with_levels(rules, {"PLX901": INFO})).findings
    assert (found.rule, found.severity) == ("PLX901", ERROR)


def test_rule_of_a_change_stays_one() -> None:
    (rule,) = with_levels([change("PLX901", problem("a"))], {"PLX901": WARNING})
    assert rule.reads_change
    assert [found.severity for found in on_change(rule).findings] == [WARNING]
