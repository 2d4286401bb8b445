"""DDL belongs into migrations: what code creates or alters itself, the history does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, ROOT, SCHEMA
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.texts import HOLE
from plexus_rules.drizzle.typescript import MAX_SOURCE_BYTES
from plexus_rules.finding import Range, Related
from plexus_rules.rule import Bad, Good, Line, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Append, Replace, Write

if TYPE_CHECKING:
    from plexus_rules.drizzle.ddl import Ddl
    from plexus_rules.drizzle.sql_calls import SqlText

_SRC = "packages/backend/src"
#: What Drizzle's migrator keeps its own records in.
_RECORDS = frozenset({"__drizzle_migrations"})
#: Those whose drivers serve no other dialect.
_PLAIN_DIALECTS = frozenset({"mysql", "postgresql", "sqlite"})
#: What a migration exports that is written in code, for a migrator other than Drizzle's.
_MIGRATION_OF_ANOTHER_TOOL = {"up", "down"}
#: Schemas of those records, and of what is gone with the connection.
_NOT_OURS = frozenset({"drizzle", "pg_temp", "temp"})


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every call that hands a database SQL which changes what tables there are."""
    from plexus_rules.drizzle.ddl import ddl_statements
    from plexus_rules.drizzle.sql_calls import migrator_names, sql_texts

    modules = repository.modules
    records = _RECORDS | migrator_names(modules)
    for path, texts in sql_texts(modules):
        if modules.surface(path).exported.keys() >= _MIGRATION_OF_ANOTHER_TOOL:
            continue
        if len(modules.data(path)) >= MAX_SOURCE_BYTES:
            yield Skipped(path, f"only its first {MAX_SOURCE_BYTES // 1024 // 1024} MiB are read")
        found = [(sql, list(ddl_statements(sql.text.value))) for sql in texts]
        temporary = {d.name[-1] for _, all_ddl in found for d in all_ddl if d.is_temporary}
        calls: dict[Range, list[tuple[SqlText, Ddl]]] = {}
        for sql, all_ddl in found:
            if not _is_elsewhere(sql.dialect, repository.dialects):
                counted = [(sql, d) for d in all_ddl if _counts(d, records, temporary)]
                if counted:
                    place = sql.text.range(counted[0][1].start, counted[0][1].end)
                    calls.setdefault(place, []).extend(counted)
        for place, statements in calls.items():
            yield _problem(path, place, list(dict.fromkeys(statements)))


def _is_elsewhere(dialect: str | None, ours: frozenset[str]) -> bool:
    """Whether a driver opens a database that is none of the repository's."""
    from plexus_rules.drizzle.sql_calls import OTHER

    comparable = _PLAIN_DIALECTS.issuperset(ours) and bool(ours)
    return dialect == OTHER or (comparable and dialect in _PLAIN_DIALECTS - ours)


def _counts(ddl: Ddl, records: frozenset[str], temporary: set[str]) -> bool:
    """Whether a statement is one for a migration."""
    for name in filter(None, (ddl.name, ddl.table)):
        if name[-1] in records | temporary or name[0].lower() in _NOT_OURS:
            return False
    # What empties a database drops whatever it finds there; schemas hold tenants, or tests.
    is_reset = ddl.verb == "DROP" and ddl.name[-1] == HOLE
    return not (ddl.is_temporary or is_reset or ddl.kind == "SCHEMA")


def _problem(path: str, place: Range, found: list[tuple[SqlText, Ddl]]) -> Problem:
    """One call, with all the statements that it may run."""
    first = found[0][1]
    name = ".".join(first.name)
    what = f"{first.verb} {first.kind}" + ("" if HOLE in name else f" {name}")
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    origins = dict.fromkeys(sql.text.origin for sql, _ in found if sql.text.origin)
    related = tuple(Related(*origin, "the SQL is written here") for origin in origins)
    message = f"this runs DDL outside of a migration: {what}{more}"
    return Problem(path, place, message, related=related)


RULE = Rule(
    id="PLX401",
    name="raw-ddl",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never run DDL from code: tables, columns, indexes and types change in migrations.",
    why=(
        claims.LIVE_CHANGE_FAILS_LATER,
        claims.UNKNOWN_CHANGE_IS_SILENT,
        claims.CUSTOM_MIGRATION_IS_HISTORY,
    ),
    remedy=Line(
        "Remove the statement, change the schema, and run {generate}. SQL that drizzle-kit cannot "
        "generate goes into an empty migration: {generate_custom}.",
        fallback="Remove the statement, change the schema, and run {generate}. SQL that this "
        "cannot generate goes into an empty migration: `drizzle-kit generate --custom`.",
    ),
    line=lines.LIVE_DATABASE,
    guides=(SCHEMA, DATABASE_CODE, ROOT),
    source=("The ONLY Correct Migration Workflow", "Live Database Safety"),
    check=check,
    unseen=(
        "SQL that is put together while the program runs, read from a file, or sent through a "
        "query builder, a shell or another language; schemas, extensions, functions, roles and "
        "whole databases; a drop whose name is computed, as of a reset; in-memory databases, and "
        "drivers of another dialect; migrations of other tools, and tests."
    ),
    examples=(
        Bad(
            "The start-up code adds a column that a database may lack",
            change=(
                Replace(
                    f"{_SRC}/db/migrate.ts",
                    "  const database = getDatabase();\n",
                    "  const database = getDatabase();\n"
                    "  database.run(sql`ALTER TABLE request_usage ADD COLUMN region text`);\n",
                ),
            ),
            gives=(at(f"{_SRC}/db/migrate.ts", line=10),),
        ),
        Bad(
            "A service creates the tables that it needs",
            change=(
                Write(
                    f"{_SRC}/services/cooldowns.ts",
                    "import { Database } from 'bun:sqlite';\n\n"
                    "const TABLES = `\n"
                    "  CREATE TABLE IF NOT EXISTS cooldowns (provider text PRIMARY KEY);\n"
                    "  CREATE INDEX IF NOT EXISTS cooldowns_by_end ON cooldowns (ends_at);\n"
                    "`;\n\n"
                    "export function openCooldowns(file: string): Database {\n"
                    "  const sqlite = new Database(file);\n"
                    "  sqlite.exec(TABLES);\n"
                    "  return sqlite;\n"
                    "}\n",
                ),
            ),
            gives=(at(f"{_SRC}/services/cooldowns.ts", line=10),),
            note="One call, one finding, at the call; the text that it runs is a related place.",
        ),
        Bad(
            "A repair runs statement after statement",
            change=(
                Write(
                    f"{_SRC}/db/repair.ts",
                    "import { sql } from 'drizzle-orm';\n"
                    "import { getDatabase } from './client';\n\n"
                    "const REPAIRS = [\n"
                    "  'ALTER TABLE api_keys ADD COLUMN comment text',\n"
                    "  'UPDATE api_keys SET comment = secret',\n"
                    "];\n\n"
                    "for (const statement of REPAIRS) {\n"
                    "  await getDatabase().run(sql.raw(statement));\n"
                    "}\n",
                ),
            ),
            gives=(at(f"{_SRC}/db/repair.ts", line=10),),
        ),
        Bad(
            "A script drops a table through the PostgreSQL driver",
            change=(
                Write(
                    "scripts/forget-providers.ts",
                    "import postgres from 'postgres';\n\n"
                    "const client = postgres(process.env.PLEXUS_DB_URL ?? '');\n"
                    "await client.unsafe('drop table if exists providers cascade');\n",
                ),
            ),
            gives=(at("scripts/forget-providers.ts", line=4),),
        ),
        Good(
            "SQL that reads, writes and tidies, and talk of DDL",
            change=(
                Write(
                    f"{_SRC}/services/housekeeping.ts",
                    "import { sql } from 'drizzle-orm';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "// Never CREATE TABLE here: that is what migrations are for.\n"
                    "export async function tidy(): Promise<void> {\n"
                    "  const database = getDatabase();\n"
                    "  await database.run(sql`DELETE FROM request_usage WHERE date < 0`);\n"
                    "  database.run(sql`PRAGMA optimize`);\n"
                    "  database.run(sql`ANALYZE`);\n"
                    "  console.log('ALTER TABLE is left to the migrator');\n"
                    "}\n",
                ),
            ),
        ),
        Good(
            "A table that lives as long as the connection",
            change=(
                Write(
                    f"{_SRC}/services/merge-usage.ts",
                    "import { sql } from 'drizzle-orm';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "const database = getDatabase();\n"
                    "database.run(sql`CREATE TEMP TABLE batch AS SELECT * FROM request_usage`);\n"
                    "database.run(sql`CREATE INDEX batch_by_date ON batch (date)`);\n"
                    "database.run(sql`DROP TABLE batch`);\n",
                ),
            ),
        ),
        Good(
            "The migrator's own records are made before it runs",
            change=(
                Append(
                    f"{_SRC}/db/migrate.ts",
                    "\nconst RECORDS = '__drizzle_migrations';\n\n"
                    "export function prepare(sqlite: { run(text: string): void }): void {\n"
                    "  sqlite.run(`\n"
                    "    CREATE TABLE IF NOT EXISTS ${RECORDS} (\n"
                    "      id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
                    "      hash text NOT NULL,\n"
                    "      created_at numeric\n"
                    "    )\n"
                    "  `);\n"
                    "}\n",
                ),
            ),
        ),
        Good(
            "A reset empties a database, and another holds events",
            change=(
                Write(
                    "scripts/reset.ts",
                    "import { createClient } from '@clickhouse/client';\n"
                    "import postgres from 'postgres';\n\n"
                    "const client = postgres(process.env.PLEXUS_DB_URL ?? '');\n"
                    "for (const { tablename } of await client`SELECT * FROM pg_tables`) {\n"
                    '  await client.unsafe(`DROP TABLE IF EXISTS "${tablename}" CASCADE`);\n'
                    "}\n\n"
                    "const events = createClient({ url: process.env.EVENTS_URL });\n"
                    "await events.exec({\n"
                    "  query: 'CREATE TABLE IF NOT EXISTS hits (at DateTime) ENGINE = Log',\n"
                    "});\n",
                ),
            ),
        ),
        Good(
            "A test builds a table of its own",
            change=(
                Write(
                    f"{_SRC}/db/__tests__/client.test.ts",
                    "import { Database } from 'bun:sqlite';\n"
                    "import { expect, test } from 'bun:test';\n\n"
                    "test('a database answers', () => {\n"
                    "  const sqlite = new Database(':memory:');\n"
                    "  sqlite.exec('CREATE TABLE t (a integer)');\n"
                    "  expect(sqlite.query('SELECT a FROM t').all()).toEqual([]);\n"
                    "});\n",
                ),
            ),
        ),
    ),
)
