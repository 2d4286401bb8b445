"""One database's folder of migrations."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.database import Database, Layout, Unreadable, number
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.trees import MAX_FILE_BYTES, FileRefused, MemoryTree

CONFIG = b"export default { dialect: 'sqlite', schema: './a.ts', out: './out' };\n"
JOURNAL = (
    b'{"version": "7", "dialect": "sqlite", "entries": ['
    b'{"idx": 0, "when": 1, "tag": "0000_a"}, {"idx": 1, "when": 2, "tag": "0001_b"}]}'
)
SNAPSHOT = b'{"version":"6","dialect":"sqlite","id":"a","prevId":"","tables":{}}'


def database(config: bytes = CONFIG, **files: bytes) -> Database:
    """The database of a config, with files of its folder; ``__`` stands for ``/``."""
    made = {f"out/{name.replace('__', '/')}": data for name, data in files.items()}
    return Repository(MemoryTree({"drizzle.config.ts": config, **made}), 0).databases[0]


@pytest.mark.parametrize(
    ("tag", "digits", "snapshot"),
    [
        ("0003_name", "0003", "0003"),
        ("10000_name", "10000", "10000"),
        ("20250321090000_name", "20250321090000", "20250321090000"),
        ("1795360650_name", "1795360650", "1795360650"),
        ("_name", "", ""),
        ("name", "", "name"),
        ("0003", "", "0003"),
        ("v2_name_more", "", "v2"),
    ],
)
def test_number_and_snapshot_of_a_tag(tag: str, digits: str, snapshot: str) -> None:
    assert number(tag) == digits
    assert database().snapshot_path(tag) == f"out/meta/{snapshot}_snapshot.json"


def test_folder_that_is_not_there() -> None:
    empty = database()
    assert not empty.exists
    assert (empty.layout, empty.journal, empty.entries) == (Layout.JOURNAL, None, ())
    assert (empty.sql_tags, empty.unlisted, empty.strays) == ((), (), ())
    assert (empty.snapshots, empty.newest_snapshot) == ({}, None)


def test_files_of_the_folder() -> None:
    files = {
        "0000_a.sql": b"",
        "0001_c.sql": b"",
        ".hidden.sql": b"",
        "notes.md": b"",
        "sub__0002_d.sql": b"",
        "meta___journal.json": JOURNAL,
        "meta__0000_snapshot.json": SNAPSHOT,
        "meta__0007_snapshot.json": b"{",
        "meta___snapshot.json": SNAPSHOT,
        "meta__notes.md": b"",
    }
    found = database(**files)
    assert found.exists
    assert found.sql_tags == ("0000_a", "0001_c")
    assert found.unlisted == ("0001_c",)
    assert (found.has_sql("0000_a"), found.has_sql("0001_b")) == (True, False)
    assert (found.unlisted_of("0001_b"), found.unlisted_of("0000_a")) == ("0001_c", None)
    assert found.snapshot_names == (
        "out/meta/0000_snapshot.json",
        "out/meta/0007_snapshot.json",
    )
    assert found.strays == ("out/meta/notes.md",)
    assert isinstance(found.snapshots["out/meta/0000_snapshot.json"], Snapshot)
    assert isinstance(found.snapshots["out/meta/0007_snapshot.json"], Malformed)
    assert found.snapshot("out/meta/0001_snapshot.json") is None


def test_newest_snapshot_is_that_of_the_last_entry() -> None:
    files = {"meta___journal.json": JOURNAL, "meta__0000_snapshot.json": SNAPSHOT}
    assert database(**files).newest_snapshot is None
    newest = database(**files, **{"meta__0001_snapshot.json": SNAPSHOT}).newest_snapshot
    assert newest is not None
    assert newest.path == "out/meta/0001_snapshot.json"


def test_snapshot_of_another_dialect_is_malformed() -> None:
    other = SNAPSHOT.replace(b'"sqlite"', b'"mysql"').replace(b'"6"', b'"5"')
    found = database(**{"meta___journal.json": JOURNAL, "meta__0000_snapshot.json": other})
    snapshot = found.snapshot("out/meta/0000_snapshot.json")
    assert isinstance(snapshot, Malformed)
    assert snapshot.reason == "is for mysql, but the database is sqlite"


def test_dialect_comes_from_the_journal_where_the_config_says_none() -> None:
    config = b"export default { schema: './a.ts', out: './out' };\n"
    assert database(config).dialect == "unknown"
    assert database(config, **{"meta___journal.json": JOURNAL}).dialect == "sqlite"


def test_folder_for_each_migration_is_another_layout() -> None:
    folder = "20260301090000_add-users"
    files = {f"{folder}__migration.sql": b"", f"{folder}__snapshot.json": b"{}"}
    assert database(**files).layout is Layout.FOLDERS
    assert database(**{f"{folder}__migration.sql": b""}).layout is Layout.JOURNAL
    assert database(**files, **{"meta___journal.json": JOURNAL}).layout is Layout.JOURNAL


def test_sql_has_one_kind_of_line_end() -> None:
    found = database(**{"0000_a.sql": b"\xef\xbb\xbfSELECT 1;\r\nSELECT 2;\rSELECT 3;\n"})
    assert found.sql("0000_a") == "SELECT 1;\nSELECT 2;\nSELECT 3;\n"


def test_sql_of_more_characters_than_can_be_read_in_time_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("plexus_rules.drizzle.database.MAX_SQL_CHARACTERS", 2 * 1024 * 1024)
    found = database(**{"0000_a.sql": b"x" * (2 * 1024 * 1024), "0001_b.sql": b"'" * 2_200_000})
    assert len(found.sql("0000_a")) == 2 * 1024 * 1024
    with pytest.raises(
        FileRefused,
        match=r"0001_b\.sql: 2\.1 MiB is over the limit of 2 MiB for the SQL of one migr",
    ):
        found.statements("0001_b")


class _Refusing(MemoryTree):
    """Refuses to read the files of ``meta``, as a directory does with files too large."""

    def _read(self, path: str) -> bytes:
        from plexus_rules.trees import FileRefused

        if "/meta/" in path:
            raise FileRefused(f"{path}: over the limit of {MAX_FILE_BYTES} bytes")
        return super()._read(path)


def test_file_that_cannot_be_opened_is_not_malformed() -> None:
    tree = _Refusing(
        {
            "drizzle.config.ts": CONFIG,
            "out/meta/_journal.json": JOURNAL,
            "out/meta/0000_snapshot.json": SNAPSHOT,
        }
    )
    found = Repository(tree, 0).databases[0]
    reason = f"over the limit of {MAX_FILE_BYTES} bytes"
    assert found.journal == Unreadable("out/meta/_journal.json", reason)
    path = "out/meta/0000_snapshot.json"
    assert found.snapshots == {path: Unreadable(path, reason)}
