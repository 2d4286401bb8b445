"""Broken states: each row of what Drizzle lets pass, as far as files can show it."""

from __future__ import annotations

from plexus_rules.lab.battery.model import (
    BACKEND,
    JOURNAL,
    PG_CONFIG,
    POSTGRES,
    SCHEMA,
    SQLITE,
    Found,
    changed,
    conflicting,
    entries,
    journal,
    snapshot,
    value_of,
)
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_PG_ONLY_GENERATED,
    ADD_COLUMN_SCHEMA_ONLY,
    ADD_COLUMN_SQLITE_ONLY_GENERATED,
    ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH,
    ADD_ENUM_VALUE_PG,
    ADD_REQUIRED_COLUMN_BOTH,
    DROP_COLUMN_BOTH,
    DROP_TABLE_BOTH,
    EMPTY_CUSTOM_MIGRATION_BOTH,
    INT_TO_BOOLEAN_PG,
    REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
    REBUILD_PARENT_SQLITE,
    UNEXPORT_TABLE_SQLITE,
    USE_ENUM_VALUE_PG,
)
from plexus_rules.trees import Append, Delete, Replace, Write

_FIRST, _SECOND = f"{SQLITE}/0000_initial.sql", f"{SQLITE}/0001_add_request_tokens.sql"
_NEW = f"{SQLITE}/0002_add_client_request_id.sql"
_SNAPSHOT_1, _SNAPSHOT_2 = (f"{SQLITE}/meta/000{n}_snapshot.json" for n in (1, 2))
_BY_HAND = f"{SQLITE}/0002_add_region.sql"
_REGION = Write(_BY_HAND, "ALTER TABLE `request_usage` ADD `region` text;\n")
_IDX = ('      "idx": 2,\n', '      "idx": 3,\n')
_USAGE = f"{SCHEMA}/sqlite/request-usage.ts"

_LANDED, _LATER = entries(None), entries(ADD_COLUMN_BOTH)
_OWN_ENTRY = {**_LATER[-1], "tag": "0002_add_region"}


def _in_both(rule: str, name: str) -> tuple[Found, ...]:
    return tuple(Found(rule, f"{folder}/{name}") for folder in (SQLITE, POSTGRES))


APPLIED = (
    changed(
        "edited-migration",
        "A landed migration is edited",
        Append(_SECOND, "--> statement-breakpoint\nALTER TABLE `request_usage` ADD `region` text;"),
        gives=(Found("PLX201", _SECOND),),
        note="Existing databases never see it; fresh ones do.",
    ),
    changed(
        "deleted-snapshot",
        "The snapshot of the newest landed migration is deleted",
        Delete(_SNAPSHOT_1),
        gives=(Found("PLX201", _SNAPSHOT_1),),
        note="The next generate makes that migration again.",
    ),
    changed(
        "reordered-entries",
        "Two landed entries change places",
        journal([{**_LATER[0]}, {**_LATER[2], "idx": 1}, {**_LATER[1], "idx": 2}]),
        given=(ADD_COLUMN_BOTH,),
        gives=(Found("PLX204", JOURNAL),),
    ),
    changed(
        "removed-entry",
        "The last landed entry is removed",
        journal(_LANDED[:1]),
        gives=(Found("PLX204", JOURNAL),),
        note="Fresh databases lack it; check and generate are content.",
    ),
)

BY_HAND = (
    changed(
        "handmade-sql",
        "SQL is written by hand, and the journal does not list it",
        _REGION,
        gives=(Found("PLX202", _BY_HAND),),
    ),
    changed(
        "handmade-sql-then-generated",
        "The same, and then another migration of that number is generated",
        _REGION,
        ADD_COLUMN_BOTH,
        gives=(Found("PLX202", _BY_HAND),),
    ),
    changed(
        "handmade-entry",
        "SQL and its entry are written by hand, and there is no snapshot",
        _REGION,
        journal([*_LANDED, _OWN_ENTRY]),
        gives=(Found("PLX206", JOURNAL),),
        note="It runs, and the next generate makes it again: duplicate column name.",
    ),
    changed(
        "handmade-column",
        "SQL adds a column that its snapshot does not have",
        ADD_COLUMN_BOTH,
        Append(_NEW, "--> statement-breakpoint\nALTER TABLE `request_usage` ADD `region` text;"),
        gives=(Found("PLX208", _NEW),),
    ),
    changed(
        "tampered-snapshot",
        "A snapshot says a column that its SQL does not make",
        ADD_COLUMN_BOTH,
        Write(_NEW, "SELECT 1;"),
        gives=(Found("PLX208", _NEW),),
        note='generate says "No schema changes", and the column is never created.',
    ),
    changed(
        "missing-sql",
        "The SQL of a new entry is missing",
        ADD_COLUMN_BOTH,
        Delete(_NEW),
        gives=(Found("PLX203", JOURNAL),),
        note="The application does not start.",
    ),
    changed(
        "missing-snapshot",
        "The snapshot of a new migration is missing",
        ADD_COLUMN_BOTH,
        Delete(_SNAPSHOT_2),
        gives=(Found("PLX206", JOURNAL),),
    ),
    changed(
        "duplicate-idx",
        "A new entry has the idx of the one before it",
        ADD_COLUMN_BOTH,
        journal([*_LANDED, {**_LATER[-1], "idx": 1}]),
        gives=(Found("PLX205", JOURNAL),),
    ),
    changed(
        "older-when",
        "A new entry is older than the newest landed one",
        ADD_COLUMN_BOTH,
        journal([*_LANDED, {**_LATER[-1], "when": _LANDED[-1]["when"] - 1}]),
        gives=(Found("PLX205", JOURNAL),),
        note="Existing databases skip it for ever.",
    ),
    changed(
        "future-when",
        "A new entry lies in the future",
        ADD_COLUMN_BOTH,
        journal([*_LANDED, {**_LATER[-1], "when": 4102444800000}]),
        gives=(Found("PLX205", JOURNAL),),
    ),
    changed(
        "copied-snapshot",
        "A snapshot has the id of the one before it",
        ADD_COLUMN_BOTH,
        snapshot(ADD_COLUMN_BOTH, _SNAPSHOT_2, id=value_of(None, _SNAPSHOT_1, "id")),
        gives=(Found("PLX207", _SNAPSHOT_2),),
    ),
    changed(
        "copied-snapshot-whole",
        "A new migration's snapshot is a copy of the one before it",
        ADD_COLUMN_BOTH,
        snapshot(None, _SNAPSHOT_1, _SNAPSHOT_2),
        gives=(Found("PLX207", _SNAPSHOT_2),),
        note="generate reports a collision, makes nothing, and exits 0.",
    ),
    changed(
        "unknown-parent",
        "The prevId of a snapshot names none",
        ADD_COLUMN_BOTH,
        snapshot(ADD_COLUMN_BOTH, _SNAPSHOT_2, prevId="0b0f1c8e-4b35-4a5e-9b7e-0e5f4d3c2b1a"),
        gives=(Found("PLX207", _SNAPSHOT_2),),
    ),
    changed(
        "conflict-markers",
        "Conflict markers are left in the journal",
        ADD_COLUMN_BOTH,
        Replace(
            JOURNAL, '      "idx": 2,\n', conflicting('      "idx": 2,\n', '      "idx": 3,\n')
        ),
        gives=(Found("PLX211", JOURNAL),),
    ),
    changed(
        "malformed-snapshot",
        "A snapshot is not JSON",
        ADD_COLUMN_BOTH,
        Replace(_SNAPSHOT_2, '"dialect": "sqlite",', '"dialect": "sqlite"'),
        gives=(Found("PLX211", _SNAPSHOT_2),),
        note="generate makes nothing, and exits 0.",
    ),
)

SCHEMAS = (
    changed(
        "sqlite-only",
        "A column is added in both dialects, and generated for SQLite only",
        ADD_COLUMN_SQLITE_ONLY_GENERATED,
        gives=(Found("PLX209", f"{SCHEMA}/postgres/request-usage.ts"),),
        note="On PostgreSQL every select and insert of the table fails.",
    ),
    changed(
        "postgres-only",
        "A column is added in both dialects, and generated for PostgreSQL only",
        ADD_COLUMN_PG_ONLY_GENERATED,
        gives=(Found("PLX209", _USAGE),),
    ),
    changed(
        "not-generated",
        "A column is added in both dialects, and nothing is generated",
        ADD_COLUMN_SCHEMA_ONLY,
        gives=(
            Found("PLX210", f"{SCHEMA}/postgres/request-usage.ts"),
            Found("PLX210", _USAGE),
        ),
    ),
    changed(
        "unexported-new-table",
        "A new table is not exported from SQLite's entry",
        Write(
            f"{SCHEMA}/sqlite/quotas.ts",
            "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n\n"
            "export const quotas = sqliteTable('quotas', {\n"
            "  model: text('model').primaryKey(),\n"
            "  dailyTokens: integer('daily_tokens').notNull(),\n"
            "});\n",
        ),
        gives=(Found("PLX103", f"{SCHEMA}/sqlite/quotas.ts"),),
        note='generate says "No schema changes".',
    ),
    changed(
        "unexported-landed-table",
        "A table is no longer exported from SQLite's entry, and generate drops it",
        UNEXPORT_TABLE_SQLITE,
        gives=(Found("PLX103", f"{SCHEMA}/sqlite/api-keys.ts"),),
    ),
    changed(
        "notes-in-schema",
        "An AGENTS.md lies in the directory that a config loads",
        Write(f"{SCHEMA}/postgres/AGENTS.md", "# Tables\n\nOne file for each table.\n"),
        given=(Replace(PG_CONFIG, "schema/postgres/index.ts", "schema/postgres"),),
        gives=(Found("PLX104", f"{SCHEMA}/postgres/AGENTS.md"),),
        note="generate dies with a SyntaxError, and exits 0.",
    ),
    changed(
        "push-script",
        "A script pushes the schema to a database",
        Replace(
            f"{BACKEND}/package.json",
            '"test": "bun test"',
            '"test": "bun test",\n    "db:push": "drizzle-kit push"',
        ),
        gives=(Found("PLX402", f"{BACKEND}/package.json"),),
    ),
)


SQL = (
    changed(
        "cascade-wipe",
        "SQLite rebuilds a table that another references with ON DELETE CASCADE",
        REBUILD_PARENT_SQLITE,
        gives=(Found("PLX301", f"{SQLITE}/0002_disable_new_providers.sql"),),
        note="Every row of the referencing table is deleted, and the run reports success.",
    ),
    changed(
        "rebuild-with-new-column",
        "A rebuild copies a column that the old table does not have",
        REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
        gives=(Found("PLX302", f"{SQLITE}/0002_allow_no_provider.sql"),),
        note="Every row gets the column's name as its text.",
    ),
    changed(
        "missing-breakpoint",
        "Two statements stand without a breakpoint between them",
        ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH,
        gives=_in_both("PLX303", "0002_add_client_columns.sql"),
        note="bun:sqlite and libsql run the first, and record the migration as applied.",
    ),
    changed(
        "required-column",
        "A column is NOT NULL and has no default",
        ADD_REQUIRED_COLUMN_BOTH,
        gives=_in_both("PLX304", "0002_add_region.sql"),
        note="It passes on an empty table, and fails on one with rows.",
    ),
    changed(
        "enum-value-in-batch",
        "A PostgreSQL enum value is added and used before it is committed",
        ADD_ENUM_VALUE_PG,
        USE_ENUM_VALUE_PG,
        gives=(Found("PLX305", f"{POSTGRES}/0003_mark_mistral.sql"),),
    ),
    changed(
        "type-without-using",
        "A PostgreSQL column becomes boolean without USING",
        INT_TO_BOOLEAN_PG,
        gives=(Found("PLX306", f"{POSTGRES}/0002_make_streamed_boolean.sql"),),
        note="It fails, and blocks every migration after it.",
    ),
    changed(
        "dropped-table",
        "A table is dropped in both dialects",
        DROP_TABLE_BOTH,
        gives=_in_both("PLX307", "0002_drop_api_keys.sql"),
    ),
    changed(
        "dropped-column",
        "A column is dropped in both dialects",
        DROP_COLUMN_BOTH,
        gives=_in_both("PLX307", "0002_drop_key_note.sql"),
    ),
    changed(
        "empty-migration",
        "A migration holds a comment and no statement",
        EMPTY_CUSTOM_MIGRATION_BOTH,
        gives=_in_both("PLX308", "0002_to_be_written.sql"),
        note="SQLite's drivers fail at it.",
    ),
)

BROKEN = (*APPLIED, *BY_HAND, *SCHEMAS, *SQL)

#: What no file shows, and why.
UNSEEN = {
    "A column is added to a live database by hand": "no file of the repository says so",
    "`drizzle-kit push` is run by hand": "only the database shows it; scripts that run it are seen",
    "generate writes over hand-made SQL of the tag that it uses": (
        "afterwards only what it generated is there; before, the SQL is reported as not listed"
    ),
}
