"""Findings as workflow commands of GitHub Actions, which shows them beside the code."""

from __future__ import annotations

from plexus_rules.check.report import Report
from plexus_rules.finding import Finding, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(report: Report) -> str:
    """One line for each finding; empty where there is none."""
    return "".join(_annotation(finding) + "\n" for finding in report.findings)


def _annotation(finding: Finding) -> str:
    properties = {
        "file": finding.path,
        "line": finding.range.line,
        "endLine": finding.range.end_line,
        "title": f"{finding.rule} {finding.name}",
    }
    if finding.range.line == finding.range.end_line:
        properties |= {"col": finding.range.column, "endColumn": finding.range.end_column}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    related = "".join(f"\n{r.path}:{r.range.line}: {r.message}" for r in finding.related)
    text = _data(f"{finding.message}\n{finding.remedy}{related}")
    return f"::{_COMMANDS[finding.severity]} {listed}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
