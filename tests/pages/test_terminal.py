"""Rules, examples and summaries in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from plexus_rules.catalog import all_rules, find_rule
from plexus_rules.gallery import Outcome, run_all
from plexus_rules.pages.source_tree import Generated
from plexus_rules.pages.terminal import (
    build_summary,
    explanation,
    gallery_line,
    gallery_summary,
    rules_json,
    rules_table,
)
from plexus_rules.rule import Rule, at

RULES = all_rules()


def rule(key: str) -> Rule:
    found = find_rule(key)
    assert found is not None
    return found


def outcomes(key: str) -> list[Outcome]:
    return list(run_all(RULES, [rule(key)]))


def test_table_has_a_line_for_each_rule_under_its_topic() -> None:
    lines = rules_table(RULES).splitlines()
    assert lines[0] == "Schema and imports"
    assert "  PLX201  error    checked in part  edited-migration" in lines
    assert "  PLX404  advice   advised          live-database-edit" in lines
    assert lines[-1] == f"{len(RULES)} rules"


def test_json_is_the_exported_catalogue() -> None:
    value = json.loads(rules_json(RULES))
    assert [entry["id"] for entry in value["rules"]] == [r.id for r in RULES]


def test_explanation_shows_examples_and_what_the_check_says() -> None:
    text = explanation(rule("PLX203"), RULES)
    for example in rule("PLX203").examples:
        assert example.title in text
    assert "Why\n  - An entry whose SQL file is missing stops the migrator" in text
    assert "error  PLX203 missing-migration-file" in text
    assert "nothing found" in text


def test_explanation_of_advice_says_why_no_program_checks_it() -> None:
    text = explanation(rule("PLX404"), RULES)
    assert "PLX404 live-database-edit: advised, level advice" in text
    assert "Why no program checks it" in text


def test_line_of_an_example_that_passes() -> None:
    first = outcomes("PLX203")[0]
    assert gallery_line(first) == f"PLX203  bad   ok      {first.example.title}"


def test_line_of_an_example_that_fails_says_what_differs() -> None:
    first = outcomes("PLX203")[0]
    failed = msgspec.structs.replace(
        first, missing=(at("a.sql", 3),), unexpected=first.report.findings[:1]
    )
    lines = gallery_line(failed).splitlines()
    assert lines[0].startswith("PLX203  bad   FAILED")
    assert lines[1] == "    not found: PLX203 at a.sql:3"
    assert lines[2].startswith("    not named: PLX203 at ")
    assert gallery_summary([first, failed]) == "2 examples: 1 passed, 1 failed"


def test_build_summary_counts_and_says_where_to_look() -> None:
    root = Path("/tree")
    files = {"docs/guides/AGENTS.md": "", "docs/guides/index.md": "", "docs/rules/PLX201.md": ""}
    generated = Generated(root, files, ["docs/guides/AGENTS.md"], [], outcomes("PLX203")[:2])
    assert build_summary(generated, root, root / "site").splitlines() == [
        "examples  2 examples: 2 passed, 0 failed",
        "guides    1, under docs/guides",
        "pages     3 generated files, 1 changed",
        "site      site/index.html (or: make serve)",
    ]
