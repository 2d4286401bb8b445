"""SQL that does not give what its snapshot says."""

from __future__ import annotations

import json

import pytest

from plexus_rules.catalog.migrations.telling.replayed import told
from plexus_rules.drizzle.shapes.model import Aspect, Difference
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_SECOND_COLUMN_BOTH,
    ALL_STEPS,
    CUSTOM_MIGRATION_BOTH,
    SQUASH_BOTH,
    Step,
)
from plexus_rules.trees import Append, Delete, Edit, Replace, Write
from tests.catalog.helpers import check, messages, places, sample, skipped
from tests.catalog.migrations.histories import history, replaced, snapshot
from tests.catalog.migrations.histories import identity as id_of

SQLITE = "packages/backend/drizzle/migrations"
POSTGRES = "packages/backend/drizzle/migrations_pg"
TAG = "0002_add_client_request_id"
NEW = f"{SQLITE}/{TAG}.sql"
ADDED = f"{SQLITE}/meta/0002_snapshot.json"
BREAK = "--> statement-breakpoint\n"


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda step: step.name)
def test_what_drizzle_kit_makes_is_never_found(step: Step) -> None:
    earlier = () if step.after is None else (step.after,)
    report = check("PLX208", sample(*earlier, step))
    assert (messages(report), skipped(report)) == ([], [])


def test_finding_names_column_and_both_sides() -> None:
    (finding,) = check("PLX208", sample(ADD_COLUMN_BOTH, Write(NEW, "SELECT 1;"))).findings
    assert finding.message == (
        "the snapshot has the column request_usage.client_request_id (text), and the SQL makes none"
    )
    assert (finding.path, finding.range.line) == (NEW, 1)
    assert [(r.path, r.range.line) for r in finding.related] == [(ADDED, 228)]
    assert "journal entry, and run `bunx drizzle-kit generate`; SQL" in finding.remedy


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            Append(NEW, f"{BREAK}ALTER TABLE `request_usage` ADD `x` text DEFAULT 'a' NOT NULL;"),
            "the SQL leaves the column request_usage.x (text NOT NULL DEFAULT 'a'), and the "
            "snapshot has none",
        ),
        (
            Append(NEW, f"{BREAK}CREATE TABLE `x` (`id` integer);"),
            "the SQL leaves the table x, and the snapshot has none",
        ),
        (
            Append(NEW, f"{BREAK}CREATE INDEX `x` ON `request_usage` (`date`);"),
            "the SQL leaves the index x of request_usage ((date)), and the snapshot has none",
        ),
        (
            Replace(NEW, "`client_request_id` text", "`client_request_id` integer"),
            "the SQL gives request_usage.client_request_id the type integer, and the snapshot says "
            "text",
        ),
        (
            Replace(NEW, "`client_request_id` text", "`client_request_id` text NOT NULL DEFAULT 1"),
            "the SQL leaves request_usage.client_request_id NOT NULL, and the snapshot says "
            "nullable, and 1 more difference",
        ),
        (
            Replace(NEW, "`client_request_id` text", "`client_request_id` text DEFAULT ''"),
            "the SQL gives request_usage.client_request_id the default '', and the snapshot says "
            "none",
        ),
        (
            Replace(NEW, "`request_usage`", "`request_usages`"),
            "on a fresh database this statement fails: no such table: request_usages",
        ),
    ],
)
def test_message_says_what_differs(edit: Edit, message: str) -> None:
    report = check("PLX208", sample(ADD_COLUMN_BOTH, edit))
    assert messages(report) == [message]
    assert report.findings[0].path == NEW


@pytest.mark.parametrize(
    ("aspect", "one", "other", "sentence"),
    [
        (Aspect.NOT_NULL, "nullable", "NOT NULL", "nullable, and the snapshot says NOT NULL"),
        (
            Aspect.AUTOINCREMENT,
            "autoincrement",
            None,
            "autoincrement, and the snapshot says no autoincrement",
        ),
        (
            Aspect.AUTOINCREMENT,
            None,
            "autoincrement",
            "without autoincrement, and the snapshot says autoincrement",
        ),
    ],
)
def test_what_a_column_is_or_is_not_is_said_once(
    aspect: Aspect, one: str | None, other: str | None, sentence: str
) -> None:
    said = told(Difference("users", "id", aspect, one, other))
    assert said == f"the SQL leaves users.id {sentence}"


def test_primary_keys_are_told_as_what_the_table_has() -> None:
    missing = Difference("users", "", Aspect.PRIMARY_KEY, None, "(id)")
    assert told(missing) == (
        "the snapshot has the primary key of users ((id)), and the SQL makes none"
    )


def test_several_differences_are_one_finding() -> None:
    edit = Append(
        NEW, "".join(f"{BREAK}ALTER TABLE `providers` ADD `x{n}` text;" for n in range(3))
    )
    (finding,) = check("PLX208", sample(ADD_COLUMN_BOTH, edit)).findings
    assert finding.message.endswith("and the snapshot has none, and 2 more differences")
    assert [r.range.line for r in finding.related if r.path == NEW] == [3, 4]


def test_what_the_snapshot_has_lost_stands_in_the_snapshot() -> None:
    files = history("0000_a", "0001_b", "0002_c")
    files["drizzle/0000_a.sql"] = "CREATE TABLE notes (c0 text);"
    path = "drizzle/meta/0002_snapshot.json"
    files[path] = snapshot(id_of(2), id_of(1), ["c0", "c2"])
    report = check("PLX208", files)
    assert [path for path, _ in places(report)] == [path]
    assert messages(report) == [
        "the SQL leaves the column notes.c1 (text), and the snapshot has none"
    ]


def test_it_is_an_error_whether_the_migration_has_landed_or_not() -> None:
    files = sample(ADD_COLUMN_BOTH, Write(NEW, "SELECT 1;"))
    for before in (files, sample()):
        (finding,) = check("PLX208", files, before).findings
        assert finding.severity == "error"


@pytest.mark.parametrize(
    ("edit", "owner"),
    [
        (Write(NEW, "SELECT 1;"), "PLX201"),
        (Replace(ADDED, '"name": "client_request_id"', '"name": "other"'), "PLX201"),
        (Delete(NEW), "PLX201"),
        (Delete(ADDED), "PLX201"),
    ],
)
def test_edit_of_what_has_landed_is_one_finding(edit: Edit, owner: str) -> None:
    before = sample(ADD_COLUMN_BOTH, ADD_SECOND_COLUMN_BOTH)
    rules = "PLX201 PLX203 PLX206 PLX207 PLX208"
    assert [f.rule for f in check(rules, sample(edit, on=before), before).findings] == [owner]


def test_statement_that_no_transaction_may_hold() -> None:
    own = f"{POSTGRES}/0002_name_models.sql"
    added = f"{BREAK}CREATE INDEX CONCURRENTLY i ON request_usage (date);\n{BREAK}VACUUM;\n"
    files = sample(CUSTOM_MIGRATION_BOTH, Append(own, added))
    (finding,) = check("PLX208", files, sample()).findings
    assert (finding.path, finding.range.line, finding.severity) == (own, 4, "error")
    assert finding.message == (
        "Drizzle's migrator runs every migration in a transaction, and there CREATE INDEX "
        "CONCURRENTLY cannot run (25001)"
    )
    assert finding.remedy.startswith("Before it lands: take CONCURRENTLY out of the statement")
    assert [(r.range.line, "VACUUM cannot run" in r.message) for r in finding.related] == [
        (6, True)
    ]
    (landed,) = check("PLX208", files).findings
    assert (landed.severity, landed.range.line) == ("info", 4)
    assert "Mend the statement in place, and waive PLX201" in landed.remedy


def test_generated_index_that_is_built_concurrently_is_compared_all_the_same() -> None:
    own = f"{POSTGRES}/{TAG}.sql"
    added = f"{BREAK}CREATE INDEX CONCURRENTLY i ON request_usage (date);\n"
    report = check("PLX208", sample(ADD_COLUMN_BOTH, Append(own, added)), sample())
    assert [message.partition(" (")[0] for message in messages(report)] == [
        "Drizzle's migrator runs every migration in a transaction, and there CREATE INDEX "
        "CONCURRENTLY cannot run",
        "the SQL leaves the index i of request_usage",
    ]


def test_such_a_statement_of_sqlite_is_its_own() -> None:
    edit = Append(f"{SQLITE}/0002_name_models.sql", f"{BREAK}REINDEX `request_usage`;")
    assert messages(check("PLX208", sample(CUSTOM_MIGRATION_BOTH, edit), sample())) == []


def test_remedy_of_a_failing_statement_serves_for_drizzle_kits_own_too() -> None:
    own = f"{POSTGRES}/0002_name_models.sql"
    added = f"{BREAK}ALTER TABLE request_usage DROP CONSTRAINT nothing;"
    (finding,) = check("PLX208", sample(CUSTOM_MIGRATION_BOTH, Append(own, added))).findings
    assert finding.remedy.startswith(
        "Before it lands: mend the statement by hand (take it out, if it drops what is gone "
        "already)"
    )
    assert "Generating again helps only where somebody edited" in finding.remedy
    assert "run `bunx drizzle-kit generate --config drizzle.config.pg.ts`." in finding.remedy


@pytest.mark.parametrize(
    ("folder", "made", "used"),
    [
        (POSTGRES, "CREATE TABLE own AS SELECT 1 AS a;", "ALTER TABLE own ADD b text;"),
        (SQLITE, "CREATE TABLE own (a);", "ALTER TABLE own ADD b;"),
    ],
)
def test_what_a_failed_migration_would_have_made_is_no_second_finding(
    folder: str, made: str, used: str
) -> None:
    first, second = f"{folder}/0002_name_models.sql", f"{folder}/0003_use.sql"
    fails = f"{BREAK}ALTER TABLE nowhere ADD a text;\n{BREAK}{made}"
    files = sample(CUSTOM_MIGRATION_BOTH, Append(first, fails))
    files |= followed(files, folder, "0003_use", used)
    report = check("PLX208", files, sample())
    assert places(report) == [(first, 4)]
    ((path, reason),) = skipped(report)
    assert path == second
    assert reason.startswith("line 1: ")
    assert reason.endswith(", for what makes it could not be run; it is not replayed")


def followed(files: dict[str, bytes], folder: str, tag: str, sql: str) -> dict[str, bytes]:
    """One more custom migration after the newest one of a folder."""
    path = f"{folder}/meta/_journal.json"
    journal = json.loads(files[path])
    last = journal["entries"][-1]
    journal["entries"].append(last | {"idx": last["idx"] + 1, "tag": tag, "when": last["when"] + 1})
    before = json.loads(files[f"{folder}/meta/{last['idx']:04}_snapshot.json"])
    after = before | {"id": id_of(9), "prevId": before["id"]}
    return {
        path: json.dumps(journal).encode(),
        f"{folder}/{tag}.sql": sql.encode(),
        f"{folder}/meta/{last['idx'] + 1:04}_snapshot.json": json.dumps(after).encode(),
    }


def test_custom_migration_may_make_what_drizzle_cannot_express() -> None:
    own = (
        "CREATE VIRTUAL TABLE `usage_search` USING fts5(`model`, content='request_usage');"
        f"{BREAK}CREATE TRIGGER `on_usage` AFTER INSERT ON `request_usage` BEGIN INSERT INTO "
        f"`usage_search` (`model`) VALUES (new.`model`); END;{BREAK}"
        "CREATE INDEX `by_model` ON `request_usage` (lower(`model`)) WHERE `model` <> '';"
    )
    report = check(
        "PLX208", sample(CUSTOM_MIGRATION_BOTH, Append(f"{SQLITE}/0002_name_models.sql", own))
    )
    assert (messages(report), skipped(report)) == ([], [])


def test_statement_of_another_engine_is_not_judged() -> None:
    edit = Append(NEW, f"{BREAK}ALTER TABLE `providers` ALTER COLUMN `id` TO `id` text;")
    report = check("PLX208", sample(ADD_COLUMN_BOTH, edit))
    assert messages(report) == []
    assert skipped(report) == [
        (
            NEW,
            'line 2: near "ALTER": syntax error; this migration and those after it are not '
            "replayed",
        )
    ]


def test_dialect_that_cannot_be_replayed_is_not_judged() -> None:
    report = check("PLX208", history("0000_a", dialect="mysql"))
    assert skipped(report) == [
        ("drizzle/meta/_journal.json", "migrations for MySQL cannot be replayed")
    ]


def test_journal_that_cannot_be_read_is_not_judged() -> None:
    files = replaced(history("0000_a"), "drizzle/meta/_journal.json", '"entries"', '"entry"')
    assert [path for path, _ in skipped(check("PLX208", files))] == ["drizzle/meta/_journal.json"]


def test_squashed_history_is_replayed_from_its_own_beginning() -> None:
    assert messages(check("PLX208", sample(SQUASH_BOTH), sample())) == []
