"""Migrations that one dialect gets and another would need."""

from __future__ import annotations

import json

import pytest

from plexus_rules.finding import Range
from plexus_rules.samples import ADD_COLUMN_ONE_DIALECT, ADD_COLUMN_SCHEMA_ONLY
from tests.catalog.helpers import check, messages, places, sample, skipped, table
from tests.catalog.migrations.histories import (
    Files,
    entry,
    history,
    identity,
    journal,
    snapshot,
    without,
)

CORES = {"lite": "sqlite", "pg": "pg", "my": "mysql"}
DIALECTS = {"lite": "sqlite", "pg": "postgresql", "my": "mysql"}
TAGS = ("0000_a", "0001_b", "0002_c", "0003_d")


def project(**migrations: int) -> Files:
    """Databases by their folders, each with its number of migrations; all declare `c0` to `c2`."""
    files: Files = {}
    for out, count in migrations.items():
        files |= history(*TAGS[:count], out=out, dialect=DIALECTS[out])
        files[f"{out}.ts"] = table(CORES[out], "notes", ("c0", "c1", "c2"))
    return files


BEFORE = project(lite=2, pg=2)


def test_place_is_the_column_in_the_schema_of_the_dialect_that_lacks_it() -> None:
    (finding,) = check("PLX209", project(lite=3, pg=2), BEFORE).findings
    assert (finding.path, finding.range) == ("pg.ts", Range(2, 73, 2, 75))
    assert finding.message == "the new migrations add notes.c2 for SQLite, and not for PostgreSQL"
    assert [(r.path, r.range.line, r.message) for r in finding.related] == [
        ("lite/0002_c.sql", 1, "the migration for SQLite")
    ]
    assert finding.remedy == (
        "Run `bunx drizzle-kit generate --config drizzle.config.pg.ts`, and commit what it makes "
        "with the rest."
    )


def test_every_other_dialect_is_asked_for() -> None:
    before = project(lite=2, pg=2, my=2)
    found = check("PLX209", project(lite=3, pg=2, my=2), before).findings
    assert [f.path for f in found] == ["my.ts", "pg.ts"]
    assert found[0].message.endswith("for SQLite, and not for MySQL")
    assert found[0].remedy.startswith("Run `drizzle-kit generate` with my.config.ts, ")
    assert places(check("PLX209", project(lite=3, pg=3, my=2), before)) == [("my.ts", 2)] * 2


def test_many_columns_are_one_finding() -> None:
    before, after = project(lite=1, pg=1), project(lite=4, pg=1)
    for files in (before, after):
        files["pg.ts"] = table("pg", "notes", ("c0", "c1", "c2", "c3", "c4"))
    after |= {
        "lite/meta/0003_snapshot.json": snapshot(
            identity(3), identity(2), [f"c{n}" for n in range(5)]
        )
    }
    (finding,) = check("PLX209", after, before).findings
    assert finding.message == (
        "the new migrations add notes.c1, notes.c2, notes.c3 and 1 more for SQLite, and not for "
        "PostgreSQL"
    )
    assert len(finding.related) == 3 + 3


def test_table_stands_for_its_columns() -> None:
    path = "lite/meta/0001_snapshot.json"
    after = project(lite=2, pg=2)
    value = json.loads(str(after[path]))
    value["tables"]["tags"] = {"name": "tags", "columns": {"id": {}, "name": {}}}
    after |= journal([entry(n, tag) for n, tag in enumerate(TAGS[:3])], "lite")
    after |= {"lite/0002_c.sql": "CREATE TABLE tags (id text, name text);"}
    after["lite/meta/0002_snapshot.json"] = json.dumps(value | {"id": identity(2)})
    after["pg.ts"] = f"{after['pg.ts']!s}{table('pg', 'tags').partition(chr(10))[2]}"
    (finding,) = check("PLX209", after, BEFORE).findings
    assert finding.message == "the new migrations add tags for SQLite, and not for PostgreSQL"
    assert (finding.path, finding.range.line) == ("pg.ts", 3)


def test_column_and_table_that_go() -> None:
    before = project(lite=3, pg=3)
    for dialect in ("lite", "pg"):
        before[f"{dialect}.ts"] = table(CORES[dialect], "notes", ("c0", "c2"))
    after = before | journal([entry(n, tag) for n, tag in enumerate(TAGS)], "lite")
    after |= {"lite/0003_d.sql": "ALTER TABLE notes DROP COLUMN c1;"}
    after["lite/meta/0003_snapshot.json"] = snapshot(identity(3), identity(2), ["c0", "c2"])
    (finding,) = check("PLX209", after, before).findings
    assert finding.message == "the new migrations drop notes.c1 for SQLite, and not for PostgreSQL"
    assert (finding.path, finding.range) == ("pg.ts", Range(2, 22, 2, 37))
    kept = {"pg.ts": table("pg", "notes", ("c0", "c1", "c2"))}
    assert not check("PLX209", after | kept, before).findings


def test_column_that_one_dialect_declares_alone_is_drift_and_no_finding_here() -> None:
    after = sample(ADD_COLUMN_ONE_DIALECT)
    assert not check("PLX209", after, sample()).findings
    assert check("PLX102", after, sample()).findings


def test_schema_without_any_migration_is_no_finding_here() -> None:
    assert not check("PLX209", sample(ADD_COLUMN_SCHEMA_ONLY), sample()).findings


def test_dialect_without_a_history_yet_is_no_finding() -> None:
    files = project(lite=3, pg=0)
    del files["pg/meta/_journal.json"]
    assert not check("PLX209", files, project(lite=2)).findings


def test_added_dialect_may_start_with_everything_at_once() -> None:
    assert not check("PLX209", project(lite=3, pg=3), project(lite=3)).findings


def test_dropped_dialect_needs_no_migration() -> None:
    assert not check("PLX209", project(lite=3), BEFORE).findings


def test_what_landed_before_is_not_asked_for_again() -> None:
    files = project(lite=3, pg=2)
    assert not check("PLX209", files, files).findings


def test_databases_without_common_tables_are_not_compared() -> None:
    before, after = (project(lite=count, pg=2) for count in (2, 3))
    for files in (before, after):
        files["pg.ts"] = table("pg", "users", ("c2",))
    assert not check("PLX209", after, before).findings


@pytest.mark.parametrize("key", ["c2: text('c2')", "c2: text()", "C2: text()"])
def test_casing_may_change_a_name_that_is_not_given(key: str) -> None:
    before, after = project(lite=2, pg=2), project(lite=3, pg=2)
    for files in (before, after):
        files["pg.ts"] = str(files["pg.ts"]).replace("c2: text('c2')", key)
    assert len(check("PLX209", after, before).findings) == 1


def test_what_cannot_be_read_is_said() -> None:
    before, after = project(lite=2, pg=2), project(lite=3, pg=2)
    for files in (before, after):
        files["pg.ts"] = str(files["pg.ts"]).replace("c2: text('c2')", "...more()")
    report = check("PLX209", after, before)
    assert not report.findings
    assert skipped(report) == [
        ("pg.config.ts", "whether notes.c2 is declared for PostgreSQL cannot be read")
    ]


@pytest.mark.parametrize(
    ("path", "where", "reason"),
    [
        (
            "lite/meta/0002_snapshot.json",
            "lite/meta/_journal.json",
            "the newest snapshot cannot be read, so what the new migrations do is not known",
        ),
        (
            "pg/meta/0001_snapshot.json",
            "pg/meta/0001_snapshot.json",
            "the newest migration, 0001_b, has no snapshot that can be read, so the dialects "
            "cannot be compared",
        ),
    ],
)
def test_without_its_newest_snapshot_a_history_is_not_judged(
    path: str, where: str, reason: str
) -> None:
    report = check("PLX209", without(project(lite=3, pg=2), path), BEFORE)
    assert not report.findings
    assert skipped(report) == [(where, reason)]


def test_handwritten_sql_that_may_be_the_missing_migration_comes_first() -> None:
    hand: Files = {"pg/0009_hand.sql": "SELECT 1;"}
    report = check("PLX202 PLX209", project(lite=3, pg=2) | hand, BEFORE)
    assert [f.rule for f in report.findings] == ["PLX202"]
    assert skipped(report) == [
        (
            "pg/0009_hand.sql",
            "the journal does not list the newest SQL, so the dialects cannot be compared",
        )
    ]


def test_old_handwritten_sql_is_another_cause() -> None:
    hand: Files = {"pg/0000_hand.sql": "SELECT 1;"}
    report = check("PLX202 PLX209", project(lite=3, pg=2) | hand, BEFORE | hand)
    assert [f.rule for f in report.findings] == ["PLX209", "PLX202"]


def test_one_dialect_is_not_judged() -> None:
    report = check("PLX209", project(lite=3), project(lite=2))
    assert messages(report) == []
    assert skipped(report) == [(".", "the repository has one dialect; this rule compares two")]


def test_schema_that_cannot_be_parsed_is_said_once() -> None:
    after = project(lite=4, pg=1)
    after["pg.ts"] = table("pg", "notes") + "<<<<<<< HEAD\n=======\n>>>>>>> other\n"
    report = check("PLX209", after, project(lite=1, pg=1))
    assert not report.findings
    assert skipped(report) == [
        (
            "pg.ts",
            "line 3: conflict markers, so the file cannot be parsed; what of the new migrations is "
            "declared for PostgreSQL is not known",
        )
    ]
