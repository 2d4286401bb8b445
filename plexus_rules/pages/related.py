"""Which rules are related: by what they rest on, by what guides say, by what examples give."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from plexus_rules.gallery import Outcome
from plexus_rules.rule import Claim, Rule


class Related(Struct, frozen=True):
    """A rule that is related to another one, and how.

    Attributes:
        rule: the rule.
        claims: those that both rest on.
        same_line: whether they share a line of the guides.
        in_examples: whether an example of the other one gives a finding of it, or names it as
            what comes of a finding.
    """

    rule: Rule
    claims: tuple[Claim, ...]
    same_line: bool
    in_examples: bool


def related_rules(
    rule: Rule, rules: Sequence[Rule], outcomes: Sequence[Outcome]
) -> tuple[Related, ...]:
    """The rules that are related to a rule, in their order. ``outcomes`` are of its examples."""
    findings = [finding for outcome in outcomes for finding in outcome.report.findings]
    given = {finding.rule for finding in findings}
    said = [place.message for finding in findings for place in finding.related]
    found = (
        Related(
            other,
            tuple(claim for claim in rule.why if claim in other.why),
            other.line is rule.line,
            other.id in given or any(message.endswith(f"({other.id})") for message in said),
        )
        for other in rules
        if other is not rule
    )
    return tuple(one for one in found if one.claims or one.same_line or one.in_examples)
