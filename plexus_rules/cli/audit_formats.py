"""An audit as text, as JSON and as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from plexus_rules.finding import Severity
from plexus_rules.reporters.json import report_value
from plexus_rules.reporters.printable import printable
from plexus_rules.reporters.text import not_checked, related_places

if TYPE_CHECKING:
    from plexus_rules.audit import Audit, Recorded

Style = Callable[[str, str], str]

_SHORT = 10
_LONGEST_SUBJECT = 100
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&@:])")


def render_json(audit: Audit) -> str:
    """The JSON of a check, with ``commits``, and on each finding ``commit``, ``ended_by``."""
    value = report_value(audit.report)
    value["commits"] = audit.commits
    for finding, recorded in zip(value["findings"], audit.recorded, strict=True):
        finding["commit"] = recorded.commit
        finding["ended_by"] = recorded.ended_by
        finding["shipped_in"] = list(recorded.shipped_in)
    return json.dumps(value, indent=2) + "\n"


def render_text(audit: Audit, style: Style) -> str:
    """The findings by commit, the oldest first, and a last line that counts."""
    blocks = [
        "\n".join(_commit(commit, list(recorded), audit, style))
        for commit, recorded in groupby(audit.recorded, key=lambda one: one.commit)
    ]
    return "\n".join([*blocks, summary(audit)]) + "\n"


def _commit(commit: str, recorded: list[Recorded], audit: Audit, style: Style) -> Iterator[str]:
    yield f"{style(commit[:_SHORT], 'path')}  {style(_told(commit, audit), 'dim')}"
    for one in recorded:
        finding = one.finding
        level = style(finding.severity.value, finding.severity.value)
        rule = style(f"{finding.rule} {finding.name}", "rule")
        yield f"  {level}  {rule}  {printable(f'{finding.path}:{finding.range.line}')}"
        yield f"    {printable(finding.message)}"
        for related in related_places(finding):
            yield f"    {style('related:', 'dim')} {printable(related)}"
        for line in _fate(one, audit):
            yield f"    {printable(line)}"
        if one.is_open:
            yield f"    {style('remedy:', 'dim')} {printable(finding.remedy)}"
        yield ""


def _told(commit: str, audit: Audit) -> str:
    told = audit.told[commit]
    return f"{told.day}  {_clipped(printable(told.subject))}"


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_SUBJECT else f"{text[:_LONGEST_SUBJECT]}…"


def _fate(one: Recorded, audit: Audit) -> Iterator[str]:
    """What became of a finding, and who got it."""
    if one.ended_by is not None:
        yield f"ended by {one.ended_by[:_SHORT]}  {_told(one.ended_by, audit)}"
    elif one.is_open:
        yield "still there"
    if one.shipped_in:
        yield f"after it had shipped in {' … '.join(one.shipped_in)}"


def summary(audit: Audit) -> str:
    """What was found, and how much was looked at."""
    report = audit.report
    counts = [f"{report.count(s)} {s.value}" for s in Severity if report.count(s)]
    open_ones = sum(one.is_open for one in audit.recorded)
    there = f", {open_ones} still there" if audit.recorded else ""
    missed = "".join(f", {text}" for text in not_checked(report))
    commits = "commit" if audit.commits == 1 else "commits"
    found = ", ".join(counts) if counts else "nothing found"
    return f"{found}{there} ({report.rules} rules on {audit.commits} {commits}{missed})"


def render_markdown(audit: Audit) -> str:
    """A report to paste: a heading for each commit, a point for each finding."""
    lines = ["# Audit", "", _escaped(summary(audit))]
    for commit, recorded in groupby(audit.recorded, key=lambda one: one.commit):
        told = audit.told[commit]
        subject = _escaped(_clipped(printable(told.subject)))
        lines += ["", f"## `{commit[:_SHORT]}` {told.day} {subject}", ""]
        for one in recorded:
            lines += _points(one, audit)
    report = audit.report
    if report.not_run or report.unsupported:
        lines += ["", "## Not checked", ""]
        lines += [f"- {n.rule} {_escaped(f'{n.path}: {n.reason}')}" for n in report.not_run]
        lines += [f"- {_escaped(f'{u.path}: {u.reason}')}" for u in report.unsupported]
    return "\n".join(lines) + "\n"


def _points(one: Recorded, audit: Audit) -> Iterator[str]:
    finding = one.finding
    rule = f"{finding.rule} {finding.name}"
    if finding.url:
        address = re.sub(r"[<>\s]", "", finding.url)
        rule = f"[{rule}](<{address}>)"
    place = _escaped(f"{finding.path}:{finding.range.line}")
    yield f"- **{finding.severity.value}** {rule} in {place}: {_escaped(finding.message)}"
    for related in related_places(finding):
        yield f"    - {_escaped(related)}"
    for line in _fate(one, audit):
        yield f"    - {_escaped(line)}"
    if one.is_open:
        yield f"    - Remedy: {_escaped(finding.remedy)}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", printable(text))
