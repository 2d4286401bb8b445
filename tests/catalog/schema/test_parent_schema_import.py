"""Imports of the index above the dialects' directories."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Range
from plexus_rules.trees.memory import MemoryTree
from tests.catalog.helpers import check, config, messages, places, sample, skipped, table

BASE = {
    "drizzle.config.ts": config("sqlite", "./schema/index.ts", "./out"),
    "drizzle.config.pg.ts": config("postgresql", "./schema/postgres", "./out_pg"),
    "schema/index.ts": "export * from './sqlite/users';\n",
    "schema/sqlite/users.ts": table("sqlite", "users"),
    "schema/postgres/users.ts": table("pg", "users"),
}


@pytest.mark.parametrize(
    "text",
    [
        "import '../schema';",
        "import users = require('../schema');",
        "export { users as table } from '../schema';",
        "const { users } = require(`../schema/index`);",
        "type Users = import('../schema').users;",
        "/* ../schema */ import type { users } from '../schema/';",
        "const load = () => import(/* lazy */ '../schema');",
    ],
)
def test_every_form_of_import_counts(text: str) -> None:
    assert places(check("PLX111", BASE | {"src/a.ts": f"\r\n{text}\r\n"})) == [("src/a.ts", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "// import '../schema';",
        "const text = \"import '../schema'\";",
        "import '../schema/sqlite/users';",
        "import '../schema.js';",
        "import 'schema';",
        "import '../../schema';",
        "readFile('../schema/index.ts');",
    ],
)
def test_other_text_does_not(text: str) -> None:
    assert not check("PLX111", BASE | {"src/a.ts": text}).findings


def test_range_is_the_specifier() -> None:
    files = BASE | {"src/a.ts": "const ü = 1; import * as schema from '../schema';\n"}
    (finding,) = check("PLX111", files).findings
    assert finding.range == Range(1, 38, 1, 49)


def test_types_are_named_as_such() -> None:
    files = BASE | {"src/a.ts": "import type * as schema from '../schema';\n"}
    assert messages(check("PLX111", files)) == [
        "this imports the types of the parent index schema/index.ts, which does not choose by "
        "dialect"
    ]


def test_tests_and_dialect_directories_must_not_import_it_either() -> None:
    files = BASE | {
        "src/a.test.ts": "import { users } from '../schema';\n",
        "schema/postgres/relations.ts": "import { users } from '..';\n",
    }
    expected = [("schema/postgres/relations.ts", 1), ("src/a.test.ts", 1)]
    assert places(check("PLX111", files)) == expected


@pytest.mark.parametrize("name", ["index.mts", "index.js", "index.cjs"])
def test_index_may_have_any_ending(name: str) -> None:
    files = {path: text for path, text in BASE.items() if path != "schema/index.ts"}
    files["drizzle.config.ts"] = config("sqlite", "./schema/sqlite", "./out")
    files[f"schema/{name}"] = BASE["schema/index.ts"]
    files["src/a.ts"] = f"import {{ users }} from '../schema/{name}';\n"
    assert places(check("PLX111", files)) == [("src/a.ts", 1)]


@pytest.mark.parametrize(
    "index",
    [
        "export * as sqlite from './sqlite/users';\nexport * as pg from './postgres/users';\n",
        "import * as a from './sqlite/users';\nimport * as b from './postgres/users';\n"
        "export default process.env.DB === 'pg' ? b : a;\n",
        "export const limit = 100;\n",
        "",
    ],
)
def test_index_that_gives_no_dialects_tables_is_no_parent(index: str) -> None:
    files = BASE | {
        "drizzle.config.ts": config("sqlite", "./schema/sqlite", "./out"),
        "schema/index.ts": index,
        "src/a.ts": "import * as schema from '../schema';\n",
    }
    assert not check("PLX111", files).findings


def test_each_application_has_its_own_parent() -> None:
    files = {f"{app}/{path}": text for app in "ab" for path, text in BASE.items()}
    files = {path: text.replace("users", f"{path[0]}_users") for path, text in files.items()}
    files = {path.replace("users", f"{path[0]}_users"): text for path, text in files.items()}
    for app in "ab":
        files[f"{app}/package.json"] = "{}"
        files[f"{app}/src/x.ts"] = "import * as schema from '../schema';\n"
    assert places(check("PLX111", files)) == [("a/src/x.ts", 1), ("b/src/x.ts", 1)]


def test_package_of_the_tree_leads_to_it() -> None:
    files = BASE | {
        "package.json": '{"name": "@acme/db", "exports": {".": "./schema/index.ts"}}',
        "apps/web/package.json": '{"dependencies": {"@acme/db": "workspace:*"}}',
        "apps/web/src/a.ts": "import { users } from '@acme/db';\n",
    }
    assert places(check("PLX111", files)) == [("apps/web/src/a.ts", 1)]


def test_file_that_is_not_read_to_its_end_is_named() -> None:
    class Large(MemoryTree):
        def _read(self, path: str) -> bytes:
            return super()._read(path) + b"\n" * (3 << 20 if path == "src/a.ts" else 0)

    files = BASE | {"src/a.ts": "import '../schema';\n"}
    report = check("PLX111", Large({path: text.encode() for path, text in files.items()}))
    assert places(report) == [("src/a.ts", 1)]
    assert skipped(report) == [("src/a.ts", "only its first 2 MiB are read")]


def test_unfinished_code_is_read_as_far_as_it_goes() -> None:
    files = BASE | {
        "src/a.ts": "import { users } from '../schema';\nconst {{{ = (`",
        "src/b.ts": b"\xff\xfe\x00import '../schema'".decode("latin-1"),
    }
    assert places(check("PLX111", files)) == [("src/a.ts", 1), ("src/b.ts", 1)]


@pytest.mark.parametrize("rule", ["PLX101", "PLX102", "PLX111", "PLX112"])
def test_database_without_known_tables_is_named(rule: str) -> None:
    files = BASE | {
        "drizzle.config.ts": config("sqlite", "./gone.ts", "./out"),
        "src/a.ts": "import { users } from '../schema';\n",
    }
    report = check(rule, files)
    assert not report.findings
    paths = {path for path, reason in skipped(report) if "cannot all be read" in reason}
    assert paths == {"drizzle.config.ts"}


def test_sample_project_is_clean() -> None:
    report = check("PLX101 PLX102 PLX111 PLX112 PLX501", sample())
    assert not report.findings
    assert not report.not_run


def test_every_project_of_a_repository_has_its_own_parent_index() -> None:
    files: dict[str, str | bytes] = {}
    for root in ("", "apps/other/"):
        files |= {root + path: text for path, text in sample().items()}
        index = f"{root}packages/backend/src/report.ts"
        files[index] = "import { providers } from '../drizzle/schema';\n"
        moved = f"{root}packages/backend/drizzle/schema/sqlite/quotas.ts"
        files[moved] = table("pg", "quotas")
    found = {(f.rule, f.path) for f in check("PLX101 PLX111", files).findings}
    assert found == {
        (rule, f"{root}packages/backend/{path}")
        for root in ("", "apps/other/")
        for rule, path in (
            ("PLX101", "drizzle/schema/sqlite/quotas.ts"),
            ("PLX111", "src/report.ts"),
        )
    }
