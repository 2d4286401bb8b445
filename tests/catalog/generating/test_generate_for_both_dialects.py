"""PLX601: what its examples do not show. What scripts start has tests of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from plexus_rules.check import Report
from plexus_rules.finding import Severity
from tests.catalog import helpers

LITE = "drizzle-kit generate --config lite.config.ts"
PG = "drizzle-kit generate --config pg.config.ts"
MY = "drizzle-kit generate --config my.config.ts"
CORES = {"lite": "sqlite", "pg": "postgresql", "my": "mysql"}
DATABASES = {
    f"{short}.config.ts": helpers.config(dialect, f"./{short}.ts", f"./{short}")
    for short, dialect in CORES.items()
} | {
    "lite.ts": helpers.table("sqlite", "users"),
    "pg.ts": helpers.table("pg", "users"),
    "my.ts": helpers.table("mysql", "users"),
}
TWO = {path: text for path, text in DATABASES.items() if not path.startswith("my")}


def check(scripts: Mapping[str, str], files: Mapping[str, str] | None = None) -> Report:
    """What the rule says of scripts, of two databases, and of more files."""
    package = json.dumps({"scripts": scripts}, indent=1)
    return helpers.check("PLX601", {"package.json": package, **TWO, **(files or {})})


def test_message_severity_and_place() -> None:
    (finding,) = check({"x": "y", "gen": f"x && {LITE}"}).findings
    assert finding.message == (
        "the script gen generates migrations for SQLite only: PostgreSQL gets none"
    )
    assert finding.severity is Severity.WARNING
    assert (finding.path, finding.range.line, finding.range.column) == ("package.json", 4, 16)


def test_script_that_starts_another_is_one_finding_with_it() -> None:
    (finding,) = check({"gen": PG, "build": "bun run gen && vite", "ci": "bun run build"}).findings
    assert finding.range.line == 3
    assert [(r.path, r.range.line, r.message) for r in finding.related] == [
        ("package.json", 4, "the script build starts it"),
        ("package.json", 5, "the script ci starts it"),
    ]


def test_script_over_named_ones_stands_for_itself() -> None:
    scripts = {"gen": "bun run gen:pg", "gen:pg": PG, "gen:sqlite": LITE}
    assert helpers.places(check(scripts)) == [("package.json", 3)]


@pytest.mark.parametrize(
    "scripts",
    [
        {"gen:lite": LITE, "gen:postgres": PG},
        {"generateSqlite": LITE, "generatePg": PG},
        {"gen:pg": PG, "gen": f"{LITE} && {PG}"},
        {"one": LITE, "two": PG, "gen": "run-s one two"},
        {"gen": LITE, "postgen": PG},
        {"sql": f"{LITE} --custom"},
        {"migrate": "drizzle-kit migrate --config pg.config.ts"},
    ],
)
def test_fine(scripts: dict[str, str]) -> None:
    assert not check(scripts).findings


@pytest.mark.parametrize(
    "scripts",
    [
        {"gen:sqlite": PG, "gen:pg": LITE},
        {"gen:lite": LITE},
        {"gen": LITE, "gen:other": PG},
    ],
)
def test_names_must_fit_and_have_a_counterpart(scripts: dict[str, str]) -> None:
    assert len(check(scripts).findings) == len(scripts)


def test_three_dialects() -> None:
    (finding,) = check({"gen": f"{LITE} && {PG}"}, DATABASES).findings
    assert finding.message.endswith("for PostgreSQL and SQLite only: MySQL gets none")
    assert not check({"gen": f"{LITE} && {PG} && {MY}"}, DATABASES).findings
    assert not check({"gen:lite": LITE, "gen:pg": PG, "gen:mysql": MY}, DATABASES).findings


def test_packages_that_are_named_after_their_dialect() -> None:
    files = {
        "db-sqlite/package.json": '{"scripts": {"gen": "drizzle-kit generate"}}',
        "db-sqlite/drizzle.config.ts": helpers.config("sqlite", "./a.ts", "./out"),
        "db-sqlite/a.ts": helpers.table("sqlite", "users"),
        "db-pg/package.json": '{"scripts": {"gen": "drizzle-kit generate"}}',
        "db-pg/drizzle.config.ts": helpers.config("postgresql", "./a.ts", "./out"),
        "db-pg/a.ts": helpers.table("pg", "users"),
    }
    assert not helpers.check("PLX601", files).findings
    del files["db-pg/package.json"]
    assert helpers.places(helpers.check("PLX601", files)) == [("db-sqlite/package.json", 1)]


def test_databases_that_share_no_table_are_no_pair() -> None:
    assert not check({"gen": LITE}, {"pg.ts": helpers.table("pg", "events")}).findings


def test_one_dialect_is_not_run() -> None:
    one = {path: text for path, text in TWO.items() if path.startswith("lite")}
    assert helpers.skipped(helpers.check("PLX601", one)) == [
        (".", "the repository has one dialect; this rule compares two")
    ]


def test_workflow_and_shell_files() -> None:
    workflow = f"jobs: {{a: {{steps: [{{run: {LITE}}}]}}}}"
    report = check({}, {".github/workflows/a.yml": workflow, "b.sh": f"{PG}\n"})
    assert helpers.places(report) == [(".github/workflows/a.yml", 1), ("b.sh", 1)]
    assert helpers.messages(report)[1].startswith("this file generates migrations for PostgreSQL")
    both = {"gen-pg.sh": f"{PG}\n", "gen-sqlite.sh": f"{LITE}\n", "c.sh": f"{LITE}\n{PG}\n"}
    assert not check({}, both).findings


def test_workflow_that_runs_one_script_is_left_alone() -> None:
    workflow = "jobs: {a: {steps: [{run: bun run gen:pg}]}}"
    report = check({"gen:pg": PG, "gen:lite": LITE}, {".github/workflows/a.yml": workflow})
    assert not report.findings


def test_helper_of_a_complete_workflow() -> None:
    workflow = f"jobs: {{a: {{steps: [{{run: bun run gen}}, {{run: {PG}}}]}}}}"
    assert not check({"gen": LITE}, {".github/workflows/a.yml": workflow}).findings


def test_what_cannot_be_told_is_said() -> None:
    report = check({"gen": f"{LITE} && drizzle-kit generate --config $CONFIG", "helper": PG})
    assert helpers.places(report) == [("package.json", 4)]
    assert helpers.skipped(report) == [
        ("package.json", "line 3: the config that drizzle-kit is given is computed")
    ]


def test_what_cannot_be_told_for_one_reason_is_said_once_for_a_file() -> None:
    computed = "drizzle-kit generate --config $CONFIG\n"
    report = check({}, {"a.sh": f"{computed}echo\n{computed * 4}", "b.sh": computed * 2})
    reason = "the config that drizzle-kit is given is computed"
    assert helpers.skipped(report) == [
        ("a.sh", f"lines 1, 3, 4 and 2 more: {reason}"),
        ("b.sh", f"lines 1 and 2: {reason}"),
    ]


def test_helper_of_a_script_that_cannot_be_told_is_left_alone() -> None:
    report = check({"gen": "bun run one && drizzle-kit generate --config $C", "one": LITE})
    assert not report.findings
    assert len(helpers.skipped(report)) == 1


def test_scripts_in_a_circle() -> None:
    assert check({"a": f"bun run b && {LITE}", "b": "bun run a"}).findings
