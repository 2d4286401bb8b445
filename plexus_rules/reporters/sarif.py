"""Findings as SARIF 2.1.0, for GitHub code scanning and other services that read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from plexus_rules import __version__
from plexus_rules.catalog.topics import topic_of
from plexus_rules.check.fingerprint import fingerprints
from plexus_rules.check.report import Report
from plexus_rules.finding import Finding, Range, Severity
from plexus_rules.reporters.printable import printable
from plexus_rules.rule import Enforcement, Rule
from plexus_rules.trees import Tree

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_TOP = "%SRCROOT%"
#: By it a service knows a result again; the number changes when fingerprints are made otherwise.
_FINGERPRINT = "plexusRules/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "recommendation",
}


def render_sarif(report: Report, rules: Sequence[Rule], tree: Tree, prefix: str = "") -> str:
    """The report as indented JSON, with a line end. It is ASCII, and names no path of the machine.

    Args:
        report: what is waived, or known from the baseline, is left out.
        rules: those that were to run.
        tree: the files that were checked.
        prefix: the path of the checked directory below the top of its repository, with a ``/``
            at its end: paths count from there.
    """
    return json.dumps(_log(report, rules, tree, prefix), indent=2) + "\n"


def _log(report: Report, rules: Sequence[Rule], tree: Tree, prefix: str) -> dict[str, Any]:
    checked = [rule for rule in rules if rule.check is not None]
    urls = {finding.rule: finding.url for finding in report.findings}
    index = {rule.id: number for number, rule in enumerate(checked)}
    keys = fingerprints(report.findings, tree)
    results = [
        _result(finding, index, key, prefix)
        for finding, key in zip(report.findings, keys, strict=True)
    ]
    run = {
        "tool": {
            "driver": {
                "name": "plexus-rules",
                "semanticVersion": __version__,
                "rules": [_rule(rule, urls.get(rule.id)) for rule in checked],
            }
        },
        "automationDetails": {"id": f"plexus-rules/{_uri(prefix)}"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the repository."}}},
        "invocations": [_invocation(report, index)],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, url: str | None) -> dict[str, Any]:
    why = [claim.sentence for claim in rule.why]
    unseen = f"Not seen: {rule.unseen}" if rule.unseen else ""
    text = "\n".join(filter(None, (rule.statement, *why, unseen)))
    lines = [rule.statement, "\n".join(f"- {sentence}" for sentence in why), unseen]
    precision = "very-high" if rule.enforcement is Enforcement.CHECKED else "high"
    described = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.statement},
        "fullDescription": {"text": " ".join((rule.statement, *why))},
        "help": {"text": text, "markdown": "\n\n".join(filter(None, lines))},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["drizzle", topic_of(rule).title.lower()],
            "precision": precision,
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }
    return described | ({"helpUri": url} if url else {})


def _result(finding: Finding, index: dict[str, int], key: str, prefix: str) -> dict[str, Any]:
    related = [
        {
            "id": number,
            "message": {"text": _text(place.message)},
            **_location(prefix + place.path, place.range),
        }
        for number, place in enumerate(finding.related, start=1)
    ]
    result = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{_text(finding.message)}\n{_text(finding.remedy)}"},
        "locations": [_location(prefix + finding.path, finding.range)],
        "partialFingerprints": {_FINGERPRINT: key},
    }
    return result | ({"relatedLocations": related} if related else {})


def _location(path: str, place: Range) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path), "uriBaseId": _TOP},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        }
    }


def _invocation(report: Report, index: dict[str, int]) -> dict[str, Any]:
    """What was not checked, and whether the check as a whole counts as done."""
    notes: list[dict[str, Any]] = []
    for entry in report.not_run:
        where = "" if entry.path == "." else f"{entry.path}: "
        note = _note("note", f"{where}{entry.reason}")
        if entry.rule in index:
            note["associatedRule"] = {"id": entry.rule, "index": index[entry.rule]}
        notes.append(note)
    notes += [_note("note", f"{entry.path}: {entry.reason}") for entry in report.unsupported]
    notes += [_note("note", f"{entry.path}: {entry.reason}") for entry in report.stale]
    notes += [_note("error", reason) for reason in report.incomplete]
    return {"executionSuccessful": not report.incomplete, "toolExecutionNotifications": notes}


def _note(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _text(text)}}


def _uri(path: str) -> str:
    """A path as a relative URI."""
    from urllib.parse import quote

    return quote(path, safe="/", errors="backslashreplace")


def _text(text: str) -> str:
    """A text without control characters, of which no reader makes a link."""
    shown = printable(text)
    if "](" not in shown:
        return shown
    return shown.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
