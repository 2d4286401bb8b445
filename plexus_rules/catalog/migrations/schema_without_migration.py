"""What the schema declares is in the newest snapshot: else generate was not run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.migrations.common import generate, unjudged
from plexus_rules.catalog.unread import Missed, told_together
from plexus_rules.drizzle.causes import (
    column_cause,
    made_cause,
    migration_cause,
    snapshot_cause,
    table_cause,
)
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal
from plexus_rules.drizzle.modules import is_code
from plexus_rules.drizzle.places import dialect_title
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.settled import unsettled
from plexus_rules.drizzle.shapes.model import Aspect, Difference
from plexus_rules.drizzle.shapes.snapshots import enums_of
from plexus_rules.drizzle.shapes.telling import told
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.finding import WHOLE_FILE, Range, Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_SCHEMA_ONLY,
    ADD_ENUM_VALUE_PG,
    ADD_INDEX_BOTH,
    CUSTOM_MIGRATION_BOTH,
)
from plexus_rules.trees import Delete, Replace, TreeError

if TYPE_CHECKING:
    from plexus_rules.drizzle.shapes.declared import Declared

_PACKAGE = "packages/backend"
_SCHEMA = f"{_PACKAGE}/drizzle/schema"
#: Differences of one table that are listed.
_MOST_LISTED = 12
_OF_COLUMN = (
    *(Aspect.COLUMN, Aspect.TYPE, Aspect.NOT_NULL, Aspect.DEFAULT, Aspect.AUTOINCREMENT),
    *(Aspect.GENERATED, Aspect.IDENTITY),
)


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every table and enum that a schema and its newest snapshot say differently."""
    for database in repository.journaled:
        if not database.exists:
            reason = "there is no migration yet, so there is nothing to compare the schema with"
            yield Skipped(database.config, reason)
        elif not isinstance(database.journal, Journal):
            yield unjudged(database)
        else:
            reason, snapshot = _comparable(repository, database)
            if snapshot is None:
                yield Skipped(database.config, f"{reason}, so the schema is not compared with it")
            else:
                yield from _compare(repository, database, snapshot)


def _comparable(repository: Repository, database: Database) -> tuple[str, Snapshot | None]:
    """The snapshot that generate would compare the schema with; else why there is none."""
    from plexus_rules.drizzle.shapes.declared.schema import DIALECTS

    newest, names = database.newest_snapshot, database.snapshot_names
    if database.dialect not in DIALECTS:
        return f"a schema for {dialect_title(database.dialect)} is not read in full", None
    if not database.entries:
        return "the journal is empty", None
    if newest is None:
        return "the newest snapshot cannot be read", None
    if names[-1] != newest.path:
        return "the last snapshot by name is not that of the journal's last entry", None
    fault = unsettled(database)
    if fault is not None:
        return fault[1], None
    if database.schema is None:
        return "the `schema` of the config cannot be read", None
    for part in repository.tables(database).broken:
        return f"{part.path}, line {part.range.line}: {part.reason}", None
    return "", newest


def _compare(
    repository: Repository, database: Database, snapshot: Snapshot
) -> Iterator[Problem | Skipped]:
    from plexus_rules.drizzle.shapes.declared import Comparison

    kept, schema = snapshot.value, repository.tables(database)
    others = dict.fromkeys(c.schema for c in database.configs if c.schema is not None)
    compared = Comparison.of(database, schema, kept).shared(
        Comparison.of(database, schema.reader.schema(entries), kept)
        for entries in others
        if entries != database.schema
    )
    for name, differences in sorted(compared.changes.items()):
        places = [_place(repository, database, compared.declared, name, d) for d in differences]
        yield _problem(repository, database, snapshot, differences, places)
    for part in compared.declared.unread:
        what = "what only the newest snapshot has is not reported"
        yield Skipped(part.path, f"line {part.range.line}: {part.reason}; {what}")
    yield from told_together(
        (
            Missed(table.unread[0], str(table.table.name), _and_more(table.unread))
            for table in compared.declared
            if table.unread
        ),
        "table {table} is compared with the newest snapshot without that",
        "{tables} are compared with the newest snapshot without that",
    )
    kept_enums = enums_of(kept)
    for name, enum in compared.declared.enums.items():
        if enum.values is None and name in kept_enums:
            what = f"the values of enum {name} cannot be read, and are not compared"
            yield Skipped(enum.path, f"line {enum.range.line}: {what}")


def _and_more(unread: Sequence[object]) -> str:
    return f" (and {len(unread) - 1} more)" if unread[1:] else ""


def _place(
    repository: Repository,
    database: Database,
    declared: Declared,
    name: str,
    difference: Difference,
) -> tuple[str, Range]:
    """Where a part stands in the schema; for what only the snapshot has, the table or the entry."""
    table = declared.tables.get(name)
    if table is not None:
        return table.place(difference)
    enum = declared.enums.get(difference.table)
    if difference.aspect is Aspect.ENUM and enum is not None:
        return enum.path, enum.range
    for found in repository.declared_tables:
        if difference.aspect is Aspect.TABLE and found.core == database.dialect:
            in_default = found.schema in (None, "public")
            own = found.name if in_default else f"{found.schema}.{found.name}"
            if own == name:
                return found.path, found.range
    files = repository.tables(database).files
    entries = [path for path in files if is_code(path)]
    index = next((path for path in entries if "/index." in f"/{path}"), None)
    return index or next(iter(entries), database.config), WHOLE_FILE


def _problem(
    repository: Repository,
    database: Database,
    snapshot: Snapshot,
    differences: Sequence[Difference],
    places: Sequence[tuple[str, Range]],
) -> Problem:
    first, more = differences[0], differences[1:]
    related = [
        Related(path, where, told(difference))
        for difference, (path, where) in zip(more, places[1:], strict=True)
    ][:_MOST_LISTED]
    related.append(
        Related(snapshot.path, _kept_at(database, snapshot, first), "the newest snapshot")
    )
    path, where = places[0]
    message = f"{dialect_title(database.dialect)}: {told(first)}"
    if more:
        message += f"; {len(more)} more of this table"
    return Problem(
        path,
        where,
        message,
        related=tuple(related),
        causes=(*_causes(database, differences), snapshot_cause(snapshot.path)),
        remedy=f"Run {generate(database, repository)}, and commit what it makes with the schema.",
    )


def _kept_at(database: Database, snapshot: Snapshot, difference: Difference) -> Range:
    """Where the table stands in the snapshot; the list of tables where it does not."""
    key = difference.table
    if database.dialect == "postgresql" and "." not in key:
        key = f"public.{key}"
    group = "enums" if difference.aspect is Aspect.ENUM else "tables"
    parts = snapshot.value.get(group)
    there = isinstance(parts, dict) and key in parts
    return snapshot.range(group, key) if there else WHOLE_FILE


def _causes(database: Database, differences: Sequence[Difference]) -> list[str]:
    table = differences[0].table
    causes = [column_cause(table, d.part) for d in differences if d.aspect in _OF_COLUMN]
    causes += [table_cause(table) for d in differences if d.aspect is Aspect.TABLE]
    causes += [made_cause(database, d.table, d.part, d.aspect) for d in differences]
    # SQL by hand that would explain it, and never runs, is the same cause.
    word = re.compile(rf"(?<!\w){re.escape(table.rpartition('.')[2])}(?!\w)")
    for tag in database.unlisted:
        try:
            if word.search(database.sql(tag)):
                causes.append(migration_cause(database, tag))
        except TreeError:
            continue
    return list(dict.fromkeys(causes))


_PROVIDERS = f"{_SCHEMA}/sqlite/providers.ts"

RULE = Rule(
    id="PLX210",
    name="schema-without-migration",
    since="0.2.0",
    obligation=Obligation.ALWAYS,
    statement="Always generate a migration for a change of the schema.",
    why=(claims.CHECK_READS_NO_SCHEMA, claims.MISSING_COLUMN_FAILS_EVERY_QUERY),
    remedy="Run {generate}, and commit what it makes with the schema.",
    ci_remedy="Commit the schema alone: the CI generates the migration after the merge.",
    line=lines.GENERATE_FOR_EVERY_DIALECT,
    guides=(SCHEMA,),
    source=("The ONLY Correct Migration Workflow",),
    unseen=(
        "Views, sequences, roles, policies and row-level security; database schemas as such, "
        "which `pgSchema` creates; the options of identity columns and of PostgreSQL's indexes "
        "(`with`, `concurrently`); the names of primary keys. "
        "Schemas for other dialects than SQLite and PostgreSQL."
    ),
    check=check,
    examples=(
        Bad(
            "A column is added in both dialects, and nothing is generated",
            change=(ADD_COLUMN_SCHEMA_ONLY,),
            gives=(
                at(f"{_SCHEMA}/postgres/request-usage.ts", line=14),
                at(f"{_SCHEMA}/sqlite/request-usage.ts", line=14),
            ),
        ),
        Bad(
            "A default is changed",
            change=(
                Replace(_PROVIDERS, ".default(true)", ".default(false)"),
                Replace(f"{_SCHEMA}/postgres/providers.ts", ".default(true)", ".default(false)"),
            ),
            gives=(
                at(f"{_SCHEMA}/postgres/providers.ts", line=9),
                at(_PROVIDERS, line=8),
            ),
            note="SQLite has to build the table anew for it: only generate knows how.",
        ),
        Bad(
            "An index is dropped",
            change=(
                Replace(
                    _PROVIDERS,
                    "  (table) => [index('provider_models_provider_idx').on(table.providerId)],\n",
                    "",
                ),
            ),
            gives=(at(_PROVIDERS, line=11),),
        ),
        Bad(
            "A reference no longer deletes what refers to it",
            change=(Replace(_PROVIDERS, ", { onDelete: 'cascade' }", ""),),
            gives=(at(_PROVIDERS, line=15),),
        ),
        Bad(
            "PostgreSQL's enum gets a value",
            change=(Replace(f"{_SCHEMA}/postgres/enums.ts", "'gemini'", "'gemini', 'mistral'"),),
            gives=(at(f"{_SCHEMA}/postgres/enums.ts", line=3),),
        ),
        Bad(
            "A varchar gets longer",
            change=(Replace(f"{_SCHEMA}/postgres/api-keys.ts", "length: 100", "length: 200"),),
            gives=(at(f"{_SCHEMA}/postgres/api-keys.ts", line=5),),
        ),
        Bad(
            "A table is removed from both schemas",
            change=(
                Delete(f"{_SCHEMA}/sqlite/api-keys.ts"),
                Delete(f"{_SCHEMA}/postgres/api-keys.ts"),
                Replace(f"{_SCHEMA}/sqlite/index.ts", "export * from './api-keys';\n", ""),
                Replace(f"{_SCHEMA}/postgres/index.ts", "export * from './api-keys';\n", ""),
                Replace(f"{_SCHEMA}/index.ts", "export * from './sqlite/api-keys';\n", ""),
                Replace(
                    f"{_SCHEMA}/index.ts",
                    "export { apiKeys as pgApiKeys } from './postgres/api-keys';\n",
                    "",
                ),
            ),
            gives=(
                at(f"{_SCHEMA}/index.ts"),
                at(f"{_SCHEMA}/postgres/index.ts"),
            ),
        ),
        Good("A column arrives with its migrations", change=(ADD_COLUMN_BOTH,)),
        Good("An index arrives with its migrations", change=(ADD_INDEX_BOTH,)),
        Good("An enum's value arrives with its migration", change=(ADD_ENUM_VALUE_PG,)),
        Good("Rows are changed, the schema is not", change=(CUSTOM_MIGRATION_BOTH,)),
        Good(
            "What only code sees changes",
            change=(
                Replace(_PROVIDERS, "name: text('name')", "title: text('name').$type<string>()"),
            ),
            note="The property, a type, `$default` and `$onUpdate` are not in the database.",
        ),
        Good(
            "A table is declared another way",
            change=(
                Replace(_PROVIDERS, "text('kind').notNull()", "kindColumn"),
                Replace(
                    _PROVIDERS,
                    "export const providers ",
                    "const kindColumn = text('kind').notNull();\n\nexport const providers ",
                ),
            ),
        ),
    ),
)
