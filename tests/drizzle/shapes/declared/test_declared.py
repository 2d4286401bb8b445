"""What the TypeScript of a schema declares, as drizzle-kit writes it into a snapshot.

The expected values were measured with drizzle-kit 0.31 and drizzle-orm 0.45.
"""

from __future__ import annotations

from typing import Any

import pytest

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.shapes.declared import Declared, DeclaredTable, Hole, declared
from plexus_rules.drizzle.shapes.declared.casing import Casing
from plexus_rules.drizzle.shapes.model import Aspect
from plexus_rules.drizzle.tables import Tables
from plexus_rules.trees import MemoryTree

SQLITE = (
    "import { sqliteTable, sqliteTableCreator, integer, text, blob, numeric, real, customType, "
    "index, uniqueIndex, unique, primaryKey, foreignKey, check } from 'drizzle-orm/sqlite-core';\n"
    "import { sql } from 'drizzle-orm';\n"
)
POSTGRES = (
    "import { pgTable, pgSchema, pgEnum, integer, bigint, bigserial, serial, text, varchar, char, "
    "boolean, numeric, json, jsonb, uuid, date, time, timestamp, interval, vector, customType, "
    "index, uniqueIndex, unique, primaryKey, foreignKey, check, pgPolicy } from "
    "'drizzle-orm/pg-core';\nimport { sql } from 'drizzle-orm';\n"
)


def read(core: str, text: str, casing: Casing = Casing.KEPT) -> Declared:
    head = SQLITE if core == "sqlite" else POSTGRES
    tree = MemoryTree({"schema.ts": (head + text).encode()})
    return declared(Tables(Modules(tree)).schema(["schema.ts"]), core, casing)


def table(core: str, columns: str, extras: str = "", before: str = "") -> DeclaredTable:
    function = "sqliteTable" if core == "sqlite" else "pgTable"
    third = f", {extras}" if extras else ""
    text = f"{before}\nexport const t = {function}('t', {{ {columns} }}{third});"
    return read(core, text).tables["t"]


def column(core: str, builder: str, before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = table(core, f"c: {builder}", before=before).raw["columns"]["c"]
    return found


@pytest.mark.parametrize(
    ("builder", "kind"),
    [
        ("integer('c', { mode: 'timestamp' })", "integer"),
        ("text('c', { length: 20 })", "text(20)"),
        ("text('c', { enum: ['a'] })", "text"),
        ("text('c', { mode: 'json' })", "text"),
        ("blob('c', { mode: 'bigint' })", "blob"),
        ("numeric('c')", "numeric"),
        ("real('c')", "real"),
    ],
)
def test_a_column_of_sqlite_has_the_type_of_its_builder(builder: str, kind: str) -> None:
    assert column("sqlite", builder)["type"] == kind


@pytest.mark.parametrize(
    ("builder", "kind"),
    [
        ("varchar('c', { length: 20 })", "varchar(20)"),
        ("char('c')", "char"),
        ("numeric('c', { precision: 10, scale: 2 })", "numeric(10, 2)"),
        ("numeric('c', { precision: 10 })", "numeric(10)"),
        ("timestamp('c', { withTimezone: true })", "timestamp with time zone"),
        ("timestamp('c', { precision: 3 })", "timestamp (3)"),
        ("timestamp('c', { precision: 3, mode: 'string' })", "timestamp(3)"),
        ("time('c', { precision: 0 })", "time(0)"),
        ("interval('c', { fields: 'day', precision: 3 })", "interval day(3)"),
        ("vector('c', { dimensions: 3 })", "vector(3)"),
        ("text('c').array().array(3)", "text[][3]"),
        ("role('c')", "role"),
        ("citext('c')", "citext"),
    ],
)
def test_a_column_of_postgresql_has_the_type_of_its_builder(builder: str, kind: str) -> None:
    before = (
        "export const role = pgEnum('role', ['a', 'b']);"
        "const citext = customType({ dataType: () => 'citext' });"
    )
    assert column("postgresql", builder, before)["type"] == kind


def test_an_enum_of_a_database_schema_is_named_with_that() -> None:
    before = "const auth = pgSchema('auth'); export const role = auth.enum('role', ['a']);"
    found = column("postgresql", "role('c')", before)
    assert (found["type"], found["typeSchema"]) == ("role", "auth")


@pytest.mark.parametrize(
    ("core", "builder", "default"),
    [
        ("sqlite", "text('c').default('it\\'s')", "'it''s'"),
        ("sqlite", "integer('c').default(-1_000)", -1000),
        ("sqlite", "integer('c').default(true)", True),
        ("sqlite", "real('c').default(1.0)", 1),
        ("sqlite", "text('c').default(sql`(now())`)", "(now())"),
        ("sqlite", "text('c').default({ a: [1, null] })", "'{\"a\":[1,null]}'"),
        ("sqlite", "integer('c').default(new Date(0))", "'\"1970-01-01T00:00:00.000Z\"'"),
        ("sqlite", "text('c').default(NAME)", "'n'"),
        ("postgresql", "jsonb('c').default({ a: 1 })", "'{\"a\":1}'::jsonb"),
        ("postgresql", "timestamp('c').defaultNow()", "now()"),
        ("postgresql", "uuid('c').defaultRandom()", "gen_random_uuid()"),
        ("postgresql", "timestamp('c').default(new Date(0))", "'1970-01-01 00:00:00.000'"),
        ("postgresql", "date('c').default(new Date(0))", "'1970-01-01'"),
        ("postgresql", "text('c').array().default(['a', 'b'])", '\'{"a","b"}\''),
    ],
)
def test_a_default_is_written_as_drizzle_kit_does(core: str, builder: str, default: object) -> None:
    found = column(core, builder, "const NAME = 'n';")["default"]
    assert (found, isinstance(found, bool)) == (default, isinstance(default, bool))


@pytest.mark.parametrize("call", ["$default(() => 1)", "$onUpdate(() => 1)", "$type()"])
def test_what_only_code_sees_is_not_in_the_database(call: str) -> None:
    assert column("sqlite", f"text('c').{call}") == column("sqlite", "text('c')")


@pytest.mark.parametrize(
    ("core", "builder", "required"),
    [
        ("sqlite", "text('c').primaryKey()", True),
        ("postgresql", "serial('c')", True),
        ("postgresql", "bigserial('c', { mode: 'number' })", True),
        ("postgresql", "bigserial('c', { mode: 'bigint' })", False),
        ("postgresql", "integer('c').generatedAlwaysAsIdentity()", True),
        ("postgresql", "text('c').notNull().array()", False),
        ("postgresql", "text('c').array().notNull()", True),
    ],
)
def test_some_columns_are_required_without_being_said_to_be(
    core: str, builder: str, required: bool
) -> None:
    assert column(core, builder)["notNull"] is required


def test_constraints_get_the_names_that_drizzle_gives_them() -> None:
    found = table(
        "postgresql",
        "a: text('a').unique(), b: integer('b').references(() => t.id), id: integer('id')",
        "(t) => [primaryKey({ columns: [t.id, t.a] }), unique().on(t.a, t.b), index().on(t.b)]",
    ).raw
    assert list(found["uniqueConstraints"]) == ["t_a_unique", "t_a_b_unique"]
    assert list(found["foreignKeys"]) == ["t_b_t_id_fk"]
    assert list(found["compositePrimaryKeys"]) == ["t_id_a_pk"]
    assert list(found["indexes"]) == ["t_b_index"]


def test_a_unique_column_of_sqlite_has_an_index() -> None:
    found = table("sqlite", "a: text('a').unique('u')").raw
    assert found["indexes"] == {"u": {"name": "u", "columns": ["a"], "isUnique": True}}


def test_extras_may_be_an_object_and_take_their_columns_apart() -> None:
    found = table(
        "sqlite",
        "a: text('a'), b: text('b')",
        "({ a, b: other }) => ({ i: index('i').on(a, other), u: uniqueIndex('u').on(other) })",
    )
    assert found.raw["indexes"]["i"]["columns"] == ["a", "b"]
    assert found.raw["indexes"]["u"]["isUnique"] is True
    assert not found.holes


def test_sql_names_the_columns_of_a_table_with_it_and_those_of_an_index_without() -> None:
    found = table(
        "postgresql",
        "a: integer('a')",
        "(t) => [index('i').on(sql`lower(${t.a})`).where(sql`${t.a} > 1`), "
        "check('c', sql`${t.a} > 0`)]",
    ).raw
    index = found["indexes"]["i"]
    assert index["columns"][0]["expression"] == 'lower("a")'
    assert index["where"] == '"t"."a" > 1'
    assert found["checkConstraints"]["c"]["value"] == '"t"."a" > 0'


def test_a_reference_says_its_actions_and_where_it_leads() -> None:
    text = (
        "export const u = pgSchema('auth').table('users', { id: integer('id') });"
        "export const t = pgTable('t', { u: integer('u')"
        ".references(() => u.id, { onDelete: 'cascade' }) });"
    )
    (found,) = read("postgresql", text).tables["t"].raw["foreignKeys"].values()
    assert (found["schemaTo"], found["tableTo"], found["columnsTo"]) == ("auth", "users", ["id"])
    assert (found["onDelete"], found["onUpdate"]) == ("cascade", "no action")


@pytest.mark.parametrize(
    ("casing", "name"),
    [(Casing.KEPT, "userId"), (Casing.SNAKE, "user_id"), (Casing.CAMEL, "userId")],
)
def test_a_casing_names_the_columns_that_have_no_name(casing: Casing, name: str) -> None:
    found = read("sqlite", "export const t = sqliteTable('t', { userId: text() });", casing)
    assert list(found.tables["t"].raw["columns"]) == [name]


def test_with_an_unknown_casing_a_name_that_it_may_change_is_not_known() -> None:
    text = "export const t = sqliteTable('t', { id: text(), userId: text() });"
    found = read("sqlite", text, Casing.UNKNOWN).tables["t"]
    assert list(found.raw["columns"]) == ["id"]
    assert Hole(Aspect.COLUMN) in found.holes


# What cannot be read


@pytest.mark.parametrize(
    ("columns", "extras", "hole"),
    [
        ("...made(1)", "", Hole(Aspect.COLUMN)),
        ("a: made('a')", "", Hole(Aspect.TYPE, "a")),
        ("a: text('a').default(made())", "", Hole(Aspect.DEFAULT, "a")),
        ("a: text('a', made())", "", Hole(Aspect.TYPE, "a")),
        ("a: text('a').default(sql`${made()}`)", "", Hole(Aspect.DEFAULT, "a")),
        ("a: text('a').references(() => made().id)", "", Hole(Aspect.FOREIGN_KEY)),
        ("a: text('a')", "(t) => made(t)", Hole(Aspect.INDEX)),
        ("a: text('a')", "(t) => [...made(t)]", Hole(Aspect.CHECK)),
        ("a: text('a')", "(t) => [index(made()).on(t.a)]", Hole(Aspect.INDEX)),
        ("a: text('a')", "(t) => [index('i').on(made(t))]", Hole(Aspect.INDEX, "i")),
        ("a: text('a')", "(t) => [check('c', made(t))]", Hole(Aspect.CHECK, "c")),
        ("a: text('a')", "(t) => [primaryKey({ columns: made(t) })]", Hole(Aspect.PRIMARY_KEY)),
    ],
)
def test_what_only_running_it_would_tell_is_a_hole(columns: str, extras: str, hole: Hole) -> None:
    found = table("sqlite", columns, extras, "import { made } from './elsewhere';")
    assert hole in found.holes
    assert found.unread


def test_policies_are_passed_over() -> None:
    found = table("postgresql", "a: text('a')", "(t) => [pgPolicy('p', { for: 'all' })]")
    assert not found.holes
