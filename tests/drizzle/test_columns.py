"""The columns of a table, as they are written."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.columns import Column
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.tables import Table, Tables
from plexus_rules.finding import Range
from plexus_rules.trees import MemoryTree

HEADER = (
    "import { pgTable, pgEnum, text, integer as int, customType } from 'drizzle-orm/pg-core';\n"
)


def table(columns: str, before: str = "", **others: str) -> Table:
    """The table with these columns, among files that are given as ``name="text"``."""
    text = f"{HEADER}{before}\nexport const t = pgTable('t', {columns});"
    files = {"t.ts": text} | {f"{name}.ts": content for name, content in others.items()}
    tree = MemoryTree({path: content.encode() for path, content in files.items()})
    return next(t for t in Tables(Modules(tree)).of_file("t.ts").tables if t.symbol == "t")


def column(columns: str, before: str = "", **others: str) -> Column:
    (found,) = table(columns, before, **others).columns
    return found


def names(found: Table) -> list[tuple[str, str | None]]:
    return [(c.key, c.name) for c in found.columns]


def test_a_column_has_a_key_a_name_a_type_and_modifiers_in_order() -> None:
    found = column("{ userId: text('user_id', { length: 3 }).notNull().default('a') }")
    assert (found.key, found.name, found.named) == ("userId", "user_id", True)
    assert (found.type, found.enum) == ("text", None)
    assert found.arguments == "'user_id', { length: 3 }"
    assert [(m.name, m.arguments) for m in found.modifiers] == [("notNull", ""), ("default", "'a'")]
    assert (found.path, found.range) == ("t.ts", Range(3, 33, 3, 39))
    assert found.calls == ("notNull", "default")


@pytest.mark.parametrize("call", ["text()", "text({ length: 3 })"])
def test_without_a_name_of_its_own_a_column_takes_its_key(call: str) -> None:
    found = column(f"{{ userId: {call} }}")
    assert (found.name, found.named) == ("userId", False)


@pytest.mark.parametrize(
    "columns",
    [
        "{ id: text('id') }",
        "{ 'id': text('id') }",
        "{ ['id']: text(`id`) }",
        "({ id: text('id') as any }) as const",
        "{ /* the key */ id: (text('id')!).notNull() } satisfies Columns",
        "(t) => ({ id: t.text('id') })",
        "(t) => { return { id: t.text('id').notNull() }; }",
        "t => ({ id: t.text('id') })",
        "function (t) { return { id: t.text('id') } }",
        "({ text }) => ({ id: text('id') })",
        "({ text: string }) => ({ id: string('id') })",
    ],
)
def test_every_way_of_writing_the_columns_is_read(columns: str) -> None:
    found = table(columns)
    assert found.complete, found.unread
    assert [(c.key, c.name, c.type) for c in found.columns] == [("id", "id", "text")]


@pytest.mark.parametrize(
    ("columns", "before"),
    [
        ("{ id }", "const id = text('id').notNull();"),
        ("{ id: base.notNull() }", "const base = text('id');"),
        ("{ id: parts.id.notNull() }", "const parts = { id: text('id') };"),
        ("{ id: id().notNull() }", "const id = () => text('id');"),
        ("{ id: id() }", "function id() { return text('id').notNull(); }"),
        ("columns", "const columns = { id: text('id').notNull() } as const;"),
        ("{ ...columns }", "const columns = { id: text('id').notNull() };"),
        ("{ ...columns() }", "const columns = () => ({ id: text('id').notNull() });"),
        ("{ ...all.columns }", "const all = { columns: { id: text('id').notNull() } };"),
        ("(t) => ({ ...columns(t) })", "const columns = (c) => ({ id: c.text('id').notNull() });"),
        ("(t) => ({ id: id(t) })", "const id = (c) => c.text('id').notNull();"),
        ("{ id: text(NAME).notNull() }", "const NAME = 'id';"),
        ("{ id: pg.text('id').notNull() }", "import * as pg from 'drizzle-orm/pg-core';"),
    ],
)
def test_names_are_followed_to_the_columns_that_they_stand_for(columns: str, before: str) -> None:
    found = table(columns, before)
    assert found.complete, found.unread
    assert [(c.key, c.name, c.type, c.calls) for c in found.columns] == [
        ("id", "id", "text", ("notNull",))
    ]


def test_spread_columns_come_from_other_files_too_and_say_so() -> None:
    found = table(
        "{ id: int('id'), ...timestamps, ...shared.owner }",
        "import { timestamps } from './barrel'; import * as shared from './shared';",
        barrel="export { stamps as timestamps } from './shared';",
        shared=(
            "import { text } from 'drizzle-orm/pg-core';\n"
            "export const stamps = { createdAt: text('created_at') };\n"
            "export const owner = { owner: text() };"
        ),
    )
    assert found.complete
    assert [(c.key, c.type, c.path) for c in found.columns] == [
        ("id", "integer", "t.ts"),
        ("createdAt", "text", "shared.ts"),
        ("owner", "text", "shared.ts"),
    ]
    assert found.columns[1].range == Range(2, 25, 2, 34)


def test_a_later_column_replaces_an_earlier_one_of_its_key() -> None:
    found = table("{ ...base, id: int('number') }", "const base = { id: text('id') };")
    assert names(found) == [("id", "number")]


def test_a_column_of_an_enum_names_the_enum() -> None:
    found = column(
        "{ role: role('role') }",
        "import { role } from './enums';",
        enums="import { pgEnum } from 'drizzle-orm/pg-core';"
        "export const role = pgEnum('user_role', ['a']);",
    )
    assert (found.type, found.enum) == ("pgEnum", "user_role")


def test_a_custom_type_is_a_column_builder() -> None:
    found = table("{ data: bytes() }", "const bytes = customType<{}>({ dataType() {} });")
    assert found.complete
    assert [(c.name, c.type) for c in found.columns] == [("data", "customType")]


def test_a_builder_of_another_package_is_read_where_it_is_given_a_name() -> None:
    found = table("{ at: geo('place'), to: geo() }", "import { geo } from 'geo-columns';")
    assert names(found) == [("at", "place"), ("to", None)]
    assert not found.complete


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("{ id: text(prefix + 'id') }", "the name of column 'id' is computed"),
        ("{ id: column('id') }", "the name of column 'id' is computed"),
        ("{ id: some.thing }", "column 'id' is not made by a column builder"),
        ("{ id: 1 }", "column 'id' is not made by a column builder"),
        ("{ id: pgTable('x', {}) }", "column 'id' is not made by a column builder"),
        ("{ [key()]: text('id') }", "`[key()]` is not a column with a plain name"),
        ("{ id() { return 1 } }", "is not a column with a plain name"),
        ("{ ...more(1) }", "what `...more(1)` adds cannot be read"),
        ("{ ...(wide ? { a: text() } : {}) }", "adds cannot be read"),
        ("{ ...unknown }", "what `...unknown` adds cannot be read"),
        ("columns(3)", "the columns are not written as an object: `columns(3)`"),
        ("columns", "the columns are not written as an object: `columns`"),
    ],
)
def test_what_cannot_be_read_is_said_and_leaves_the_table_incomplete(
    columns: str, reason: str
) -> None:
    found = table(columns, "const column = (name) => text(name);")
    assert not found.complete
    (unread,) = found.unread
    assert unread.path == "t.ts"
    assert unread.range.line == 3
    assert reason in unread.reason


def test_a_long_expression_is_quoted_in_part() -> None:
    (unread,) = table("make(" + "1, " * 1000 + "2)").unread
    assert (
        unread.reason
        == "the columns are not written as an object: `make(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1…`"
    )


@pytest.mark.parametrize(
    "before",
    [
        "const a = { ...a };",
        "const a = b; const b = a;",
        "const a = a.b.c;",
        "const a = () => a();",
        "const a = { ...b, ...b }; const b = { ...c, ...c }; const c = { ...a, ...a };",
    ],
)
def test_circles_of_names_end(before: str) -> None:
    assert not table("{ ...a, x: a, y: a(), ...a() }", before).complete


def test_spreads_that_multiply_are_cut_off() -> None:
    before = "const a0 = {" + ", ".join(f"k{n}: text()" for n in range(400)) + "};"
    before += "".join(f"const a{n + 1} = {{ ...a{n}, ...a{n}, ...a{n} }};" for n in range(3))
    found = table("{ " + "...a3, " * 30 + "}", before)
    assert found.unread[-1].reason == "there are too many columns to read them all"


def test_a_long_chain_of_modifiers_is_read() -> None:
    assert len(column("{ id: text('id')" + ".notNull()" * 5_000 + " }").modifiers) == 5_000
