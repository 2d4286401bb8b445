"""SQL that no journal lists."""

from __future__ import annotations

import pytest

from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.migrations.histories import entries, history, journal, without

TWO = history("0000_notes", "0001_more")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_the_rule_holds_for_any_dialect(dialect: str) -> None:
    files = history("0000_notes", dialect=dialect) | {"drizzle/0001_hand.sql": "SELECT 1;"}
    assert places(check("PLX202", files)) == [("drizzle/0001_hand.sql", 1)]


def test_each_database_has_a_journal_of_its_own() -> None:
    files = TWO | history("0000_other", out="second", dialect="mysql")
    files |= {"second/0001_more.sql": "SELECT 1;"}
    assert places(check("PLX202", files)) == [("second/0001_more.sql", 1)]


def test_listed_migration_of_the_same_number_is_a_related_place() -> None:
    (finding,) = check("PLX202", TWO | {"drizzle/0001_other.sql": "SELECT 1;"}).findings
    assert finding.message == "the journal does not list this SQL, so Drizzle never runs it"
    assert [(r.path, r.range.line, r.message) for r in finding.related] == [
        ("drizzle/meta/_journal.json", 16, "0001_more has this number")
    ]


def test_renamed_file_and_entry_without_its_sql_are_one_finding() -> None:
    files = without(TWO, "drizzle/0001_more.sql") | {"drizzle/0001_other.sql": "SELECT 1;"}
    (finding,) = check("PLX202 PLX203", files).findings
    assert finding.rule == "PLX202"
    assert finding.related[0].message == "0001_more has this number, and no SQL file"
    assert finding.related[1].message.endswith("(PLX203)")


def test_snapshot_of_unlisted_sql_goes_with_it() -> None:
    files = TWO | journal(entries(TWO)[:1])
    (finding,) = check("PLX202 PLX206 PLX207", files).findings
    assert (finding.rule, finding.path) == ("PLX202", "drizzle/0001_more.sql")
    assert finding.related[-1].path == "drizzle/meta/0001_snapshot.json"


def test_emptied_journal_is_one_finding() -> None:
    (finding,) = check("PLX202 PLX206", TWO | journal([])).findings
    assert (finding.path, finding.range.line) == ("drizzle/meta/_journal.json", 1)
    assert finding.message == "the journal is empty: Drizzle runs none of the 2 SQL files beside it"


@pytest.mark.parametrize(
    "path",
    [
        "drizzle/._0002_x.sql",
        "drizzle/0002_x.sql.bak",
        "drizzle/old/0002_x.sql",
        "drizzle/meta/0002_x.sql",
        "elsewhere/0002_x.sql",
    ],
)
def test_other_files_are_no_migrations(path: str) -> None:
    assert not check("PLX202", TWO | {path: "SELECT 1;"}).findings


@pytest.mark.parametrize(
    ("path", "text", "tool"),
    [
        ("drizzle.config.ts", "migrations: { prefix: 'supabase' }", "the Supabase CLI"),
        ("wrangler.toml", "[[d1_databases]]\nmigrations_dir = './drizzle'\n", "wrangler"),
        ("wrangler.jsonc", '{"d1_databases": [{"migrations_dir": "drizzle"}]}', "wrangler"),
        ("wrangler.toml", "[[d1_databases]]\nmigrations_dir = 'other'\n", None),
        ("wrangler.toml", "[[d1_databases]]\nbinding = 'DB'\n", None),
        ("wrangler.toml", "name = 'drizzle'\n", None),
    ],
)
def test_other_tools_apply_sql_that_no_journal_lists(
    path: str, text: str, tool: str | None
) -> None:
    if path == "drizzle.config.ts":
        text = str(TWO[path]).replace("out:", f"{text}, out:")
    report = check("PLX202", TWO | {path: text, "drizzle/0009_policies.sql": "SELECT 1;"})
    if tool is None:
        assert places(report) == [("drizzle/0009_policies.sql", 1)]
    else:
        assert not report.findings
        reason = f"{tool} applies every SQL file of this folder, listed or not"
        assert skipped(report) == [("drizzle/meta/_journal.json", reason)]


def test_unreadable_journal_is_said_once_and_nothing_is_guessed() -> None:
    files = TWO | {"drizzle/meta/_journal.json": "{", "drizzle/0002_x.sql": "SELECT 1;"}
    report = check("PLX202", files)
    assert not messages(report)
    (part,) = skipped(report)
    assert part[0] == "drizzle/meta/_journal.json"
    assert part[1].startswith("the journal is not JSON: ")
    assert part[1].endswith(", so the migrations are not known")


def test_folder_that_is_not_there_is_no_finding() -> None:
    report = check("PLX202 PLX203 PLX205 PLX206 PLX207 PLX211", history()).findings
    config_alone = without(history(), "drizzle/meta/_journal.json")
    assert not report
    assert not check("PLX202 PLX203 PLX205 PLX206 PLX207 PLX211", config_alone).findings
    assert not skipped(check("PLX202 PLX203 PLX205 PLX206 PLX207 PLX211", config_alone))
