"""What the pages show of a rule and its examples."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from msgspec import Struct

from plexus_rules.catalog.topics import Topic, topic_of
from plexus_rules.check.runner import remedy
from plexus_rules.gallery import Outcome, example_id
from plexus_rules.guidance import GuidePage, guide_pages, rule_line
from plexus_rules.profile import PLEXUS
from plexus_rules.reporters.text import render_finding
from plexus_rules.rule import Rule
from plexus_rules.trees import MemoryTree

#: A new file with more lines is named on a page, not shown.
_LONG = 60

#: The most of a source line that a page shows beside a finding.
_WIDEST = 64


class FileView(Struct, frozen=True):
    """One changed file of an example: its diff, or in a word what happened to it."""

    path: str
    verb: str
    diff: str


class ExampleView(Struct, frozen=True):
    """One example with what the check said of it."""

    anchor: str
    title: str
    kind: str
    note: str
    given: tuple[str, ...]
    files: tuple[FileView, ...]
    said: str
    rule: Rule


class RuleView(Struct, frozen=True):
    """One rule as its page shows it."""

    rule: Rule
    topic: Topic
    remedy: str
    line: str | None
    guides: tuple[GuidePage, ...]
    bad: tuple[ExampleView, ...]
    good: tuple[ExampleView, ...]
    level: str
    previous: Rule | None
    next: Rule | None


def example_view(outcome: Outcome) -> ExampleView:
    """What a page shows of an example that ran."""
    tree = MemoryTree(outcome.after)
    findings = outcome.report.findings
    return ExampleView(
        anchor=example_id(outcome.rule, outcome.example),
        title=outcome.example.title,
        kind="bad" if outcome.is_bad else "good",
        note=outcome.example.note,
        given=tuple(_described(change) for change in outcome.example.given),
        files=tuple(_files(outcome.before, outcome.after)),
        said="\n\n".join(render_finding(f, tree, _WIDEST).rstrip("\n") for f in findings),
        rule=outcome.rule,
    )


def _described(change: object) -> str:
    title = getattr(change, "title", None)
    return str(title) if title else f"{type(change).__name__.lower()} {getattr(change, 'path', '')}"


def _files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileView]:
    views: list[FileView] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = _lines(before.get(path)), _lines(after.get(path))
        if before.get(path) == after.get(path):
            continue
        verb = "added" if path not in before else "deleted" if path not in after else "changed"
        long = verb != "changed" and max(len(old), len(new)) > _LONG
        diff = "" if long else "\n".join(list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:])
        if not diff and verb == "changed":
            diff = "(only line ends differ)"
        views.append(FileView(path, verb, diff))
    return views


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines()


def rule_views(rules: Sequence[Rule], outcomes: Sequence[Outcome]) -> list[RuleView]:
    """Every rule as its page shows it, in order."""
    guides = guide_pages(rules, PLEXUS)
    views: list[RuleView] = []
    for position, rule in enumerate(rules):
        shown = [example_view(outcome) for outcome in outcomes if outcome.rule is rule]
        views.append(
            RuleView(
                rule=rule,
                topic=topic_of(rule),
                remedy=remedy(rule.remedy, PLEXUS),
                line=rule_line(rule, PLEXUS),
                guides=tuple(page for page in guides if page.guide in rule.guides),
                bad=tuple(view for view in shown if view.kind == "bad"),
                good=tuple(view for view in shown if view.kind == "good"),
                level=rule.severity.value if rule.check else "advice",
                previous=rules[position - 1] if position else None,
                next=rules[position + 1] if position + 1 < len(rules) else None,
            )
        )
    return views
