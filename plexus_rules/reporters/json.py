"""The JSON of a check: a contract, version 1.

``findings`` are sorted and stable; lines and columns count from 1; ``url`` is null
until a site address is set.
"""

from __future__ import annotations

import json
from typing import Any

from plexus_rules.check.report import Report
from plexus_rules.finding import Finding

VERSION = 1


def render_json(report: Report) -> str:
    """The report as indented JSON, with a line end. It is ASCII: safe for every terminal."""
    return json.dumps(report_value(report), indent=2) + "\n"


def report_value(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "version": VERSION,
        "base": report.base,
        "findings": [finding_value(finding) for finding in report.findings],
        "projects": [
            {
                "dialect": project.dialect,
                "config": project.config,
                "schema": list(project.schema),
                "migrations": project.migrations,
                "layout": project.layout,
            }
            for project in report.projects
        ],
        "not_run": [
            {"rule": entry.rule, "path": entry.path, "reason": entry.reason}
            for entry in report.not_run
        ],
        "unsupported": [
            {"path": entry.path, "reason": entry.reason} for entry in report.unsupported
        ],
    }


def finding_value(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "level": finding.severity.value,
        "path": finding.path,
        "line": finding.range.line,
        "column": finding.range.column,
        "end_line": finding.range.end_line,
        "end_column": finding.range.end_column,
        "message": finding.message,
        "remedy": finding.remedy,
        "url": finding.url,
        "related": [
            {"path": place.path, "line": place.range.line, "message": place.message}
            for place in finding.related
        ],
    }
