"""Row types are inferred from the schema; one written by hand stays behind when it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, SCHEMA
from plexus_rules.drizzle.modules import Modules, is_code
from plexus_rules.drizzle.places import is_aside, is_frontend, is_test
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.row_types import (
    FEWEST_PROPERTIES,
    ObjectType,
    Scalars,
    column_scalars,
    object_types,
    possible_properties,
)
from plexus_rules.finding import Related, Severity
from plexus_rules.rule import Bad, Good, Line, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Write

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import Table

_SRC = "packages/backend/src"
_TYPES = f"{_SRC}/types/usage.ts"

#: One column in so many may be left out, added or of another type.
_ONE_IN = 6

_GENERATED = re.compile(rb"@generated|auto-?generated|do not edit", re.IGNORECASE)


class _Row(Struct, frozen=True):
    """A table, and what the inferred type of its rows holds.

    Attributes:
        values: what each property holds, in any dialect; None where it is no scalar.
        needed: the properties that a row type cannot do without: all but the primary key.
    """

    table: Table
    values: dict[str, Scalars | None]
    needed: frozenset[str]

    def may_be(self, words: frozenset[str]) -> bool:
        """Whether a type with no other properties than these words may be a row type."""
        missing = len(self.needed) - len(self.needed & words)
        return missing * _ONE_IN <= len(self.values)

    def deviations(self, found: ObjectType) -> int | None:
        """How many properties are not as in a row; None where the type is no row type."""
        if found.properties.keys() & self.needed <= found.optional:
            return None  # a change of a row, or a filter
        matched, wrong = 0, len(self.needed - found.properties.keys())
        for key, scalars in found.properties.items():
            expected = self.values.get(key)
            if key not in self.values:
                wrong += 1
            elif expected is not None and scalars is not None and scalars <= expected:
                matched += 1
            elif expected is not None:
                wrong += 1
        is_row = matched >= FEWEST_PROPERTIES and wrong * _ONE_IN <= len(self.values)
        return wrong if is_row else None


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every object type that says, property for property, what a table's rows are."""
    tables = _tables(repository)
    # The columns of many tables: made again only where a table is different.
    rows = repository.tree.known(
        "rows",
        lambda tree: _rows([t for t in _tables(repository.of(tree)) if _keys_are_known(t)]),
        same=False,
    )
    for table in tables:
        for part in () if _keys_are_known(table) else table.unread:
            what = f"no type is compared with table {table.name or table.symbol}"
            yield Skipped(part.path, f"line {part.range.line}: {part.reason}; {what}")
    of_package: dict[str, list[_Row]] = {}
    for row in rows:
        of_package.setdefault(repository.packages.directory(row.table.path), []).append(row)
    modules = repository.modules
    declared = repository.tree.scan(
        _may_declare_rows, lambda tree, path: _declared(modules.of(tree), path), "row types"
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
            yield from _of_file(repository, path, likely, near)
    for path, reason in repository.modules.problems:
        yield Skipped(path, reason)


def _tables(repository: Repository) -> list[Table]:
    exported = (t for d in repository.databases for t in repository.tables(d).tables)
    return list(dict.fromkeys(exported))


def _keys_are_known(table: Table) -> bool:
    """Whether all that is unread of a table are names in the database."""
    unnamed = [table.name, *(column.name for column in table.columns)].count(None)
    return len(table.unread) <= unnamed


def _rows(tables: Sequence[Table]) -> list[_Row]:
    """The rows of tables. Dialects may infer different types for one column: any will do."""
    values: dict[tuple[str | None, str], list[Scalars | None]] = {}
    for table in tables:
        for column in table.columns:
            values.setdefault((table.name or table.symbol, column.key), []).append(
                column_scalars(column)
            )
    rows: list[_Row] = []
    for table in tables:
        of_key: dict[str, Scalars | None] = {}
        for column in table.columns:
            known = values[table.name or table.symbol, column.key]
            scalars = [one for one in known if one is not None]
            of_key[column.key] = frozenset().union(*scalars) if len(scalars) == len(known) else None
        needed = (column.key for column in table.columns if "primaryKey" not in column.calls)
        rows.append(_Row(table, of_key, frozenset(needed)))
    return rows


def _may_declare_rows(path: str) -> bool:
    is_written = is_code(path) and not path.endswith((".d.ts", ".d.mts", ".d.cts"))
    return is_written and not (is_test(path) or is_aside(path) or is_frontend(path))


def _declared(modules: Modules, path: str) -> tuple[frozenset[str], ...]:
    """The words of each object type that a file may declare; none of a generated file."""
    data = modules.data(path)
    found = possible_properties(data)
    return () if found and _GENERATED.search(data[:500]) else found


def _of_file(
    repository: Repository, path: str, declared: Sequence[frozenset[str]], rows: Sequence[_Row]
) -> Iterator[Problem]:
    likely = [row for row in rows if any(row.may_be(words) for words in declared)]
    for found in _types(repository, path) if likely else ():
        known = [(wrong, row) for row in likely if (wrong := row.deviations(found)) is not None]
        if known:
            yield _problem(path, found, min(known, key=_nearest)[1])


def _types(repository: Repository, path: str) -> tuple[ObjectType, ...]:
    modules = repository.modules
    return repository.tree.known(
        ("object types", path), lambda tree: tuple(object_types(modules.of(tree).source(path)))
    )


def _nearest(known: tuple[int, _Row]) -> tuple[int, int, str]:
    wrong, row = known
    return wrong, -len(row.values), row.table.path


def _problem(path: str, found: ObjectType, row: _Row) -> Problem:
    shared, every = len(found.properties.keys() & row.values.keys()), len(row.values)
    count = f"{shared} of the {every}" if shared < every else f"all {every}"
    name = row.table.name or row.table.symbol
    return Problem(
        path,
        found.range,
        f"{found.name} repeats by hand {count} columns of table {name}",
        related=(Related(row.table.path, row.table.range, f"table {name}"),),
    )


RULE = Rule(
    id="PLX501",
    name="handwritten-row-type",
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
