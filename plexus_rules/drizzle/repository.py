"""What a tree says, read as a Drizzle project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from plexus_rules.drizzle.config import Config, DatabaseConfig, Unread, find_configs
from plexus_rules.drizzle.database import Database, Layout
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.families import Family, find_families, homes, own_tables
from plexus_rules.drizzle.modules import Glanced, Modules
from plexus_rules.drizzle.packages import Packages
from plexus_rules.trees import Tree

if TYPE_CHECKING:
    from plexus_rules.drizzle.generation import Generations
    from plexus_rules.drizzle.replay.engine import Engine
    from plexus_rules.drizzle.scripts.commands import Command
    from plexus_rules.drizzle.scripts.files import Scripts
    from plexus_rules.drizzle.tables import SchemaTables, Table, Tables


class Repository:
    """A tree, read as a Drizzle project. Everything is read when it is first asked for.

    Attributes:
        tree: the files.
        now: the time of the check, in milliseconds since 1970.
        facts: what is known of files by their content, where repositories of trees that have
            much in common share that.
        engines: servers that replay migrations for real, by dialect.
        ahead: gives what somebody else has told of source files at a glance already.
        holds_until: the time when it says something else, though its files stay the same; None
            where it never does, as far as was asked.
    """

    def __init__(
        self,
        tree: Tree,
        now: int,
        facts: Facts | None = None,
        engines: Mapping[str, Engine] | None = None,
        ahead: Callable[[], Mapping[str, Glanced]] = dict,
    ) -> None:
        self.tree = tree
        self.ahead = ahead
        self.engines = engines or {}
        self.now = now
        self.holds_until: int | None = None
        self.facts = facts
        self._tables: dict[Database, SchemaTables] = {}

    def is_ahead(self, time: int) -> bool:
        """Whether a time, in milliseconds since 1970, lies in the future."""
        if time <= self.now:
            return False
        self.holds_until = time if self.holds_until is None else min(time, self.holds_until)
        return True

    @cached_property
    def configs(self) -> tuple[Config, ...]:
        """The drizzle configs, in order of their paths."""
        return self.tree.known("configs", find_configs)

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """What could not be read off the configs."""
        found = [u for config in self.configs for u in config.unread]
        found += [u for config in self.configs for db in config.databases for u in db.unread]
        return tuple(dict.fromkeys(found))

    @cached_property
    def databases(self) -> tuple[Database, ...]:
        """Every database, in order of its config. Configs that name one folder are one."""
        groups: dict[object, list[DatabaseConfig]] = {}
        for config in self.configs:
            for found in config.databases:
                key = (found.out, found.dialect) if found.out else (found.config, found.range)
                groups.setdefault(key, []).append(found)
        return tuple(Database(self.tree, group, self.facts) for group in groups.values())

    @cached_property
    def journaled(self) -> tuple[Database, ...]:
        """The databases whose migrations the rules can read, one for each migrations folder.

        Where configs of several dialects name one folder, the dialect of its journal decides.
        """
        found: dict[str, Database] = {}
        for database in self.databases:
            if database.out is not None and database.layout is Layout.JOURNAL:
                known = found.setdefault(database.out, database)
                if database.fits_journal and not known.fits_journal:
                    found[database.out] = database
        return tuple(found.values())

    @cached_property
    def by_dialect(self) -> dict[str, Database]:
        """The first database of each dialect."""
        found: dict[str, Database] = {}
        for database in self.databases:
            found.setdefault(database.dialect, database)
        return found

    @cached_property
    def modules(self) -> Modules:
        """The imports and exports of the source files."""
        return Modules(self.tree, self.facts, self.ahead)

    @cached_property
    def packages(self) -> Packages:
        """Which package each file belongs to."""
        return Packages(self.tree)

    @cached_property
    def _reader(self) -> Tables:
        from plexus_rules.drizzle.tables import Tables

        return Tables(self.modules)

    def tables(self, database: Database) -> SchemaTables:
        """The tables that a database's schema exports, as drizzle-kit would find them."""
        if database not in self._tables:
            entries = database.schema or ()
            self._tables[database] = self.tree.known(
                ("tables", entries), lambda tree: self._reader_of(tree).schema(entries), same=False
            )
        return self._tables[database]

    @cached_property
    def declared_tables(self) -> tuple[Table, ...]:
        """Every table that a source file declares, exported or not."""
        return self.tree.known(
            "declared tables", lambda tree: self._reader_of(tree).declared(), same=False
        )

    def of(self, tree: Tree) -> Repository:
        """This repository, or what another tree says at the same time."""
        return self if tree is self.tree else Repository(tree, 0, self.facts)

    def _reader_of(self, tree: Tree) -> Tables:
        if tree is self.tree:
            return self._reader
        from plexus_rules.drizzle.tables import Tables

        return Tables(Modules(tree, self.facts))

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The databases of several dialects that hold the same tables, the largest first."""
        schemas = {database: self.tables(database) for database in self.databases}
        return find_families(self.modules, self.packages, schemas)

    @cached_property
    def uncompared(self) -> tuple[Database, ...]:
        """The databases of no family, if that is because not all of their tables can be read."""
        compared = {database for family in self.families for database in family.databases}
        return tuple(
            database
            for database in self.databases
            if database not in compared
            and (self.tables(database).unread or not own_tables(database, self.tables(database)))
        )

    @cached_property
    def dialects(self) -> frozenset[str]:
        """The dialects that the databases have."""
        return frozenset(self.by_dialect) - {"unknown"}

    @cached_property
    def dialect_directories(self) -> dict[str, str]:
        """The directory that holds each dialect's tables, where dialects have one each.

        Those of the largest family; where there is none, of all databases.
        """
        if self.families:
            return self.families[0].directories
        return homes(table for database in self.databases for table in self.tables(database).tables)

    @cached_property
    def parent_index(self) -> str | None:
        """The index above the dialects' directories that exports tables of theirs, if any."""
        return self.families[0].parent_index if self.families else None

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The drizzle-kit commands of scripts, workflows, hooks and container files."""
        from plexus_rules.drizzle.scripts.all_commands import find_commands

        return find_commands(self.tree, self.scripts)

    @cached_property
    def generations(self) -> Generations:
        """Which databases the scripts, and the files that run commands, generate for."""
        from plexus_rules.drizzle.generation import Generations

        return Generations(self)

    @cached_property
    def scripts(self) -> Scripts:
        """The files that hold commands."""
        from plexus_rules.drizzle.scripts.files import Scripts

        return Scripts(self.tree, self.modules)
