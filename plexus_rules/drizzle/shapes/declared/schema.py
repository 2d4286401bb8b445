"""Everything that a schema declares for one database."""

from __future__ import annotations

from typing import Any

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.shapes.declared.casing import Casing, casing_in
from plexus_rules.drizzle.shapes.declared.columns import ColumnWriter
from plexus_rules.drizzle.shapes.declared.constraints import ConstraintWriter
from plexus_rules.drizzle.shapes.declared.extras import extras_of
from plexus_rules.drizzle.shapes.declared.model import (
    OF_COLUMNS,
    Declared,
    DeclaredTable,
    Hole,
    Notes,
)
from plexus_rules.drizzle.shapes.declared.naming import Names, qualified_name
from plexus_rules.drizzle.shapes.model import Aspect
from plexus_rules.drizzle.shapes.snapshots import qualified
from plexus_rules.drizzle.tables import SchemaTables, Table, Tables
from plexus_rules.finding import Range
from plexus_rules.trees import Tree

#: The dialects whose schemas are read.
DIALECTS = ("sqlite", "postgresql")


def declared(schema: SchemaTables, dialect: str, casing: Casing) -> Declared:
    """What a schema declares for a database of a dialect: ``sqlite`` or ``postgresql``.

    The same schema is read once.
    """
    kept, key = schema.reader.declared_schemas, (schema.files, dialect, casing)
    if key not in kept:
        kept[key] = _declared(schema, dialect, casing)
    found = kept[key]
    assert isinstance(found, Declared)
    return found


def _declared(schema: SchemaTables, dialect: str, casing: Casing) -> Declared:
    own = [table for table in schema.tables if table.core == dialect]
    nameless = [table for table in own if _is_nameless(table)]
    unread = list(schema.unread)
    for table in nameless:
        unread += table.unread
    made: dict[str, dict[Range, DeclaredTable]] = {}
    tables: dict[str, DeclaredTable] = {}
    for table in own:
        if not _is_nameless(table):
            path = table.path
            if path not in made:
                made[path] = _made(schema.reader, path, dialect, casing)
            tables[qualified_name(table)] = made[path][table.range]
    enums = schema.enums if dialect == "postgresql" else ()
    is_complete = not unread and all(enum.name for enum in enums)
    named = {qualified(e.name, e.schema): e for e in enums if e.name is not None}
    return Declared(tables, named, is_complete, tuple(unread))


def _made(reader: Tables, path: str, dialect: str, casing: Casing) -> dict[Range, DeclaredTable]:
    """What a file declares, by where its tables stand. Most commits change one file or none."""

    def make(tree: Tree) -> dict[Range, DeclaredTable]:
        own = reader.of(tree)
        names = Names(own, dialect, casing)
        tables = (table for table in own.of_file(path).tables if table.core == dialect)
        return {table.range: _table(table, names) for table in tables if not _is_nameless(table)}

    return reader.modules.tree.known(("declared", path, dialect, casing), make, same=False)


def casing_of(database: Database) -> Casing:
    """The casing that the configs of a database say.

    Raises:
        TreeError: a config cannot be read.
    """
    paths = dict.fromkeys(config.config for config in database.configs)
    found = {casing_in(database.tree.read(path)) for path in paths}
    return found.pop() if len(found) == 1 else Casing.UNKNOWN


def _is_nameless(table: Table) -> bool:
    return table.name is None or (table.in_schema and table.schema is None)


def _table(table: Table, names: Names) -> DeclaredTable:
    notes = Notes(unread=list(table.unread))
    if table.unread:
        notes.holes.update(map(Hole, OF_COLUMNS))
    raw: dict[str, Any] = {
        "name": table.name,
        "columns": {},
        "indexes": {},
        "foreignKeys": {},
        "compositePrimaryKeys": {},
        "uniqueConstraints": {},
        "checkConstraints": {},
    }
    if names.core == "postgresql":
        raw["schema"] = table.schema or ""
    places: dict[str, tuple[str, Range]] = {}
    own, extras = extras_of(table, names, notes)
    constraints = ConstraintWriter(names, own, raw, notes)
    writer = ColumnWriter(names, notes)
    for column in table.columns:
        name = names.of(column)
        if name is None:
            if column.name is not None and column.call is not None:
                reason = f"the name of column {column.key!r} depends on a casing"
                notes.miss_any(column.call, reason, OF_COLUMNS)
            continue
        built = writer.build(column, name)
        generated = None
        if built.generated is not None:
            generated = constraints.generated(built.generated)
            if generated is None:
                reason = f"what column {name!r} is generated from cannot be read"
                notes.miss(built.generated, reason, Hole(Aspect.GENERATED, name))
        raw["columns"][name] = writer.raw(built, column, generated)
        places[name] = (column.path, column.range)
        if built.unique is not None:
            constraints.unique_column(column, name, built.unique)
        for reference in built.references:
            constraints.reference(column, name, reference)
    for extra in extras:
        given = constraints.add(extra)
        if given is not None:
            places.setdefault(given, (extra.whole.path, extra.whole.range))
    return DeclaredTable(table, raw, frozenset(notes.holes), tuple(notes.unread), places)
