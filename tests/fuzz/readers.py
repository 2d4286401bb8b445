"""The readers of foreign files, each as a function of the bytes of one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plexus_rules.drizzle.config import find_configs
from plexus_rules.drizzle.journal import Journal, parse_journal, runs
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.shapes.compare import differences
from plexus_rules.drizzle.shapes.model import Shape
from plexus_rules.drizzle.shapes.snapshots import shape_of
from plexus_rules.drizzle.snapshot import Snapshot, parse_snapshot
from plexus_rules.drizzle.sql.parsing import parse
from plexus_rules.drizzle.sql.statements import split
from plexus_rules.drizzle.tables import Tables
from plexus_rules.trees import MemoryTree
from tests.fuzz import corpus

_ENUMS = (
    b"import { pgEnum, pgTable, serial } from 'drizzle-orm/pg-core';\n"
    b"export const kind = pgEnum('kind', ['a', 'b']);\n"
    b"export const base = { id: serial('id').primaryKey() };\n"
    b"export const make = (name: string) => pgTable(name, base);\n"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader.

    Attributes:
        name: what it is called on the command line.
        read: reads the bytes of one file; may raise nothing at all. Where the file can be
            refused, it gives None if it was.
        corpus: small valid files.
        tokens: pieces that mean something to it.
    """

    name: str
    read: Callable[[bytes], object]
    corpus: Callable[[], list[bytes]]
    tokens: tuple[bytes, ...]


def read_journal(data: bytes) -> Journal | None:
    found = parse_journal("meta/_journal.json", data)
    if not isinstance(found, Journal):
        return None
    for entry in found.entries:
        found.range(entry, "tag")
    runs(found.entries)
    return found


def read_snapshot(data: bytes) -> Shape | None:
    found = parse_snapshot("meta/0000_snapshot.json", data)
    if not isinstance(found, Snapshot):
        return None
    found.columns()
    found.range("prevId")
    shape = shape_of(found.dialect, found.value)
    list(differences(Shape(found.dialect), shape))
    list(differences(shape, shape))
    return shape


def read_sql(data: bytes) -> None:
    sql = data.decode("utf-8", "replace")
    dialect = ("sqlite", "postgresql")[len(data) % 2]
    parse(split(sql, dialect), dialect)


def read_typescript(data: bytes) -> None:
    modules = Modules(MemoryTree({"schema/a.ts": data, "schema/b.ts": _ENUMS}))
    modules.imports("schema/a.ts")
    modules.surface("schema/a.ts")
    tables = Tables(modules)
    tables.of_file("schema/a.ts")
    tables.schema(["schema"])


def read_config(data: bytes) -> None:
    find_configs(MemoryTree({"drizzle.config.ts": data, "src/schema/a.ts": b""}))


READERS = {
    reader.name: reader
    for reader in (
        Reader("journal", read_journal, corpus.journals, corpus.JOURNAL_TOKENS),
        Reader("snapshot", read_snapshot, corpus.snapshots, corpus.SNAPSHOT_TOKENS),
        Reader("sql", read_sql, corpus.sql, corpus.SQL_TOKENS),
        Reader("typescript", read_typescript, corpus.typescript, corpus.TYPESCRIPT_TOKENS),
        Reader("config", read_config, corpus.configs, corpus.CONFIG_TOKENS),
    )
}
