"""The generated blocks of pages that a person writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from plexus_rules.gallery import Outcome
from plexus_rules.lab.evidence import Evidence
from plexus_rules.lab.side_by_side import Comparison
from plexus_rules.pages.site import render
from plexus_rules.pages.story import CLAIM, story
from plexus_rules.pages.views import rule_views
from plexus_rules.rule import Enforcement, Rule


def page_blocks(
    rules: Sequence[Rule],
    outcomes: Sequence[Outcome],
    evidence: Mapping[str, Evidence],
    comparison: Comparison | None,
) -> dict[str, str]:
    """The blocks, by name.

    ``evidence`` is what was recorded, by claim; ``comparison`` what drizzle-kit's own check says.
    """
    views = rule_views(rules, outcomes)
    shown = next(view for view in views if view.rule.id == "PLX201").bad[0]
    held = Counter(rule.enforcement for rule in rules)
    counts = ", ".join(f"{held[kind]} {kind.value}" for kind in Enforcement if held[kind])
    bad = sum(outcome.is_bad for outcome in outcomes)
    return {
        "finding-plain": f"```text\n$ plexus-rules check\n{shown.said}\n```",
        "story": render("story.md.jinja", story=story(views, evidence, comparison), claim=CLAIM),
        "counts": (
            f"{len(rules)} rules ({counts}), {bad} bad and {len(outcomes) - bad} good examples, "
            "each executed whenever these pages are made."
        ),
    }
