"""Object types that repeat what a table's rows are."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Range, Severity
from tests.catalog.helpers import check, config, messages, places, skipped

BASE = {
    "package.json": '{"name": "backend"}',
    "drizzle.config.ts": config("sqlite", "./schema.ts", "./out"),
    "schema.ts": """import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const events = sqliteTable('events', {
  id: integer('id').primaryKey(),
  kind: text('kind', { enum: ['a', 'b'] }).notNull(),
  at: integer('at', { mode: 'timestamp_ms' }).notNull(),
  open: integer('open', { mode: 'boolean' }),
  count: integer('count'),
  userName: text('user_name'),
});
""",
}
COLUMNS = {
    "id": "number",
    "kind": "string",
    "at": "Date",
    "open": "boolean",
    "count": "number",
    "userName": "string",
}


def members(without: str = "", **changed: str) -> str:
    """The properties of a type that repeats the table, but for what is changed."""
    listed = COLUMNS | changed
    return "; ".join(f"{key}: {type_}" for key, type_ in listed.items() if key != without)


def event(without: str = "", **changed: str) -> str:
    return f"interface Event {{ {members(without, **changed)} }}"


WHOLE = members()


def found(text: str, path: str = "src/a.ts", **more: str) -> list[str]:
    return messages(check("PLX501", BASE | {path: text} | more))


@pytest.mark.parametrize(
    "text",
    [
        event(),
        f"export {event()}",
        f"type Event = {{ {WHOLE} }}",
        f"export type Event = {{ readonly {WHOLE.replace('; ', ', readonly ')} }}",
        event().replace("open:", "open?:").replace(";", " | null;"),
        event().replace("userName", '"userName"'),
        event(kind="'a' | 'b' | undefined"),
        "type Kind = 'a' | 'b';\n" + event(kind="Kind"),
        event().replace("; ", ";\r\n  // as in the table\r\n  "),
    ],
)
def test_row_written_by_hand(text: str) -> None:
    assert found(text) == ["Event repeats by hand all 6 columns of table events"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (event("id"), "5 of the 6"),
        (event("count"), "5 of the 6"),
        (event(more="string[]"), "all 6"),
        (event(at="string"), "all 6"),
    ],
)
def test_one_of_six_columns_may_differ(text: str, count: str) -> None:
    assert found(text) == [f"Event repeats by hand {count} columns of table events"]


@pytest.mark.parametrize(
    "text",
    [
        event(at="string", more="string"),
        event("count", more="string"),
        "interface Event { id: number; kind: string; at: Date }",
        f"interface Event<T> {{ {WHOLE} }}",
        f"interface Event extends Base {{ {WHOLE} }}",
        f"interface Event {{ {WHOLE}; save(): void }}",
        f"interface Event {{ {WHOLE}; [key: string]: unknown }}",
        f"type Event = Readonly<{{ {WHOLE} }}>",
        f"type Event = {{ {WHOLE} }} & Base",
        f"type Event = {{ {WHOLE} }}[]",
        "type Event = typeof events.$inferSelect",
        f"class Event {{ {WHOLE} }}",
        f"function load() {{ {event()} }}",
        f"declare global {{ {event()} }}",
        f"// @generated\n{event()}",
        event(id="any", kind="unknown", count="any"),
        event().replace("userName", "user_name").replace("at:", "At:"),
        f"// {event()}",
        event().replace(":", "?:"),
        event().replace(":", "?:").replace("id?:", "id:"),
        "interface Event {",
    ],
)
def test_type_with_a_purpose_of_its_own(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    "path",
    ["src/a.test.ts", "src/a.d.ts", "src/a.tsx", "frontend/a.ts", "scripts/a.ts", "src/a.txt"],
)
def test_place_that_is_not_judged(path: str) -> None:
    assert not found(event(), path)


def test_package_must_depend_on_the_schemas() -> None:
    text = event()
    own = {"apps/a/package.json": "{}"}
    assert not found(text, "apps/a/src/a.ts", **own)
    own["apps/a/package.json"] = '{"dependencies": {"backend": "workspace:*"}}'
    assert found(text, "apps/a/src/a.ts", **own)
    own["apps/a/package.json"] = '{"dependencies": ['
    assert not found(text, "apps/a/src/a.ts", **own)


def test_finding_stands_at_the_name_and_points_at_the_table() -> None:
    files = BASE | {"src/a.ts": f"\r\nexport type Event = {{ {WHOLE} }};\r\n"}
    (finding,) = check("PLX501", files).findings
    assert finding.range == Range(2, 13, 2, 18)
    assert finding.severity is Severity.WARNING
    assert [(p.path, p.range.line, p.message) for p in finding.related] == [
        ("schema.ts", 2, "table events")
    ]


PG = """import { boolean, bigint, jsonb, pgTable, serial, text } from 'drizzle-orm/pg-core';
export const events = pgTable('events', {
  id: serial('id').primaryKey(),
  kind: text('kind').notNull(),
  at: bigint('at', { mode: 'number' }).notNull(),
  open: boolean('open'),
  count: bigint('count', { mode: 'bigint' }),
  userName: text('user_name'),
});
"""


def test_type_may_be_that_of_any_dialect() -> None:
    both = {
        "drizzle.config.pg.ts": config("postgresql", "./pg.ts", "./out_pg"),
        "pg.ts": PG,
    }
    text = event(at="Date | number", count="bigint")
    assert found(text, **both)
    assert not found(text)


def test_column_that_holds_more_than_a_scalar_counts_neither_way() -> None:
    schema = BASE["schema.ts"].replace(
        "count: integer('count')", "count: text('count', { mode: 'json' }).$type<Counts>()"
    )
    more = {"schema.ts": schema}
    assert found(event(count="Record<string, number>"), **more)
    assert not found(event(count="Counts", at="Date | Now", more="string"), **more)


def test_nearest_table_is_named() -> None:
    more = BASE["schema.ts"] + (
        "export const old = sqliteTable('old_events', {\n"
        "  id: integer('id').primaryKey(),\n"
        "  kind: text('kind').notNull(),\n"
        "  at: integer('at', { mode: 'timestamp_ms' }).notNull(),\n"
        "  open: integer('open', { mode: 'boolean' }),\n"
        "  count: integer('count'),\n"
        "});\n"
    )
    (whole,) = found(event(), **{"schema.ts": more})
    (short,) = found(event("userName"), **{"schema.ts": more})
    assert whole == "Event repeats by hand all 6 columns of table events"
    assert short == "Event repeats by hand all 5 columns of table old_events"


def test_table_that_cannot_be_read_is_named() -> None:
    schema = BASE["schema.ts"].replace("  count:", "  ...audit,\n  count:")
    files = BASE | {"schema.ts": schema, "src/a.ts": event()}
    report = check("PLX501", files)
    assert not report.findings
    (part,) = skipped(report)
    assert part[0] == "schema.ts"
    assert part[1].endswith("no type is compared with table events")


def test_names_in_the_database_need_not_be_known() -> None:
    schema = BASE["schema.ts"].replace("text('user_name')", "text(process.env.COLUMN!)")
    schema = schema.replace("('events'", "(process.env.TABLE!")
    files = BASE | {"schema.ts": schema, "src/a.ts": event()}
    report = check("PLX501", files)
    assert messages(report) == ["Event repeats by hand all 6 columns of table events"]
    assert not skipped(report)


def test_alias_of_itself_ends() -> None:
    text = "type Kind = Kind | 'a';\n" + event(kind="Kind")
    assert places(check("PLX501", BASE | {"src/a.ts": text})) == [("src/a.ts", 2)]


def test_long_unions_and_many_types_are_read_quickly() -> None:
    union = " | ".join(f"'v{number}'" for number in range(3_000))
    types = "\n".join(f"interface E{n} {{ id: number; kind: string }}" for n in range(3_000))
    assert found(f"{types}\n{event(kind=union)}")
