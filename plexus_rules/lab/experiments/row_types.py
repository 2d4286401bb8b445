"""What TypeScript says of types that follow the schema, and of types that do not."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import BUN, POSTGRES
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import REGION, items
from plexus_rules.lab.trial import Trial

_USES = (
    "export const label = (item: Item) => `${item.name} in ${item.region}`;\n"
    "export const pen: NewItem = { id: 1, name: 'pen', region: 'eu' };\n"
)
_BY_HAND = (
    "type Item = { id: number; name: string | null; region: string | null };\n"
    "type NewItem = { id: number; name?: string | null; region?: string | null };\n\n" + _USES
)
_INFERRED = (
    "import type { InferInsertModel, InferSelectModel } from 'drizzle-orm';\n"
    "import type { items } from './schema';\n\n"
    "type Item = InferSelectModel<typeof items>;\n"
    "type NewItem = InferInsertModel<typeof items>;\n\n" + _USES
)


@experiment(claims.HANDWRITTEN_TYPES_GO_STALE, on=(BUN,))
def column_goes_and_types_stay(trial: Trial) -> None:
    trial.schema(items(REGION))
    trial.write("by-hand.ts", _BY_HAND)
    trial.write("inferred.ts", _INFERRED)
    trial.decide("Both compile", trial.tsc("by-hand.ts", "inferred.ts").exit == 0)
    trial.schema(items())
    said = trial.tsc("by-hand.ts", "inferred.ts").text
    wrong = [line.partition("(")[0] for line in said.splitlines() if "error TS" in line]
    trial.decide("With inferred types each use is an error", wrong.count("inferred.ts") == 2)
    trial.decide("With types by hand none is", "by-hand.ts" not in wrong)


_SERVICE = (
    "import type { {client} } from 'drizzle-orm/{module}';\n"
    "import { items } from './schema';\n\n"
    "export const list = (database: {client}) => database.select().from(items);\n"
)


@experiment(claims.PARENT_INDEX_IS_SQLITE, on=(POSTGRES,))
def sqlite_tables_for_typescript(trial: Trial) -> None:
    trial.write(
        "schema.ts",
        "import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';\n\n"
        "export const items = sqliteTable('items', { id: integer('id').primaryKey() });\n",
    )
    of_sqlite = "BunSQLiteDatabase" if trial.line == "v0" else "SQLiteBunDatabase"
    for path, client, module in (
        ("one-type.ts", of_sqlite, "bun-sqlite"),
        ("own-type.ts", "PostgresJsDatabase", "postgres-js"),
    ):
        trial.write(path, _SERVICE.replace("{client}", client).replace("{module}", module))
    said = trial.tsc("one-type.ts", "own-type.ts").text
    wrong = [line.partition("(")[0] for line in said.splitlines() if "error TS" in line]
    trial.decide("A client that is typed as SQLite's takes them", "one-type.ts" not in wrong)
    trial.decide("A client that is typed as PostgreSQL's refuses them", "own-type.ts" in wrong)
