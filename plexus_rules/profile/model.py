"""What a profile holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

#: The dialects whose databases texts can name.
NAMED_DIALECTS = ("sqlite", "postgresql")


class Generator(StrEnum):
    """Who generates migrations."""

    AUTHOR = "author"
    CI = "ci"


@dataclass(frozen=True)
class DatabaseNames:
    """What one database is called. Paths are relative to the checkout's root.

    Attributes:
        dialect: ``sqlite``, ``postgresql``, …
        config: the drizzle config.
        schema_dir: the directory of its tables, where it holds no other dialect's.
        tables: where its tables are: that directory, with a ``/`` at its end, or some files.
        out: the migrations folder.
        generate: the command that generates for it, run in the package.
        selected_by: the setting that selects it, such as ``PLEXUS_DB_TYPE=postgres``.
        default: whether it is in use where that setting is absent.
    """

    dialect: str
    config: str
    schema_dir: str | None
    out: str | None
    generate: str
    tables: tuple[str, ...] = ()
    selected_by: str | None = None
    default: bool = False


@dataclass(frozen=True)
class Profile:
    """Names, commands and policy of one project. What is None is not known.

    Attributes:
        project: its name, for people.
        package: the directory in which the commands run; empty for the root.
        schema_dir: the directory that holds the dialects' directories.
        parent_index: the index above them, which code must not import.
        databases: one for each database.
        generate: the commands that generate for every database, in order.
        generator: who runs them: the author of a change, or the CI.
        generator_evidence: the file in which the checkout says so.
        refused_by: the hook or workflow that keeps migrations out of a change.
        client: the module of the database client.
        get_schema: its function that gives the tables of the dialect in use.
        types_module: the module of the inferred row types.
        generate_custom: the commands that make an empty migration for SQL by hand, one for
            each database.
        database_dir: the directory of the database's code, the client's by default.
        migrates_at_start: whether the application runs the migrations when it starts.
        migrate: the commands that apply the migrations, where the application does not.
        root: what to call the directory that paths are relative to.
    """

    project: str
    package: str
    schema_dir: str | None
    parent_index: str | None
    databases: tuple[DatabaseNames, ...]
    generate: tuple[str, ...]
    generator: Generator = Generator.AUTHOR
    generator_evidence: str | None = None
    refused_by: str | None = None
    client: str | None = None
    get_schema: str | None = None
    types_module: str | None = None
    generate_custom: tuple[str, ...] = ()
    database_dir: str | None = None
    migrates_at_start: bool = False
    migrate: tuple[str, ...] = ()
    root: str = "the root of the repository"

    def database(self, dialect: str) -> DatabaseNames | None:
        """The names of the first database of a dialect."""
        return next((d for d in self.databases if d.dialect == dialect), None)

    def settled(self) -> Profile:
        """A copy of which every name is read."""
        databases = tuple(
            DatabaseNames(**{f.name: getattr(database, f.name) for f in fields(DatabaseNames)})
            for database in self.databases
        )
        values = {f.name: getattr(self, f.name) for f in fields(Profile)}
        return Profile(**{**values, "databases": databases})

    def names(self) -> Names:
        """The names that texts use in braces. None where one is not known."""
        return Names(self)


class Names(Mapping[str, str | None]):
    """The names that texts use in braces. Each is looked up when it is asked for."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __getitem__(self, name: str) -> str | None:
        return _NAMES[name](self._profile)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


_Look = Callable[[Profile], str | None]


def _place(path: str | None) -> str | None:
    return "." if path == "" else path


def _listed(items: Sequence[str]) -> str | None:
    return " and ".join(f"`{item}`" for item in items) or None


def _either(items: Sequence[str]) -> str | None:
    return " or ".join(f"`{item}`" for item in dict.fromkeys(items)) or None


def _code(command: str | None) -> str | None:
    return f"`{command}`" if command else None


def _database_dir(profile: Profile) -> str | None:
    if profile.database_dir is None and profile.client is not None:
        return _place(profile.client.rpartition("/")[0])
    return _place(profile.database_dir)


def _of_dialect(dialect: str) -> dict[str, _Look]:
    def look(read: Callable[[DatabaseNames], str | None]) -> _Look:
        def found(profile: Profile) -> str | None:
            database = profile.database(dialect)
            return None if database is None else read(database)

        return found

    return {
        f"{dialect}_config": look(lambda database: database.config),
        f"{dialect}_dir": look(lambda database: _place(database.schema_dir)),
        f"{dialect}_tables": look(lambda database: _listed(database.tables)),
        f"{dialect}_out": look(lambda database: _place(database.out)),
        f"{dialect}_selected_by": look(lambda database: database.selected_by),
        f"generate_{dialect}": look(lambda database: _code(database.generate)),
    }


_NAMES: dict[str, _Look] = {
    "project": lambda profile: profile.project,
    "package": lambda profile: _place(profile.package),
    "in_package": lambda profile: (
        f" in `{profile.package}/`" if profile.package else f" in {profile.root}"
    ),
    "schema_dir": lambda profile: _place(profile.schema_dir),
    "parent_index": lambda profile: profile.parent_index,
    "database_dir": _database_dir,
    "client": lambda profile: profile.client,
    "get_schema": lambda profile: profile.get_schema,
    "types_module": lambda profile: profile.types_module,
    "generator": lambda profile: profile.generator.value,
    "generate": lambda profile: _listed(profile.generate),
    "generate_custom": lambda profile: _either(profile.generate_custom),
}
for _dialect in NAMED_DIALECTS:
    _NAMES |= _of_dialect(_dialect)
