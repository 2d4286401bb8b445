"""The JSON of a check: a contract, version 1.

``findings`` are sorted and stable; lines and columns count from 1; ``url`` is null
until a site address is set.
"""

from __future__ import annotations

import json
from typing import Any

from plexus_rules.check.report import Report, Waived
from plexus_rules.finding import Finding

VERSION = 1


def render_json(report: Report, lists_waived: bool = False) -> str:
    """The report as indented JSON, with a line end. It is ASCII: safe for every terminal."""
    return json.dumps(report_value(report, lists_waived), indent=2) + "\n"


def report_value(report: Report, lists_waived: bool = False) -> dict[str, Any]:
    """The report as plain values; with what is waived, where that is asked for."""
    value = {
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
        "suppressed": {"waived": len(report.waived), "baseline": len(report.known)},
        "stale": [
            {"path": entry.path, "line": max(entry.line, 1), "reason": entry.reason}
            for entry in report.stale
        ],
    }
    return value | {"waived": [*map(_waived, report.waived)]} if lists_waived else value


def _waived(waived: Waived) -> dict[str, Any]:
    by = {"path": waived.file, "line": max(waived.line, 1)}
    return {"finding": finding_value(waived.finding), "reason": waived.reason, "by": by}


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
