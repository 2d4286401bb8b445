"""What a profile holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Generator(StrEnum):
    """Who generates migrations."""

    AUTHOR = "author"
    CI = "ci"


@dataclass(frozen=True, slots=True)
class DatabaseNames:
    """What one database is called. Paths are relative to the checkout's root.

    Attributes:
        dialect: ``sqlite``, ``postgresql``, …
        config: the drizzle config.
        schema_dir: the directory of its tables.
        out: the migrations folder.
        generate: the command that generates for it, run in the package.
        selected_by: the setting that selects it, such as ``PLEXUS_DB_TYPE=postgres``.
    """

    dialect: str
    config: str
    schema_dir: str | None
    out: str | None
    generate: str
    selected_by: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Names, commands and policy of one project. What is None is not known.

    Attributes:
        project: its name, for people.
        package: the directory in which the commands run.
        schema_dir: the directory that holds the dialects' directories.
        parent_index: the index above them, which code must not import.
        databases: one for each database.
        generate: the commands that generate for every database, in order.
        generator: who runs them: the author of a change, or the CI.
        generator_evidence: the file in which the checkout says so.
        client: the module of the database client.
        get_schema: its function that gives the tables of the dialect in use.
        types_module: the module of the inferred row types.
    """

    project: str
    package: str
    schema_dir: str | None
    parent_index: str | None
    databases: tuple[DatabaseNames, ...]
    generate: tuple[str, ...]
    generator: Generator = Generator.AUTHOR
    generator_evidence: str | None = None
    client: str | None = None
    get_schema: str | None = None
    types_module: str | None = None

    def database(self, dialect: str) -> DatabaseNames | None:
        """The names of the first database of a dialect."""
        return next((d for d in self.databases if d.dialect == dialect), None)

    def names(self) -> dict[str, str | None]:
        """The names that texts use in braces. None where one is not known."""
        names: dict[str, str | None] = {
            "package": self.package or ".",
            "schema_dir": self.schema_dir,
            "parent_index": self.parent_index,
            "database_dir": self.client.rpartition("/")[0] if self.client else None,
            "client": self.client,
            "get_schema": self.get_schema,
            "types_module": self.types_module,
            "generate": " and ".join(f"`{command}`" for command in self.generate) or None,
        }
        for dialect in ("sqlite", "postgresql"):
            database = self.database(dialect)
            names[f"{dialect}_config"] = database.config if database else None
            names[f"{dialect}_dir"] = database.schema_dir if database else None
            names[f"{dialect}_out"] = database.out if database else None
            names[f"{dialect}_selected_by"] = database.selected_by if database else None
            names[f"generate_{dialect}"] = f"`{database.generate}`" if database else None
        return names
