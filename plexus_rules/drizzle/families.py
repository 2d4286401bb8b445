"""Databases of several dialects that hold the same tables, and where each keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.modules import Modules, Symbol
from plexus_rules.drizzle.packages import Packages
from plexus_rules.drizzle.places import dialects_in
from plexus_rules.trees import join

if TYPE_CHECKING:
    from plexus_rules.drizzle.tables import SchemaTables, Table

_INDEX_NAMES = tuple(f"index.{ending}" for ending in ("ts", "mts", "cts", "js", "mjs", "cjs"))


@dataclass(frozen=True, eq=False)
class Family:
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
    tables, by name, of the one that has fewer; of the one that has more, where their configs
    lie in different packages.
    """
    names = {
        database: {table.name for table in own_tables(database, schema) if table.name}
        for database, schema in schemas.items()
    }
    pending = list(schemas)
    found: list[Family] = []
    while pending:
        group = [pending.pop(0)]
        for member in group:
            near = [d for d in pending if _are_related(member, d, names, packages)]
            group += near
            pending = [d for d in pending if d not in near]
        if len({database.dialect for database in group}) > 1:
            ordered = tuple(database for database in schemas if database in group)
            found.append(Family(modules, ordered, {d: schemas[d] for d in ordered}))
    return tuple(sorted(found, key=lambda f: -sum(map(len, f.tables.values()))))


def _are_related(
    one: Database, other: Database, names: Mapping[Database, set[str]], packages: Packages
) -> bool:
    same_package = packages.directory(one.config) == packages.directory(other.config)
    sizes = (len(names[one]), len(names[other]))
    needed = min(sizes) if same_package else max(sizes)
    shared = len(names[one] & names[other])
    return one.dialect != other.dialect and shared > 0 and shared * 2 >= needed


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
