"""The JSON of a check: a contract that other programs lean on."""

from __future__ import annotations

import json

from plexus_rules.check import Report
from plexus_rules.check.report import Stale, Waived
from plexus_rules.finding import NotRun, Range, Related, Severity, Unsupported
from plexus_rules.reporters import render_json
from tests.reporters.helpers import HOSTILE, finding, is_harmless, report


def test_report_with_everything_is_exactly_this() -> None:
    full = Report(
        base="0123abc",
        findings=(
            finding(
                "d/a.sql",
                Range(2, 3, 4, 5),
                related=(Related("b.sql", Range(7, 8, 9, 10), "this, too"),),
                url="https://example.invalid/rules/PLX201/",
            ),
            finding("z.ts", severity=Severity.INFO),
        ),
        projects=report().projects,
        not_run=(NotRun("PLX209", ".", "one dialect"),),
        unsupported=(Unsupported("drizzle", "folders"),),
        rules=12,
        waived=(Waived(finding(), "it is right", "plexus-rules.toml", 3),),
        known=(finding(), finding("b.sql")),
        stale=(Stale("plexus-rules.toml", 7, "it waives nothing"),),
    )
    assert json.loads(render_json(full)) == {
        "version": 1,
        "base": "0123abc",
        "findings": [
            {
                "rule": "PLX201",
                "name": "edited-migration",
                "level": "error",
                "path": "d/a.sql",
                "line": 2,
                "column": 3,
                "end_line": 4,
                "end_column": 5,
                "message": "it is edited",
                "remedy": "Restore it.",
                "url": "https://example.invalid/rules/PLX201/",
                "related": [{"path": "b.sql", "line": 7, "message": "this, too"}],
            },
            {
                "rule": "PLX201",
                "name": "edited-migration",
                "level": "info",
                "path": "z.ts",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 1,
                "message": "it is edited",
                "remedy": "Restore it.",
                "url": None,
                "related": [],
            },
        ],
        "projects": [
            {
                "dialect": "sqlite",
                "config": "drizzle.config.ts",
                "schema": ["schema.ts"],
                "migrations": "drizzle",
                "layout": "journal",
            }
        ],
        "not_run": [{"rule": "PLX209", "path": ".", "reason": "one dialect"}],
        "unsupported": [{"path": "drizzle", "reason": "folders"}],
        "suppressed": {"waived": 1, "baseline": 2},
        "stale": [{"path": "plexus-rules.toml", "line": 7, "reason": "it waives nothing"}],
    }


def test_report_of_nothing_has_every_key() -> None:
    assert json.loads(render_json(Report(base=None, findings=(), projects=()))) == {
        "version": 1,
        "base": None,
        "findings": [],
        "projects": [],
        "not_run": [],
        "unsupported": [],
        "suppressed": {"waived": 0, "baseline": 0},
        "stale": [],
    }


def test_what_is_waived_is_listed_where_one_asks() -> None:
    waived = Waived(finding("a.sql"), "it is right", "plexus-rules.toml", 3)
    listed = json.loads(render_json(report(waived=(waived,)), lists_waived=True))
    (entry,) = listed["waived"]
    assert entry["finding"]["path"] == "a.sql"
    assert entry["reason"] == "it is right"
    assert entry["by"] == {"path": "plexus-rules.toml", "line": 3}
    assert "waived" not in json.loads(render_json(report(waived=(waived,))))
    assert json.loads(render_json(report(), lists_waived=True))["waived"] == []


def test_line_that_is_not_known_is_the_first() -> None:
    known = report(
        waived=(Waived(finding(), "why", "a.toml", 0),), stale=(Stale("known.json", 0, "mended"),)
    )
    value = json.loads(render_json(known, lists_waived=True))
    assert value["waived"][0]["by"]["line"] == value["stale"][0]["line"] == 1


def test_keys_come_in_the_order_of_the_contract() -> None:
    value = json.loads(render_json(report(finding())))
    assert " ".join(value) == (
        "version base findings projects not_run unsupported suppressed stale"
    )
    assert " ".join(value["findings"][0]) == (
        "rule name level path line column end_line end_column message remedy url related"
    )


def test_foreign_text_comes_back_whole_and_never_reaches_a_terminal_raw() -> None:
    text = render_json(report(finding(HOSTILE, message=HOSTILE + "ü✓\U0001f600")))
    assert text.isascii()
    assert is_harmless(text)
    (found,) = json.loads(text)["findings"]
    assert found["path"] == HOSTILE
    assert found["message"] == HOSTILE + "ü✓\U0001f600"


def test_text_ends_with_one_line_end_and_is_the_same_every_time() -> None:
    text = render_json(report(finding()))
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert text == render_json(report(finding()))
