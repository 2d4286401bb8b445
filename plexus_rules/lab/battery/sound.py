"""Sound repositories: what looks broken and is not, and what people rightly do."""

from __future__ import annotations

import json

from plexus_rules.lab.battery.model import (
    BACKEND,
    CONFIG,
    PG_CONFIG,
    PG_JOURNAL,
    POSTGRES,
    SCHEMA,
    SQLITE,
    Changes,
    State,
    changed,
    landed,
)
from plexus_rules.samples import (
    ADD_COLUMN_AFTER_REBUILD_BOTH,
    ADD_COLUMN_BOTH,
    ADD_COLUMN_ONE_DIALECT,
    ADD_COLUMN_TIMESTAMP_PREFIX,
    ADD_CONSTRAINT_INDEX_ONLY,
    ADD_ENUM_VALUE_PG,
    ADD_INDEX_BOTH,
    ADD_REQUIRED_COLUMN_WITH_DEFAULT_BOTH,
    ADD_SECOND_COLUMN_BOTH,
    ADD_TABLE_BOTH,
    CHANGE_VARCHAR_LENGTH_PG,
    CUSTOM_MIGRATION_BOTH,
    DROP_TABLE_BOTH,
    ENABLE_RLS_PG,
    INT_TO_BOOLEAN_PG,
    REBUILD_LEAF_SQLITE,
    REBUILD_PARENT_SQLITE,
    SQUASH_BOTH,
    USE_ENUM_VALUE_PG,
    base,
)
from plexus_rules.trees import Append, Delete, Edit, Move, Replace, Write

_SNAPSHOT = f"{SQLITE}/meta/0001_snapshot.json"
_CLIENT = """import { Database } from 'bun:sqlite';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import * as schema from '../../drizzle/schema/sqlite';

const database = drizzle(new Database(process.env.PLEXUS_DB_URL || ':memory:'), { schema });

export const getDatabase = () => database;
export const getSchema = () => schema;
"""
#: The same project for SQLite alone.
_SQLITE_ALONE: Changes = (
    Delete(PG_CONFIG),
    Delete(POSTGRES),
    Delete(f"{SCHEMA}/postgres"),
    Delete(f"{SCHEMA}/index.ts"),
    Delete(f"{BACKEND}/src/services/provider-report.ts"),
    Delete(f"{BACKEND}/src/db/migrate.ts"),
    Replace(CONFIG, "schema/index.ts", "schema/sqlite/index.ts"),
    Write(f"{BACKEND}/src/db/client.ts", _CLIENT),
)


def _schema(sqlite: str, postgres: str) -> tuple[Edit, ...]:
    """Other entries in both configs, as they stand in TypeScript."""
    return (
        Replace(CONFIG, "'./drizzle/schema/index.ts'", sqlite),
        Replace(PG_CONFIG, "'./drizzle/schema/postgres/index.ts'", postgres),
    )


def _with_windows_line_ends() -> tuple[Edit, ...]:
    return tuple(
        Write(path, data.decode().replace("\n", "\r\n"))
        for path, data in base().items()
        if path.startswith(f"{BACKEND}/drizzle/")
    )


_ONE_CONFIG = """import { defineConfig } from 'drizzle-kit';

const isPostgres = process.env.PLEXUS_DB_TYPE === 'postgres';

export default isPostgres
  ? defineConfig({
      schema: './drizzle/schema/postgres/index.ts',
      out: './drizzle/migrations_pg',
      dialect: 'postgresql',
    })
  : defineConfig({
      schema: './drizzle/schema/index.ts',
      out: './drizzle/migrations',
      dialect: 'sqlite',
    });
"""
_WORKER = "packages/worker"
_WORKER_PACKAGE: tuple[Edit, ...] = (
    Write(f"{_WORKER}/package.json", '{ "name": "plexus-sample-worker", "private": true }\n'),
    Write(
        f"{_WORKER}/drizzle.config.ts",
        "import { defineConfig } from 'drizzle-kit';\n\n"
        "export default defineConfig({\n"
        "  schema: './src/schema.ts',\n"
        "  out: './migrations',\n"
        "  dialect: 'sqlite',\n"
        "});\n",
    ),
    Write(
        f"{_WORKER}/src/schema.ts",
        "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n\n"
        "export const jobs = sqliteTable('jobs', {\n"
        "  id: integer('id').primaryKey(),\n"
        "  payload: text('payload').notNull(),\n"
        "});\n",
    ),
)

LAYOUTS = (
    landed("base", "The base project as it is"),
    changed(
        "moved-folders",
        "Both migrations folders are moved whole",
        Move(SQLITE, f"{BACKEND}/migrations/sqlite"),
        Move(POSTGRES, f"{BACKEND}/migrations/postgres"),
        Replace(CONFIG, "./drizzle/migrations", "./migrations/sqlite"),
        Replace(PG_CONFIG, "./drizzle/migrations_pg", "./migrations/postgres"),
    ),
    changed(
        "folder-in-folder",
        "PostgreSQL's migrations come to lie inside of SQLite's folder",
        Move(POSTGRES, f"{SQLITE}/pg"),
        Replace(PG_CONFIG, "./drizzle/migrations_pg", "./drizzle/migrations/pg"),
    ),
    changed("windows-line-ends", "Every file gets Windows line ends", *_with_windows_line_ends()),
    landed(
        "one-config",
        "One config holds both environments",
        Write(CONFIG, _ONE_CONFIG),
        Delete(PG_CONFIG),
    ),
    landed(
        "schema-directories",
        "The configs name directories",
        *_schema("'./drizzle/schema/sqlite'", "'./drizzle/schema/postgres'"),
    ),
    landed(
        "schema-globs",
        "The configs name globs",
        *_schema("'./drizzle/schema/sqlite/*.ts'", "'./drizzle/schema/postgres/**/*.ts'"),
    ),
    landed(
        "schema-lists",
        "The configs name lists of files",
        *_schema(
            "['./drizzle/schema/sqlite/providers.ts', './drizzle/schema/sqlite/api-keys.ts', "
            "'./drizzle/schema/sqlite/request-usage.ts']",
            "['./drizzle/schema/postgres/enums.ts', './drizzle/schema/postgres/providers.ts', "
            "'./drizzle/schema/postgres/api-keys.ts', "
            "'./drizzle/schema/postgres/request-usage.ts']",
        ),
    ),
    landed("two-packages", "Another package has a database of its own", *_WORKER_PACKAGE),
    landed("no-migrations", "There are no migrations yet", Delete(SQLITE), Delete(POSTGRES)),
    landed("one-dialect", "SQLite alone is there", *_SQLITE_ALONE),
    changed(
        "one-dialect-change",
        "SQLite alone is there, and a column is added",
        ADD_COLUMN_ONE_DIALECT,
        given=_SQLITE_ALONE,
    ),
    changed("dropped-dialect", "PostgreSQL is given up", *_SQLITE_ALONE),
    State("added-dialect", "PostgreSQL is added to a project with SQLite alone", _SQLITE_ALONE, ()),
    changed(
        "notes-beside-schema",
        "Notes lie beside the entries and the migrations",
        Write(f"{SCHEMA}/AGENTS.md", "# Tables\n\nOne file for each.\n"),
        Write(f"{SCHEMA}/postgres/AGENTS.md", "# Tables\n\nOne file for each.\n"),
        Write(f"{SQLITE}/AGENTS.md", "# Migrations\n\nGenerated.\n"),
    ),
    changed(
        "table-of-a-test",
        "A test declares a table of its own",
        Write(
            f"{BACKEND}/src/db/__tests__/rows.test.ts",
            "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n\n"
            "export const rows = sqliteTable('rows', { id: integer('id').primaryKey() });\n",
        ),
    ),
)

HISTORIES = (
    changed("squash", "Both histories are deleted, and generated anew", SQUASH_BOTH),
    changed("custom-data", "A custom migration changes rows", CUSTOM_MIGRATION_BOTH),
    changed(
        "timestamp-prefix",
        "Migrations are numbered by timestamp from now on",
        ADD_COLUMN_TIMESTAMP_PREFIX,
    ),
    landed(
        "different-numbers",
        "PostgreSQL has one migration more than SQLite",
        ADD_ENUM_VALUE_PG,
        note="A new enum value is nothing to SQLite.",
    ),
    changed(
        "two-migrations",
        "A branch brings two migrations",
        ADD_COLUMN_BOTH,
        ADD_SECOND_COLUMN_BOTH,
    ),
    changed(
        "newer-journal",
        "`drizzle-kit up` brings an old journal to a newer version",
        Replace(PG_JOURNAL, '"6",\n  "dialect"', '"7",\n  "dialect"'),
        given=(Replace(PG_JOURNAL, '"7",\n  "dialect"', '"6",\n  "dialect"'),),
    ),
    changed(
        "formatted-snapshot",
        "A formatter lays a landed snapshot out anew",
        Write(_SNAPSHOT, json.dumps(json.loads(base()[_SNAPSHOT]), indent=4)),
        note="It says the same.",
    ),
    landed("dropped-long-ago", "A table was dropped long ago", DROP_TABLE_BOTH),
    landed("rebuilt-long-ago", "A parent table was rebuilt long ago", REBUILD_PARENT_SQLITE),
    landed(
        "type-changed-long-ago",
        "A column was made boolean without USING long ago",
        INT_TO_BOOLEAN_PG,
        note="What has landed cannot be mended in place: it is only information.",
    ),
)

CHANGES = (
    changed("table", "A table is added in both dialects", ADD_TABLE_BOTH),
    changed("column", "A column is added in both dialects", ADD_COLUMN_BOTH),
    changed("index", "An index is added in both dialects", ADD_INDEX_BOTH),
    changed(
        "unique-constraint",
        "Two columns become unique together",
        ADD_CONSTRAINT_INDEX_ONLY,
    ),
    changed(
        "required-with-default",
        "A column is NOT NULL and has a default",
        ADD_REQUIRED_COLUMN_WITH_DEFAULT_BOTH,
    ),
    changed("enum-value", "PostgreSQL's enum gets one more value", ADD_ENUM_VALUE_PG),
    changed(
        "enum-value-used-later",
        "A value of PostgreSQL's enum is used after it has landed",
        USE_ENUM_VALUE_PG,
        given=(ADD_ENUM_VALUE_PG,),
    ),
    changed("varchar-length", "PostgreSQL's varchar gets longer", CHANGE_VARCHAR_LENGTH_PG),
    changed("row-level-security", "PostgreSQL gets row-level security", ENABLE_RLS_PG),
    changed(
        "rebuilt-leaf",
        "SQLite rebuilds a table that no other references",
        REBUILD_LEAF_SQLITE,
    ),
    changed(
        "column-after-rebuild",
        "A column is added in a migration after the rebuild",
        REBUILD_LEAF_SQLITE,
        ADD_COLUMN_AFTER_REBUILD_BOTH,
    ),
    changed(
        "comment-in-schema",
        "A comment is added to the schema",
        Append(f"{SCHEMA}/sqlite/api-keys.ts", "// Keys are stored as hashes.\n"),
        Append(f"{SCHEMA}/postgres/api-keys.ts", "// Keys are stored as hashes.\n"),
    ),
)

SOUND = (*LAYOUTS, *HISTORIES, *CHANGES)
