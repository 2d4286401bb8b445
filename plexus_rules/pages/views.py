"""What the pages show of a rule and its examples."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from plexus_rules.catalog import module_of
from plexus_rules.catalog.topics import Topic, topic_of
from plexus_rules.check.runner import remedy
from plexus_rules.gallery import Outcome, example_id
from plexus_rules.guidance import GuidePage, guide_pages, rule_line
from plexus_rules.pages.file_tree import Branch, file_tree
from plexus_rules.pages.related import Related, related_rules
from plexus_rules.pages.waiving import Waiving, waiving
from plexus_rules.profile import PLEXUS, Profile
from plexus_rules.reporters.text import render_finding
from plexus_rules.rule import Rule
from plexus_rules.samples import Step
from plexus_rules.trees import Append, Delete, Edit, MemoryTree, Move, Replace, Write

#: A new file with more lines is named on a page, not shown.
_LONG = 60

_VERBS: Mapping[type, str] = {
    Append: "added to",
    Delete: "deleted",
    Move: "moved",
    Replace: "edited",
    Write: "wrote",
}

#: The most of a source line that a page shows beside a finding.
_WIDEST = 64


class FileView(Struct, frozen=True):
    """One changed file of an example: its diff, or in a word what happened to it."""

    path: str
    verb: str
    diff: str


class ExampleView(Struct, frozen=True):
    """One example with what the check said of it.

    ``first`` are the changes that it is about, where they can be shown; ``rest`` the other ones.
    ``folder`` is the directory of the rule's topic in the catalogue.
    """

    anchor: str
    title: str
    kind: str
    note: str
    given: tuple[str, ...]
    files: tuple[FileView, ...]
    first: tuple[FileView, ...]
    rest: tuple[FileView, ...]
    tree: tuple[Branch, ...]
    said: str
    rule: Rule
    topic: Topic
    folder: str


class QuotedLine(Struct, frozen=True):
    """Lines of a guide that carry a rule, as they stand there."""

    page: GuidePage
    lines: tuple[str, ...]


class RuleView(Struct, frozen=True):
    """One rule as its page shows it.

    ``previous`` and ``next`` are those of its topic. ``commands`` are those that the remedy names,
    in order; ``module`` and ``tests`` are paths in the source tree, the second empty for advice.
    """

    rule: Rule
    topic: Topic
    remedy: str
    commands: tuple[str, ...]
    line: str | None
    guides: tuple[GuidePage, ...]
    quoted: tuple[QuotedLine, ...]
    bad: tuple[ExampleView, ...]
    good: tuple[ExampleView, ...]
    level: str
    related: tuple[Related, ...]
    waiving: Waiving | None
    module: str
    tests: str
    previous: Rule | None
    next: Rule | None


def example_view(outcome: Outcome) -> ExampleView:
    """What a page shows of an example that ran."""
    tree = MemoryTree(outcome.after)
    findings = outcome.report.findings
    files = tuple(_files(outcome.before, outcome.after))
    shown = tuple(file for file in files if file.diff)
    first = _first(shown, {finding.path for finding in findings})
    return ExampleView(
        anchor=example_id(outcome.rule, outcome.example),
        title=outcome.example.title,
        kind="bad" if outcome.is_bad else "good",
        note=outcome.example.note,
        given=tuple(_given(outcome.example.given)),
        files=files,
        first=first,
        rest=tuple(file for file in shown if file not in first),
        tree=file_tree({file.path: file.verb for file in files}),
        said="\n\n".join(render_finding(f, tree, _WIDEST).rstrip("\n") for f in findings),
        rule=outcome.rule,
        topic=topic_of(outcome.rule),
        folder=module_of(outcome.rule).split("/")[2],
    )


def _first(files: Sequence[FileView], found: Collection[str]) -> tuple[FileView, ...]:
    """What a reader looks at first: where something is found, else what a person reads."""
    at_findings = tuple(file for file in files if file.path in found)
    read = tuple(file for file in files if "/meta/" not in file.path)
    return at_findings or read or tuple(files)


def _given(changes: Iterable[Step | Edit]) -> Iterator[str]:
    """What landed before, in words: recorded steps by their titles, edits by what they touch."""
    for kind, group in groupby(changes, key=type):
        together = list(group)
        yield from (one.title for one in together if isinstance(one, Step))
        paths = dict.fromkeys(one.path for one in together if not isinstance(one, Step))
        if paths:
            yield f"{_VERBS[kind]} {', '.join(f'`{path}`' for path in paths)}"


def _files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[FileView]:
    for path in sorted(before.keys() | after.keys()):
        old, new = _lines(before.get(path)), _lines(after.get(path))
        if before.get(path) == after.get(path):
            continue
        verb = "added" if path not in before else "deleted" if path not in after else "changed"
        long = verb != "changed" and max(len(old), len(new)) > _LONG
        diff = "" if long else "\n".join(list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:])
        if not diff and verb == "changed":
            diff = "(only line ends differ)"
        yield FileView(path, verb, diff)


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines()


def rule_views(rules: Sequence[Rule], outcomes: Sequence[Outcome]) -> list[RuleView]:
    """Every rule as its page shows it, in order."""
    guides = guide_pages(rules, PLEXUS)
    return [_view(rule, rules, [o for o in outcomes if o.rule is rule], guides) for rule in rules]


def rule_view(rule: Rule, rules: Sequence[Rule], outcomes: Sequence[Outcome]) -> RuleView:
    """One rule as its page shows it. ``outcomes`` are of its examples."""
    return _view(rule, rules, outcomes, guide_pages(rules, PLEXUS))


def _view(
    rule: Rule, rules: Sequence[Rule], outcomes: Sequence[Outcome], guides: Sequence[GuidePage]
) -> RuleView:
    shown = [example_view(outcome) for outcome in outcomes]
    topic = topic_of(rule)
    neighbours = [other for other in rules if topic_of(other) is topic]
    position = neighbours.index(rule)
    to_do = remedy(rule.remedy, PLEXUS)
    module = module_of(rule)
    carrying = tuple(page for page in guides if page.guide in rule.guides)
    return RuleView(
        rule=rule,
        topic=topic,
        remedy=to_do,
        commands=_commands(to_do, PLEXUS),
        line=rule_line(rule, PLEXUS),
        guides=carrying,
        quoted=tuple(QuotedLine(page, _carrying(page, rule)) for page in carrying),
        bad=tuple(view for view in shown if view.kind == "bad"),
        good=tuple(view for view in shown if view.kind == "good"),
        level=rule.severity.value if rule.check else "advice",
        related=related_rules(rule, rules, outcomes),
        waiving=waiving(rule, outcomes),
        module=module,
        tests=tests_of(module) if rule.check else "",
        previous=neighbours[position - 1] if position else None,
        next=neighbours[position + 1] if position + 1 < len(neighbours) else None,
    )


def _commands(text: str, profile: Profile) -> tuple[str, ...]:
    """Those of a profile's commands that a text names in backticks, to be run in turn."""
    known = {*profile.generate, *profile.generate_custom, *profile.migrate}
    known |= {database.generate for database in profile.databases}
    named = tuple(dict.fromkeys(c for c in re.findall(r"`([^`]+)`", text) if c in known))
    # Beside the others, those for SQL of one's own are another way, not the next step.
    return tuple(c for c in named if c not in profile.generate_custom) or named


def _carrying(page: GuidePage, rule: Rule) -> tuple[str, ...]:
    """The lines of a guide that end with the id of a rule among others: ``… [PLX201~ PLX204]``."""
    named = re.compile(rf"\[[^\]]*\b{rule.id}\b[^\]]*\]$")
    return tuple(line for line in page.text.splitlines() if named.search(line))


def tests_of(module: str) -> str:
    """Where the tests of a module stand: beside it, in a tree that mirrors the package."""
    directory, _, name = module.removeprefix("plexus_rules/").rpartition("/")
    return f"tests/{directory}/test_{name}"
