"""Every generated file of ``docs/``, as one mapping of paths to texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from plexus_rules.catalog.topics import TOPICS
from plexus_rules.catalog.workflow import workflow
from plexus_rules.gallery import Outcome
from plexus_rules.guidance import guide_pages
from plexus_rules.guidance.render import environment
from plexus_rules.lab.evidence import Evidence
from plexus_rules.lab.side_by_side import Comparison, Kind
from plexus_rules.pages.evidence import ClaimView, claim_views
from plexus_rules.pages.export import catalogue_schema, catalogue_value
from plexus_rules.pages.views import RuleView, rule_view, rule_views
from plexus_rules.pages.ways import ways
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Rule

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _templates() -> Environment:
    made = environment("plexus_rules.pages")
    made.filters["fence"] = fence
    made.filters["yaml"] = json.dumps  # a JSON string is a YAML string
    return made


def fence(text: str) -> str:
    """Backticks for a fence around a text: more than any line of it starts with."""
    runs = re.findall(r"^\W{0,4}?(`{3,})", text, re.MULTILINE)
    return "`" * (max(map(len, runs), default=2) + 1)


def render(template: str, **values: Any) -> str:
    """One template, filled, without runs of empty lines."""
    return tidy(_templates().get_template(template).render(**values))


def tidy(markdown: str) -> str:
    """Markdown with at most one empty line in a row outside of fences, and one line end last."""
    lines: list[str] = []
    open_fence = ""
    for line in markdown.splitlines():
        marks = re.match(r"\s*(`{3,})", line)
        if marks and not open_fence:
            open_fence = marks[1]
        elif marks and line.strip() == open_fence:
            open_fence = ""
        if line.strip() or open_fence or (lines and lines[-1].strip()):
            lines.append(line if open_fence else line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"


def site_files(
    rules: Sequence[Rule],
    outcomes: Sequence[Outcome],
    changelog: str,
    evidence: Mapping[str, Evidence],
    comparison: Comparison | None = None,
) -> Mapping[str, str]:
    """The text of each generated file, by its path below ``docs/``.

    ``evidence`` is what was recorded, by claim; ``comparison`` what drizzle-kit's own check says.
    """
    views = rule_views(rules, outcomes)
    claims = claim_views(rules, evidence)
    guides = guide_pages(rules, PLEXUS)
    topics = [(t, [v for v in views if v.topic is t]) for t in TOPICS]
    shared = {
        "views": views,
        "topics": [(topic, found) for topic, found in topics if found],
        "guides": guides,
        "workflow": workflow(PLEXUS),
        "profile": PLEXUS,
        "claims": claims,
        "comparison": comparison,
    }
    files = {f"rules/{v.rule.id}.md": render("rule.md.jinja", view=v, **shared) for v in views}
    files |= {f"source/{v.rule.id}.md": render("source.md.jinja", view=v, **shared) for v in views}
    files |= {f"guides/{page.path}": page.text for page in guides}
    files |= {
        f"evidence/{name}.md": render("claim.md.jinja", view=view) for name, view in claims.items()
    }
    files |= {
        "evidence/index.md": render(
            "evidence.md.jinja", claims_of=partial(_claims_of, claims), **shared
        ),
        "rules/index.md": render("rules.md.jinja", **shared),
        "gallery.md": render("gallery.md.jinja", **shared),
        "agents.md": render("agents.md.jinja", **shared),
        "workflow.md": render("workflow.md.jinja", ways=list(ways()), **shared),
        "guides/index.md": render("guides.md.jinja", **shared),
        "changelog.md": changelog,
        "llms.txt": render("llms.txt.jinja", **shared),
        "llms-full.txt": render("llms-full.txt.jinja", **shared),
        "rules.json": _json(catalogue_value(rules, outcomes)),
        "rules.schema.json": _json(catalogue_schema()),
    }
    if comparison is not None:
        kinds = [(kind.value, comparison.of(kind), _trees(comparison, kind)) for kind in Kind]
        files["evidence/drizzle-kit-check.md"] = render(
            "drizzle-kit-check.md.jinja", comparison=comparison, kinds=kinds
        )
    return files


def rule_page(
    rule: Rule, rules: Sequence[Rule], outcomes: Sequence[Outcome], evidence: Mapping[str, Evidence]
) -> str:
    """The page of one rule, as it is among all of them. ``outcomes`` are of its examples."""
    view = rule_view(rule, rules, outcomes)
    claims = claim_views(rules, evidence)
    return render("rule.md.jinja", view=view, claims=claims, profile=PLEXUS)


def _trees(comparison: Comparison, kind: Kind) -> tuple[int, int]:
    """How many sets of files the states of a kind are, and in how many drizzle-kit saw anything."""
    noticed = {state.tree: state.kit_noticed for state in comparison.of(kind)}
    return len(noticed), sum(noticed.values())


def _claims_of(claims: Mapping[str, ClaimView], found: Sequence[RuleView]) -> list[ClaimView]:
    """The claims whose first rule is one of these: each claim stands in one topic."""
    rules = [view.rule for view in found]
    return [view for view in claims.values() if view.rules[0] in rules]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
