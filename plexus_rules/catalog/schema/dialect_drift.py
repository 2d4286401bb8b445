"""What one dialect's schema has and the other's lacks, or says otherwise: code meets both."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.catalog.unread import Missed, told_together
from plexus_rules.drizzle.causes import column_cause, table_cause
from plexus_rules.drizzle.families import Family
from plexus_rules.drizzle.places import dialect_title
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.unexported import unexported
from plexus_rules.finding import Related, Severity
from plexus_rules.rule import Bad, Good, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_ONE_DIALECT,
    ADD_ENUM_VALUE_PG,
    CHANGE_VARCHAR_LENGTH_PG,
    ENABLE_RLS_PG,
)
from plexus_rules.trees import Append, Replace, Write

if TYPE_CHECKING:
    from plexus_rules.drizzle.columns import Column, UnreadPart
    from plexus_rules.drizzle.tables import Table

_PACKAGE = "packages/backend"
_SCHEMA = f"{_PACKAGE}/drizzle/schema"


class _Side(Struct, frozen=True):
    """One dialect of a family: its tables by name, and what may hold more of them.

    Several tables have one name where databases or their schemas share it. ``broken`` is the part
    of ``unread`` that stands for files that cannot be parsed.
    """

    dialect: str
    tables: dict[str, list[Table]]
    unread: tuple[UnreadPart, ...]
    broken: tuple[UnreadPart, ...]

    @property
    def title(self) -> str:
        return dialect_title(self.dialect)


class _Names:
    """The names of columns in the database.

    A name that its builder is not given may be turned into snake or camel case.
    """

    def __init__(self, columns: Iterable[Column] = ()) -> None:
        self._given: set[str] = set()
        self._made: set[str] = set()
        self._plain: set[str] = set()
        for column in columns:
            self.add(column)

    def add(self, column: Column) -> None:
        name = column.name or column.key
        plain = name.replace("_", "").lower()
        self._plain.add(plain)
        if column.named:
            self._given.add(name)
        else:
            self._made.add(plain)

    def __contains__(self, column: Column) -> bool:
        name = column.name or column.key
        plain = name.replace("_", "").lower()
        if column.named:
            return name in self._given or plain in self._made
        return plain in self._plain


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every table and column that not all dialects of a family have, or that contradict."""
    for family in repository.families:
        sides = [_side(family, dialect) for dialect in family.tables]
        broken = {part.path for side in sides for part in side.broken}
        for name in sorted({name for side in sides for name in side.tables}):
            found = _table(repository, name, sides, broken)
            # What such a file seems to declare may be half of a conflict.
            yield from (f for f in found if f.path not in broken)
        yield from (found for found in _contradicting(family) if found.path not in broken)
        for side in sides:
            yield from told_together(
                (
                    Missed(part, name)
                    for name, tables in sorted(side.tables.items())
                    for table in tables
                    for part in table.unread
                    if part.path not in broken
                ),
                f"columns that {side.title}'s table {{table}} seems to lack are not reported",
                f"columns that {{tables}} of {side.title} seem to lack are not reported",
            )
            for part in side.unread:
                kinds = "tables and columns" if part in side.broken else "tables"
                what = f"{kinds} that {side.title} seems to lack are not reported"
                yield Skipped(part.path, f"line {part.range.line}: {part.reason}; {what}")
    for database in repository.uncompared:
        for part in repository.tables(database).broken:
            what = "its tables are compared with no other dialect's"
            yield Skipped(part.path, f"line {part.range.line}: {part.reason}; {what}")
        reason = "its tables cannot all be read, so it was compared with no other dialect's"
        yield Skipped(database.config, reason)


def _side(family: Family, dialect: str) -> _Side:
    tables: dict[str, list[Table]] = {}
    unread: dict[UnreadPart, None] = {}
    broken: list[UnreadPart] = []
    for table in family.tables[dialect]:
        if table.name is None:
            unread.update(dict.fromkeys(table.unread))
        else:
            tables.setdefault(table.name, []).append(table)
    for database in family.databases:
        if database.dialect == dialect:
            unread.update(dict.fromkeys(family.schemas[database].unread))
            broken += family.schemas[database].broken
    return _Side(dialect, tables, tuple(unread), tuple(broken))


def _table(
    repository: Repository, name: str, sides: Sequence[_Side], broken: Container[str]
) -> Iterator[Problem]:
    having = [side for side in sides if name in side.tables]
    lacking = [side for side in sides if side not in having and not side.unread]
    if lacking:
        # One that is declared and not exported is another rule's finding.
        declared = {(u.table.core, u.table.name) for u in unexported(repository)}
        lacking = [side for side in lacking if (side.dialect, name) not in declared]
    if lacking:
        table = having[0].tables[name][0]
        message = f"{_who(lacking)} no table {name}"
        yield Problem(table.path, table.range, message, causes=(table_cause(name),))
    columns = [[c for one in side.tables[name] for c in one.columns] for side in having]
    names = [_Names(listed) for listed in columns]
    seen = _Names()
    for column in (column for listed in columns for column in listed):
        if column.name is not None and column not in seen:
            seen.add(column)
            without = [
                side
                for side, known in zip(having, names, strict=True)
                if column not in known
                and all(one.complete and one.path not in broken for one in side.tables[name])
            ]
            if without:
                yield _missing(column, name, without)


def _contradicting(family: Family) -> Iterator[Problem]:
    """The columns that SQLite and PostgreSQL both have, and that cannot be one and the same."""
    from plexus_rules.drizzle.shapes.counterparts import contradictions
    from plexus_rules.drizzle.shapes.declared import casing_of, declared

    found = {
        dialect: declared(family.schemas[database], dialect, casing_of(database))
        for dialect in ("sqlite", "postgresql")
        for database in family.databases
        if database.dialect == dialect
    }
    if len(found) < 2:
        return
    sqlite, other = found.values()
    for name, table in sqlite.tables.items():
        twin = other.tables.get(name)
        if twin is None:
            continue
        for column, mine, theirs in contradictions(table, twin):
            (path, place), (their_path, their_place) = table.places[column], twin.places[column]
            yield Problem(
                path,
                place,
                f"column {column} of table {name} is {mine} in SQLite, and {theirs} in PostgreSQL",
                related=(Related(their_path, their_place, f"{theirs} in PostgreSQL"),),
                causes=(column_cause(name, column),),
            )


def _who(lacking: Sequence[_Side]) -> str:
    titles = [side.title for side in lacking]
    return f"{' and '.join(titles)} {'has' if len(titles) == 1 else 'have'}"


def _missing(column: Column, table: str, lacking: Sequence[_Side]) -> Problem:
    places = [one for side in lacking for one in side.tables[table]]
    return Problem(
        column.path,
        column.range,
        f"{_who(lacking)} no column {column.name} in table {table}",
        related=tuple(Related(t.path, t.range, f"table {table} lacks it") for t in places),
        causes=(column_cause(table, column.name or column.key),),
    )


RULE = Rule(
    id="PLX102",
    name="dialect-drift",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    severity=Severity.WARNING,
    statement="Always give every dialect the same tables and columns, by their database names.",
    why=(claims.VALUE_WITHOUT_COLUMN_IS_DROPPED,),
    remedy="Make the same change in the other dialect's schema, and run {generate}.",
    line=lines.SAME_TABLES,
    guides=(SCHEMA,),
    source=("The ONLY Correct Migration Workflow",),
    needs=Needs.TWO_DIALECTS,
    unseen=(
        "Indexes, keys and constraints; types that one dialect uses for several of the other's; "
        "defaults that are SQL. Only plain contradictions are told. Databases that share less than "
        "half of their tables: they are taken for unrelated."
    ),
    check=check,
    examples=(
        Bad(
            "A column is added in SQLite only",
            change=(ADD_COLUMN_ONE_DIALECT,),
            gives=(at(f"{_SCHEMA}/sqlite/request-usage.ts", line=14),),
        ),
        Bad(
            "A table is declared for PostgreSQL only",
            change=(
                Write(
                    f"{_SCHEMA}/postgres/labels.ts",
                    "import { pgTable, text } from 'drizzle-orm/pg-core';\n\n"
                    "export const labels = pgTable('labels', {\n"
                    "  name: text('name').primaryKey(),\n"
                    "});\n",
                ),
                Append(f"{_SCHEMA}/postgres/index.ts", "export * from './labels';\n"),
            ),
            gives=(at(f"{_SCHEMA}/postgres/labels.ts", line=3),),
        ),
        Bad(
            "One column has two names",
            change=(
                Replace(f"{_SCHEMA}/postgres/api-keys.ts", "text('key_hash')", "text('hash')"),
            ),
            gives=(
                at(f"{_SCHEMA}/postgres/api-keys.ts", line=6),
                at(f"{_SCHEMA}/sqlite/api-keys.ts", line=6),
            ),
            note="The property is `keyHash` in both: what counts is the name in the database.",
        ),
        Bad(
            "A column is text in one dialect, and a number in the other",
            change=(
                Replace(
                    f"{_SCHEMA}/sqlite/request-usage.ts",
                    "integer('is_streamed')",
                    "text('is_streamed')",
                ),
            ),
            gives=(at(f"{_SCHEMA}/sqlite/request-usage.ts", line=11),),
        ),
        Bad(
            "A column may be NULL in one dialect alone",
            change=(
                Replace(
                    f"{_SCHEMA}/postgres/request-usage.ts",
                    "model: text('model').notNull()",
                    "model: text('model')",
                ),
            ),
            gives=(at(f"{_SCHEMA}/sqlite/request-usage.ts", line=10),),
        ),
        Good("A column is added in both dialects", change=(ADD_COLUMN_BOTH,)),
        Good("PostgreSQL's enum gets one more value", change=(ADD_ENUM_VALUE_PG,)),
        Good("PostgreSQL's varchar gets longer", change=(CHANGE_VARCHAR_LENGTH_PG,)),
        Good("PostgreSQL gets row-level security", change=(ENABLE_RLS_PG,)),
        Good(
            "Properties and their order differ, the database's names agree",
            change=(
                Replace(
                    f"{_SCHEMA}/postgres/api-keys.ts",
                    "  note: text('note'),\n"
                    "  createdAt: bigint('created_at', { mode: 'number' }).notNull(),\n",
                    "  created: bigint('created_at', { mode: 'number' }).notNull(),\n"
                    "  comment: text('note'),\n",
                ),
            ),
        ),
        Good(
            "A second SQLite database has nothing to do with the first",
            change=(
                Write(
                    f"{_PACKAGE}/drizzle.config.cache.ts",
                    "import { defineConfig } from 'drizzle-kit';\n\n"
                    "export default defineConfig({\n"
                    "  schema: './src/cache/schema.ts',\n"
                    "  out: './src/cache/migrations',\n"
                    "  dialect: 'sqlite',\n"
                    "});\n",
                ),
                Write(
                    f"{_PACKAGE}/src/cache/schema.ts",
                    "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n\n"
                    "export const entries = sqliteTable('cache_entries', {\n"
                    "  key: text('key').primaryKey(),\n"
                    "  value: text('value').notNull(),\n"
                    "  expires: integer('expires').notNull(),\n"
                    "});\n",
                ),
            ),
        ),
    ),
)
