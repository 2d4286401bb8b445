"""A table lives in the directory of its dialect, and is built with that dialect's core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.drizzle.causes import table_cause
from plexus_rules.drizzle.families import Family, is_below
from plexus_rules.drizzle.places import dialect_title, dialects_in, is_aside, is_test
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Bad, Good, Line, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import ADD_TABLE_BOTH
from plexus_rules.trees import Move, Replace, Write

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import SchemaTables, Table

_SCHEMA = "packages/backend/drizzle/schema"
_SRC = "packages/backend/src"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every table of the application that lies elsewhere than its dialect's tables do."""
    for family in repository.families:
        if family.directories:
            yield from _of_family(repository, family)
        else:
            reason = "the dialects share a directory, so no table can be in the wrong one"
            yield Skipped(family.databases[0].config, reason)
    for database in repository.uncompared:
        yield Skipped(database.config, "its tables cannot all be read, so nothing is told of it")
    for path, reason in repository.modules.problems:
        yield Skipped(path, reason)


def _of_family(repository: Repository, family: Family) -> Iterator[Problem]:
    for table in repository.declared_tables:
        if _is_meant(repository, family, table):
            message = _misplaced(family, table)
            if message is not None:
                causes = (table_cause(table.name),) if table.name else ()
                yield Problem(table.path, table.range, message, causes=causes)


def _is_meant(repository: Repository, family: Family, table: Table) -> bool:
    """Whether a table belongs to the family's application, exported or not."""
    path = table.path
    if is_test(path) or is_aside(path) or not (table.name or table.symbol):
        return False
    # drizzle-kit pull writes a schema of its own beside the migrations.
    pulled = (d.out for d in repository.databases if d.out)
    if any(is_below(path, out) and not is_below(family.common_directory, out) for out in pulled):
        return False
    owners = [d for d in repository.databases if _exports(repository.tables(d), table)]
    if owners:
        return any(database in family.databases for database in owners)
    packages = {repository.packages.directory(d.config) for d in family.databases}
    return repository.packages.directory(path) in packages


def _exports(schema: SchemaTables, table: Table) -> bool:
    place = table.path, table.range
    return any((one.path, one.range) == place for one in schema.tables)


def _misplaced(family: Family, table: Table) -> str | None:
    """What is wrong with the place of a table; None where nothing is."""
    name, core = table.name or table.symbol, dialect_title(table.core)
    what = f"table {name} is built with the {core} core and lies"
    for dialect, directory in family.directories.items():
        if dialect != table.core and is_below(table.path, directory):
            return f"{what} among the {dialect_title(dialect)} tables"
    own = family.directories.get(table.core)
    if own is None or is_below(table.path, _territory(own, family.common_directory)):
        return None
    if table.core in dialects_in(table.path.rpartition("/")[0]):
        return None
    return f"{what} outside of {own}/"


def _territory(directory: str, common: str) -> str:
    """The outermost directory that is one dialect's alone."""
    rest = directory[len(common) :].lstrip("/")
    return directory[: len(directory) - len(rest)] + rest.partition("/")[0]


_QUOTAS = """import { bigint, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const quotas = pgTable('quotas', {
  id: serial('id').primaryKey(),
  model: text('model').notNull().unique(),
  dailyTokens: bigint('daily_tokens', { mode: 'number' }).notNull(),
});
"""

RULE = Rule(
    id="PLX101",
    name="table-outside-dialect-directory",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    statement=(
        "Always declare a table in the directory of its dialect, built with that dialect's core."
    ),
    why=(claims.ENTRY_DECIDES_THE_DIALECT,),
    remedy=Line(
        "Declare the table in its dialect's directory in {schema_dir}, and build it with that "
        "dialect's core.",
        fallback="Declare the table in its dialect's directory, and build it with that dialect's "
        "core.",
    ),
    line=lines.SAME_TABLES,
    guides=(SCHEMA,),
    source=("Schema Organization", "The ONLY Correct Migration Workflow"),
    needs=Needs.TWO_DIALECTS,
    unseen=(
        "A table that a function of another package makes. Tables in tests, scripts, seeds and "
        "examples."
    ),
    check=check,
    examples=(
        Bad(
            "The PostgreSQL table is copied into sqlite/ as it is",
            given=(ADD_TABLE_BOTH,),
            change=(Write(f"{_SCHEMA}/sqlite/quotas.ts", _QUOTAS),),
            gives=(at(f"{_SCHEMA}/sqlite/quotas.ts", line=3),),
            note="SQLite now has no such table at all, which PLX102 adds as a related place.",
        ),
        Bad(
            "A SQLite table lies in postgres/",
            change=(
                Move(f"{_SCHEMA}/sqlite/api-keys.ts", f"{_SCHEMA}/postgres/local-keys.ts"),
                Replace(f"{_SCHEMA}/sqlite/index.ts", "'./api-keys'", "'../postgres/local-keys'"),
                Replace(f"{_SCHEMA}/index.ts", "'./sqlite/api-keys'", "'./postgres/local-keys'"),
            ),
            gives=(at(f"{_SCHEMA}/postgres/local-keys.ts", line=3),),
        ),
        Bad(
            "A table lies above both directories",
            change=(
                Move(f"{_SCHEMA}/sqlite/request-usage.ts", f"{_SCHEMA}/request-usage.ts"),
                Replace(f"{_SCHEMA}/sqlite/index.ts", "'./request-usage'", "'../request-usage'"),
                Replace(f"{_SCHEMA}/index.ts", "'./sqlite/request-usage'", "'./request-usage'"),
            ),
            gives=(at(f"{_SCHEMA}/request-usage.ts", line=3),),
        ),
        Bad(
            "A service declares a table for itself",
            change=(
                Write(
                    f"{_SRC}/services/retries.ts",
                    "import { integer, pgTable, text } from 'drizzle-orm/pg-core';\n\n"
                    "const retries = pgTable('retries', {\n"
                    "  requestId: text('request_id').primaryKey(),\n"
                    "  count: integer('count').notNull(),\n"
                    "});\n\n"
                    "export const retryTable = () => retries;\n",
                ),
            ),
            gives=(at(f"{_SRC}/services/retries.ts", line=3),),
        ),
        Good("A new table has a file in each dialect's directory", change=(ADD_TABLE_BOTH,)),
        Good(
            "A helper for columns lies outside of both directories",
            change=(
                Write(
                    f"{_SCHEMA}/columns.ts",
                    "import { integer } from 'drizzle-orm/sqlite-core';\n\n"
                    "export const createdAt = () => integer('created_at').notNull();\n",
                ),
                Write(
                    f"{_SCHEMA}/sqlite/api-keys.ts",
                    "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n"
                    "import { createdAt } from '../columns';\n\n"
                    "export const apiKeys = sqliteTable('api_keys', {\n"
                    "  id: integer('id').primaryKey({ autoIncrement: true }),\n"
                    "  name: text('name').notNull(),\n"
                    "  keyHash: text('key_hash').notNull().unique(),\n"
                    "  note: text('note'),\n"
                    "  createdAt: createdAt(),\n"
                    "});\n",
                ),
            ),
        ),
        Good(
            "A test declares a table of its own",
            change=(
                Write(
                    f"{_SRC}/db/__tests__/paging.test.ts",
                    "import { expect, test } from 'bun:test';\n"
                    "import { getTableName } from 'drizzle-orm';\n"
                    "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n\n"
                    "const rows = sqliteTable('rows', { id: integer('id').primaryKey() });\n\n"
                    "test('names the table', () => expect(getTableName(rows)).toBe('rows'));\n",
                ),
            ),
        ),
        Good(
            "drizzle-kit pull leaves the schema that it read beside the migrations",
            change=(
                Write(
                    "packages/backend/drizzle/migrations_pg/schema.ts",
                    _QUOTAS.replace("quotas", "legacy_quotas", 1),
                ),
            ),
        ),
    ),
)
