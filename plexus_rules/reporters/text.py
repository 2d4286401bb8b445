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

#: The most related places that are listed; a whole history can be one cause.
_MOST_RELATED = 20


def plain(text: str, style: str) -> str:
    """The style of a file or a pipe: none."""
    return text


def render_text(
    report: Report, tree: Tree, style: Style = plain, lists_waived: bool = False
) -> str:
    """The findings by file, and a last line that counts.

    What is only information stands before them, a line each, so that it hides no error.
    """
    graver = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    blocks = [
        "\n".join(_file(path, list(findings), tree, style))
        for path, findings in groupby(graver, key=lambda finding: finding.path)
    ]
    infos = [finding for finding in report.findings if finding.severity is Severity.INFO]
    before = _infos(infos, style)
    if lists_waived:
        before = [*_waived(report, style), *before]
    return "\n".join([*before, *blocks, summary(report, style)]) + "\n"


def _infos(findings: list[Finding], style: Style) -> list[str]:
    """A line for each finding, below its rule and what that says to do about it."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.rule, finding.name, finding.remedy)
        groups.setdefault(key, []).append(finding)
    lines: list[str] = []
    for (rule, name, remedy), found in sorted(groups.items()):
        lines.append(f"{style('info', 'info')}  {style(f'{rule} {name}', 'rule')}")
        lines += [f"  {style(_place(f), 'dim')}  {printable(f.message)}" for f in found]
        lines += [f"  {style('remedy:', 'dim')} {printable(remedy)}", ""]
    return lines


def _waived(report: Report, style: Style) -> list[str]:
    """Two lines for each finding that is waived."""
    lines: list[str] = []
    for waived in report.waived:
        found = waived.finding
        where = printable(f"{waived.file}:{waived.line}" if waived.line else waived.file)
        what = f"waived  {_place(found)}  {found.rule} {found.name}  {printable(found.message)}"
        lines += [style(what, "dim"), style(f"  {where}: {printable(waived.reason)}", "dim")]
    return [*lines, ""] if lines else []


def _place(finding: Finding) -> str:
    return printable(f"{finding.path}:{finding.range.line}:{finding.range.column}")


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
        for related in related_places(finding):
            yield f"    {style('related:', 'dim')} {printable(related)}"
        if finding.url:
            yield f"    {style('see:', 'dim')} {printable(finding.url)}"
        yield ""


def related_places(finding: Finding) -> Iterator[str]:
    """A line for each related place of a finding; of very many the first, and how many there are.

    What comes from a file stands there as it is.
    """
    for related in finding.related[:_MOST_RELATED]:
        yield f"{related.path}:{related.range.line} {related.message}"
    if (more := len(finding.related) - _MOST_RELATED) > 0:
        yield f"and {more} more, which --format json lists"


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
    found = ", ".join(counts)
    if not counts and report.incomplete:
        found = style("not checked to its end", "warning")
    elif not counts:
        found = style("nothing found", "good")
    checked = f"{_count(report.rules, 'rule')} on {_count(len(report.projects), 'database')}"
    missed = "".join(f", {text}" for text in not_checked(report))
    waived = f", {len(report.waived)} waived" if report.waived else ""
    known = f", {len(report.known)} in the baseline" if report.known else ""
    return f"{found} ({checked}{missed}{waived}{known})"


def not_checked(report: Report) -> Iterator[str]:
    """How many rules do not apply, and apart from these how many parts were not checked."""
    from plexus_rules.rule import Needs

    needs = {need.value for need in Needs if need is not Needs.NOTHING}
    missed = set(report.not_run)
    idle = {part for part in missed if part.reason in needs}
    # In a history a rule may apply to some of its commits.
    at_times = {part for part in missed if part.reason.rpartition(": ")[2] in needs} - idle
    rules = len({part.rule for part in idle})
    if rules:
        yield f"{_count(rules, 'rule')} {'does' if rules == 1 else 'do'} not apply"
    if at_times:
        rules = len({part.rule for part in at_times})
        yield f"{_count(rules, 'rule')} {'does' if rules == 1 else 'do'} not apply at times"
    if parts := len(missed - idle - at_times) + len(report.unsupported):
        yield f"{_count(parts, 'part')} not checked"


def _count(number: int, noun: str) -> str:
    invariable = noun == "info"
    return f"{number} {noun}" if number == 1 or invariable else f"{number} {noun}s"
