"""The catalogue as JSON, for programs, and the JSON Schema that describes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plexus_rules.catalog.topics import topic_of
from plexus_rules.check.runner import remedy
from plexus_rules.finding import Severity
from plexus_rules.gallery import Outcome, example_id
from plexus_rules.guidance import rule_line
from plexus_rules.profile import PLEXUS
from plexus_rules.reporters.json import finding_value
from plexus_rules.rule import Enforcement, Needs, Obligation, Rule
from plexus_rules.samples import BOTH

VERSION = 1


def catalogue_value(rules: Sequence[Rule], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Every rule with its examples and what the check said of them."""
    return {
        "version": VERSION,
        "rules": [_rule(rule, [o for o in outcomes if o.rule is rule]) for rule in rules],
    }


def _rule(rule: Rule, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "topic": topic_of(rule).title,
        "obligation": rule.obligation.value,
        "level": rule.severity.value if rule.check else None,
        "statement": rule.statement,
        "why": [
            {"claim": claim.id, "sentence": claim.sentence, "lines": list(claim.lines)}
            for claim in rule.why
        ],
        "remedy": remedy(rule.remedy, PLEXUS),
        "enforcement": rule.enforcement.value,
        "unseen": rule.unseen or None,
        "advised_because": rule.advised_because or None,
        "reads": rule.reads,
        "dialects": list(rule.needs.dialects),
        "needs_two_dialects": rule.needs is Needs.TWO_DIALECTS,
        "since": rule.since,
        "source": list(rule.source),
        "guides": [guide.id for guide in rule.guides],
        "line": rule_line(rule, PLEXUS),
        "examples": [_example(outcome) for outcome in outcomes],
    }


def _example(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": example_id(outcome.rule, outcome.example),
        "kind": "bad" if outcome.is_bad else "good",
        "title": outcome.example.title,
        "findings": [finding_value(finding) for finding in outcome.report.findings],
    }


def catalogue_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the exported catalogue."""
    text = {"type": "string", "minLength": 1}
    maybe = {"type": ["string", "null"]}
    texts = {"type": "array", "items": text}
    place = {"type": "integer", "minimum": 1}
    related = _object({"path": text, "line": place, "message": text})
    finding = _object(
        {
            "rule": {"$ref": "#/$defs/rule_id"},
            "name": text,
            "level": {"enum": [severity.value for severity in Severity]},
            "path": text,
            **dict.fromkeys(("line", "column", "end_line", "end_column"), place),
            "message": text,
            "remedy": text,
            "url": maybe,
            "related": {"type": "array", "items": related},
        }
    )
    example = _object(
        {
            "id": text,
            "kind": {"enum": ["bad", "good"]},
            "title": text,
            "findings": {"type": "array", "items": finding},
        }
    )
    rule = _object(
        {
            "id": {"$ref": "#/$defs/rule_id"},
            "name": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
            "topic": text,
            "obligation": {"enum": [obligation.value for obligation in Obligation]},
            "level": {"enum": [*(severity.value for severity in Severity), None]},
            "statement": text,
            "why": {
                "type": "array",
                "items": _object({"claim": text, "sentence": text, "lines": texts}),
            },
            "remedy": text,
            "enforcement": {"enum": [enforcement.value for enforcement in Enforcement]},
            "unseen": maybe,
            "advised_because": maybe,
            "reads": {"enum": ["state", "change", "advice"]},
            "dialects": {"type": "array", "items": {"enum": list(BOTH)}},
            "needs_two_dialects": {"type": "boolean"},
            "since": text,
            "source": texts,
            "guides": texts,
            "line": maybe,
            "examples": {"type": "array", "items": example},
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The rules of plexus_rules",
        "$defs": {"rule_id": {"type": "string", "pattern": "^PLX[1-9][0-9]{2}$"}},
        **_object({"version": {"const": VERSION}, "rules": {"type": "array", "items": rule}}),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
