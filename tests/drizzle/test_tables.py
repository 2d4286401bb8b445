"""The tables and enums that a file declares."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.tables import Enum, Table, Tables
from plexus_rules.finding import Range
from plexus_rules.trees import MemoryTree


def tables(files: dict[str, str]) -> Tables:
    return Tables(Modules(MemoryTree({path: text.encode() for path, text in files.items()})))


def of_text(text: str) -> tuple[Table, ...]:
    return tables({"a.ts": text}).of_file("a.ts").tables


def only(text: str) -> Table:
    (found,) = of_text(text)
    return found


def enum(text: str, **others: str) -> Enum:
    files = {"a.ts": "import { pgEnum, pgSchema } from 'drizzle-orm/pg-core';" + text}
    (found,) = tables(files | {f"{n}.ts": t for n, t in others.items()}).of_file("a.ts").enums
    return found


def test_a_table_says_where_it_is_and_what_it_has() -> None:
    found = only(
        "import { sqliteTable, text, index } from 'drizzle-orm/sqlite-core';\n"
        "export const users = sqliteTable('users', { id: text() }, (t) => [index('i').on(t.id)]);"
    )
    assert (found.name, found.symbol, found.core) == ("users", "users", "sqlite")
    assert (found.path, found.range) == ("a.ts", Range(2, 22, 2, 41))
    assert found.extras_range == Range(2, 59, 2, 87)
    assert found.schema is None
    assert found.complete
    column = found.column("id")
    assert column is not None
    assert column.type == "text"
    assert found.column("other") is None


@pytest.mark.parametrize(
    ("function", "module", "core"),
    [
        ("sqliteTable", "sqlite", "sqlite"),
        ("pgTable", "pg", "postgresql"),
        ("mysqlTable", "mysql", "mysql"),
        ("singlestoreTable", "singlestore", "singlestore"),
        ("gelTable", "gel", "gel"),
    ],
)
def test_every_core_has_its_dialect(function: str, module: str, core: str) -> None:
    found = only(f"import {{ {function} }} from 'drizzle-orm/{module}-core'; {function}('t', {{}})")
    assert found.core == core


@pytest.mark.parametrize(
    "text",
    [
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = pgTable('t', {});",
        "import { pgTable as table } from 'drizzle-orm/pg-core'; const t = table('t', {});",
        "import * as pg from 'drizzle-orm/pg-core'; const t = pg.pgTable('t', {});",
        "import pg from 'drizzle-orm/pg-core'; const t = pg.pgTable('t', {});",
        "const { pgTable } = require('drizzle-orm/pg-core'); const t = pgTable('t', {});",
        "const pg = require('drizzle-orm/pg-core'); const t = pg.pgTable('t', {});",
        "import { pgTable } from 'drizzle-orm/pg-core/table'; const t = pgTable('t', {});",
        "import { pgTable } from 'drizzle-orm/pg-core'; const f = pgTable; const t = f('t', {});",
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = pgTable('t', {}).enableRLS();",
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = pgTable.withRLS('t', {});",
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = (pgTable<'t', {}>('t', {}))!;",
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = pgTable('t', {}) satisfies T;",
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = <T>pgTable('t', {});",
        "import { pgTable } from 'drizzle-orm/pg-core'; const N = 't'; const t = pgTable(N, {});",
        "import { pgTable } from 'drizzle-orm/pg-core'; const t = pgTable(`t`, {});",
    ],
)
def test_a_table_is_known_under_whatever_name_its_function_has(text: str) -> None:
    found = only(text)
    assert (found.name, found.symbol, found.core) == ("t", "t", "postgresql")


@pytest.mark.parametrize(
    "text",
    [
        "const t = pgTable('t', {});",
        "import { pgTable } from './my-own'; const t = pgTable('t', {});",
        "import { pgTable } from 'other-orm/pg-core'; const t = pgTable('t', {});",
        "import { pgView } from 'drizzle-orm/pg-core'; const t = pgView('t', {});",
        "import { pgMaterializedView as v } from 'drizzle-orm/pg-core'; const t = v('t').as(q);",
        "import { relations } from 'drizzle-orm'; const t = relations(users, () => ({}));",
        "// import { pgTable } from 'drizzle-orm/pg-core'; pgTable('t', {})",
    ],
)
def test_what_is_no_table_of_drizzle_is_none(text: str) -> None:
    assert of_text(text) == ()


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ("(name) => `app_${name}`", "app_users"),
        ("name => `${PREFIX}_${name}`", "my_users"),
        ("(name) => { return `app_${name}`; }", "app_users"),
        ("(name: string) => name", "users"),
        ("rename", "app_users"),
        ("(name) => `app_${name.toLowerCase()}`", None),
        ("(name) => 'app_' + name", None),
        ("imported", None),
    ],
)
def test_the_tables_of_a_table_creator_are_renamed_by_it(creator: str, name: str | None) -> None:
    files = {
        "util.ts": "import { sqliteTableCreator } from 'drizzle-orm/sqlite-core';"
        "import { imported } from 'elsewhere'; const PREFIX = 'my';"
        "const rename = (n) => `app_${n}`;"
        f"export const createTable = sqliteTableCreator({creator});",
        "a.ts": "import { createTable } from './util'; const users = createTable('users', {});",
    }
    (found,) = tables(files).of_file("a.ts").tables
    assert (found.name, found.core, found.complete) == (name, "sqlite", name is not None)


@pytest.mark.parametrize("table", ["auth.table('users', {})", "auth.table.withRLS('users', {})"])
def test_a_table_of_a_database_schema_names_it(table: str) -> None:
    files = {
        "auth.ts": "import { pgSchema } from 'drizzle-orm/pg-core';"
        "export const auth = pgSchema('auth');",
        "a.ts": f"import {{ auth }} from './auth'; export const users = {table};",
    }
    (found,) = tables(files).of_file("a.ts").tables
    assert (found.schema, found.name, found.core) == ("auth", "users", "postgresql")
    assert found.complete


def test_a_computed_name_leaves_the_table_incomplete() -> None:
    found = only("import { pgTable } from 'drizzle-orm/pg-core'; pgTable(`t_${x}`, { })")
    assert (found.name, found.symbol, found.complete) == (None, None, False)
    assert [unread.reason for unread in found.unread] == ["the name is computed"]


def test_a_table_without_its_columns_is_incomplete() -> None:
    found = only("import { pgTable } from 'drizzle-orm/pg-core'; const t = pgTable('t');")
    assert (found.name, found.complete) == ("t", False)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("pgEnum('e', ['a', `b`])", ("a", "b")),
        ("pgEnum('e', ['a', 'b'] as const)", ("a", "b")),
        ("const V = ['a', 'b'] as const; pgEnum('e', V)", ("a", "b")),
        ("import { V } from './values'; pgEnum('e', V)", ("a", "b")),
        ("pgEnum('e', { A: 'a', B: 'b' })", ("a", "b")),
        ("enum E { A = 'a', B = 'b' } pgEnum('e', E)", ("a", "b")),
        ("pgSchema('s').enum('e', ['a', 'b'])", ("a", "b")),
        ("enum E { A, B } pgEnum('e', E)", None),
        ("pgEnum('e', [...V, 'b'])", None),
        ("pgEnum('e', Object.keys(V))", None),
        ("pgEnum('e')", None),
    ],
)
def test_an_enum_has_its_values_in_order(text: str, values: tuple[str, ...] | None) -> None:
    found = enum(text, values="export const V = ['a', 'b'] as const;")
    assert (found.name, found.values) == ("e", values)


def test_an_enum_says_where_it_is() -> None:
    found = enum("\nexport const role = pgSchema('auth').enum('role', ['a']);")
    assert (found.schema, found.symbol) == ("auth", "role")
    assert found.range == Range(2, 21, 2, 49)


FULL = (
    "import * as pg from 'drizzle-orm/pg-core'; import { pgTable as table, pgSchema } from "
    "'drizzle-orm/pg-core'; const s = pgSchema('s'); const more = { a: pg.text('a').notNull() };"
    "export const e = pg.pgEnum('e', ['x']); export const t = table('t', (c) => ({ ...more, "
    "id: c.text().default(`${1}`), e: e('e') }), (t) => [pg.index('i').on(t.id)]).enableRLS();"
    "export const u = s.table('u', { ...more, [k]: f() }); export * from './b'; export default t;"
)


@pytest.mark.parametrize("start", range(0, len(FULL), 7))
def test_any_part_of_a_schema_can_be_read(start: int) -> None:
    for part in (FULL[:start], FULL[start:], FULL[:start] + "}" + FULL[start:]):
        read = tables({"a.ts": part, "b.ts": FULL})
        read.schema(["."])
        read.declared()


WORDS = ["table(", "'t'", "{", "}", "(", ")", ",", "=>", "...", "a", "b", ":", "pg.text(", "."]
WORDS += ["export", "const", "=", ";", "[", "]", "`${", "`", "e(", "return", "export * from './a'"]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(WORDS), max_size=40).map(lambda words: " ".join(words).encode()),
    )
)
def test_no_text_makes_it_fail(data: bytes) -> None:
    head = b"import * as pg from 'drizzle-orm/pg-core'; import { pgTable as table } from "
    head += b"'drizzle-orm/pg-core'; const e = pg.pgEnum('e', []); export const t = table('t', "
    for text in (data, head + data):
        read = Tables(Modules(MemoryTree({"a.ts": text, "b.js": text})))
        read.schema(["a.ts", "b.js"])
        read.declared()
