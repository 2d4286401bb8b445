"""Landed SQL and snapshots that are edited, renamed or deleted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plexus_rules.finding import Range
from plexus_rules.samples import ADD_COLUMN_BOTH
from plexus_rules.trees import Delete, DirectoryTree, Edit, FileRefused, MemoryTree, Replace
from tests.catalog.helpers import check, messages, places, sample, skipped
from tests.catalog.migrations.histories import (
    Files,
    entries,
    entry,
    history,
    identity,
    journal,
    snapshot,
    without,
)

FOUR = history("0000_a", "0001_b", "0002_c", "0003_d")
SQL = "drizzle/0001_b.sql"
SNAPSHOT = "drizzle/meta/0001_snapshot.json"
EVERY = "PLX201 PLX202 PLX203 PLX204 PLX205 PLX206 PLX207 PLX210 PLX211"


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("", 1),
        ("ALTER TABLE notes ADD COLUMN c1 text;\r\n\r\nSELECT 1;", 2),
        ("\tALTER TABLE notes ADD COLUMN c1 integer;\n", 1),
        ("ALTER TABLE notes ADD COLUMN c1 text; -- é\n".encode("latin-1"), 1),
        ("\ufeffALTER TABLE notes ADD COLUMN c1 text;\n", 1),
    ],
)
def test_edit_is_found_at_its_first_line(sql: str | bytes, line: int) -> None:
    report = check("PLX201", FOUR | {SQL: sql}, FOUR)
    assert places(report) == [(SQL, line)]
    assert messages(report) == ["this landed migration is edited"]


def test_edit_of_one_byte_that_is_no_text() -> None:
    before, after = (FOUR | {SQL: b"SELECT '" + byte + b"';"} for byte in (b"\xe9", b"\xe8"))
    assert places(check("PLX201", after, before)) == [(SQL, 1)]


@pytest.mark.parametrize(
    "sql", ["ALTER TABLE notes ADD COLUMN c1 text;\r\n", "ALTER TABLE notes ADD COLUMN c1 text;"]
)
def test_line_ends_are_no_edit(sql: str) -> None:
    assert not check("PLX201", FOUR | {SQL: sql}, FOUR).findings


def test_renamed_and_edited() -> None:
    found = entries(FOUR)
    found[1]["tag"] = "0001_better"
    files = without(FOUR, SQL) | journal(found) | {"drizzle/0001_better.sql": "SELECT 1;"}
    (finding,) = check("PLX201 PLX202 PLX203 PLX204", files, FOUR).findings
    assert (finding.path, finding.range) == ("drizzle/0001_better.sql", Range(1, 1, 1, 10))
    assert finding.message == (
        "this landed migration is renamed, and edited; it landed as 0001_b.sql"
    )


def test_migration_generated_anew_under_another_name_is_one_finding() -> None:
    found = [*entries(FOUR)[:3], entry(3, "0003_fresh", when=1_800_000_000_000)]
    files = without(FOUR, "drizzle/0003_d.sql") | journal(found)
    files["drizzle/0003_fresh.sql"] = FOUR["drizzle/0003_d.sql"]
    files["drizzle/meta/0003_snapshot.json"] = snapshot(identity(33), identity(2), ["c0"])
    (finding,) = check("PLX201 PLX204 PLX207", files, FOUR).findings
    assert finding.message == "this landed migration is renamed; it landed as 0003_d.sql"


def test_only_migration_of_a_history_can_be_renamed() -> None:
    before, after = history("0000_a"), history("0000_b")
    assert places(check("PLX201", after, before)) == [("drizzle/0000_b.sql", 1)]


def test_numbers_changed_throughout_are_one_finding() -> None:
    tags = ("20250101_a", "20250102_b", "20250103_c", "20250104_d")
    (finding,) = check("PLX201 PLX204 PLX206 PLX207", history(*tags), FOUR).findings
    assert finding.message == "this landed migration is renamed; it landed as 0000_a.sql"
    assert [r.message for r in finding.related[:3]] == [
        f"this one, too, is renamed; it landed as {tag}.sql"
        for tag in ("0001_b", "0002_c", "0003_d")
    ]
    assert finding.related[3].message.endswith("(PLX204)")


def test_deletions_in_a_row_are_one_finding() -> None:
    files = without(FOUR, SQL, "drizzle/0002_c.sql")
    (finding,) = check("PLX201 PLX203", files, FOUR).findings
    assert finding.message == "this landed migration is deleted, and 1 more after it"
    assert [r.path for r in finding.related[:1]] == ["drizzle/0002_c.sql"]


def test_migration_that_was_never_whole_may_be_completed() -> None:
    before = without(FOUR, SQL, "drizzle/meta/0002_snapshot.json")
    assert not check("PLX201", FOUR, before).findings


def test_sql_that_the_base_did_not_list_has_not_landed() -> None:
    before = FOUR | {"drizzle/0009_draft.sql": "SELECT 1;"}
    assert not check("PLX201", FOUR, before).findings


def test_snapshot_edit_is_found_at_its_line() -> None:
    text = str(FOUR[SNAPSHOT]).replace('"c1"', '"c9"')
    (finding,) = check("PLX201", FOUR | {SNAPSHOT: text}, FOUR).findings
    assert (finding.path, finding.range.line) == (SNAPSHOT, 14)
    assert finding.message == "the snapshot of the landed migration 0001_b is edited"


def test_snapshot_that_says_the_same_is_not_edited() -> None:
    value = json.loads(str(FOUR[SNAPSHOT]))
    shuffled = json.dumps(dict(reversed(value.items())), indent=8).replace("\n", "\r\n")
    assert not check("PLX201", FOUR | {SNAPSHOT: shuffled}, FOUR).findings


def test_snapshot_that_drizzle_kit_brought_up_keeps_its_columns() -> None:
    old = FOUR | {SNAPSHOT: snapshot(identity(1), identity(0), ["c0", "c1"], version="5")}
    new = FOUR | {SNAPSHOT: snapshot(identity(1), identity(0), ["c0", "c1"], views={})}
    assert not check("PLX201", new, old).findings
    new = FOUR | {SNAPSHOT: snapshot(identity(1), identity(0), ["c0", "c2"], views={})}
    assert places(check("PLX201", new, old)) == [(SNAPSHOT, 2)]


def test_snapshot_may_be_replaced_where_the_chain_was_broken() -> None:
    broken = FOUR | {SNAPSHOT: snapshot(identity(1), identity(77), ["c1"])}
    assert not check("PLX201", FOUR, broken).findings
    still = FOUR | {SNAPSHOT: snapshot(identity(1), identity(78), ["c1"])}
    assert places(check("PLX201", still, broken)) == [(SNAPSHOT, 5)]


@pytest.mark.parametrize("text", ["", "{", "<<<<<<< a\n>>>>>>> b\n"])
def test_malformed_snapshot_is_a_finding_of_another_rule(text: str) -> None:
    assert not check("PLX201", FOUR | {SNAPSHOT: text}, FOUR).findings
    assert not check("PLX201", FOUR, FOUR | {SNAPSHOT: text}).findings


def test_snapshot_that_migrations_share_is_compared_once() -> None:
    before = FOUR | journal([*entries(FOUR), entry(4, "0003_e")]) | {"drizzle/0003_e.sql": ";"}
    path = "drizzle/meta/0003_snapshot.json"
    after = before | {path: str(before[path]).replace('"c3"', '"c9"')}
    assert len(check("PLX201", after, before).findings) == 1


def test_each_database_is_compared_with_its_own_past() -> None:
    before: Files = FOUR | history("0000_a", "0001_b", out="second", dialect="mysql")
    after = before | {"second/0001_b.sql": "SELECT 2;"}
    assert places(check("PLX201", after, before)) == [("second/0001_b.sql", 1)]


def on_disk(root: Path, files: Files) -> Path:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(data))
    return root


def landed() -> MemoryTree:
    return MemoryTree({path: str(data).encode() for path, data in FOUR.items()})


class _Closed(MemoryTree):
    """A tree in which one file cannot be read."""

    def _read(self, path: str) -> bytes:
        if path == SQL:
            raise FileRefused(f"{path}: permission denied")
        return super()._read(path)


def test_file_that_cannot_be_opened_is_not_taken_for_deleted() -> None:
    closed = _Closed({path: str(data).encode() for path, data in FOUR.items()})
    report = check("PLX201", closed, FOUR)
    assert not report.findings
    assert skipped(report) == [(SQL, "permission denied")]


@pytest.mark.parametrize("path", [SQL, SNAPSHOT])
@pytest.mark.parametrize("target", ["there.sql", "nowhere.sql"])
def test_link_out_of_the_checked_directory_in_place_of_a_landed_file(
    tmp_path: Path, path: str, target: str
) -> None:
    root = on_disk(tmp_path / "repository", FOUR)
    (tmp_path / "there.sql").write_text(str(FOUR[path]))
    (root / path).unlink()
    (root / path).symlink_to(tmp_path / target)
    (finding,) = check("PLX201", DirectoryTree(root), landed()).findings
    assert (finding.path, finding.severity) == (path, "error")
    assert "stands a link that leaves the checked directory or leads nowhere" in finding.message
    assert finding.remedy == f"Restore {path.removeprefix('drizzle/')} as it landed."


def test_link_that_stood_there_when_it_landed_is_not_read_and_no_finding(tmp_path: Path) -> None:
    roots = [on_disk(tmp_path / name, FOUR) for name in ("before", "after")]
    for root in roots:
        (root / SQL).unlink()
        (root / SQL).symlink_to(tmp_path / "there.sql")
    before, after = map(DirectoryTree, roots)
    report = check("PLX201", after, before)
    assert not report.findings
    assert [path for path, _ in skipped(report)] == [SQL]


def test_link_to_the_same_text_within_the_checked_directory_is_no_edit(tmp_path: Path) -> None:
    root = on_disk(tmp_path, FOUR | {"kept.sql": str(FOUR[SQL])})
    (root / SQL).unlink()
    (root / SQL).symlink_to(root / "kept.sql")
    assert not check("PLX201", DirectoryTree(root), landed()).findings


class TestLastMigrationRemovedWhole:
    MIGRATIONS = "packages/backend/drizzle/migrations"
    NAME = "0002_add_client_request_id"

    def removed(self, *more: Edit) -> dict[str, bytes]:
        before = sample(ADD_COLUMN_BOTH)
        files = sample(
            Delete(f"{self.MIGRATIONS}/{self.NAME}.sql"),
            Delete(f"{self.MIGRATIONS}/meta/0002_snapshot.json"),
            *more,
            on=before,
        )
        path = f"{self.MIGRATIONS}/meta/_journal.json"
        value = json.loads(files[path])
        del value["entries"][-1]
        return {**files, path: json.dumps(value).encode()}

    def test_is_one_finding_with_what_the_schema_still_declares(self) -> None:
        report = check(EVERY, self.removed(), sample(ADD_COLUMN_BOTH))
        (finding,) = report.findings
        assert (finding.rule, finding.path) == ("PLX201", f"{self.MIGRATIONS}/{self.NAME}.sql")
        assert [related.message[-8:] for related in finding.related] == ["(PLX204)", "(PLX210)"]
        assert finding.remedy.startswith(
            f"Restore {self.NAME}.sql, meta/0002_snapshot.json and its entry in "
            "meta/_journal.json as they landed. For what is to be different, change the schema"
        )

    def test_leaves_what_was_never_generated_a_finding_of_its_own(self) -> None:
        providers = "packages/backend/drizzle/schema/sqlite/providers.ts"
        pending = Replace(providers, "text('slug')", "text('handle')")
        report = check(EVERY, self.removed(pending), sample(ADD_COLUMN_BOTH))
        assert [(f.rule, f.path) for f in report.findings] == [
            ("PLX201", f"{self.MIGRATIONS}/{self.NAME}.sql"),
            ("PLX210", providers),
        ]

    def test_with_the_column_gone_from_the_schema_has_nothing_to_make_again(self) -> None:
        usage = "packages/backend/drizzle/schema/sqlite/request-usage.ts"
        column = "    clientRequestId: text('client_request_id'),\n"
        report = check(EVERY, self.removed(Replace(usage, column, "")), sample(ADD_COLUMN_BOTH))
        (finding,) = report.findings
        assert [related.message[-8:] for related in finding.related] == ["(PLX204)"]


class TestRemedy:
    """What is to be restored, and nothing that is as it landed."""

    def remedy(self, files: Files) -> str:
        (finding,) = check(EVERY, files, FOUR).findings
        return finding.remedy

    def test_of_a_file_that_was_only_renamed(self) -> None:
        files = without(FOUR, SQL) | {"drizzle/0001_x.sql": FOUR[SQL]}
        assert self.remedy(files) == "Rename 0001_x.sql back to 0001_b.sql."

    def test_of_a_file_that_was_renamed_with_its_entry(self) -> None:
        found = entries(FOUR)
        found[1]["tag"] = "0001_x"
        files = without(FOUR, SQL) | {"drizzle/0001_x.sql": FOUR[SQL]} | journal(found)
        assert self.remedy(files) == (
            "Rename 0001_x.sql back to 0001_b.sql, and restore its entry in meta/_journal.json as "
            "it landed."
        )

    def test_of_a_migration_that_was_renumbered_and_edited(self) -> None:
        found = entries(FOUR)
        found[3]["tag"] = "0007_x"
        files = without(FOUR, "drizzle/0003_d.sql", "drizzle/meta/0003_snapshot.json")
        files |= {"drizzle/0007_x.sql": "SELECT 1;", **journal(found)}
        files["drizzle/meta/0007_snapshot.json"] = FOUR["drizzle/meta/0003_snapshot.json"]
        assert self.remedy(files).startswith(
            "Rename 0007_x.sql back to 0003_d.sql and meta/0007_snapshot.json back to "
            "meta/0003_snapshot.json, and restore its SQL and its entry in meta/_journal.json as "
            "they landed. For what is to be different, "
        )

    def test_of_a_snapshot_that_was_edited(self) -> None:
        text = str(FOUR[SNAPSHOT]).replace('"c1"', '"c9"')
        (finding,) = check("PLX201", FOUR | {SNAPSHOT: text}, FOUR).findings
        assert finding.remedy == "Restore meta/0001_snapshot.json as it landed."

    def test_of_snapshots_that_were_deleted(self) -> None:
        files = without(FOUR, SNAPSHOT)
        assert self.remedy(files) == "Restore meta/0001_snapshot.json as it landed."
        files = without(files, "drizzle/meta/0002_snapshot.json")
        assert self.remedy(files) == "Restore these 2 snapshots as they landed."

    def test_of_several_migrations_that_were_deleted(self) -> None:
        files = without(FOUR, "drizzle/0002_c.sql", "drizzle/0003_d.sql")
        assert self.remedy(files).startswith(
            "Restore these 2 migrations as they landed: SQL files. For what"
        )

    def test_of_a_history_that_was_renumbered(self) -> None:
        tags = ("20250101_a", "20250102_b", "20250103_c", "20250104_d")
        assert self.remedy(history(*tags)) == (
            "Restore these 4 migrations as they landed, under their old names: SQL files, "
            "snapshots and journal entries."
        )
