"""What a tree says, read as a Drizzle project."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from plexus_rules.drizzle.config import Config, DatabaseConfig, Unread, find_configs
from plexus_rules.drizzle.database import Database, Layout
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.scripts import Command, find_commands
from plexus_rules.trees import Tree, join

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import SchemaTables

_INDEX_NAMES = tuple(f"index.{ending}" for ending in ("ts", "mts", "cts", "js", "mjs", "cjs"))


class Repository:
    """A tree, read as a Drizzle project. Everything is read when it is first asked for.

    Attributes:
        tree: the files.
        now: the time of the check, in milliseconds since 1970.
    """

    def __init__(self, tree: Tree, now: int) -> None:
        self.tree = tree
        self.now = now
        self._tables: dict[Database, SchemaTables] = {}

    @cached_property
    def configs(self) -> tuple[Config, ...]:
        """The drizzle configs, in order of their paths."""
        return find_configs(self.tree)

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
        return tuple(Database(self.tree, group) for group in groups.values())

    @cached_property
    def journaled(self) -> tuple[Database, ...]:
        """The databases whose migrations are laid out in the way that the rules can read."""
        return tuple(
            database
            for database in self.databases
            if database.out is not None and database.layout is Layout.JOURNAL
        )

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
        return Modules(self.tree)

    def tables(self, database: Database) -> SchemaTables:
        """The tables that a database's schema exports, as drizzle-kit would find them."""
        from plexus_rules.drizzle.tables import schema_tables

        if database not in self._tables:
            self._tables[database] = schema_tables(self.tree, self.modules, database.schema or ())
        return self._tables[database]

    @cached_property
    def dialects(self) -> frozenset[str]:
        """The dialects that the databases have."""
        return frozenset(self.by_dialect) - {"unknown"}

    @cached_property
    def dialect_directories(self) -> dict[str, str]:
        """The directory that holds each dialect's tables, where dialects have one each.

        It is the directory in which most tables are built with that dialect's core, so
        that one table in a wrong place does not move it. Empty where dialects share one.
        """
        homes: dict[str, Counter[str]] = {}
        for database in self.databases:
            for table in self.tables(database).tables:
                if table.core:
                    counter = homes.setdefault(table.core, Counter())
                    counter[table.path.rpartition("/")[0]] += 1
        found = {core: counter.most_common(1)[0][0] for core, counter in sorted(homes.items())}
        nested = any(
            a != b and f"{a}/".startswith(f"{b}/") for a in found.values() for b in found.values()
        )
        return {} if nested or len(set(found.values())) < len(found) else found

    @cached_property
    def parent_index(self) -> str | None:
        """The index above the dialects' directories that exports tables of theirs, if any."""
        directories = self.dialect_directories
        parents = {directory.rpartition("/")[0] for directory in directories.values()}
        if len(directories) < 2 or len(parents) != 1:
            return None
        parent = parents.pop()
        for name in _INDEX_NAMES:
            path = join(parent, name)
            if self.tree.is_file(path):
                targets = {found.target or "" for found in self.modules.imports(path)}
                below = tuple(f"{directory}/" for directory in directories.values())
                return path if any(target.startswith(below) for target in targets) else None
        return None

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The drizzle-kit commands of scripts, workflows, hooks and container files."""
        return find_commands(self.tree)
