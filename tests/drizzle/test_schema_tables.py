"""What a schema's entries export, as drizzle-kit would find it."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.declarations import Table
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.tables import SchemaTables, Tables
from plexus_rules.trees import MemoryTree


def tables(files: dict[str, str]) -> Tables:
    return Tables(Modules(MemoryTree({path: text.encode() for path, text in files.items()})))


def schema(files: dict[str, str], *entries: str) -> SchemaTables:
    return tables(files).schema(entries)


def names(found: SchemaTables) -> set[str | None]:
    return {table.name for table in found.tables}


def told(table: Table) -> tuple[object, ...]:
    """What a table tells, without the places in the syntax trees that it was read from."""
    columns = [(c.key, c.name, c.type, c.arguments, c.calls) for c in table.columns]
    return table.path, table.range, table.name, table.symbol, table.core, columns


PG = "import { pgTable, pgEnum, pgSchema, text } from 'drizzle-orm/pg-core';"
DIALECTS = {
    "schema/index.ts": (
        "export * from './sqlite/users'; export { users as pgUsers } from './postgres/users';"
    ),
    "schema/sqlite/index.ts": "export * from './users';",
    "schema/sqlite/users.ts": (
        "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';"
        "export const users = sqliteTable('users', { id: text('id') });"
        "const hidden = sqliteTable('hidden', { id: text('id') });"
        "export const usersRelations = relations(users, () => ({}));"
    ),
    "schema/postgres/index.ts": "export * from './users'; export * from './enums';",
    "schema/postgres/enums.ts": PG + "export const role = pgEnum('role', ['a']);",
    "schema/postgres/users.ts": PG + "export const users = pgTable('users', { id: text('id') });",
    "schema/postgres/posts.ts": PG + "export const posts = pgTable('posts', { id: text('id') });",
}  # fmt: skip


def test_a_schema_holds_the_tables_that_its_entry_exports() -> None:
    found = schema(DIALECTS, "schema/index.ts")
    assert {(t.name, t.core, t.symbol) for t in found.tables} == {
        ("users", "sqlite", "users"),
        ("users", "postgresql", "users"),
    }
    assert found.files == ("schema/index.ts",)
    assert found.complete


def test_a_directory_is_loaded_file_by_file_and_each_table_counts_once() -> None:
    found = schema(DIALECTS, "schema/postgres")
    assert sorted(str(t.name) for t in found.tables) == ["posts", "users"]
    assert [e.name for e in found.enums] == ["role"]


def test_a_table_that_is_not_exported_is_declared_all_the_same() -> None:
    read = tables(DIALECTS)
    paths = [path for path in DIALECTS if path.startswith("schema/sqlite")]
    declared = read.declared(paths)
    assert [t.name for t in declared] == ["users", "hidden"]
    exported = read.schema(["schema/sqlite"]).tables
    assert [t.name for t in declared if t not in exported] == ["hidden"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export default pgTable('t', {});", {"t"}),
        ("export const a = pgTable('t', {}).enableRLS();", {"t"}),
        ("export const a = pgSchema('s').table('t', {});", {"t"}),
        ("const a = pgTable('t', {}); export { a as b, a as c };", {"t"}),
        ("const a = pgTable('t', {}); const b = a; export { b };", {"t"}),
        ("module.exports = { a: pgTable('t', {}) };", {"t"}),
        ("exports.a = pgTable('t', {});", {"t"}),
        ("export const all = { a: pgTable('t', {}) };", set()),
        ("export const make = () => pgTable('t', {});", set()),
        ("const a = pgTable('t', {}); export type A = typeof a;", set()),
        ("const a = pgTable('t', {}); export type { a };", set()),
        ("export * as nested from './other';", set()),
        ("export * from './other';", {"other"}),
        ("export * from './first'; export * from './other';", {"first"}),
    ],
)
def test_a_schema_exports_what_drizzle_kit_finds(text: str, expected: set[str]) -> None:
    files = {
        "a.ts": PG + text,
        "other.ts": PG + "export const same = pgTable('other', {});",
        "first.ts": PG + "export const same = pgTable('first', {});",
    }
    found = schema(files, "a.ts")
    assert names(found) == expected
    assert found.complete


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("const make = () => pgTable('t', {}); export const a = make();", "what `make()` gives"),
        ("import { make } from './make'; export const a = make('t').enableRLS();", "make('t')"),
        ("import { make } from './make'; export const { a, b } = make('t');", "make('t')"),
        ("export const a = big ? pgTable('t', {}) : pgTable('u', {});", "what `big ? pgTable("),
        ("export const { a } = { a: pgTable('t', {}) };", "what `{ a: pgTable('t', {}) }` gives"),
        ("const f = () => f(); export const a = f();", "what `f()` gives"),
        ("const f = (t) => t; export const a = f(pgTable('t', {}));", "what `f(pgTable("),
        ("function f() { if (x) return 1; return 2; } export const a = f();", "what `f()`"),
        ("export * from '@acme/auth-schema';", "`@acme/auth-schema` is not in this repository"),
        ("export * from './gone';", "`./gone` is not in this repository"),
    ],
)
def test_what_may_hold_more_tables_is_said(text: str, reason: str) -> None:
    files = {"a.ts": PG + text, "make.ts": "export function make(name) { log(name); return 1; }"}
    found = schema(files, "a.ts")
    assert found.tables == ()
    assert not found.complete
    assert [reason in unread.reason for unread in found.unread] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "export const insert = createInsertSchema(users);",
        "import { z } from 'zod'; export const shape = z.object({}).extend({});",
        "import { relations } from 'drizzle-orm'; export const r = relations(users, () => ({}));",
        "export const names = Object.freeze(['a']); export const n = 1; export class A {}",
        "const lower = (c) => sql`lower(${c})`; export const name = lower(users.name);",
        "const part = () => { const a = 1; return { a }; }; export const b = part();",
        "const list = () => ['a', 'b']; export const names = list();",
        "export * from 'drizzle-orm/pg-core';",
        "export type * from 'elsewhere';",
    ],
)
def test_what_holds_no_table_leaves_the_schema_complete(text: str) -> None:
    assert schema({"a.ts": text}, "a.ts").complete


def test_an_entry_that_means_no_file_is_said() -> None:
    found = schema(DIALECTS, "schema/nowhere", "schema/+(a).ts")
    assert [(unread.path, unread.reason) for unread in found.unread] == [
        ("schema/nowhere", "no file of the repository is meant"),
        ("schema/+(a).ts", "this kind of pattern cannot be read"),
    ]


def test_a_file_that_is_not_code_is_loaded_and_holds_nothing() -> None:
    found = schema(DIALECTS | {"schema/sqlite/AGENTS.md": "pgTable('x', {})"}, "schema/sqlite")
    assert "schema/sqlite/AGENTS.md" in found.files
    assert found.complete


def test_every_source_file_is_searched_for_tables_where_none_is_named() -> None:
    files = DIALECTS | {
        "util/tables.ts": "import { pgTableCreator } from 'drizzle-orm/pg-core';"
        "export const make = pgTableCreator((name) => name);",
        "util/index.ts": "export * from './tables';",
        "app/made.ts": "import { make } from '../util'; export const made = make('made', {});",
        "app/other.ts": "import { users } from '../schema/sqlite';",
    }
    read = tables(files)
    found = read.declared()
    assert [t.name for t in found] == ["made", "posts", "users", "users", "hidden"]
    assert "app/other.ts" not in read.modules._sources


def test_the_order_of_reading_changes_nothing() -> None:
    forward, backward = tables(DIALECTS), tables(DIALECTS)
    one = forward.schema(["schema/index.ts"]).tables, forward.declared()
    other = backward.declared(), backward.schema(["schema/index.ts"]).tables
    assert [list(map(told, found)) for found in one] == [
        list(map(told, found)) for found in reversed(other)
    ]


def test_a_function_of_a_package_may_give_a_table() -> None:
    files = {
        "schema.ts": "import { table, z } from '@acme/database';\n"
        "export const users = table('users', { id: 1 });\n"
        "export const shape = z.object({ id: 1 });\n"
        "export const name = z.label('users', 'Users');\n"
    }
    unread = schema(files, "schema.ts").unread
    assert [(part.path, part.range.line) for part in unread] == [("schema.ts", 2)]
