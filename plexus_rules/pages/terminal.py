"""Rules, examples and summaries as plain text for a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from plexus_rules.catalog.topics import topic_of
from plexus_rules.gallery import Outcome, run_all
from plexus_rules.pages.export import catalogue_value
from plexus_rules.pages.views import ExampleView, rule_views
from plexus_rules.rule import Rule

if TYPE_CHECKING:
    from plexus_rules.pages.source_tree import Generated

_WIDTH = 88


def rules_table(rules: Sequence[Rule]) -> str:
    """Every rule on a line: id, level, enforcement, name."""
    lines: list[str] = []
    topic = None
    for rule in rules:
        if topic_of(rule) is not topic:
            topic = topic_of(rule)
            lines += ["", topic.title] if lines else [topic.title]
        level = rule.severity.value if rule.check else "advice"
        lines.append(f"  {rule.id}  {level:<7}  {rule.enforcement.value:<15}  {rule.name}")
    return "\n".join([*lines, "", f"{len(rules)} rules"]) + "\n"


def rules_json(rules: Sequence[Rule]) -> str:
    """Every rule with its examples, as JSON."""
    value = catalogue_value(rules, list(run_all(rules)))
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def explanation(rule: Rule, rules: Sequence[Rule]) -> str:
    """One rule in full, with its examples and what the check really says of them."""
    outcomes = list(run_all(rules, [rule]))
    view = next(v for v in rule_views(rules, outcomes) if v.rule is rule)
    lines = [
        f"{rule.id} {rule.name}: {rule.enforcement.value}, level {view.level}",
        "",
        *_wrapped(rule.statement),
        "",
        "Why",
        *(line for claim in rule.why for line in _wrapped(claim.sentence, "  - ")),
        "",
        "What to do",
        *_wrapped(view.remedy, "  "),
    ]
    if rule.unseen:
        lines += ["", "What the check does not see", *_wrapped(rule.unseen, "  ")]
    if rule.advised_because:
        lines += ["", "Why no program checks it", *_wrapped(rule.advised_because, "  ")]
    for example in (*view.bad, *view.good):
        lines += ["", *_example(example)]
    return "\n".join(lines) + "\n"


def _example(view: ExampleView) -> list[str]:
    lines = [f"{view.kind.capitalize()}: {view.title}"]
    if view.given:
        lines.append(f"  landed before: {'; '.join(view.given)}")
    for file in view.files:
        lines.append(f"  {file.path} ({file.verb})")
        lines += [f"    {line}" for line in file.diff.splitlines()]
    said = view.said.splitlines() or ["nothing found"]
    return [*lines, "  the check says:", *(f"    {line}".rstrip() for line in said)]


def _wrapped(text: str, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )


def gallery_line(outcome: Outcome) -> str:
    """Rule, example and verdict; under a failed one, what differs."""
    kind = "bad " if outcome.is_bad else "good"
    verdict = "ok" if outcome.passed else "FAILED"
    lines = [f"{outcome.rule.id}  {kind}  {verdict:<6}  {outcome.example.title}"]
    for expected in outcome.missing:
        rule = expected.rule or outcome.rule.id
        lines.append(f"    not found: {rule} at {expected.path}:{expected.line}")
    for finding in outcome.unexpected:
        place = f"{finding.path}:{finding.range.line}"
        lines.append(f"    not named: {finding.rule} at {place}: {finding.message}")
    lines += [f"    {reason}" for reason in outcome.report.incomplete]
    return "\n".join(lines)


def gallery_summary(outcomes: Sequence[Outcome]) -> str:
    """How many examples ran, and how many gave what they name."""
    passed = sum(outcome.passed for outcome in outcomes)
    return f"{len(outcomes)} examples: {passed} passed, {len(outcomes) - passed} failed"


def build_summary(generated: Generated, root: Path, site: Path) -> str:
    """What a build made, and where to look."""
    changed = len(generated.changed) + len(generated.gone)
    guides = sum(
        path.startswith("docs/guides/") and path.endswith("AGENTS.md") for path in generated.files
    )
    return "\n".join(
        [
            f"examples  {gallery_summary(generated.outcomes)}",
            f"guides    {guides}, under docs/guides",
            f"pages     {len(generated.files)} generated files, {changed} changed",
            f"site      {_relative(site, root)}/index.html (or: make serve)",
            "",
        ]
    )


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
