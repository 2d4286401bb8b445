"""Tables that no schema exports: which are meant, and what they are told apart from."""

from __future__ import annotations

import pytest

from tests.catalog.helpers import Files, check, config, messages, places, skipped, table

CONFIG = "drizzle.config.ts"
USERS = {"src/db/schema/users.ts": table("sqlite", "users")}
INDEX = {"src/db/schema/index.ts": "export * from './users';\n"}
PROJECT: Files = {
    CONFIG: config("sqlite", "./src/db/schema/index.ts", "./drizzle"),
    **USERS,
    **INDEX,
}
ROLES = table("sqlite", "roles")


def found(files: Files) -> list[str]:
    return [path for path, _ in places(check("PLX103", files))]


def with_schema(entry: str, files: Files) -> Files:
    return {CONFIG: config("sqlite", entry, "./drizzle"), **files}


def test_nothing_is_said_where_all_is_exported() -> None:
    assert not check("PLX103", PROJECT).findings


@pytest.mark.parametrize("path", ["src/db/schema/roles.ts", "src/db/schema/auth/roles.ts"])
def test_a_table_beside_the_entry_or_below_it_is_meant(path: str) -> None:
    assert found({**PROJECT, path: ROLES}) == [path]


def test_a_table_beside_tables_is_meant_wherever_the_entry_lies() -> None:
    files = {"tables.ts": "export * from './src/models/users';\n"}
    files |= {"src/models/users.ts": table("sqlite", "users"), "src/models/roles.ts": ROLES}
    assert found(with_schema("./tables.ts", files)) == ["src/models/roles.ts"]


def test_a_table_beside_a_schema_that_is_one_file_is_meant_in_a_directory_of_schemas() -> None:
    files: Files = {"src/db/schema.ts": table("sqlite", "users"), "src/db/roles.ts": ROLES}
    assert found(with_schema("./src/db/schema.ts", files)) == ["src/db/roles.ts"]
    files = {"src/schema.ts": table("sqlite", "users"), "src/roles.ts": ROLES}
    assert found(with_schema("./src/schema.ts", files)) == []


def test_a_table_that_a_directory_or_a_glob_does_not_take_in_is_meant() -> None:
    files: Files = {**USERS, "src/db/schema/auth/roles.ts": ROLES}
    assert found(with_schema("./src/db/schema", files)) == ["src/db/schema/auth/roles.ts"]
    assert found(with_schema("./src/db/schema/*.ts", files)) == ["src/db/schema/auth/roles.ts"]
    assert found(with_schema("./src/db/schema/**/*.ts", files)) == []


@pytest.mark.parametrize(
    "path",
    [
        "src/db/schema/roles.test.ts",
        "src/db/schema/__tests__/roles.ts",
        "src/db/schema/examples/roles.ts",
        "src/db/schema/legacy/roles.ts",
        "src/db/schema/_archive/roles.ts",
        "src/services/roles.ts",
        "scripts/roles.ts",
        "drizzle/schema.ts",
    ],
)
def test_a_table_for_something_else_is_not_meant(path: str) -> None:
    assert found({**PROJECT, path: ROLES}) == []


def test_a_table_of_another_package_is_not_meant() -> None:
    files = {**PROJECT, "src/db/schema/sub/package.json": "{}", "src/db/schema/sub/a.ts": ROLES}
    assert found(files) == []


def test_a_table_of_a_second_config_is_not_meant() -> None:
    second = {"drizzle.cache.config.ts": config("sqlite", "./src/db/schema/roles.ts", "./cache")}
    assert found({**PROJECT, **second, "src/db/schema/roles.ts": ROLES}) == []


def test_a_table_of_another_dialect_is_not_meant() -> None:
    assert found({**PROJECT, "src/db/schema/roles.ts": table("pg", "roles")}) == []


def test_another_declaration_of_an_exported_table_is_not_meant() -> None:
    assert found({**PROJECT, "src/db/schema/copy.ts": table("sqlite", "users")}) == []


def test_a_table_in_a_database_schema_that_is_not_managed_is_not_meant() -> None:
    outside = (
        "import { pgSchema, uuid } from 'drizzle-orm/pg-core';\n"
        "export const people = pgSchema('auth').table('people', { id: uuid('id') });\n"
    )
    files = {
        CONFIG: config("postgresql", "./src/db/schema/index.ts", "./drizzle"),
        "src/db/schema/users.ts": table("pg", "users"),
        **INDEX,
    }
    assert found({**files, "src/db/schema/auth.ts": outside}) == []
    assert found({**files, "src/db/schema/roles.ts": table("pg", "roles")}) != []


def test_a_table_that_is_used_with_exported_ones_is_meant_wherever_it_lies() -> None:
    uses = (
        "import { users } from '../db/schema';\nimport { roles } from './roles';\n"
        "export const all = [users, roles];\n"
    )
    files = {**PROJECT, "src/services/roles.ts": ROLES, "src/services/people.ts": uses}
    assert found(files) == ["src/services/roles.ts"]
    types = uses.replace("import {", "import type {")
    assert found({**files, "src/services/people.ts": types}) == []
    moved = {**files, "src/services/people.test.ts": uses}
    del moved["src/services/people.ts"]
    assert found(moved) == []


def test_a_table_without_a_name_of_its_own_is_not_judged() -> None:
    text = (
        "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';\n"
        "export const make = () => sqliteTable('made', { id: text('id') });\n"
        "const prefix = process.env.PREFIX;\n"
        "const other = sqliteTable(`${prefix}_other`, { id: text('id') });\n"
    )
    assert found({**PROJECT, "src/db/schema/made.ts": text}) == []


def test_what_may_be_exported_after_all_is_not_judged() -> None:
    files: Files = {**PROJECT, "src/db/schema/roles.ts": ROLES}
    files = {**files, "src/db/schema/index.ts": "export * from './users';\nexport * from './x';\n"}
    assert skipped(check("PLX103", files)) == [
        (
            "src/db/schema/index.ts",
            "line 2: `./x` is not in this repository; whether it exports table roles is not known",
        )
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("load()", "this config cannot be read"),
        (
            "{ dialect: 'sqlite', schema: load(), out: './o' }",
            "the schema of this config cannot be read",
        ),
    ],
)
def test_a_config_that_cannot_be_read_may_export_it(said: str, reason: str) -> None:
    other = f"import {{ defineConfig }} from 'drizzle-kit';\nexport default {said};\n"
    files = {"drizzle.config.other.ts": other, "src/db/schema/roles.ts": ROLES}
    assert skipped(check("PLX103", {**PROJECT, **files})) == [
        ("drizzle.config.other.ts", f"{reason}; whether it exports table roles is not known")
    ]


def remedy(index: str, path: str = "src/db/schema/roles.ts", text: str = ROLES) -> str:
    files = {**PROJECT, "src/db/schema/index.ts": index, path: text}
    (finding,) = check("PLX103", files).findings
    return finding.remedy


def test_the_remedy_names_the_export_to_add() -> None:
    assert remedy("export * from './users';\n") == (
        "Add `export * from './roles';` to src/db/schema/index.ts, so that generate knows it."
    )
    assert "`export * from './auth/roles.js';`" in remedy(
        "export * from './users.js';\n", "src/db/schema/auth/roles.ts"
    )
    assert "`export * from './auth';`" in remedy(
        "export * from './users';\n", "src/db/schema/auth/index.ts"
    )


def test_the_remedy_names_an_export_that_is_missing_in_the_file_itself() -> None:
    private = ROLES.replace("export const", "const")
    index = "export * from './users';\nexport * from './roles';\n"
    assert remedy(index, text=private) == (
        "Put `export` before `roles` in src/db/schema/roles.ts, so that generate knows it."
    )
    assert remedy("export * from './users';\n", text=private) == (
        "Put `export` before `roles` in src/db/schema/roles.ts, add `export * from './roles';` to "
        "src/db/schema/index.ts, so that generate knows it."
    )


def test_the_remedy_names_the_config_where_that_lists_files() -> None:
    files: Files = {**USERS, "src/db/schema/auth/roles.ts": ROLES}
    (finding,) = check("PLX103", with_schema("./src/db/schema", files)).findings
    assert finding.remedy == (
        "Let `schema` in drizzle.config.ts name src/db/schema/auth/roles.ts, too, or move it to "
        "the others, so that generate knows it."
    )
    assert finding.related == ()


def test_the_message_tells_what_generate_will_do() -> None:
    (message,) = messages(check("PLX103", {**PROJECT, "src/db/schema/roles.ts": ROLES}))
    assert message == (
        "the schema of drizzle.config.ts does not export table roles: generate finds no changes "
        "for it"
    )
