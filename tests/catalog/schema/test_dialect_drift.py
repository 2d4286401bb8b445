"""Tables and columns that not every dialect has."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Range, Severity
from tests.catalog.helpers import Files, check, config, messages, skipped, table

CONFIGS = {
    "drizzle.sqlite.config.ts": config("sqlite", "./sqlite.ts", "./out/sqlite"),
    "drizzle.pg.config.ts": config("postgresql", "./pg.ts", "./out/pg"),
}
SQLITE = "import { sqliteTable as t, text } from 'drizzle-orm/sqlite-core';\n"
PG = "import { pgTable as t, text } from 'drizzle-orm/pg-core';\n"


def two(sqlite: str, pg: str, **more: str) -> Files:
    """Two databases, each with a table `users` and what is given."""
    users = "export const users = t('users', { id: text('id'), name: text('name') });\n"
    return CONFIGS | {"sqlite.ts": SQLITE + users + sqlite, "pg.ts": PG + users + pg} | more


def test_missing_table_is_one_finding_where_it_stands() -> None:
    files = two("", "export const keys = t('keys', { id: text('id'), hash: text('hash') });\n")
    (finding,) = check("PLX102", files).findings
    assert (finding.path, finding.range) == ("pg.ts", Range(3, 21, 3, 29))
    assert finding.message == "SQLite has no table keys"
    assert finding.severity is Severity.WARNING


def test_missing_column_names_both_tables() -> None:
    files = two(
        "export const keys = t('keys', { id: text('id'),\r\n  hash: text('key_hash') });\r\n",
        "export const keys = t('keys', { id: text('id') });\n",
    )
    (finding,) = check("PLX102", files).findings
    assert (finding.path, finding.range) == ("sqlite.ts", Range(4, 3, 4, 7))
    assert finding.message == "PostgreSQL has no column key_hash in table keys"
    assert [(p.path, p.range.line, p.message) for p in finding.related] == [
        ("pg.ts", 3, "table keys lacks it")
    ]


@pytest.mark.parametrize(
    ("sqlite", "pg"),
    [
        ("text()", "text('created_at')"),
        ("text({ mode: 'json' })", "text('createdAt')"),
        ("text()", "text()"),
    ],
)
def test_name_that_is_not_given_may_have_any_casing(sqlite: str, pg: str) -> None:
    files = two(
        f"export const keys = t('keys', {{ createdAt: {sqlite} }});\n",
        f"export const keys = t('keys', {{ createdAt: {pg} }});\n",
    )
    assert not check("PLX102", files).findings


def test_computed_name_narrows_its_table_only() -> None:
    files = two(
        "export const keys = t('keys', { id: text('id'), hash: text('hash') });\n"
        "export const logs = t('logs', { id: text('id'), text: text('text') });\n",
        "const name = process.env.NAME!;\n"
        "export const keys = t('keys', { id: text('id'), other: text(name), more: text() });\n"
        "export const logs = t('logs', { id: text('id') });\n",
    )
    report = check("PLX102", files)
    assert messages(report) == [
        "SQLite has no column more in table keys",
        "PostgreSQL has no column text in table logs",
    ]
    (part,) = skipped(report)
    assert part[0] == "pg.ts"
    assert part[1].startswith("line 4: the name of column 'other' is computed")
    assert part[1].endswith("columns that PostgreSQL's table keys seems to lack are not reported")


def test_spread_that_cannot_be_read_narrows_its_table() -> None:
    files = two(
        "export const keys = t('keys', { id: text('id'), hash: text('hash') });\n",
        "import { audit } from 'some-package';\n"
        "export const keys = t('keys', { id: text('id'), ...audit });\n",
    )
    report = check("PLX102", files)
    assert not report.findings
    assert [path for path, _ in skipped(report)] == ["pg.ts"]


def test_tables_that_may_lie_in_an_unread_file_are_not_missed() -> None:
    files = two(
        "export const keys = t('keys', { id: text('id') });\n", "export * from 'some-package';\n"
    )
    report = check("PLX102", files)
    assert not report.findings
    (part,) = skipped(report)
    assert part == (
        "pg.ts",
        "line 3: `some-package` is not in this repository; tables that PostgreSQL seems to lack "
        "are not reported",
    )


def test_table_with_a_computed_name_may_be_the_missing_one() -> None:
    files = two(
        "export const keys = t('keys', { id: text('id') });\n",
        "export const keys = t(process.env.TABLE!, { id: text('id') });\n",
    )
    report = check("PLX102", files)
    assert not report.findings
    assert "tables that PostgreSQL seems to lack" in skipped(report)[0][1]


def test_schema_that_cannot_be_read_is_said() -> None:
    files = dict(two("", ""))
    files["drizzle.pg.config.ts"] = (
        "import { defineConfig } from 'drizzle-kit';\n"
        "export default defineConfig({ dialect: 'postgresql', schema: find(), out: './out/pg' });\n"
    )
    report = check("PLX102", files)
    assert not report.findings
    reason = "its tables cannot all be read, so it was compared with no other dialect's"
    assert skipped(report) == [("drizzle.pg.config.ts", reason)]


def test_three_dialects_give_one_finding_for_each_thing() -> None:
    files = dict(two("export const keys = t('keys', { id: text('id') });\n", ""))
    files["drizzle.mysql.config.ts"] = config("mysql", "./mysql.ts", "./out/mysql")
    files["mysql.ts"] = table("mysql", "users", ["id"])
    assert messages(check("PLX102", files)) == [
        "MySQL has no column name in table users",
        "MySQL and PostgreSQL have no table keys",
    ]


def test_databases_that_belong_together_are_compared() -> None:
    files = {
        f"{database}.{core}.config.ts": config(
            dialect, f"./{database}.{core}.ts", f"./{core}-{database}"
        )
        for database in ("main", "logs")
        for core, dialect in (("sqlite", "sqlite"), ("pg", "postgresql"))
    }
    files = {f"drizzle.{path}": text for path, text in files.items()}
    for core in ("sqlite", "pg"):
        files[f"main.{core}.ts"] = table(core, "users")
        files[f"logs.{core}.ts"] = table(core, "events", ["id", "text"])
    files["logs.pg.ts"] = table("pg", "events", ["id"])
    assert messages(check("PLX102", files)) == ["PostgreSQL has no column text in table events"]


def test_one_dialect_may_split_what_the_other_keeps_together() -> None:
    files = {
        "drizzle.pg.config.ts": config("postgresql", "./pg/*.ts", "./out/pg"),
        "drizzle.main.config.ts": config("sqlite", "./main.ts", "./out/main"),
        "drizzle.logs.config.ts": config("sqlite", "./logs.ts", "./out/logs"),
        "pg/users.ts": table("pg", "users"),
        "pg/events.ts": table("pg", "events"),
        "main.ts": table("sqlite", "users"),
        "logs.ts": table("sqlite", "events"),
    }
    assert not check("PLX102", files).findings


def test_databases_with_little_in_common_are_unrelated() -> None:
    files = dict(two("", ""))
    files["sqlite.ts"] = "".join(
        table("sqlite", name).replace("import", f"// {name}\nimport") for name in "abc"
    )
    files["sqlite.ts"] = SQLITE + "".join(
        f"export const {name} = t('{name}', {{ id: text('id') }});\n" for name in ("users", *"abc")
    )
    files["pg.ts"] = PG + "".join(
        f"export const {name} = t('{name}', {{ id: text('id') }});\n" for name in ("users", *"xyz")
    )
    report = check("PLX102", files)
    assert not report.findings
    assert not skipped(report)


def services(a: dict[str, str], b: dict[str, str]) -> dict[str, str]:
    """Two packages with a database each, SQLite and PostgreSQL: tables, and their columns."""

    def tables(head: str, found: dict[str, str]) -> str:
        listed = {
            name: ", ".join(f"{c}: text('{c}')" for c in columns.split())
            for name, columns in found.items()
        }
        return head + "".join(
            f"export const {name} = t('{name}', {{ {columns} }});\n"
            for name, columns in listed.items()
        )

    return {
        "a/package.json": "{}",
        "a/drizzle.config.ts": config("sqlite", "./schema.ts", "./out"),
        "a/schema.ts": tables(SQLITE, a),
        "b/package.json": "{}",
        "b/drizzle.config.ts": config("postgresql", "./schema.ts", "./out"),
        "b/schema.ts": tables(PG, b),
    }


def test_services_of_two_packages_may_share_names_of_tables() -> None:
    own = {"users": "id email password", "sessions": "id user_id token"}
    other = {"users": "id login name role", "sessions": "id account", "orders": "id total"}
    report = check("PLX102 PLX601", services(own, other))
    assert not report.findings
    assert not skipped(report)


def test_tables_of_two_packages_that_are_alike_are_compared() -> None:
    columns = "id email name role created"
    own = {"users": columns, "keys": "id hash", "notes": "id text", "logs": "id", "a": "id"}
    other = own | {"users": "id email name role"}
    del other["a"]
    assert messages(check("PLX102", services(own, other))) == [
        "PostgreSQL has no column created in table users",
        "PostgreSQL has no table a",
    ]
    unlike = other | {"users": "id email", "logs": "id more"}
    assert not check("PLX102", services(own, unlike)).findings


def test_spread_that_cannot_be_read_does_not_part_packages() -> None:
    files = services({"users": "id email name", "keys": "id"}, {"keys": "id"})
    files["b/schema.ts"] = (
        f"{files['b/schema.ts']}import {{ audit }} from 'some-package';\n"
        "export const users = t('users', { id: text('id'), ...audit });\n"
    )
    report = check("PLX102", files)
    assert not report.findings
    assert [path for path, _ in skipped(report)] == ["b/schema.ts"]


_MARKERS = "<<<<<<< HEAD\nconst a = 1;\n=======\nconst a = 2;\n>>>>>>> other\n"
_SPLIT = "{ id: text('id'), hash: text('hash') }"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (_MARKERS, 2, "conflict markers, so the file cannot be parsed"),
        ("export const keys = t('keys', { id: text('id')\n", 2, "a syntax error"),
        ("export const keys = t('keys', { id: text('id'), hash text('hash') });\n", 2,
         "a syntax error"),
        ("export const more = t('more', { id: text('id') });\n" + _MARKERS, 3,
         "conflict markers, so the file cannot be parsed"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_parsed_is_no_finding_on_the_other_dialect(
    text: str, line: int, reason: str
) -> None:
    files = dict(two("export * from './keys';\n", f"export const keys = t('keys', {_SPLIT});\n"))
    files["keys.ts"] = SQLITE + text
    report = check("PLX102", files)
    assert not report.findings
    what = "tables and columns that SQLite seems to lack are not reported"
    assert skipped(report) == [("keys.ts", f"line {line}: {reason}; {what}")]


@pytest.mark.parametrize(
    "index",
    [
        "export { keys } from './barrel';\n",
        "import { keys } from './barrel';\nexport { keys };\n",
        "import { make } from './barrel';\nexport const keys = make('keys');\n",
    ],
)
def test_table_may_come_from_a_broken_file_by_any_way(index: str) -> None:
    files = two(
        index,
        f"export const keys = t('keys', {_SPLIT});\n",
        **{"barrel.ts": "export * from './broken';\n", "broken.ts": _MARKERS},
    )
    report = check("PLX102", files)
    assert not report.findings
    assert [path for path, _ in skipped(report)] == ["broken.ts"]


def test_broken_file_hides_nothing_of_the_other_tables() -> None:
    files = two(
        "export * from './broken';\nexport const keys = t('keys', { id: text('id') });\n",
        f"export const keys = t('keys', {_SPLIT});\n",
        **{"broken.ts": _MARKERS},
    )
    assert messages(check("PLX102", files)) == ["SQLite has no column hash in table keys"]


def test_broken_schema_that_has_no_counterpart_left_is_said() -> None:
    files = dict(two("", "")) | {"sqlite.ts": _MARKERS}
    report = check("PLX102", files)
    assert not report.findings
    assert sorted(path for path, _ in skipped(report)) == [
        "drizzle.sqlite.config.ts",
        "sqlite.ts",
    ]


def test_table_of_a_database_schema_has_its_own_name() -> None:
    files = two(
        "export const keys = t('keys', { id: text('id') });\n",
        "import { pgSchema } from 'drizzle-orm/pg-core';\n"
        "export const keys = pgSchema('auth').table('keys', { id: text('id') });\n"
        "export const old = pgSchema('old').table('keys', { gone: text('gone') });\n",
    )
    assert messages(check("PLX102", files)) == ["SQLite has no column gone in table keys"]


def test_large_tables_are_compared_quickly() -> None:
    columns = [f"c{number}" for number in range(5_000)]
    files = CONFIGS | {
        "sqlite.ts": table("sqlite", "users", columns),
        "pg.ts": table("pg", "users", columns[:-1]),
    }
    assert messages(check("PLX102", files)) == ["PostgreSQL has no column c4999 in table users"]
