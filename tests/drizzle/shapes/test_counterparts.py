"""Columns of two dialects that plainly contradict each other, and those that do not."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.shapes.counterparts import contradictions
from plexus_rules.drizzle.shapes.declared import DeclaredTable, declared
from plexus_rules.drizzle.shapes.declared.casing import Casing
from plexus_rules.drizzle.tables import Tables
from plexus_rules.trees import MemoryTree

HEADS = {
    "sqlite": "import { sqliteTable as table, integer, text, real, blob } from "
    "'drizzle-orm/sqlite-core';",
    "postgresql": "import { pgTable as table, pgEnum, integer, bigint, serial, text, varchar, "
    "real, doublePrecision, numeric, boolean, jsonb, uuid, timestamp, customType } from "
    "'drizzle-orm/pg-core'; export const role = pgEnum('role', ['a']); "
    "const bytea = customType({ dataType: () => 'bytea' });",
}


def table(core: str, column: str) -> DeclaredTable:
    text = f"{HEADS[core]} export const t = table('t', {{ c: {column} }});"
    tree = MemoryTree({"s.ts": text.encode()})
    return declared(Tables(Modules(tree)).schema(["s.ts"]), core, Casing.KEPT).tables["t"]


def said(sqlite: str, postgresql: str) -> list[tuple[str, str, str]]:
    return list(contradictions(table("sqlite", sqlite), table("postgresql", postgresql)))


@pytest.mark.parametrize(
    ("sqlite", "postgresql"),
    [
        ("text('c')", "varchar('c', { length: 9 })"),
        ("text('c')", "uuid('c')"),
        ("text('c', { mode: 'json' })", "jsonb('c')"),
        ("text('c')", "role('c')"),
        ("text('c')", "timestamp('c')"),
        ("text('c')", "numeric('c')"),
        ("text('c', { mode: 'json' })", "integer('c').array()"),
        ("integer('c')", "bigint('c', { mode: 'number' })"),
        ("integer('c')", "serial('c')"),
        ("integer('c', { mode: 'boolean' }).default(true)", "boolean('c').default(true)"),
        ("integer('c').default(1)", "boolean('c').default(true)"),
        ("integer('c', { mode: 'timestamp' })", "timestamp('c')"),
        ("real('c')", "doublePrecision('c')"),
        ("blob('c')", "bytea('c')"),
        ("text('c').default('{}')", "jsonb('c').default({})"),
        ("integer('c')", "timestamp('c').defaultNow()"),
        ("integer('c').primaryKey()", "integer('c').generatedAlwaysAsIdentity()"),
    ],
)
def test_counterparts_are_equal(sqlite: str, postgresql: str) -> None:
    assert said(sqlite, postgresql) == []


@pytest.mark.parametrize(
    ("sqlite", "postgresql", "expected"),
    [
        ("text('c')", "integer('c')", ("c", "text", "integer")),
        ("integer('c')", "text('c')", ("c", "integer", "text")),
        ("integer('c')", "role('c')", ("c", "integer", "role")),
        ("text('c').notNull()", "text('c')", ("c", "NOT NULL", "nullable")),
        ("text('c').default('a')", "text('c').default('b')", ("c", "a by default", "b by default")),
    ],
)
def test_a_plain_contradiction_is_told(
    sqlite: str, postgresql: str, expected: tuple[str, str, str]
) -> None:
    assert said(sqlite, postgresql) == [expected]


def test_what_cannot_be_read_contradicts_nothing() -> None:
    assert said("text('c', made())", "integer('c')") == []
