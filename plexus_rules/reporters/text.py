"""Findings for a person at a terminal: grouped by file, with the source line and a caret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from plexus_rules.check.report import Report
from plexus_rules.finding import WHOLE_FILE, Finding, Severity
from plexus_rules.reporters.printable import printable, width
from plexus_rules.trees import Tree, TreeError

#: Puts a style (``error``, ``path``, ``dim``, …) on a text. The default puts none.
Style = Callable[[str, str], str]

#: The widest source line that is shown whole; of a longer one, a window around the place.
_WIDEST = 120


def plain(text: str, style: str) -> str:
    """The style of a file or a pipe: none."""
    return text


def render_text(report: Report, tree: Tree, style: Style = plain) -> str:
    """The findings by file, and a last line that counts."""
    blocks = [
        "\n".join(_file(path, list(findings), tree, style))
        for path, findings in groupby(report.findings, key=lambda finding: finding.path)
    ]
    return "\n".join([*blocks, summary(report, style)]) + "\n"


def render_finding(finding: Finding, tree: Tree, widest: int = _WIDEST) -> str:
    """One finding under the path of its file, with no more of a source line than ``widest``."""
    return "\n".join(_file(finding.path, [finding], tree, plain, widest))


def _file(
    path: str, findings: list[Finding], tree: Tree, style: Style, widest: int = _WIDEST
) -> Iterator[str]:
    yield style(printable(path), "path")
    lines = _lines(path, tree) if any(found.range != WHOLE_FILE for found in findings) else []
    for finding in findings:
        place = f"{finding.range.line}:{finding.range.column}"
        level = style(finding.severity.value, finding.severity.value)
        rule = style(f"{finding.rule} {finding.name}", "rule")
        yield f"  {place}  {level}  {rule}  {printable(finding.message)}"
        yield from _excerpt(finding, lines, style, widest)
        yield f"    {style('remedy:', 'dim')} {printable(finding.remedy)}"
        for related in finding.related:
            where = printable(f"{related.path}:{related.range.line}")
            yield f"    {style('related:', 'dim')} {where} {printable(related.message)}"
        if finding.url:
            yield f"    {style('see:', 'dim')} {printable(finding.url)}"
        yield ""


def _lines(path: str, tree: Tree) -> list[str]:
    """The lines of a file, as ranges count them; none where it cannot be read (any more)."""
    try:
        text = tree.text(path)
    except TreeError:
        return []
    return [line.removesuffix("\r") for line in text.split("\n")]


def _excerpt(finding: Finding, lines: list[str], style: Style, widest: int) -> Iterator[str]:
    place = finding.range
    if place == WHOLE_FILE or place.line > len(lines):
        return
    line = lines[place.line - 1].replace("\t", " ")
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    # A window around the place, so that a long generated line stays readable.
    first = max(0, start - widest // 2) if len(line) > widest else 0
    last = first + widest
    before = width(printable(line[first:start]))
    marked = max(1, width(printable(line[start : min(end, last)])))
    gutter = f"{place.line} | "
    yield f"    {style(gutter, 'dim')}{printable(line[first:last])}"
    yield " " * (4 + len(gutter) + before) + style("^" * marked, finding.severity.value)


def summary(report: Report, style: Style = plain) -> str:
    """The last line: what was found, and how much was looked at."""
    counts = [
        style(_count(report.count(severity), severity.value), severity.value)
        for severity in Severity
        if report.count(severity)
    ]
    found = ", ".join(counts) if counts else style("nothing found", "good")
    checked = f"{_count(report.rules, 'rule')} on {_count(len(report.projects), 'database')}"
    parts = len(set(report.not_run)) + len(report.unsupported)
    missed = f", {_count(parts, 'part')} not checked" if parts else ""
    return f"{found} ({checked}{missed})"


def _count(number: int, noun: str) -> str:
    invariable = noun == "info"
    return f"{number} {noun}" if number == 1 or invariable else f"{number} {noun}s"
