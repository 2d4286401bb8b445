"""What the rules about rows share: the SQL is followed once, by the schema before it."""

from __future__ import annotations

import pytest

from plexus_rules.catalog.sql.effects import Loss, effects, following
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.trees import FileRefused, MemoryTree
from tests.catalog.helpers import check, repository, skipped
from tests.catalog.sql.databases import Files, files

ALL = "PLX301 PLX302 PLX304 PLX307"
TABLES = "notes: id!, text"
DROP = files(("", TABLES), ("DROP TABLE notes;", TABLES))


class _Closed(MemoryTree):
    """Files in memory, of which one cannot be read."""

    def _read(self, path: str) -> bytes:
        if path == "drizzle/0001_step.sql":
            raise FileRefused("closed")
        return super()._read(path)


class _KnowsBlobs(MemoryTree):
    """Files in memory, in a tree that tells their ids as a commit does."""

    knows_blobs = True


def test_snapshots_are_read_only_where_an_operation_needs_them() -> None:
    plain = "ALTER TABLE notes ADD extra text;"
    required = "ALTER TABLE notes ADD more text NOT NULL DEFAULT '';"
    broken: Files = files(*[(sql, TABLES) for sql in ("", plain, required)])
    broken |= {path: "{" for path in broken if path.endswith("_snapshot.json")}
    assert skipped(check(ALL, broken)) == []


def test_the_first_migration_starts_from_nothing() -> None:
    first = files(("DROP TABLE IF EXISTS notes;\nCREATE TABLE notes (id integer);", TABLES))
    report = check(ALL, first)
    assert not report.findings
    assert skipped(report) == []


def test_each_migration_is_followed_once_for_all_rules() -> None:
    found = repository(DROP)
    (database,) = found.journaled
    once = effects(database, database.entries[1])
    assert effects(database, database.entries[1]) is once
    assert [loss.table for loss in once.losses] == ["notes"]


def test_what_is_known_of_a_commit_is_known_of_the_next() -> None:
    facts, found = Facts(), []
    tables = files(("", "notes: id!"), ("DROP TABLE notes;", ""))
    for version in (DROP, DROP, tables):
        tree = _KnowsBlobs({path: str(text).encode() for path, text in version.items()})
        (database,) = Repository(tree, NOW, facts).journaled
        found.append(effects(database, database.entries[1], facts))
    assert found[0] is found[1]
    assert found[0] is not found[2]  # the schema before it is another
    assert isinstance(found[0].losses[0], Loss)


def test_a_migration_without_end_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_MOST_OPERATIONS", 3)
    long = files(("", TABLES), ("DROP TABLE notes;\n" * 4, TABLES))
    report = check(ALL, long)
    assert not report.findings
    assert {reason for _, reason in skipped(report)} == {"line 1: it has more than 3 operations"}


def test_sql_that_cannot_be_read_is_said() -> None:
    report = check(ALL, _Closed({path: str(text).encode() for path, text in DROP.items()}))
    assert skipped(report) == [("drizzle/0001_step.sql", "closed")] * len(ALL.split())
