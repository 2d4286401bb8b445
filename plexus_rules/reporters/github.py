"""Findings as workflow commands of GitHub Actions, which shows them beside the code."""

from __future__ import annotations

from plexus_rules.check.report import Report
from plexus_rules.finding import Finding, Severity
from plexus_rules.reporters.printable import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(report: Report, prefix: str = "") -> str:
    """One line for each finding; empty where there is none.

    ``prefix`` is the path of the checked directory below the top of its repository, with a
    ``/`` at its end: GitHub counts paths from there.
    """
    return "".join(_annotation(finding, prefix) + "\n" for finding in report.findings)


def _annotation(finding: Finding, prefix: str) -> str:
    properties = {
        "file": prefix + finding.path,
        "line": finding.range.line,
        "endLine": finding.range.end_line,
        "title": f"{finding.rule} {finding.name}",
    }
    if finding.range.line == finding.range.end_line:
        properties |= {"col": finding.range.column, "endColumn": finding.range.end_column}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    lines = [finding.message, finding.remedy]
    lines += [f"{prefix}{r.path}:{r.range.line}: {r.message}" for r in finding.related]
    if finding.url:
        lines.append(finding.url)
    return f"::{_COMMANDS[finding.severity]} {listed}::{'%0A'.join(map(_data, lines))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    # A path keeps its line ends, so that it still names its file.
    escaped = "%0A".join(map(_data, text.split("\n")))
    return escaped.replace(":", "%3A").replace(",", "%2C")
