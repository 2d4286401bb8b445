"""Databases of several dialects that hold the same tables, and where each keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.modules import Modules, Symbol
from plexus_rules.drizzle.packages import Packages
from plexus_rules.drizzle.places import dialects_in
from plexus_rules.trees import join

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import SchemaTables, Table

_INDEX_NAMES = tuple(f"index.{ending}" for ending in ("ts", "mts", "cts", "js", "mjs", "cjs"))

#: The share of tables, and of the columns of each, by which databases of two packages are one.
_ALIKE = 0.8


class Family(Struct, frozen=True, eq=False, dict=True):
    """Databases that an application takes for one, whichever dialect is in use.

    Attributes:
        modules: the modules of the tree.
        databases: of two dialects at least, in order of their configs.
        schemas: what each database's schema exports.
    """

    modules: Modules
    databases: tuple[Database, ...]
    schemas: Mapping[Database, SchemaTables]

    @cached_property
    def tables(self) -> dict[str, tuple[Table, ...]]:
        """The tables of each dialect: those that its databases export, built with its core."""
        found: dict[str, dict[Table, None]] = {}
        for database in self.databases:
            own = found.setdefault(database.dialect, {})
            own.update(dict.fromkeys(own_tables(database, self.schemas[database])))
        return {dialect: tuple(found[dialect]) for dialect in sorted(found)}

    @cached_property
    def directories(self) -> dict[str, str]:
        """The directory that holds each dialect's tables; empty where they have not one each."""
        exported = (table for schema in self.schemas.values() for table in schema.tables)
        return homes(table for table in exported if table.core in self.tables)

    @cached_property
    def common_directory(self) -> str:
        """The innermost directory above those of the dialects."""
        return _common_directory(list(self.directories.values()))

    @cached_property
    def parent_index(self) -> str | None:
        """The index above the dialects' directories that exports tables of theirs, if any.

        An index that chooses by dialect exports values of its own, and is not meant.
        """
        if not self.directories:
            return None
        for name in _INDEX_NAMES:
            path = join(self.common_directory, name)
            if self.modules.tree.is_file(path):
                exported = self.modules.exports(path).values()
                return path if any(self.dialect_of(symbol) for symbol in exported) else None
        return None

    def dialect_of(self, symbol: Symbol) -> str | None:
        """The dialect whose table a symbol is declared as; None where it is no table."""
        return self._symbols.get((symbol.path, symbol.name))

    @cached_property
    def _symbols(self) -> dict[tuple[str, str | None], str]:
        return {(t.path, t.symbol): d for d, tables in self.tables.items() for t in tables}


def own_tables(database: Database, schema: SchemaTables) -> tuple[Table, ...]:
    """The tables that drizzle-kit sees for a database: those built with its dialect's core."""
    return tuple(table for table in schema.tables if table.core == database.dialect)


def find_families(
    modules: Modules, packages: Packages, schemas: Mapping[Database, SchemaTables]
) -> tuple[Family, ...]:
    """The families of some databases, the one with the most tables first.

    Two databases of different dialects belong together if they share at least half of the
    tables, by name, of the one that has fewer. Those whose schemas lie in one package come first,
    then those whose configs do. Across packages, services of their own share names as common as
    users and sessions: there, tables must be alike.
    """
    grouping = _Grouping(packages, schemas)
    found = [
        *grouping.families(grouping.share_schema_package),
        *grouping.families(grouping.share_config_package),
        *grouping.families(grouping.are_alike),
    ]
    ordered = (tuple(d for d in schemas if d in group) for group in found)
    families = [Family(modules, group, {d: schemas[d] for d in group}) for group in ordered]
    return tuple(sorted(families, key=lambda f: -sum(map(len, f.tables.values()))))


class _Grouping:
    """Forms families, step by step: a database that is in one is not asked for again."""

    def __init__(self, packages: Packages, schemas: Mapping[Database, SchemaTables]) -> None:
        self._pending = list(schemas)
        self._packages = {
            database: frozenset(map(packages.directory, schema.files))
            for database, schema in schemas.items()
        }
        self._config_package = {d: packages.directory(d.config) for d in schemas}
        self._tables = {
            database: {table.name: table for table in own_tables(database, schema) if table.name}
            for database, schema in schemas.items()
        }

    def families(self, related: Callable[[Database, Database], bool]) -> list[list[Database]]:
        """The groups of several dialects among the databases that are in none yet."""
        found: list[list[Database]] = []
        pending = self._pending
        self._pending = []
        while pending:
            group = [pending.pop(0)]
            for member in group:
                near = [d for d in pending if d.dialect != member.dialect and related(member, d)]
                group += near
                pending = [d for d in pending if d not in near]
            if len(group) > 1:
                found.append(group)
            else:
                self._pending += group
        return found

    def share_schema_package(self, one: Database, other: Database) -> bool:
        """Whether two databases hold the same tables, and keep them in one package."""
        same_package = not self._packages[one].isdisjoint(self._packages[other])
        return same_package and self._share(one, other, min)

    def share_config_package(self, one: Database, other: Database) -> bool:
        """Whether two databases hold the same tables, and a package with both configs has some.

        The root of a workspace may hold the configs of services that have nothing in common.
        """
        package = self._config_package[one]
        is_home = package in self._packages[one] | self._packages[other]
        same_package = package == self._config_package[other] and is_home
        return same_package and self._share(one, other, min)

    def are_alike(self, one: Database, other: Database) -> bool:
        """Whether two databases of different packages have not only names of tables in common."""
        fewer, more = sorted((self._tables[one], self._tables[other]), key=len)
        alike = sum(name in more and _are_alike(fewer[name], more[name]) for name in fewer)
        return self._share(one, other, max) and alike >= _ALIKE * len(fewer)

    def _share(self, one: Database, other: Database, of: Callable[[int, int], int]) -> bool:
        """Whether two databases share half of the tables of the one with fewer, or with more."""
        tables, others = self._tables[one], self._tables[other]
        shared = len(tables.keys() & others.keys())
        return shared > 0 and shared * 2 >= of(len(tables), len(others))


def _are_alike(one: Table, other: Table) -> bool:
    """Whether two tables have nearly the same columns, as far as they can be read."""
    names, others = ({_plain(c.name or c.key) for c in table.columns} for table in (one, other))
    needed = max if one.complete and other.complete else min
    return bool(names & others) and len(names & others) >= _ALIKE * needed(len(names), len(others))


def _plain(name: str) -> str:
    """A name as it is compared: a ``casing`` may change what is not given."""
    return name.replace("_", "").lower()


def homes(tables: Iterable[Table]) -> dict[str, str]:
    """The directory that holds most tables of each core, subdirectories included.

    It is one that is named after the core, else the one in which its tables outnumber those of
    the others by the most; the innermost of several. So tables in a wrong place do not move it.
    Empty where a core has none, or where one lies in another: then the cores share a directory.
    """
    own: dict[str, Counter[str]] = {}
    every: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for table in dict.fromkeys(tables):
        above = directories_above(table.path)
        own.setdefault(table.core, Counter()).update(above)
        every.update(above)
        totals[table.core] += 1
    chosen = {
        core: _home(core, {d: n for d, n in counts.items() if 2 * n > totals[core]}, every)
        for core, counts in sorted(own.items())
    }
    found = {core: directory for core, directory in chosen.items() if directory is not None}
    nested = any(a != b and is_below(found[a], found[b]) for a in found for b in found)
    return {} if nested or len(found) < len(own) else found


def _home(core: str, counts: Mapping[str, int], every: Mapping[str, int]) -> str | None:
    """The best of the directories that hold most of a core's tables: the root is one of them."""
    ranks = {
        directory: (
            dialects_in(directory.rpartition("/")[2]) == {core},
            2 * count - every[directory],
            len(directory),
        )
        for directory, count in counts.items()
    }
    best = max(ranks, key=ranks.__getitem__)
    is_named, lead, _ = ranks[best]
    return best if is_named or lead > 0 else None


def directories_above(path: str) -> list[str]:
    """Every directory that a file lies in, the root (``""``) last."""
    found: list[str] = []
    while path:
        path = path.rpartition("/")[0]
        found.append(path)
    return found


def is_below(path: str, directory: str) -> bool:
    """Whether a path is a directory, or lies in it."""
    return not directory or path == directory or path.startswith(f"{directory}/")


def _common_directory(paths: Sequence[str]) -> str:
    common = paths[0] if paths else ""
    while not all(is_below(path, common) for path in paths):
        common = common.rpartition("/")[0]
    return common
