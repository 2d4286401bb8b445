"""PLX603: advice that is right whoever generates the migrations that are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plexus_rules.catalog import find_rule
from plexus_rules.catalog.workflow import workflow
from plexus_rules.check.runner import remedy
from plexus_rules.guidance import rule_line
from plexus_rules.profile import PLEXUS, Generator, Profile

BY_CI = replace(PLEXUS, generator=Generator.CI)


@pytest.mark.parametrize(
    ("profile", "step", "to_do", "line"),
    [
        (
            PLEXUS,
            "Commit everything that was generated",
            "Add the SQL, the snapshots and the journals",
            "commit SQL, snapshots, journal and schema together",
        ),
        (
            BY_CI,
            "Commit the schema alone",
            "Leave the SQL, the snapshots and the journals of every dialect out",
            "commit the schema alone",
        ),
    ],
    ids=["author", "ci"],
)
def test_step_remedy_and_guide_say_the_same(
    profile: Profile, step: str, to_do: str, line: str
) -> None:
    rule = find_rule("PLX603")
    assert rule is not None
    assert "together, never a part" in rule.statement
    last = workflow(profile).steps[-1]
    assert (last.title, last.rules) == (step, ("PLX603",))
    assert remedy(rule.remedy, profile).startswith(to_do)
    assert line in (rule_line(rule, profile) or "")


def test_page_names_the_ci() -> None:
    rule = find_rule("PLX603")
    assert rule is not None
    assert "Where the CI generates them after the merge" in remedy(rule.remedy, PLEXUS)
