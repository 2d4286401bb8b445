"""A schema change reaches every dialect's database by a migration of that dialect's own."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from msgspec import Struct

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import generate
from plexus_rules.drizzle.causes import column_cause, migration_cause, snapshot_cause, table_cause
from plexus_rules.drizzle.change import Change, Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.places import dialect_title
from plexus_rules.drizzle.schema_parts import DeclaredParts, Part, parts
from plexus_rules.drizzle.settled import unsettled
from plexus_rules.finding import WHOLE_FILE, Range, Related
from plexus_rules.rule import Bad, Good, Line, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_PG_ONLY_GENERATED,
    ADD_COLUMN_SQLITE_ONLY_GENERATED,
    ADD_ENUM_VALUE_PG,
    ADD_TABLE_BOTH,
    CHANGE_VARCHAR_LENGTH_PG,
    CUSTOM_MIGRATION_BOTH,
    DROP_COLUMN_BOTH,
    DROP_TABLE_BOTH,
    ENABLE_RLS_PG,
    INT_TO_BOOLEAN_PG,
)
from plexus_rules.trees import Delete, Move, Replace, TreeError

_SCHEMA = "packages/backend/drizzle/schema"
_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_BY_CI = (
    "Take the migration out of the change, with its snapshot and its journal entry: the CI "
    "generates for every dialect after the merge."
)


class _Changes(Struct, frozen=True):
    """What the pending migrations of a database add to its schema, and drop from it."""

    by: Database
    pending: tuple[str, ...]
    added: tuple[Part, ...]
    dropped: tuple[Part, ...]


def check(change: Change) -> Iterator[Problem | Skipped]:
    """Tables and columns that pending migrations change for one dialect and not for another."""
    for pair in change.pairs:
        database = pair.head
        if database is None or not pair.pending:
            continue
        others = _counterparts(change, database)
        changes = _changes(pair, database)
        if changes is not None:
            for other in others:
                yield from _compare(change, changes, other)
        elif others:
            where = "in the base " if database.newest_snapshot else ""
            reason = f"{where}the newest snapshot cannot be read"
            yield Skipped(
                database.journal_path, f"{reason}, so what the new migrations do is not known"
            )


def _counterparts(change: Change, database: Database) -> list[Database]:
    """The databases of other dialects, with migrations, that hold the same tables."""
    return [
        other
        for family in change.head.families
        if database in family.databases
        for other in family.databases
        if other.dialect != database.dialect and other in change.head.journaled and other.exists
    ]


def _changes(pair: Pair, head: Database) -> _Changes | None:
    """What the pending migrations change; None where that is not known."""
    after = head.newest_snapshot
    before = pair.base.newest_snapshot if pair.base else None
    if after is None or (before is None and pair.landed):
        return None
    old, new = parts(before.columns() if before else {}), parts(after.columns())
    tags = tuple(entry.tag for entry in pair.pending)
    return _Changes(head, tags, tuple(sorted(new - old)), tuple(sorted(old - new)))


def _compare(change: Change, changes: _Changes, other: Database) -> Iterator[Problem | Skipped]:
    fault = unsettled(other)
    if fault is not None:
        yield Skipped(fault[0], f"{fault[1]}, so the dialects cannot be compared")
        return
    snapshot = other.newest_snapshot
    if snapshot is None:
        reason = "the newest snapshot cannot be read, so the dialects cannot be compared"
        yield Skipped(other.journal_path, reason)
        return
    has = parts(snapshot.columns())
    schema = change.head.tables(other)
    declared = DeclaredParts(other, schema)
    broken = {part.path for part in schema.broken}
    added = [part for part in changes.added if part not in has]
    dropped = [part for part in changes.dropped if part in has]
    unknown = [p for p in (*added, *dropped) if _is_unknown(declared, p, broken)]
    title = dialect_title(other.dialect)
    for found in schema.broken if unknown else ():
        what = f"what of the new migrations is declared for {title} is not known"
        yield Skipped(found.path, f"line {found.range.line}: {found.reason}; {what}")
    for part in () if broken else _whole_tables(unknown):
        yield Skipped(other.config, f"whether {part} is declared for {title} cannot be read")
    added, dropped = ([p for p in found if p not in unknown] for found in (added, dropped))
    lacking = _Changes(
        changes.by,
        changes.pending,
        _whole_tables([part for part in added if declared.has(part)]),
        _whole_tables([part for part in dropped if declared.has(part) is False]),
    )
    if lacking.added or lacking.dropped:
        yield _problem(change, other, declared, lacking)


def _is_unknown(declared: DeclaredParts, part: Part, broken: Container[str]) -> bool:
    """Whether a part may or may not be declared: no file that cannot be parsed says so."""
    table = declared.table(part)
    return declared.has(part) is None or (table is not None and table.path in broken)


def _whole_tables(found: list[Part]) -> tuple[Part, ...]:
    """Without the columns of tables that are themselves in the list."""
    return tuple(p for p in found if not p.column or Part(p.table) not in found)


def _problem(
    change: Change, other: Database, declared: DeclaredParts, lacking: _Changes
) -> Problem:
    does = [
        f"{verb} {_listed(found)}"
        for verb, found in (("add", lacking.added), ("drop", lacking.dropped))
        if found
    ]
    title = dialect_title(other.dialect)
    message = (
        f"the new migrations {' and '.join(does)} for {dialect_title(lacking.by.dialect)}, "
        f"and not for {title}"
    )
    every = (*lacking.added, *lacking.dropped)
    (path, place), *more = _places(declared, every) or [(other.journal_path, WHOLE_FILE)]
    related = [Related(p, r, f"{title} has no migration for this") for p, r in more]
    related += _statements(lacking)
    causes = [column_cause(p.table, p.column) if p.column else table_cause(p.table) for p in every]
    # SQL by hand for the other dialect, which never runs, is the same cause.
    base = next((p.base for p in change.pairs if p.head is other and p.base), None)
    known = base.sql_tags if base else ()
    causes += [migration_cause(other, tag) for tag in other.unlisted if tag not in known]
    if other.newest_snapshot is not None:  # what that says by hand is another rule's finding
        causes.append(snapshot_cause(other.newest_snapshot.path))
    return Problem(
        path,
        place,
        message,
        related=tuple(related),
        causes=tuple(causes),
        remedy=Line(
            f"Run {generate(other, change.head)}, and commit what it makes with the rest.",
            by_ci=_BY_CI,
        ),
    )


def _listed(found: tuple[Part, ...]) -> str:
    names = [str(part) for part in found[:3]]
    if len(found) > len(names):
        return f"{', '.join(names)} and {len(found) - len(names)} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _places(declared: DeclaredParts, found: tuple[Part, ...]) -> list[tuple[str, Range]]:
    """Where the parts stand in the schema; for a dropped column its table."""
    places: dict[tuple[str, Range], None] = {}
    for part in found:
        place = declared.column(part) or declared.table(part)
        if place is not None:
            places[place.path, place.range] = None
    return list(places)


def _statements(lacking: _Changes) -> Iterator[Related]:
    """The first line of each pending migration that names one of the parts."""
    names = sorted(
        {part.column or part.table.rpartition(".")[2] for part in lacking.added + lacking.dropped}
    )
    word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    for tag in (t for t in lacking.pending if t in lacking.by.sql_tags):
        path = lacking.by.sql_path(tag)
        try:
            text = lacking.by.sql(tag)
        except TreeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if word.search(line):
                message = f"the migration for {dialect_title(lacking.by.dialect)}"
                yield Related(path, Range.of_line(number, line), message)
                break


def _taken_back(folder: str, name: str, entry: str) -> tuple[Delete | Replace, ...]:
    """The edits that leave out one dialect's migration of a recorded step."""
    return (
        Delete(f"{folder}/{name}.sql"),
        Delete(f"{folder}/meta/{name[:4]}_snapshot.json"),
        Replace(f"{folder}/meta/_journal.json", f",\n{entry}", ""),
    )


def _entry(version: int, when: int, tag: str) -> str:
    return (
        f'    {{\n      "idx": 2,\n      "version": "{version}",\n      "when": {when},\n'
        f'      "tag": "{tag}",\n      "breakpoints": true\n    }}'
    )


_PG_QUOTAS = _entry(7, 1743411660000, "0002_add_quotas")
_PG_NOTE = _entry(7, 1742979660000, "0002_drop_key_note")
_SQLITE_KEYS = _entry(6, 1743498000000, "0002_drop_api_keys")
_SQLITE_REQUEST_ID = _entry(6, 1742029200000, "0002_add_client_request_id")

RULE = Rule(
    id="PLX209",
    name="one-dialect-migration",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    statement="Always bring a schema change of several dialects in a migration for each of them.",
    why=(claims.ONE_DIALECT_GENERATE_EXITS_ZERO, claims.MISSING_COLUMN_FAILS_EVERY_QUERY),
    remedy=Line("Run {generate}, and commit what it makes with the rest.", by_ci=_BY_CI),
    line=lines.GENERATE_FOR_EVERY_DIALECT,
    guides=(SCHEMA, *MIGRATIONS),
    source=("The ONLY Correct Migration Workflow",),
    needs=Needs.TWO_DIALECTS,
    unseen=(
        "Changes beyond tables and columns: types, defaults, indexes and constraints are not "
        "compared between dialects."
    ),
    check=check,
    examples=(
        Bad(
            "A column of both schemas is generated for SQLite only",
            change=(ADD_COLUMN_SQLITE_ONLY_GENERATED,),
            gives=(at(f"{_SCHEMA}/postgres/request-usage.ts", line=14),),
        ),
        Bad(
            "A column of both schemas is generated for PostgreSQL only",
            change=(ADD_COLUMN_PG_ONLY_GENERATED,),
            gives=(at(f"{_SCHEMA}/sqlite/request-usage.ts", line=14),),
        ),
        Bad(
            "A new table is generated for SQLite only",
            change=(ADD_TABLE_BOTH, *_taken_back(_POSTGRES, "0002_add_quotas", _PG_QUOTAS)),
            gives=(at(f"{_SCHEMA}/postgres/quotas.ts", line=3),),
        ),
        Bad(
            "A column is dropped for SQLite only",
            change=(DROP_COLUMN_BOTH, *_taken_back(_POSTGRES, "0002_drop_key_note", _PG_NOTE)),
            gives=(at(f"{_SCHEMA}/postgres/api-keys.ts", line=3),),
        ),
        Bad(
            "A table is dropped for PostgreSQL only",
            change=(DROP_TABLE_BOTH, *_taken_back(_SQLITE, "0002_drop_api_keys", _SQLITE_KEYS)),
            gives=(at(f"{_SQLITE}/meta/_journal.json"),),
            note="No schema file names it any more: the journal is what lacks something.",
        ),
        Good("An enum gets a value: SQLite has no enums", change=(ADD_ENUM_VALUE_PG,)),
        Good(
            "A varchar gets longer: SQLite's text has no length", change=(CHANGE_VARCHAR_LENGTH_PG,)
        ),
        Good("Row-level security is enabled: SQLite has none", change=(ENABLE_RLS_PG,)),
        Good(
            "An integer becomes a boolean: SQLite stores both alike",
            change=(
                INT_TO_BOOLEAN_PG,
                Replace(
                    f"{_POSTGRES}/0002_make_streamed_boolean.sql",
                    "boolean;",
                    'boolean USING "is_streamed"::boolean;',
                ),
            ),
            note="The cast is written into the migration before it lands: PostgreSQL needs it.",
        ),
        Good(
            "The other dialect's migration has landed before",
            given=(
                ADD_COLUMN_BOTH,
                Move(f"{_SQLITE}/0002_add_client_request_id.sql", "later.sql"),
                Move(f"{_SQLITE}/meta/0002_snapshot.json", "later.json"),
                Replace(f"{_SQLITE}/meta/_journal.json", f",\n{_SQLITE_REQUEST_ID}", ""),
            ),
            change=(
                Move("later.sql", f"{_SQLITE}/0002_add_client_request_id.sql"),
                Move("later.json", f"{_SQLITE}/meta/0002_snapshot.json"),
                Replace(
                    f"{_SQLITE}/meta/_journal.json",
                    "true\n    }\n  ]",
                    f"true\n    }},\n{_SQLITE_REQUEST_ID}\n  ]",
                ),
            ),
        ),
        Good(
            "Rows are changed in a custom migration for each dialect",
            change=(CUSTOM_MIGRATION_BOTH,),
        ),
    ),
)
