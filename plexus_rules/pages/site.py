"""Every generated file of ``docs/``, as one mapping of paths to texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from plexus_rules.catalog.topics import TOPICS
from plexus_rules.catalog.workflow import workflow
from plexus_rules.gallery import Outcome
from plexus_rules.guidance import guide_pages
from plexus_rules.guidance.render import environment
from plexus_rules.pages.export import catalogue_schema, catalogue_value
from plexus_rules.pages.views import rule_views
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Enforcement, Rule

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
    rules: Sequence[Rule], outcomes: Sequence[Outcome], changelog: str
) -> Mapping[str, str]:
    """The text of each generated file, by its path below ``docs/``."""
    views = rule_views(rules, outcomes)
    guides = guide_pages(rules, PLEXUS)
    topics = [(t, [v for v in views if v.topic is t]) for t in TOPICS]
    shared = {
        "views": views,
        "topics": [(topic, found) for topic, found in topics if found],
        "guides": guides,
        "workflow": workflow(PLEXUS),
        "profile": PLEXUS,
    }
    files = {f"rules/{v.rule.id}.md": render("rule.md.jinja", view=v, **shared) for v in views}
    files |= {f"guides/{page.path}": page.text for page in guides}
    files |= {
        "rules/index.md": render("rules.md.jinja", **shared),
        "gallery.md": render("gallery.md.jinja", **shared),
        "workflow.md": render("workflow.md.jinja", **shared),
        "guides/index.md": render("guides.md.jinja", **shared),
        "changelog.md": changelog,
        "llms.txt": render("llms.txt.jinja", **shared),
        "llms-full.txt": render("llms-full.txt.jinja", **shared),
        "rules.json": _json(catalogue_value(rules, outcomes)),
        "rules.schema.json": _json(catalogue_schema()),
    }
    return files


def page_blocks(rules: Sequence[Rule], outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The generated blocks of pages that a person writes, by name."""
    views = rule_views(rules, outcomes)
    shown = next(view for view in views if view.rule.id == "PLX201").bad[0]
    held = Counter(rule.enforcement for rule in rules)
    counts = ", ".join(f"{held[kind]} {kind.value}" for kind in Enforcement if held[kind])
    bad = sum(outcome.is_bad for outcome in outcomes)
    return {
        "finding": f"```plexus-findings\n$ plexus-rules check\n{shown.said}\n```",
        "finding-plain": f"```text\n$ plexus-rules check\n{shown.said}\n```",
        "counts": (
            f"{len(rules)} rules ({counts}), {bad} bad and {len(outcomes) - bad} good examples, "
            "each executed whenever these pages are made."
        ),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
