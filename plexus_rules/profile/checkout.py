"""What the names of a profile are read off: a checkout, and what is found in it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.schema_files import schema_files
from plexus_rules.profile.code import Client, find_client, find_selection, find_types_module
from plexus_rules.profile.selecting import Selection, selection
from plexus_rules.trees import DirectoryTree, TreeError

if TYPE_CHECKING:
    from plexus_rules.profile.commands import Commands
    from plexus_rules.profile.migrating import Migrating
    from plexus_rules.profile.policy import Stated

_GLOB = re.compile(r"[*?\[{!(]")
_FEW_FILES = 3
_TITLE = re.compile(r"#[ \t]+(\w[\w .-]{0,39}?)[ \t#]*(?:\r?\n|$)")


class Checkout:
    """A checkout. Each property is read when it is first asked for.

    What reads commands is imported there: a remedy that names no command has no need of it.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.packages = repository.packages

    @cached_property
    def databases(self) -> tuple[Database, ...]:
        """The databases; the one with the default config first."""
        found = self.repository.databases
        return tuple(sorted(found, key=lambda d: not d.config.endswith("drizzle.config.ts")))

    @cached_property
    def commands(self) -> Commands:
        """The commands that generate."""
        from plexus_rules.profile.commands import generating_commands

        return generating_commands(
            self.repository, self.packages, self.databases, self._settings_in_configs
        )

    @cached_property
    def _settings_in_configs(self) -> list[str | None]:
        return [self._setting_in_config(database) for database in self.databases]

    @cached_property
    def migrating(self) -> Migrating:
        """The modules that run migrations."""
        from plexus_rules.profile.migrating import Migrating

        return Migrating(self.repository)

    @cached_property
    def migrate(self) -> tuple[str, ...]:
        """The commands that apply the migrations."""
        from plexus_rules.profile.commands import bare_command

        bare = [
            bare_command(self.packages, database, setting, "migrate")
            for database, setting in zip(self.databases, self._settings_in_configs, strict=True)
        ]
        return self.migrating.commands(self.databases, bare, self.commands.directory)

    def _setting_in_config(self, database: Database) -> str | None:
        """What makes a config that describes several databases describe this one."""
        if sum(other.config == database.config for other in self.databases) < 2:
            return None
        found = selection(self.repository.modules.source(database.config))
        return None if found is None else found.settings.get(database.dialect)

    @cached_property
    def schema_of(self) -> dict[str, frozenset[str]]:
        """The files of the schema, by dialect; what dialects share is left out."""
        files: dict[str, set[str]] = {}
        for database in self.databases:
            if database.dialect == "unknown":
                continue
            found = files.setdefault(database.dialect, set())
            found.update(schema_files(self.repository.tree, database.schema or ()))
            found.update(t.path for t in self.repository.tables(database).tables)
        homes = self.repository.dialect_directories
        if len(homes) > 1:
            for dialect, found in files.items():
                found.discard(self.repository.parent_index or "")
                for other, home in homes.items():
                    if other == dialect:
                        found.update(self.repository.tree.files(home))
                    else:
                        found -= {path for path in found if path.startswith(f"{home}/")}
        return {dialect: frozenset(found) for dialect, found in files.items()}

    @cached_property
    def schema_dir(self) -> str | None:
        """The directory that holds the tables of every database."""
        found = [d for d in self._directories.values() if d is not None]
        return common_directory(found) if found else None

    def own_directory(self, database: Database) -> str | None:
        """The directory of a database's tables, where it holds no other dialect's."""
        own = self._directories[database]
        others = (
            directory
            for other, directory in self._directories.items()
            if other.dialect != database.dialect and directory is not None
        )
        return None if own is None or any(_holds(own, other) for other in others) else own

    def tables(self, database: Database) -> tuple[str, ...]:
        """Where a database's tables are: in a directory, named with ``/``, or in a few files."""
        own, paths = self.own_directory(database), self._table_files(database)
        if own is None or (len(paths) == 1 and len(self.repository.dialects) < 2):
            return tuple(paths) if len(paths) <= _FEW_FILES else ()
        return (f"{own}/",) if own else ()

    def _table_files(self, database: Database) -> list[str]:
        tables = self.repository.tables(database).tables
        return sorted({table.path for table in tables if table.core == database.dialect})

    @cached_property
    def _directories(self) -> dict[Database, str | None]:
        return {database: self._directory(database) for database in self.databases}

    def _directory(self, database: Database) -> str | None:
        """The directory of a database's tables."""
        paths = self._table_files(database)
        homes = self.repository.dialect_directories
        home = homes.get(database.dialect) if len(homes) > 1 else None
        if home is None or not any(path.startswith(f"{home}/") for path in paths):
            home = common_directory(path.rpartition("/")[0] for path in paths) if paths else None
        named = self._entry_directory(database, home)
        return home if named is None else named

    def _entry_directory(self, database: Database, home: str | None) -> str | None:
        """The directory of the config's entry, where it holds no other dialect's tables."""
        entries = database.schema or ()
        if len(entries) != 1 or _GLOB.search(entries[0]):
            return None
        tree, directory = self.repository.tree, entries[0]
        if not tree.is_directory(directory):
            directory = posixpath.dirname(directory)
        others = [
            other
            for dialect, other in self.repository.dialect_directories.items()
            if dialect != database.dialect
        ]
        if home is not None and not _holds(directory, home):
            return None
        return None if any(_holds(directory, other) for other in others) else directory

    @cached_property
    def client(self) -> Client | None:
        """The database client."""
        return find_client(self.repository.modules, self.schema_of)

    @cached_property
    def selection(self) -> Selection | None:
        """What selects the dialect; None where there is one."""
        if len(self.repository.dialects) < 2:
            return None
        path = None if self.client is None else self.client.path
        configs = [database.config for database in self.databases]
        return find_selection(self.repository.modules, path, configs)

    @cached_property
    def policy(self) -> Stated:
        """Who generates, and the files that say so."""
        from plexus_rules.profile.policy import Policy

        folders: dict[str, None] = {}
        for database in self.databases:
            if database.out:
                package = self.packages.above(database.config.rpartition("/")[0])
                folders.setdefault(database.out)
                if package and database.out.startswith(f"{package}/"):
                    folders.setdefault(database.out[len(package) + 1 :])
        return Policy(self.repository.tree, tuple(folders), self.commands.own).read()

    @cached_property
    def project(self) -> str:
        """The name that people use: the title of the README, the package's, the directory's."""
        tree = self.repository.tree
        if tree.is_file("README.md"):
            try:
                title = _TITLE.match(tree.text("README.md").lstrip()[:200])
            except TreeError:
                title = None
            if title is not None:
                return title[1].strip()
        name = self.packages.name("")
        if name is not None:
            return name
        return tree.root.name if isinstance(tree, DirectoryTree) else ""

    @cached_property
    def types_module(self) -> str | None:
        """The module of the row types."""
        schema = frozenset[str]().union(*self.schema_of.values())
        return find_types_module(self.repository.modules, schema)


def common_directory(directories: Iterable[str]) -> str:
    """The directory that holds them all; one of them where all are the same."""
    return posixpath.commonpath([f"/{directory}" for directory in directories]).lstrip("/")


def _holds(directory: str, other: str) -> bool:
    """Whether a directory is another one, or lies above it."""
    return not directory or f"{other}/".startswith(f"{directory}/")
