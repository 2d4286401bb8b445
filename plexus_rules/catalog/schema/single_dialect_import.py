"""Application code takes the tables of the dialect in use, not those of one dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, SCHEMA
from plexus_rules.drizzle.families import Family, is_below
from plexus_rules.drizzle.modules import Import, Modules, Symbol
from plexus_rules.drizzle.places import (
    asks_for_dialect,
    dialect_title,
    dialects_in,
    is_aside,
    is_test,
)
from plexus_rules.drizzle.reach import reachable
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.typescript import string_value, walk
from plexus_rules.finding import Related, Severity
from plexus_rules.rule import Bad, Good, Line, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Write

if TYPE_CHECKING:
    from tree_sitter import Node

_SRC = "packages/backend/src"
_REPORT = f"{_SRC}/services/usage-report.ts"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every module of the application that takes one dialect's tables and no other's."""
    for family in repository.families:
        taken: dict[str, list[tuple[Import, str]]] = {}
        entries = {file for schema in family.schemas.values() for file in schema.files}
        schema = reachable(repository.modules, *entries)
        for found in repository.modules.importers(_tables_files(family)):
            for dialect in sorted(_dialects(family, found)):
                taken.setdefault(found.path, []).append((found, dialect))
        for path, uses in taken.items():
            if len({dialect for _, dialect in uses}) == 1:
                dialect = uses[0][1]
                at_run_time = [found for found, _ in uses if not found.type_only]
                is_own = path in schema or _may_take(repository, family, path, dialect)
                if at_run_time and not is_own:
                    yield _problem(at_run_time, dialect)
    for database in repository.uncompared:
        yield Skipped(database.config, "its tables cannot all be read, so nothing is told of it")
    for path, reason in repository.modules.problems:
        yield Skipped(path, reason)


def _tables_files(family: Family) -> frozenset[str]:
    """The modules that give one dialect's tables: those that declare them, and their indexes."""
    files = {table.path for tables in family.tables.values() for table in tables}
    files.update(file for schema in family.schemas.values() for file in schema.files)
    directories = tuple(family.directories.values())
    files.update(
        family.modules.tree.scan(
            lambda path: any(is_below(path, directory) for directory in directories),
            lambda tree, path: True,
            ("below", directories),
        )
    )
    return frozenset(files - {family.parent_index})


def _dialects(family: Family, found: Import) -> set[str]:
    """The dialects of the tables that an import takes."""
    modules, target = family.modules, found.target or ""
    pending: list[Symbol] = []
    for name in found.names:
        if name.name == "*":
            pending += modules.exports(target).values()
        else:
            symbol = modules.member(target, name.name)
            pending += [symbol] if symbol else []
    for symbol in list(pending):
        if symbol.name == "*" and not symbol.external:
            pending += modules.exports(symbol.path).values()
    return {dialect for symbol in pending if (dialect := family.dialect_of(symbol))}


def _may_take(repository: Repository, family: Family, path: str, dialect: str) -> bool:
    """Whether a module may take one dialect's tables."""
    if is_test(path) or is_aside(path) or dialect in dialects_in(path):
        return True
    if path == family.parent_index or any(c.path == path for c in repository.configs):
        return True
    in_directory = any(is_below(path, directory) for directory in family.directories.values())
    return in_directory or _chooses(repository.modules, path)


def _chooses(modules: Modules, path: str) -> bool:
    """Whether a module names a dialect, or asks which one is in use."""
    source = modules.source(path)
    for node in walk(source.root):
        if node.type in ("identifier", "property_identifier"):
            if asks_for_dialect(source.text(node)):
                return True
        elif node.type == "string" and not _is_specifier(node):
            value = string_value(source, node) or ""
            if value.isalnum() and dialects_in(value):
                return True
    return False


def _is_specifier(node: Node) -> bool:
    return node.parent is not None and node.parent.type in ("import_statement", "export_statement")


def _problem(uses: list[Import], dialect: str) -> Problem:
    first, *others = uses
    title = dialect_title(dialect)
    return Problem(
        first.path,
        first.range,
        f"this takes the {title} tables, whatever dialect is in use",
        related=tuple(Related(o.path, o.range, f"more {title} tables") for o in others),
    )


RULE = Rule(
    id="PLX112",
    name="single-dialect-import",
    since="0.1.0",
    obligation=Obligation.NEVER,
    severity=Severity.WARNING,
    statement="Never take one dialect's tables in code that serves both, without choosing.",
    why=(claims.OTHER_DIALECTS_TABLES_MISREAD,),
    remedy=Line(
        "Take the tables from {get_schema}() of {client}. A module that only serves one dialect "
        "says so in its name or place: `sqlite-…`, `postgres/…`.",
        fallback="Take the tables of the dialect in use. A module that only serves one dialect "
        "says so in its name or place: `sqlite-…`, `postgres/…`.",
    ),
    line=lines.ONE_DIALECT_IMPORT,
    guides=(SCHEMA, DATABASE_CODE),
    source=("Always Use the Correct Schema",),
    needs=Needs.TWO_DIALECTS,
    unseen=(
        "Tests, scripts and seeds; imports of types alone, which choose nothing at run time. A "
        "module that asks for the dialect anywhere is taken to choose by it everywhere."
    ),
    check=check,
    examples=(
        Bad(
            "A service imports the SQLite tables",
            change=(
                Write(
                    _REPORT,
                    "import * as schema from '../../drizzle/schema/sqlite';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "export const countUsage = () => getDatabase().$count(schema.requestUsage);\n",
                ),
            ),
            gives=(at(_REPORT, line=1),),
        ),
        Bad(
            "A service imports one PostgreSQL table by an alias",
            change=(
                Write(
                    _REPORT,
                    "import { requestUsage } from '@schema/postgres/request-usage';\n"
                    "import { sql } from 'drizzle-orm';\n\n"
                    "export const usageCount = sql`count(${requestUsage.id})`;\n",
                ),
            ),
            gives=(at(_REPORT, line=1),),
        ),
        Bad(
            "A module passes one dialect's tables on",
            change=(
                Write(
                    f"{_SRC}/db/schema.ts", "export * from '../../drizzle/schema/sqlite/index';\n"
                ),
                Write(
                    _REPORT,
                    "import { getDatabase } from '../db/client';\n"
                    "import { requestUsage } from '../db/schema';\n\n"
                    "export const countUsage = () => getDatabase().$count(requestUsage);\n",
                ),
            ),
            gives=(at(f"{_SRC}/db/schema.ts", line=1),),
        ),
        Bad(
            "A PostgreSQL module takes the SQLite tables",
            change=(
                Write(
                    f"{_SRC}/services/postgres/usage-size.ts",
                    "import { getDatabase } from '../../db/client';\n\n"
                    "export async function countUsage() {\n"
                    "  const { requestUsage } = await import('../../../drizzle/schema/sqlite');\n"
                    "  return getDatabase().$count(requestUsage);\n"
                    "}\n",
                ),
            ),
            gives=(at(f"{_SRC}/services/postgres/usage-size.ts", line=4),),
        ),
        Good(
            "A service takes the tables from the client",
            change=(
                Write(
                    _REPORT,
                    "import { getDatabase, getSchema } from '../db/client';\n\n"
                    "export const countUsage = () =>"
                    " getDatabase().$count(getSchema().requestUsage);\n",
                ),
            ),
        ),
        Good(
            "A service imports both dialects' tables",
            change=(
                Write(
                    _REPORT,
                    "import { is } from 'drizzle-orm';\n"
                    "import { PgDatabase } from 'drizzle-orm/pg-core';\n"
                    "import * as postgres from '../../drizzle/schema/postgres';\n"
                    "import * as sqlite from '../../drizzle/schema/sqlite';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "const tables = is(getDatabase(), PgDatabase) ? postgres : sqlite;\n"
                    "export const usageTable = tables.requestUsage;\n",
                ),
            ),
        ),
        Good(
            "A module of one dialect says so, by its place or its name",
            change=(
                Write(
                    f"{_SRC}/services/postgres/usage-size.ts",
                    "import { requestUsage } from '../../../drizzle/schema/postgres';\n\n"
                    "export const usageTable = requestUsage;\n",
                ),
                Write(
                    f"{_SRC}/services/usage-size.lite.ts",
                    "import { requestUsage } from '../../drizzle/schema/sqlite';\n\n"
                    "export const usageTable = requestUsage;\n",
                ),
            ),
        ),
        Good(
            "A service asks which dialect is in use",
            change=(
                Write(
                    _REPORT,
                    "import { requestUsage } from '../../drizzle/schema/sqlite';\n"
                    "import { getCurrentDialect, getDatabase } from '../db/client';\n\n"
                    "export async function countUsage() {\n"
                    "  if (getCurrentDialect() !== 'sqlite') return undefined;\n"
                    "  return getDatabase().$count(requestUsage);\n"
                    "}\n",
                ),
            ),
        ),
        Good(
            "A service imports a type alone",
            change=(
                Write(
                    _REPORT,
                    "import type { requestUsage } from '../../drizzle/schema/sqlite';\n\n"
                    "export type UsageField = keyof typeof requestUsage.$inferSelect;\n",
                ),
            ),
            note="Nothing of it is left at run time, so nothing is chosen.",
        ),
        Good(
            "A seed script and a test work on SQLite",
            change=(
                Write(
                    "packages/backend/scripts/seed.ts",
                    "import { providers } from '../drizzle/schema/sqlite';\n"
                    "import { getDatabase } from '../src/db/client';\n\n"
                    "const openai = { slug: 'openai', name: 'OpenAI', kind: 'openai' };\n"
                    "await getDatabase().insert(providers).values(openai);\n",
                ),
                Write(
                    f"{_SRC}/services/__tests__/tables.test.ts",
                    "import { expect, test } from 'bun:test';\n"
                    "import { getTableName } from 'drizzle-orm';\n"
                    "import { providers } from '../../../drizzle/schema/sqlite';\n\n"
                    "const name = getTableName(providers);\n"
                    "test('has a name', () => expect(name).toBe('providers'));\n",
                ),
            ),
        ),
    ),
)
