"""Row types are inferred from the schema; one written by hand stays behind when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, SCHEMA
from plexus_rules.catalog.unread import Missed, told_together
from plexus_rules.drizzle.glance import FEWEST_PROPERTIES
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Severity
from plexus_rules.rule import Bad, Good, Line, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Write

if TYPE_CHECKING:
    from plexus_rules.catalog.types.rows.inferred import Row

_SRC = "packages/backend/src"
_TYPES = f"{_SRC}/types/usage.ts"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every object type that says, property for property, what a table's rows are."""
    from plexus_rules.catalog.types.rows.declared import may_declare_rows, repeated_rows
    from plexus_rules.catalog.types.rows.inferred import keys_are_known, rows_of, schema_tables

    tables = schema_tables(repository)
    # The columns of many tables: made again only where a table is different.
    rows = repository.tree.known(
        "rows",
        lambda tree: rows_of([t for t in schema_tables(repository.of(tree)) if keys_are_known(t)]),
        same=False,
    )
    yield from told_together(
        (
            Missed(part, table.name or str(table.symbol))
            for table in tables
            if not keys_are_known(table)
            for part in table.unread
        ),
        "no type is compared with table {table}",
        "no type is compared with {tables}",
    )
    of_package: dict[str, list[Row]] = {}
    for row in rows:
        of_package.setdefault(repository.packages.directory(row.table.path), []).append(row)
    modules = repository.modules
    declared = repository.tree.scan(
        may_declare_rows, lambda tree, path: modules.of(tree).glance(path).object_types, "row types"
    )
    columns = frozenset(key for row in rows for key in row.values)
    for path, types in declared.items():
        likely = [words for words in types if len(words & columns) >= FEWEST_PROPERTIES]
        if likely:
            near = [
                row
                for same in of_package.values()
                if repository.packages.uses(path, same[0].table.path)
                for row in same
            ]
            yield from repeated_rows(repository, path, likely, near)
    for path, reason in repository.modules.problems:
        yield Skipped(path, reason)


RULE = Rule(
    id="PLX501",
    name="handwritten-row-type",
    since="0.1.0",
    obligation=Obligation.PREFER,
    severity=Severity.WARNING,
    statement="Prefer inferred row types to types written by hand.",
    why=(claims.HANDWRITTEN_TYPES_GO_STALE,),
    remedy=Line(
        "Infer it with InferSelectModel (rows read) or InferInsertModel (rows written); inferred "
        "types are in {types_module}. What differs, say with Omit and &.",
        fallback="Infer it with InferSelectModel (rows read) or InferInsertModel (rows written); "
        "what differs, say with Omit and &.",
    ),
    line=lines.ROW_TYPES,
    guides=(SCHEMA, DATABASE_CODE),
    source=("Type Definitions",),
    unseen=(
        "Types of less than four of a table's columns, that differ from it in more than one "
        "column of six, or whose properties are all optional: they may have a purpose of their "
        "own. Types whose properties have the database's names, that extend others, stand within "
        "functions, or lie in tests, scripts, frontends and generated files."
    ),
    check=check,
    examples=(
        Bad(
            "An interface lists the columns of a table",
            change=(
                Write(
                    _TYPES,
                    "export interface UsageRow {\n"
                    "  id: number;\n"
                    "  requestId: string;\n"
                    "  date: number;\n"
                    "  provider: string;\n"
                    "  model: string;\n"
                    "  isStreamed: number;\n"
                    "  tokensInput: number;\n"
                    "  tokensOutput: number;\n"
                    "}\n",
                ),
            ),
            gives=(at(_TYPES, line=1),),
        ),
        Bad(
            "A row to insert is written by hand, without its id",
            change=(
                Write(
                    f"{_SRC}/services/key-storage.ts",
                    "import { getDatabase, getSchema } from '../db/client';\n\n"
                    "type KeyToSave = {\n"
                    "  name: string;\n"
                    "  keyHash: string;\n"
                    "  note?: string | null;\n"
                    "  createdAt: number;\n"
                    "};\n\n"
                    "export async function saveKey(key: KeyToSave): Promise<void> {\n"
                    "  await getDatabase().insert(getSchema().apiKeys).values(key);\n"
                    "}\n",
                ),
            ),
            gives=(at(f"{_SRC}/services/key-storage.ts", line=3),),
        ),
        Bad(
            "One column of eight has another type",
            change=(
                Write(
                    _TYPES,
                    "export interface UsageRecord {\n"
                    "  requestId: string;\n"
                    "  date: number;\n"
                    "  provider: 'openai' | 'anthropic' | 'gemini';\n"
                    "  model: string;\n"
                    "  isStreamed: boolean;\n"
                    "  tokensInput: number;\n"
                    "  tokensOutput: number;\n"
                    "}\n",
                ),
            ),
            gives=(at(_TYPES, line=1),),
            note="`Omit<RequestUsage, 'isStreamed'> & { isStreamed: boolean }` says what differs.",
        ),
        Good(
            "The type is inferred, and says what differs",
            change=(
                Write(
                    _TYPES,
                    "import type { RequestUsage } from '../db/types';\n\n"
                    "export type UsageRecord = Omit<RequestUsage, 'isStreamed'> & {\n"
                    "  isStreamed: boolean;\n"
                    "};\n",
                ),
            ),
        ),
        Good(
            "A type for the outside overlaps with the table in part",
            change=(
                Write(
                    _TYPES,
                    "export interface UsageSummary {\n"
                    "  provider: string;\n"
                    "  model: string;\n"
                    "  date: number;\n"
                    "  tokensInput: number;\n"
                    "  tokensOutput: number;\n"
                    "  requests: number;\n"
                    "}\n",
                ),
            ),
        ),
        Good(
            "A type says what may change in a row",
            change=(
                Write(
                    f"{_SRC}/types/keys.ts",
                    "export interface ApiKeyChanges {\n"
                    "  id: number;\n"
                    "  name?: string;\n"
                    "  keyHash?: string;\n"
                    "  note?: string | null;\n"
                    "  createdAt?: number;\n"
                    "}\n",
                ),
            ),
        ),
        Good(
            "A type holds what rows do not: values that were parsed",
            change=(
                Write(
                    f"{_SRC}/types/keys.ts",
                    "export interface ApiKeySettings {\n"
                    "  id: number;\n"
                    "  name: string;\n"
                    "  keyHash: Uint8Array;\n"
                    "  note: { author: string; text: string }[];\n"
                    "  createdAt: Date;\n"
                    "}\n",
                ),
            ),
        ),
        Good(
            "A frontend writes down what it gets over the network",
            change=(
                Write(
                    "packages/frontend/package.json",
                    '{ "name": "plexus-sample-frontend", "private": true, "type": "module" }\n',
                ),
                Write(
                    "packages/frontend/src/api.ts",
                    "export interface Provider {\n"
                    "  id: number;\n"
                    "  slug: string;\n"
                    "  name: string;\n"
                    "  kind: string;\n"
                    "  enabled: boolean;\n"
                    "}\n",
                ),
            ),
            note="It does not depend on the package of the schema.",
        ),
        Good(
            "A class and a test have properties of the same names",
            change=(
                Write(
                    f"{_SRC}/services/provider.ts",
                    "export class Provider {\n"
                    "  id = 0;\n"
                    "  slug = '';\n"
                    "  name = '';\n"
                    "  kind = 'openai';\n"
                    "  enabled = true;\n"
                    "}\n",
                ),
                Write(
                    f"{_SRC}/services/__tests__/provider.test.ts",
                    "import { expect, test } from 'bun:test';\n"
                    "import { Provider } from '../provider';\n\n"
                    "interface Row {\n"
                    "  id: number;\n"
                    "  slug: string;\n"
                    "  name: string;\n"
                    "  kind: string;\n"
                    "  enabled: boolean;\n"
                    "}\n\n"
                    "const row: Row = new Provider();\n"
                    "test('is a row', () => expect(row.enabled).toBe(true));\n",
                ),
            ),
        ),
    ),
)
