"""Builds an example, checks it, and compares what was found with what it names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from plexus_rules.check import Report, check_change
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding
from plexus_rules.profile import PLEXUS
from plexus_rules.rule import Bad, Example, Expected, Rule
from plexus_rules.samples import base
from plexus_rules.samples.building import build
from plexus_rules.trees import MemoryTree

#: The time at which every example is checked: later than every recorded migration.
NOW = 1_790_000_000_000


class Outcome(Struct, frozen=True):
    """What an example gave.

    ``missing`` are findings that it names and did not give; ``unexpected`` those that it
    gave and does not name.
    """

    rule: Rule
    example: Example
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    report: Report
    missing: tuple[Expected, ...]
    unexpected: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether the example gave exactly what it names, and every rule could run."""
        return not (self.missing or self.unexpected or self.report.incomplete)

    @property
    def is_bad(self) -> bool:
        return isinstance(self.example, Bad)

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty where the example changes nothing."""
        return "".join(_diff(self.before, self.after))


def example_id(rule: Rule, example: Example) -> str:
    """A stable name for an example, usable in an address."""
    kind = "bad" if isinstance(example, Bad) else "good"
    return f"{rule.id}-{kind}-{re.sub(r'[^a-z0-9]+', '-', example.title.lower()).strip('-')}"


def run_example(rule: Rule, example: Example, rules: Sequence[Rule]) -> Outcome:
    """Checks one example with all of the rules given."""
    before, last = build(base(), example.given, None)
    after, _ = build(before, example.change, last)
    change = Change(Repository(MemoryTree(before), NOW), Repository(MemoryTree(after), NOW))
    report = check_change(change, rules, PLEXUS)
    expected = list(example.findings)
    unexpected: list[Finding] = []
    for finding in report.findings:
        match = next((e for e in expected if _matches(e, finding, rule)), None)
        if match is None:
            unexpected.append(finding)
        else:
            expected.remove(match)
    return Outcome(rule, example, before, after, report, tuple(expected), tuple(unexpected))


def run_all(rules: Sequence[Rule], only: Iterable[Rule] | None = None) -> Iterator[Outcome]:
    """Runs every example of some rules (of all, by default), each against all rules."""
    for rule in rules if only is None else only:
        for example in rule.examples:
            yield run_example(rule, example, rules)


def _matches(expected: Expected, finding: Finding, rule: Rule) -> bool:
    wanted = (expected.rule or rule.id, expected.path, expected.line)
    return wanted == (finding.rule, finding.path, finding.range.line)


def _diff(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        lines = difflib.unified_diff(
            _lines(old),
            _lines(new),
            f"a/{path}" if old is not None else "/dev/null",
            f"b/{path}" if new is not None else "/dev/null",
        )
        for line in lines:
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines(keepends=True)
