"""Journals and snapshots that cannot be read as what they should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plexus_rules.finding import Range
from plexus_rules.trees import DirectoryTree
from tests.catalog.helpers import check, config, messages, places, skipped
from tests.catalog.migrations.histories import (
    Files,
    entries,
    history,
    identity,
    journal,
    snapshot,
    without,
)

TWO = history("0000_a", "0001_b")
JOURNAL = "drizzle/meta/_journal.json"
SNAPSHOT = "drizzle/meta/0001_snapshot.json"


def with_snapshot(**changes: object) -> Files:
    """The two migrations, with values of the second snapshot changed, or taken out by None."""
    value = json.loads(snapshot(identity(1), identity(0), ["c0"])) | changes
    return TWO | {SNAPSHOT: json.dumps({k: v for k, v in value.items() if v is not None}, indent=2)}


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "is empty"),
        (b" \r\n", 1, "is empty"),
        (b'{\n  "version": "7",\n}', 3, "is not JSON: "),
        (
            b"{\r\n<<<<<<< ours\r\n=======\r\n>>>>>>> theirs\r\n}",
            2,
            "has unresolved conflict markers",
        ),
        (b'{\n"a": "\xff"}', 2, "is not UTF-8 text"),
        (b"\xff\xfe{\x00}\x00", 1, "is not UTF-8 text"),
        (b"[" * 100_000, 1, "is nested too deeply to be read"),
        (b'{"version": NaN}', 1, "is not JSON: NaN is not a JSON value"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
            1,
            "is a Git LFS pointer, not the file that it stands for",
        ),
    ],
)
def test_file_that_is_not_json(data: bytes, line: int, reason: str) -> None:
    for path, subject in ((JOURNAL, "the journal"), (SNAPSHOT, "this snapshot")):
        report = check("PLX211", TWO | {path: data})
        assert places(report) == [(path, line)]
        assert messages(report)[0].startswith(f"{subject} {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "has no list of entries"),
        ('{"entries": {}}', "has no list of entries"),
        ('{"entries": []}', "has version 'none', which no drizzle-kit of the v0 line writes"),
        ('{"version": "8", "dialect": "sqlite", "entries": []}', "has version '8', which "),
        ('{"version": "7", "entries": []}', "names no dialect"),
        ("\ufeff" + str(TWO[JOURNAL]), "starts with a byte order mark, which is not JSON"),
    ],
)
def test_journal_that_says_something_else(text: str, reason: str) -> None:
    (message,) = messages(check("PLX211", TWO | {JOURNAL: text}))
    assert message.startswith(f"the journal {reason}")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tag": None}, "without a usable tag"),
        ({"tag": ""}, "without a usable tag"),
        ({"tag": "../0001_b"}, "without a usable tag"),
        ({"tag": "..\\0001_b"}, "without a usable tag"),
        ({"tag": ".0001_b"}, "without a usable tag"),
        ({"tag": "0001\ud800"}, "without a usable tag"),
        ({"idx": "1"}, "whose idx is not a whole number"),
        ({"idx": True}, "whose idx is not a whole number"),
        ({"when": "now"}, "whose when is not a time in milliseconds"),
        ({"when": 1e300}, "whose when is not a time in milliseconds"),
    ],
)
def test_entry_that_says_something_else(changes: dict[str, object], reason: str) -> None:
    first, second = entries(TWO)
    (finding,) = check("PLX211", TWO | journal([first, second | changes])).findings
    assert finding.message == f"the journal has an entry {reason}"
    assert finding.range.line == 12


@pytest.mark.parametrize(
    ("changes", "line", "reason"),
    [
        ({"version": "7"}, 2, "has version '7', which no drizzle-kit of the v0 line writes"),
        ({"version": "six"}, 2, "has version 'six', which no drizzle-kit of the v0 line writes"),
        ({"version": 6}, 2, "has no valid version"),
        ({"dialect": "postgresql"}, 3, "is for postgresql, but the database is sqlite"),
        ({"id": None}, 1, "has no valid id"),
        ({"prevId": None, "prevIds": []}, 1, "has no valid prevId"),
        ({"tables": None, "ddl": []}, 1, "has no valid tables"),
        ({"tables": {"notes": {"name": "notes", "columns": []}}}, 6, "has no valid tables"),
        ({"tables": {"notes": {"columns": {}}}}, 6, "has no valid tables"),
    ],
)
def test_snapshot_that_says_something_else(
    changes: dict[str, object], line: int, reason: str
) -> None:
    (finding,) = check("PLX211", with_snapshot(**changes)).findings
    assert finding.message == f"this snapshot {reason}"
    assert (finding.path, finding.range.line) == (SNAPSHOT, line)


@pytest.mark.parametrize("version", ["4", "5"])
def test_older_snapshots_are_read(version: str) -> None:
    assert not check("PLX211", with_snapshot(version=version)).findings


def test_dialects_have_had_other_names() -> None:
    files = history("0000_a", dialect="postgresql")
    text = str(files["drizzle/meta/0000_snapshot.json"])
    files["drizzle/meta/0000_snapshot.json"] = text.replace('"postgresql"', '"pg"')
    files |= journal(entries(files), dialect="pg", version="5")
    assert not check("PLX211", files).findings


def test_journal_of_another_dialect_is_one_finding() -> None:
    files = history("0000_a", "0001_b", dialect="mysql")
    files["drizzle.config.ts"] = config("turso", "./drizzle.ts", "./drizzle")
    (finding,) = check("PLX207 PLX211", files).findings
    assert (finding.path, finding.range) == (JOURNAL, Range(3, 14, 3, 21))
    assert finding.message == "this journal is for MySQL, and drizzle.config.ts says SQLite"


def test_folder_of_two_configs_is_judged_once_and_by_its_journal() -> None:
    files = {"a.drizzle.config.ts": config("mysql", "./m.ts", "./drizzle"), **TWO}
    (finding,) = check("PLX205 PLX211", files).findings
    assert finding.message == "this journal is for SQLite, and a.drizzle.config.ts says MySQL"
    assert finding.remedy.startswith("Give a.drizzle.config.ts a migrations folder of its own")
    broken = journal([entries(TWO)[0], entries(TWO)[1] | {"idx": 9}])
    assert len(check("PLX205", files | broken).findings) == 1


def test_config_that_chooses_its_dialect_is_believed() -> None:
    files = TWO | {
        "drizzle.config.ts": "export default { out: './drizzle', schema: './a.ts', dialect: "
        "process.env.PG ? 'postgresql' : 'sqlite' };\n"
    }
    assert not check("PLX211", files).findings


def test_config_without_a_dialect_takes_the_journals() -> None:
    files = TWO | {"drizzle.config.ts": "export default { out: './drizzle', schema: './a.ts' };\n"}
    assert not check("PLX211", files).findings


def test_missing_journal_is_one_finding() -> None:
    (finding,) = check("PLX202 PLX206 PLX207 PLX211", without(TWO, JOURNAL)).findings
    assert (finding.path, finding.range.line) == (JOURNAL, 1)
    assert (
        finding.message == "there is no journal, and 2 SQL files without it: Drizzle can run none"
    )
    alone = without(TWO, JOURNAL, "drizzle/0000_a.sql", "drizzle/0001_b.sql", SNAPSHOT)
    (message,) = messages(check("PLX211", alone))
    assert message == "there is no journal, and one snapshot without it: Drizzle can run none"


def test_folder_that_another_tool_fills_and_applies_needs_no_journal() -> None:
    out = "supabase/migrations"
    files: Files = {
        "drizzle.config.ts": config("postgresql", "./schema.ts", f"./{out}"),
        f"{out}/20260101000000_policies.sql": "SELECT 1;",
    }
    report = check("PLX202 PLX211", files)
    assert not report.findings
    assert skipped(report)[0] == (
        f"{out}/meta/_journal.json",
        "there is no journal, so the migrations are not known",
    )
    files[f"{out}/meta/20260101000000_snapshot.json"] = snapshot(identity(0), identity(1), [])
    assert (f"{out}/meta/_journal.json", 1) in places(check("PLX211", files))


def test_migrations_folder_that_is_a_file() -> None:
    files: Files = {"drizzle.config.ts": TWO["drizzle.config.ts"], "drizzle": "text"}
    report = check("PLX201 PLX202 PLX203 PLX204 PLX205 PLX206 PLX207 PLX211", files, TWO)
    assert places(report) == [("drizzle", 1)]
    assert messages(report) == [
        "drizzle.config.ts names this as its migrations folder, and it is a file"
    ]


def test_files_of_one_reason_are_one_finding() -> None:
    conflict = "{\n<<<<<<< HEAD\n=======\n>>>>>>> main\n}"
    (finding,) = check("PLX211", TWO | {JOURNAL: conflict, SNAPSHOT: conflict}).findings
    assert finding.message == "the journal has unresolved conflict markers; one more file likewise"
    assert [(r.path, r.range.line) for r in finding.related] == [(SNAPSHOT, 2)]


def test_malformed_snapshot_without_an_entry_is_one_finding() -> None:
    report = check("PLX206 PLX211", TWO | {"drizzle/meta/0009_snapshot.json": "{"})
    assert [f.rule for f in report.findings] == ["PLX206"]
    assert report.findings[0].related[0].message.endswith("(PLX211)")


@pytest.mark.parametrize("name", ["README.md", ".DS_Store", "0001_snapshot.json.orig"])
def test_drizzle_kit_takes_every_file_of_meta_for_a_snapshot(name: str) -> None:
    (finding,) = check("PLX211", TWO | {f"drizzle/meta/{name}": ""}).findings
    assert finding.path == f"drizzle/meta/{name}"
    assert finding.message == (
        "drizzle-kit takes this for a snapshot, and generate makes nothing because of it"
    )


def test_directory_in_meta_stops_drizzle_kit_as_well() -> None:
    files = TWO | {"drizzle/meta/old/0001_snapshot.json": "{}", "drizzle/meta/_old/x": ""}
    assert places(check("PLX206 PLX211", files)) == [("drizzle/meta/old", 1)]


@pytest.mark.parametrize("path", ["meta/_notes.md", "meta/_snapshot.json", "AGENTS.md"])
def test_files_that_drizzle_kit_does_not_read_are_let_be(path: str) -> None:
    assert not check("PLX211", TWO | {f"drizzle/{path}": "not JSON"}).findings


def test_file_that_cannot_be_opened_is_not_judged(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    for path, data in TWO.items():
        file = tmp_path / "repository" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(data))
    for path in (SNAPSHOT, "drizzle/0000_a.sql"):
        (tmp_path / "repository" / path).unlink()
        (tmp_path / "repository" / path).symlink_to(outside)
    report = check("PLX203 PLX206 PLX207 PLX211", DirectoryTree(tmp_path / "repository"))
    assert not report.findings
    (first, *rest) = skipped(report)
    assert first[0] == SNAPSHOT
    assert first[1].startswith("a link that leaves the checked directory")
    assert rest == [first]
    (tmp_path / "repository" / JOURNAL).unlink()
    (tmp_path / "repository" / JOURNAL).symlink_to(outside)
    report = check("PLX202 PLX211", DirectoryTree(tmp_path / "repository"))
    assert not report.findings
    assert {path for path, _ in skipped(report)} == {JOURNAL}
