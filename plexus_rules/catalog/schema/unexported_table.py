"""generate knows the tables that the config's schema exports, and no other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.migrations.common import literal
from plexus_rules.drizzle.causes import table_cause
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.modules import Modules, is_code
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.shapes.snapshots import qualified, tables_of
from plexus_rules.drizzle.unexported import Unexported, unexported
from plexus_rules.finding import WHOLE_FILE, Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import ADD_TABLE_BOTH
from plexus_rules.trees import Append, Delete, Replace, Write

_PACKAGE = "packages/backend"
_SCHEMA = f"{_PACKAGE}/drizzle/schema"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every table that seems to be meant for a database whose schema does not export it."""
    for found in unexported(repository):
        if found.doubt is not None:
            path, reason = found.doubt
            what = f"whether it exports table {found.table.name} is not known"
            yield Skipped(path, f"{reason}; {what}")
        else:
            yield _problem(repository, found)


def _problem(repository: Repository, found: Unexported) -> Problem:
    table, database = found.table, found.database
    name = qualified(str(table.name), table.schema)
    message = f"the schema of {database.config} does not export table {name}"
    if _is_in_snapshot(database, name):
        message += ", which its newest snapshot has: the next generate drops it, without a question"
    else:
        message += ": generate finds no changes for it"
    entry = _entry(repository, database)
    related = (Related(entry, WHOLE_FILE, "the schema that the config names"),) if entry else ()
    return Problem(
        table.path,
        table.range,
        message,
        related=related,
        causes=(table_cause(name),),
        remedy=_remedy(repository, found, entry),
    )


def _is_in_snapshot(database: Database, name: str) -> bool:
    newest = database.newest_snapshot if database.out is not None else None
    return newest is not None and name in tables_of(newest.value)


def _entry(repository: Repository, database: Database) -> str | None:
    """The file that the schema starts from; None where it is a directory, or several files."""
    entries = database.schema or ()
    is_one = len(entries) == 1 and repository.tree.is_file(entries[0]) and is_code(entries[0])
    return entries[0] if is_one else None


def _remedy(repository: Repository, found: Unexported, entry: str | None) -> str:
    modules, table = repository.modules, found.table
    symbol, path = str(table.symbol), table.path
    steps: list[str] = []
    exported = modules.exports(path).values()
    if not any(s.path == path and s.name == symbol for s in exported):
        steps.append(f"put `export` before `{symbol}` in {path}")
    read = repository.tables(found.database).files
    if path not in {file for start in read if is_code(start) for file in modules.star_files(start)}:
        if entry is None:
            config = found.database.config
            steps.append(f"let `schema` in {config} name {path}, too, or move it to the others")
        else:
            steps.append(f"add `export * from '{_specifier(modules, entry, path)}';` to {entry}")
    steps = steps or [f"export `{symbol}` of {path} under a name of its own"]
    text = literal(", ".join(steps))
    return f"{text[:1].upper()}{text[1:]}, so that generate knows it."


def _specifier(modules: Modules, entry: str, path: str) -> str:
    """How the entry names a file: with an ending where its other exports have one."""
    relative = posixpath.relpath(path, posixpath.dirname(entry) or ".")
    stem = posixpath.splitext(relative)[0]
    endings = {posixpath.splitext(star)[1] for star in modules.surface(entry).stars}
    ending = endings.pop() if len(endings) == 1 else ""
    stem = stem if ending or not stem.endswith("/index") else stem.removesuffix("/index")
    return (stem if stem.startswith("../") else f"./{stem}") + (
        ending if ending in (".js", ".ts", ".mjs", ".mts") else ""
    )


_QUOTAS = """import {{ integer, {core}Table, text }} from 'drizzle-orm/{core}-core';

export const quotas = {core}Table('quotas', {{
  model: text('model').primaryKey(),
  dailyTokens: integer('daily_tokens').notNull(),
}});
"""
_SQLITE_ONLY = (
    Delete(f"{_PACKAGE}/drizzle.config.pg.ts"),
    Delete(f"{_PACKAGE}/drizzle/migrations_pg"),
    Delete(f"{_SCHEMA}/postgres"),
    Replace(f"{_PACKAGE}/drizzle.config.ts", "schema/index.ts", "schema/sqlite/index.ts"),
    Delete(f"{_SCHEMA}/index.ts"),
)

RULE = Rule(
    id="PLX103",
    name="unexported-table",
    since="0.2.0",
    obligation=Obligation.ALWAYS,
    statement="Always export a table from the schema that the drizzle config names.",
    why=(
        claims.UNEXPORTED_TABLE_HAS_NO_MIGRATION,
        claims.UNEXPORTED_TABLE_IS_DROPPED,
    ),
    remedy="Export the table from the schema that the config names, so that generate knows it.",
    line=lines.EXPORT_TABLES,
    guides=(SCHEMA,),
    unseen=(
        "A table that lies elsewhere than the database's tables and is never used together with "
        "them. A table without a name of its own in its file: in an object, or made by a function."
    ),
    check=check,
    examples=(
        Bad(
            "New tables are not exported from the entries",
            change=(
                Write(f"{_SCHEMA}/postgres/quotas.ts", _QUOTAS.format(core="pg")),
                Write(f"{_SCHEMA}/sqlite/quotas.ts", _QUOTAS.format(core="sqlite")),
            ),
            gives=(
                at(f"{_SCHEMA}/postgres/quotas.ts", line=3),
                at(f"{_SCHEMA}/sqlite/quotas.ts", line=3),
            ),
            note="generate says that nothing has changed.",
        ),
        Bad(
            "A landed table is taken out of the entry",
            given=_SQLITE_ONLY,
            change=(Replace(f"{_SCHEMA}/sqlite/index.ts", "export * from './api-keys';\n", ""),),
            gives=(at(f"{_SCHEMA}/sqlite/api-keys.ts", line=3),),
            note="The next generate drops it, with all of its rows.",
        ),
        Bad(
            "A table in a file of the schema lacks its `export`",
            given=_SQLITE_ONLY,
            change=(
                Append(
                    f"{_SCHEMA}/sqlite/api-keys.ts",
                    "\nconst keyScopes = sqliteTable('key_scopes', {\n"
                    "  keyId: integer('key_id').notNull(),\n"
                    "  scope: text('scope').notNull(),\n"
                    "});\n",
                ),
            ),
            gives=(at(f"{_SCHEMA}/sqlite/api-keys.ts", line=11),),
        ),
        Bad(
            "A service declares a table for itself, and uses it with the schema's",
            given=_SQLITE_ONLY,
            change=(
                Write(
                    f"{_PACKAGE}/src/services/retries.ts",
                    "import { eq } from 'drizzle-orm';\n"
                    "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n"
                    "import { requestUsage } from '../../drizzle/schema/sqlite';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "const retries = sqliteTable('retries', {\n"
                    "  usageId: integer('usage_id').primaryKey(),\n"
                    "  count: integer('count').notNull(),\n"
                    "});\n\n"
                    "export const retried = () =>\n"
                    "  getDatabase().select().from(requestUsage)\n"
                    "    .innerJoin(retries, eq(retries.usageId, requestUsage.id));\n",
                ),
            ),
            gives=(at(f"{_PACKAGE}/src/services/retries.ts", line=6),),
        ),
        Good(
            "New tables are exported from both entries by their names",
            change=(
                ADD_TABLE_BOTH,
                *(
                    Replace(path, "* from './quotas'", "{ quotas } from './quotas'")
                    for path in (f"{_SCHEMA}/postgres/index.ts", f"{_SCHEMA}/sqlite/index.ts")
                ),
            ),
        ),
        Good(
            "A test declares a table of its own",
            change=(
                Write(
                    f"{_PACKAGE}/drizzle/schema/__tests__/rows.test.ts",
                    "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n\n"
                    "const rows = sqliteTable('rows', { id: integer('id').primaryKey() });\n",
                ),
            ),
        ),
        Good(
            "PostgreSQL's schema refers to a table that another program makes",
            change=(
                Write(
                    f"{_SCHEMA}/postgres/auth.ts",
                    "import { pgSchema, uuid } from 'drizzle-orm/pg-core';\n\n"
                    "export const users = pgSchema('auth').table('users', {\n"
                    "  id: uuid('id').primaryKey(),\n"
                    "});\n",
                ),
            ),
            note="Nothing of the database schema `auth` is exported: it is not managed here.",
        ),
    ),
)
