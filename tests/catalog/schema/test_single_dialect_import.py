"""Application code that takes the tables of one dialect."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Range, Severity
from tests.catalog.helpers import check, config, messages, places, table

BASE = {
    "drizzle.config.ts": config("sqlite", "./schema/sqlite/index.ts", "./out"),
    "drizzle.config.pg.ts": config("postgresql", "./schema/postgres/index.ts", "./out_pg"),
    "schema/index.ts": "export * from './sqlite';\n",
    "schema/sqlite/index.ts": "export * from './users';\nexport * from './more';\n",
    "schema/sqlite/users.ts": table("sqlite", "users") + "export const limit = 10;\n",
    "schema/sqlite/more.ts": table("sqlite", "keys"),
    "schema/postgres/index.ts": "export * from './users';\nexport * from './more';\n",
    "schema/postgres/users.ts": table("pg", "users"),
    "schema/postgres/more.ts": table("pg", "keys"),
}


@pytest.mark.parametrize(
    "text",
    [
        "import { users } from '../schema/sqlite';",
        "import * as schema from '../schema/sqlite/index';",
        "import { limit, users as u } from '../schema/sqlite/users';",
        "const { users } = require('../schema/sqlite');",
        "const load = () => import('../schema/sqlite');",
        "export * from '../schema/sqlite';",
        "import postgres from 'postgres'; import { users } from '../schema/sqlite';",
    ],
)
def test_every_form_of_import_counts(text: str) -> None:
    report = check("PLX112", BASE | {"src/a.ts": text})
    assert places(report) == [("src/a.ts", 1)]
    assert report.findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "import '../schema/sqlite';",
        "import { limit } from '../schema/sqlite/users';",
        "import { nothing } from '../schema/sqlite';",
        "import type { users } from '../schema/sqlite';",
        "import { type users } from '../schema/sqlite';",
        "type Users = import('../schema/sqlite').users;",
        "import * as schema from '../schema';",
        "import * as a from '../schema/sqlite'; import * as b from '../schema/postgres';",
        "import { users } from '../schema/sqlite'; import { keys } from '../schema/postgres/more';",
        "import { users } from '../schema/sqlite'; if (isSqlite()) use(users);",
        "import { users } from '../schema/sqlite'; if (kind === 'postgres') throw new Error();",
    ],
)
def test_other_imports_do_not(text: str) -> None:
    assert not check("PLX112", BASE | {"src/a.ts": text}).findings


@pytest.mark.parametrize(
    "path",
    [
        "src/sqlite/a.ts",
        "src/sqlite-store.ts",
        "src/SQLiteStore.ts",
        "src/storeLibsql.ts",
        "src/db/client.d1.ts",
        "packages/turso/src/a.ts",
        "schema/sqlite/relations.ts",
        "src/a.test.ts",
        "tests/helper.ts",
        "scripts/copy.ts",
        "src/db/seed.ts",
    ],
)
def test_place_or_name_may_say_the_dialect(path: str) -> None:
    up = "../" * path.count("/")
    files = BASE | {path: f"import {{ users }} from '{up}schema/sqlite';\n"}
    assert not check("PLX112", files).findings


@pytest.mark.parametrize("path", ["src/postgres/a.ts", "src/usage.pg.ts", "src/elite.ts"])
def test_name_of_another_dialect_does_not_help(path: str) -> None:
    up = "../" * path.count("/")
    files = BASE | {path: f"import {{ users }} from '{up}schema/sqlite';\n"}
    assert places(check("PLX112", files)) == [(path, 1)]


def test_one_module_is_one_finding() -> None:
    files = BASE | {
        "src/a.ts": "import type { users as t } from '../schema/sqlite';\n"
        "import { users } from '../schema/sqlite/users';\n"
        "import { keys } from '../schema/sqlite/more';\n"
    }
    (finding,) = check("PLX112", files).findings
    assert finding.range == Range(2, 23, 2, 47)
    assert finding.message == "this takes the SQLite tables, whatever dialect is in use"
    assert [(p.path, p.range.line, p.message) for p in finding.related] == [
        ("src/a.ts", 3, "more SQLite tables")
    ]


def test_files_that_the_schema_is_made_of_may_take_its_tables() -> None:
    files = BASE | {
        "schema/sqlite/index.ts": "export * from './users';\nexport * from '../relations';\n",
        "schema/relations.ts": "import { users } from './sqlite/users';\nexport const r = users;\n",
    }
    assert not check("PLX112", files).findings


def test_namespace_of_tables_is_looked_into() -> None:
    files = BASE | {
        "schema/sqlite/all.ts": "export * as tables from './users';\n",
        "src/a.ts": "import { tables } from '../schema/sqlite/all';\n",
    }
    assert places(check("PLX112", files)) == [("src/a.ts", 1)]


def test_drizzle_config_may_take_the_tables() -> None:
    files = BASE | {
        "drizzle.config.ts": "import { users } from './schema/sqlite';\nconsole.log(users);\n"
        + BASE["drizzle.config.ts"]
    }
    assert not check("PLX112", files).findings


def test_dialects_that_share_a_directory_are_told_apart_by_their_files() -> None:
    files = {
        "drizzle.config.ts": config("sqlite", "./src/schema.lite.ts", "./out"),
        "drizzle.config.pg.ts": config("postgresql", "./src/schema.pg.ts", "./out_pg"),
        "src/schema.lite.ts": table("sqlite", "users"),
        "src/schema.pg.ts": table("pg", "users"),
        "src/a.ts": "import { users } from './schema.pg';\n",
        "src/b.ts": "import * as a from './schema.pg';\nimport * as b from './schema.lite';\n",
    }
    report = check("PLX112", files)
    assert places(report) == [("src/a.ts", 1)]
    assert messages(report) == ["this takes the PostgreSQL tables, whatever dialect is in use"]


def test_tables_of_an_unrelated_database_may_be_taken() -> None:
    files = BASE | {
        "drizzle.cache.config.ts": config("sqlite", "./src/cache/schema.ts", "./out_cache"),
        "src/cache/schema.ts": table("sqlite", "entries"),
        "src/a.ts": "import { entries } from './cache/schema';\n",
    }
    assert not check("PLX112", files).findings


def test_parent_index_is_another_rules_affair() -> None:
    files = BASE | {"src/a.ts": "import { users } from '../schema';\n"}
    assert [f.rule for f in check("PLX111 PLX112", files).findings] == ["PLX111"]


def test_two_of_three_dialects_are_a_choice() -> None:
    files = BASE | {
        "drizzle.config.mysql.ts": config("mysql", "./schema/mysql/index.ts", "./out_mysql"),
        "schema/mysql/index.ts": table("mysql", "users"),
        "src/a.ts": "import * as a from '../schema/mysql';\n"
        "import * as b from '../schema/sqlite';\n",
        "src/b.ts": "import * as a from '../schema/mysql';\n",
    }
    assert places(check("PLX112", files)) == [("src/b.ts", 1)]
