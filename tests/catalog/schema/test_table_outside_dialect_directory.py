"""Tables elsewhere than their dialect's tables are."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Range
from plexus_rules.trees.memory import MemoryTree
from tests.catalog.helpers import check, config, messages, places, skipped, table

CONFIGS = {
    "drizzle.sqlite.config.ts": config("sqlite", "./schema/sqlite/**/*.ts", "./out/sqlite"),
    "drizzle.pg.config.ts": config("postgresql", "./schema/postgres/**/*.ts", "./out/pg"),
}
BOTH = CONFIGS | {
    f"schema/{directory}/{name}.ts": table(core, name)
    for directory, core in (("sqlite", "sqlite"), ("postgres", "pg"))
    for name in ("users", "keys")
}


def test_both_edges_say_where_the_table_lies() -> None:
    files = BOTH | {
        "schema/sqlite/a.ts": table("pg", "a"),
        "schema/postgres/b.ts": table("sqlite", "b"),
        "schema/c.ts": table("pg", "c"),
    }
    report = check("PLX101", files)
    assert dict(zip([path for path, _ in places(report)], messages(report), strict=True)) == {
        "schema/c.ts": "table c is built with the PostgreSQL core and lies outside of "
        "schema/postgres/",
        "schema/postgres/b.ts": "table b is built with the SQLite core and lies among the "
        "PostgreSQL tables",
        "schema/sqlite/a.ts": "table a is built with the PostgreSQL core and lies among the "
        "SQLite tables",
    }


def test_range_is_the_table_function_and_its_name() -> None:
    text = table("pg", "a").replace("\n", "\r\n").replace("= pg", "= /* ä */ pg")
    (finding,) = check("PLX101", BOTH | {"schema/a.ts": text}).findings
    assert finding.range == Range(2, 26, 2, 37)


@pytest.mark.parametrize(
    "path",
    [
        "schema/postgres/auth/a.ts",
        "schema/postgres/index.ts",
        "src/plugins/postgres/a.ts",
        "packages/pg-store/a.ts",
        "src/a.test.ts",
        "test/a.ts",
        "src/__tests__/a.ts",
        "scripts/backfill.ts",
        "examples/a.ts",
        "out/pg/schema.ts",
    ],
)
def test_place_is_fine(path: str) -> None:
    report = check("PLX101", BOTH | {path: table("pg", "a")})
    assert not report.findings
    assert not skipped(report)


def test_subdirectories_are_part_of_the_directory() -> None:
    files = CONFIGS | {
        f"schema/{directory}/{part}/tables.ts": table(core, part)
        for directory, core in (("sqlite", "sqlite"), ("postgres", "pg"))
        for part in ("auth", "billing", "usage")
    }
    assert not check("PLX101", files).findings


def test_dialects_that_share_a_directory_are_not_judged() -> None:
    files = {
        "drizzle.config.ts": config("sqlite", "./src/schema.sqlite.ts", "./out/sqlite"),
        "drizzle.config.pg.ts": config("postgresql", "./src/schema.pg.ts", "./out/pg"),
        "src/schema.sqlite.ts": table("sqlite", "users"),
        "src/schema.pg.ts": table("pg", "users"),
        "src/other.ts": table("pg", "other"),
    }
    report = check("PLX101", files)
    assert not report.findings
    reason = "the dialects share a directory, so no table can be in the wrong one"
    assert skipped(report) == [("drizzle.config.pg.ts", reason)]


def test_features_with_both_dialects_each_are_no_mistake() -> None:
    files = {
        "drizzle.config.ts": config("sqlite", "./src/*/sqlite/*.ts", "./out/sqlite"),
        "drizzle.config.pg.ts": config("postgresql", "./src/*/pg/*.ts", "./out/pg"),
    }
    for feature, names in {"users": ("users", "keys", "roles"), "billing": ("bills",)}.items():
        for directory, core in (("sqlite", "sqlite"), ("pg", "pg")):
            for name in names:
                files[f"src/{feature}/{directory}/{name}.ts"] = table(core, name)
    assert not check("PLX101", files).findings


def test_tables_of_another_application_are_its_own_affair() -> None:
    files = BOTH | {
        "apps/mail/package.json": "{}",
        "apps/mail/src/queue.ts": table("sqlite", "queue"),
        "apps/shop/drizzle.config.ts": config("postgresql", "./src/db.ts", "./out"),
        "apps/shop/package.json": "{}",
        "apps/shop/src/db.ts": table("pg", "orders"),
    }
    assert not check("PLX101", files).findings


def test_unrelated_databases_of_one_package_are_not_judged() -> None:
    files = BOTH | {
        "drizzle.cache.config.ts": config("sqlite", "./src/cache.ts", "./out/cache"),
        "src/cache.ts": table("sqlite", "entries"),
    }
    assert not check("PLX101", files).findings


def test_table_of_a_third_core_is_judged_among_the_others_only() -> None:
    files = BOTH | {
        "schema/sqlite/a.ts": table("mysql", "a"),
        "src/b.ts": table("mysql", "b"),
    }
    assert messages(check("PLX101", files)) == [
        "table a is built with the MySQL core and lies among the SQLite tables"
    ]


def test_tables_of_creators_and_schemas_are_seen() -> None:
    creator = (
        "import { pgSchema, pgTableCreator, text } from 'drizzle-orm/pg-core';\n"
        "const create = pgTableCreator((name) => `app_${name}`);\n"
        "export const a = create('a', { id: text('id') });\n"
        "export const b = pgSchema('x').table('b', { id: text('id') });\n"
    )
    report = check("PLX101", BOTH | {"src/tables.ts": creator})
    assert places(report) == [("src/tables.ts", 3), ("src/tables.ts", 4)]
    assert "table app_a" in messages(report)[0]


def test_function_that_makes_tables_is_no_table() -> None:
    helper = (
        "import { pgTable, text } from 'drizzle-orm/pg-core';\n"
        "export const make = (name: string) => pgTable(name, { id: text('id') });\n"
    )
    assert not check("PLX101", BOTH | {"src/make.ts": helper}).findings


def test_missing_counterpart_is_part_of_the_same_finding() -> None:
    (finding,) = check(
        "PLX101 PLX102", BOTH | {"schema/sqlite/keys.ts": table("pg", "keys")}
    ).findings
    assert finding.rule == "PLX101"
    assert [(place.path, place.message) for place in finding.related] == [
        ("schema/postgres/keys.ts", "SQLite has no table keys (PLX102)")
    ]


def test_files_that_cannot_be_read_are_named() -> None:
    class Locked(MemoryTree):
        def _read(self, path: str) -> bytes:
            data = super()._read(path)
            return data + b" " * (3 << 20) if path == "src/large.ts" else data

    files = BOTH | {"src/large.ts": table("pg", "large"), "src/odd.ts": "\xff\x00 pgTable('"}
    report = check("PLX101", Locked({path: text.encode() for path, text in files.items()}))
    assert places(report) == [("src/large.ts", 2)]
    assert skipped(report) == [("src/large.ts", "only its first 2 MiB are read")]


def test_repository_of_one_dialect_is_not_judged() -> None:
    report = check("PLX101", {p: t for p, t in BOTH.items() if "pg" not in p and "post" not in p})
    assert [part.path for part in report.not_run] == ["."]
