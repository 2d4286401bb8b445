"""PLX401: what its examples do not show."""

from __future__ import annotations

import pytest

from plexus_rules.check import Report
from plexus_rules.finding import Range
from tests.catalog import helpers

CREATE = "CREATE TABLE a (b int)"


def check(code: str | bytes, path: str = "src/a.ts", **others: str) -> Report:
    files: dict[str, str | bytes] = {
        "drizzle.config.ts": helpers.config("sqlite", "./schema.ts", "./drizzle"),
        path: code,
        **{f"src/{name}.ts": text for name, text in others.items()},
    }
    return helpers.check("PLX401", files)


@pytest.mark.parametrize(
    "code",
    [
        f"db.run(sql`{CREATE}`)",
        f"db.execute(sql.raw('{CREATE}'))",
        f"await client`{CREATE}`",
        f"await tx.unsafe('{CREATE}')",
        f"sqlite.prepare('{CREATE}').run()",
        f"client.execute({{ sql: '{CREATE}', args: [] }})",
        f"pool.query({{ text: '{CREATE}' }})",
        f"client.batch(['SELECT 1', {{ sql: '{CREATE}' }}])",
        f"d1.exec('{CREATE}')",
        f"runSql(db, '{CREATE}')",
        f"const q = `{CREATE}`; export const go = () => db.exec(q)",
        f"const all = ['SELECT 1', '{CREATE}']; all.forEach((one) => db.run(one))",
        f"db.exec(['SELECT 1', '{CREATE}'].join(';'))",
        "db.exec(`SELECT 1; -- now\n CREATE INDEX i ON a (b)`)",
        "db.exec('ALTER TABLE ' + name + ' ADD COLUMN b int')",
        "db.execute(sql`ALTER TABLE ${table} ADD COLUMN b int`)",
        "db.execute(sql`DROP TABLE IF EXISTS a`)",
        "prisma.$executeRawUnsafe('CREATE TYPE m AS ENUM (1)')",
        "for (const t of ['a', 'b']) db.run(`DROP TABLE ${t}`)",
    ],
)
def test_one_call_is_one_finding(code: str) -> None:
    assert len(check(code).findings) == 1


@pytest.mark.parametrize(
    "code",
    [
        f"log('{CREATE}')",
        f"const found = /table/i.exec('{CREATE}')",
        f"describe('{CREATE}', () => {{}})",
        f"// db.run('{CREATE}')",
        f"const text = '{CREATE}'",
        f"html`{CREATE}`",
        "db.run('create table of contents')",
        "db.run(`SELECT 'CREATE TABLE a (b int)'`)",
        "db.run(sql`VACUUM`); db.run(sql`PRAGMA x`); db.run(sql`ANALYZE`); db.run(sql`TRUNCATE a`)",
        "db.run('CREATE TEMPORARY TABLE a (b int)'); db.run('ALTER TABLE a ADD c int')",
        "db.run('CREATE TABLE temp.a (b int)'); db.run('CREATE TABLE pg_temp.a (b int)')",
        "db.run('CREATE TABLE IF NOT EXISTS drizzle.x (b int)')",
        "db.run('CREATE SCHEMA IF NOT EXISTS drizzle'); db.run('DROP SCHEMA public CASCADE')",
        "const t = '__drizzle_migrations'; db.run(sql.raw(`CREATE TABLE \"${t}\" (b int)`))",
        "db.run(sql`CREATE TABLE ${sql.identifier('__drizzle_migrations')} (b int)`)",
        "for (const { name } of rows) db.run(`DROP TABLE \"${name}\"`)",
        f"const db = new Database(':memory:'); db.exec('{CREATE}')",
        f"const db = new PGlite(); db.exec('{CREATE}')",
        f"export async function up() {{ db.run('{CREATE}') }} export async function down() {{}}",
        f"import {{ createClient }} from '@clickhouse/client'; this.client.exec('{CREATE}')",
        f"import m from 'mysql2/promise'; const c = await m.createPool({{}}); c.query('{CREATE}')",
    ],
)  # fmt: skip
def test_no_finding(code: str) -> None:
    assert not check(code).findings


@pytest.mark.parametrize("path", ["src/a.test.ts", "test/a.ts", "src/a.d.ts", "a.sql", "README.md"])
def test_files_that_are_not_the_application(path: str) -> None:
    assert not check(f"db.run('{CREATE}')", path).findings


def test_message_and_place() -> None:
    code = "const t = 'a';\ndb.exec(`\n  -- é\n  CREATE TABLE ${t} (b int); DROP TABLE x;`);\n"
    (finding,) = check(code).findings
    assert finding.message == "this runs DDL outside of a migration: CREATE TABLE a and 1 more"
    assert finding.range == Range(4, 3, 4, 20)
    assert finding.related == ()


def test_name_that_is_computed_is_not_named() -> None:
    (finding,) = check("db.run(`CREATE TABLE ${name()} (a int)`)").findings
    assert finding.message == "this runs DDL outside of a migration: CREATE TABLE"


def test_crlf() -> None:
    (finding,) = check(f"x;\r\ndb.run(`\r\n  {CREATE}`)\r\n").findings
    assert (finding.range.line, finding.range.column) == (3, 3)


def test_text_of_another_module_is_found_where_it_is_run() -> None:
    report = check(
        "import { TABLES } from './b'; db.exec(TABLES)", b=f"\nexport const TABLES = '{CREATE}';"
    )
    (finding,) = report.findings
    assert (finding.path, finding.range.column) == ("src/a.ts", 39)
    assert [(r.path, r.range.line, r.message) for r in finding.related] == [
        ("src/b.ts", 2, "the SQL is written here")
    ]


def test_same_text_run_twice_is_two_findings() -> None:
    code = f"const T = '{CREATE}';\ndb.exec(T);\nother.exec(T);\n"
    assert helpers.places(check(code)) == [("src/a.ts", 2), ("src/a.ts", 3)]


def test_records_that_the_migrator_is_told_to_keep() -> None:
    code = "db.run('CREATE TABLE IF NOT EXISTS done (b int)');"
    told = "migrate(db, { migrationsFolder, migrationsTable: 'done' })"
    assert check(code).findings
    assert not check(code, b=told).findings


def test_driver_of_another_module() -> None:
    code = f"import {{ warehouse }} from './b'; warehouse.query({{ query: '{CREATE}' }})"
    other = "import { open } from '@clickhouse/client'; export const warehouse = open();"
    assert not check(code, b=other).findings
    assert check(code, b=other.replace("@clickhouse/client", "better-sqlite3")).findings


@pytest.mark.parametrize(
    ("ours", "driver", "count"),
    [
        ("sqlite", "better-sqlite3", 1),
        ("sqlite", "postgres", 0),
        ("singlestore", "mysql2", 1),
        ("singlestore", "@duckdb/node-api", 0),
        ("sqlite", "some-driver", 1),
    ],
)
def test_database_of_another_dialect(ours: str, driver: str, count: int) -> None:
    files = {
        "drizzle.config.ts": helpers.config(ours, "./schema.ts", "./drizzle"),
        "a.ts": f"import open from '{driver}'; const db = open('x'); db.exec('{CREATE}');",
    }
    assert len(helpers.check("PLX401", files).findings) == count


def test_file_that_is_too_large_is_said() -> None:
    report = check(f"db.run('{CREATE}');" + " " * 2_100_000)
    assert helpers.places(report) == [("src/a.ts", 1)]
    assert helpers.skipped(report) == [("src/a.ts", "only its first 2 MiB are read")]


@pytest.mark.parametrize(
    "code", [b"\xff\xfe db.run('CREATE TABLE a (", b"\0", b"db.run(`CREATE TABLE a (${"]
)
def test_broken_source(code: bytes) -> None:
    assert not helpers.skipped(check(code))


def test_dialects_of_the_repository_do_not_matter() -> None:
    files = {
        "drizzle.config.ts": helpers.config("mysql", "./schema.ts", "./drizzle"),
        "a.ts": "pool.query('RENAME TABLE a TO b')",
    }
    assert helpers.places(helpers.check("PLX401", files)) == [("a.ts", 1)]
