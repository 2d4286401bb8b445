"""The index above the dialects' directories gives one dialect's tables, whatever is in use."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, SCHEMA
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import (
    Bad,
    Correction,
    Good,
    Line,
    Needs,
    Obligation,
    Problem,
    Rule,
    Skipped,
    at,
)
from plexus_rules.trees import Append, Move, Replace, Write

_PACKAGE = "packages/backend"
_SERVICES = f"{_PACKAGE}/src/services"
_REPORT = f"{_SERVICES}/usage-report.ts"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every import, of whatever form, that ends at a parent index."""
    indexes = (family.parent_index for family in repository.families)
    parents = {index for index in indexes if index is not None}
    for found in repository.modules.importers(parents) if parents else ():
        kind = "the types of " if found.type_only else ""
        message = (
            f"this imports {kind}the parent index {found.target}, which does not choose by dialect"
        )
        yield Problem(found.path, found.range, message)
    for database in repository.uncompared:
        yield Skipped(database.config, "its tables cannot all be read, so nothing is told of it")
    for path, reason in repository.modules.problems:
        yield Skipped(path, reason)


RULE = Rule(
    id="PLX111",
    name="parent-schema-import",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never import the parent schema index in code: it does not choose by dialect.",
    why=(
        claims.PARENT_INDEX_IS_SQLITE,
        claims.OTHER_DIALECTS_TABLES_MISREAD,
        claims.ENTRY_DECIDES_THE_DIALECT,
    ),
    remedy=Line(
        "Take the tables from {get_schema}() of {client}; in a module of one dialect, import "
        "that dialect's own schema.",
        fallback="Take the tables of the dialect in use; in a module of one dialect, import that "
        "dialect's own schema.",
    ),
    line=lines.PARENT_INDEX,
    guides=(SCHEMA, DATABASE_CODE),
    source=("Always Use the Correct Schema",),
    corrects=(
        Correction(
            "the parent index is not imported without thinking of the dialect",
            "code never imports it; the SQLite drizzle config itself may name that file",
            (claims.PARENT_INDEX_IS_SQLITE, claims.ENTRY_DECIDES_THE_DIALECT),
        ),
    ),
    needs=Needs.TWO_DIALECTS,
    unseen=(
        "A path that is put together when the program runs: `require(base + '/schema')`. Who takes "
        "the tables from a module that passes the parent index on: the passing on is reported."
    ),
    check=check,
    examples=(
        Bad(
            "A service imports the directory that holds the parent index",
            change=(
                Write(
                    _REPORT,
                    "import { requestUsage } from '../../drizzle/schema';\n\n"
                    "export const table = requestUsage;\n",
                ),
            ),
            gives=(at(_REPORT, line=1),),
        ),
        Bad(
            "The index file is named",
            change=(
                Write(
                    _REPORT,
                    "import { desc } from 'drizzle-orm';\n"
                    "import * as schema from '../../drizzle/schema/index.js';\n\n"
                    "export const latest = desc(schema.requestUsage.date);\n",
                ),
            ),
            gives=(at(_REPORT, line=2),),
            note="The file is TypeScript: `index.js` is what a compiler would make of it.",
        ),
        Bad(
            "A path alias leads to it",
            change=(
                Replace(
                    f"{_PACKAGE}/tsconfig.json",
                    '"@schema/*": ["./drizzle/schema/*"]',
                    '"@schema": ["./drizzle/schema"],\n      "@schema/*": ["./drizzle/schema/*"]',
                ),
                Replace(
                    f"{_SERVICES}/usage-storage.ts",
                    "import { getDatabase, getSchema } from '../db/client';",
                    "import { requestUsage } from '@schema';\n"
                    "import { getDatabase, getSchema } from '../db/client';",
                ),
            ),
            gives=(at(f"{_SERVICES}/usage-storage.ts", line=2),),
        ),
        Bad(
            "A module passes it on",
            change=(
                Write(f"{_PACKAGE}/src/db/schema.ts", "export * from '../../drizzle/schema';\n"),
                Write(
                    _REPORT,
                    "import { requestUsage } from '../db/schema';\n\n"
                    "export const table = requestUsage;\n",
                ),
            ),
            gives=(at(f"{_PACKAGE}/src/db/schema.ts", line=1),),
            note="One cause, one finding: where the parent is passed on, not where it arrives.",
        ),
        Bad(
            "The client loads it when it is first asked",
            change=(
                Append(
                    f"{_PACKAGE}/src/db/client.ts",
                    "\nexport const getTables = () => require('../../drizzle/schema');\n"
                    "export const loadTables = async () => {\n"
                    "  const { requestUsage } = await import('../../drizzle/schema');\n"
                    "  return requestUsage;\n"
                    "};\n",
                ),
            ),
            gives=(
                at(f"{_PACKAGE}/src/db/client.ts", line=37),
                at(f"{_PACKAGE}/src/db/client.ts", line=39),
            ),
        ),
        Bad(
            "The row types are inferred from it",
            change=(
                Replace(
                    f"{_PACKAGE}/src/db/types.ts",
                    "'../../drizzle/schema/sqlite'",
                    "'../../drizzle/schema'",
                ),
            ),
            gives=(at(f"{_PACKAGE}/src/db/types.ts", line=2),),
            note="Types name the dialect that they come from: import that dialect's directory.",
        ),
        Good(
            "Code takes the tables from the client, and a dialect's own module its directory",
            change=(
                Write(
                    _REPORT,
                    "import { desc } from 'drizzle-orm';\n"
                    "import { getDatabase, getSchema } from '../db/client';\n\n"
                    "export const newestUsage = () => {\n"
                    "  const { requestUsage } = getSchema();\n"
                    "  return getDatabase().select().from(requestUsage)"
                    ".orderBy(desc(requestUsage.date)).limit(1);\n"
                    "};\n",
                ),
                Write(
                    f"{_SERVICES}/sqlite-size.ts",
                    "import { requestUsage } from '../../drizzle/schema/sqlite';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "export const countUsage = () => getDatabase().$count(requestUsage);\n",
                ),
            ),
        ),
        Good(
            "The drizzle config names the parent index",
            change=(
                Move(
                    f"{_PACKAGE}/drizzle.config.ts",
                    f"{_PACKAGE}/drizzle.config.sqlite.ts",
                ),
            ),
            note="drizzle-kit keeps the tables of the config's dialect and passes over the others.",
        ),
        Good(
            "Another module is called schema",
            change=(
                Write(
                    f"{_SERVICES}/schema/index.ts",
                    "export const usageQuery = { limit: 100, order: 'newest' } as const;\n",
                ),
                Write(
                    _REPORT,
                    "import { usageQuery } from './schema';\n"
                    "import { latestUsage } from './usage-storage';\n\n"
                    "export const report = () => latestUsage(usageQuery.limit);\n",
                ),
            ),
        ),
        Good(
            "The index chooses by dialect",
            change=(
                Write(
                    f"{_PACKAGE}/drizzle/schema/index.ts",
                    "import * as postgres from './postgres';\n"
                    "import * as sqlite from './sqlite';\n\n"
                    "const isPostgres = process.env.PLEXUS_DB_TYPE === 'postgres';\n"
                    "export const schema = (isPostgres ? postgres : sqlite) as typeof sqlite;\n",
                ),
                Replace(
                    f"{_PACKAGE}/drizzle.config.ts",
                    "schema: './drizzle/schema/index.ts'",
                    "schema: './drizzle/schema/sqlite/index.ts'",
                ),
                Write(
                    _REPORT,
                    "import { schema } from '../../drizzle/schema';\n"
                    "import { getDatabase } from '../db/client';\n\n"
                    "export const countUsage = () => getDatabase().$count(schema.requestUsage);\n",
                ),
            ),
        ),
    ),
)
