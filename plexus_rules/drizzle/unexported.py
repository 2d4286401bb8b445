"""Tables of the application that no drizzle config's schema exports."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.families import directories_above, is_below, own_tables
from plexus_rules.drizzle.modules import Modules, Symbol, is_code
from plexus_rules.drizzle.places import dialects_in, is_aside, is_test
from plexus_rules.drizzle.repository import Repository

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import Table


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAGIC = re.compile(r"[*?\[{]|[@+!]\(")
_WORD = re.compile(r"[a-z]+")
#: Directories that hold a schema, and little else.
_SCHEMA_WORDS = _words(
    "data database databases db drizzle entities entity model models schema schemas tables"
)
#: Directories of what another program made, or reads, or nobody uses any more.
_STRANGE = _words(
    "archive archived backup deprecated external generated import importer importers legacy old "
    "template templates unused vendor vendored"
)


class Unexported(Struct, frozen=True):
    """A table that no schema exports, and the database that it seems to be meant for.

    ``doubt`` is the config that may export it after all, and why that is not known.
    """

    table: Table
    database: Database
    doubt: tuple[str, str] | None


def unexported(repository: Repository) -> Iterator[Unexported]:
    """The tables that no schema of their dialect exports, in order of their files.

    Meant are those that lie among the tables of a database of their dialect, in the directory
    that its schema is read from, or in their dialect's directory; and those that a module takes
    together with tables of such a database. One with the name of an exported table is none, nor
    is one in a database schema of which nothing is exported.
    """
    exported = {
        (table.path, table.range)
        for database in repository.databases
        for table in repository.tables(database).tables
        if database.dialect in (table.core, "unknown")
    }
    left = [
        table
        for table in repository.declared_tables
        if (table.path, table.range) not in exported and _is_ours(repository, table)
    ]
    if left:
        uses = _Uses(repository.modules, frozenset(table.path for table in left))
        worlds = [_World(repository, database, uses) for database in repository.databases]
        for table in left:
            world = next((w for w in worlds if w.means(table)), None)
            if world is not None:
                yield Unexported(table, world.database, _doubt(repository, world, table))


def _is_ours(repository: Repository, table: Table) -> bool:
    """Whether a table belongs to an application, and can be exported at all."""
    path = table.path
    if not table.name or not table.symbol or is_test(path) or is_aside(path):
        return False
    if not _STRANGE.isdisjoint(name.strip("_") for name in path.lower().split("/")[:-1]):
        return False
    # drizzle-kit pull writes a schema of its own beside the migrations.
    outs = (database.out for database in repository.databases if database.out)
    return not any(posixpath.dirname(path) == out for out in outs)


def _doubt(repository: Repository, world: _World, table: Table) -> tuple[str, str] | None:
    """Where a config that may export a table, for all that can be read of it, is told of."""
    for part in repository.tables(world.database).unread:
        return part.path, f"line {part.range.line}: {part.reason}"
    for config in repository.configs:
        if not config.databases:
            return config.path, "this config cannot be read"
    for database in repository.databases:
        if database.schema is None and database.dialect in (table.core, "unknown"):
            return database.config, "the schema of this config cannot be read"
    return None


class _World:
    """Where the tables of one database lie, and who uses them."""

    def __init__(self, repository: Repository, database: Database, uses: _Uses) -> None:
        self.database = database
        self._repository = repository
        self._uses = uses
        schema = repository.tables(database)
        self._own = own_tables(database, schema)
        self._names = {table.name for table in self._own}
        self._symbols = {Symbol(t.path, t.symbol) for t in self._own if t.symbol}
        self._schemas = {table.schema for table in self._own} | {None, "public"}
        self._files = {table.path for table in self._own}
        self._packages = {repository.packages.directory(path) for path in schema.files}
        self._beside = {d for p in self._files if _holds_schema(d := posixpath.dirname(p))}
        self._below = tuple(self._directories())

    def _directories(self) -> Iterator[str]:
        """The directories that its schema is read from, and the one of its dialect."""
        tree = self._repository.tree
        for entry in self.database.schema or ():
            directory = entry
            if tree.is_file(entry):
                directory = posixpath.dirname(entry)
                if not self._files - {entry}:  # it passes nothing on: what is below is no part
                    continue
            elif _MAGIC.search(entry):
                directory = posixpath.dirname(_MAGIC.split(entry)[0])
            if _holds_schema(directory):
                yield directory
        for family in self._repository.families:
            if self.database in family.databases and self.database.dialect in family.directories:
                yield family.directories[self.database.dialect]

    def means(self, table: Table) -> bool:
        """Whether a table that is not exported seems to be one of this database."""
        if table.core != self.database.dialect or not self._own or table.name in self._names:
            return False
        package = self._repository.packages.directory(table.path)
        if package not in self._packages or table.schema not in self._schemas:
            return False
        directory = posixpath.dirname(table.path)
        return (
            table.path in self._files
            or directory in self._beside
            or any(is_below(table.path, home) for home in self._below)
            or self._is_used_with_own(table)
        )

    def _is_used_with_own(self, table: Table) -> bool:
        """Whether a module of the application takes the table, and one of this database."""
        wanted = Symbol(table.path, table.symbol or "")
        return any(
            (path == table.path or wanted in taken) and not taken.isdisjoint(self._symbols)
            for path, taken in self._uses.of(table.path)
        )


class _Uses:
    """What the modules of the application take that import some files, or are these."""

    def __init__(self, modules: Modules, paths: frozenset[str]) -> None:
        self._modules = modules
        self._paths = paths
        self._taken: dict[str, frozenset[Symbol | None]] = {}

    def of(self, path: str) -> Iterator[tuple[str, frozenset[Symbol | None]]]:
        """Each module that has to do with a file, and the names that it imports from any."""
        for user in self._users.get(path, ()):
            if user not in self._taken:
                self._taken[user] = self._taken_by(user)
            yield user, self._taken[user]

    @cached_property
    def _users(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {path: {path: None} for path in self._paths}
        for use in self._modules.importers(self._paths):
            if use.target and not (use.type_only or is_test(use.path) or is_aside(use.path)):
                found[use.target][use.path] = None
        return found

    def _taken_by(self, path: str) -> frozenset[Symbol | None]:
        return frozenset(
            self._modules.member(found.target, name.name)
            for found in self._modules.imports(path)
            if found.target is not None and is_code(found.target) and not found.type_only
            for name in found.names
            if name.name != "*"
        )


def _holds_schema(directory: str) -> bool:
    """Whether a directory, or one above it, is named after a schema or a dialect."""
    names = [path.rpartition("/")[2] for path in (directory, *directories_above(directory))]
    words = {word for name in names for word in _WORD.findall(name.lower())}
    return not _SCHEMA_WORDS.isdisjoint(words) or any(dialects_in(name) for name in names)
