"""What a recipe is, and the edits and commands that many share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plexus_rules.samples.step import BOTH, Dialect, Step
from plexus_rules.trees.edits import Edit, Replace

BACKEND = "packages/backend"
SCHEMA = f"{BACKEND}/drizzle/schema"
SQLITE_SCHEMA = f"{SCHEMA}/sqlite"
POSTGRES_SCHEMA = f"{SCHEMA}/postgres"
TYPES = f"{BACKEND}/src/db/types.ts"
USAGE_TEST = f"{BACKEND}/src/services/__tests__/usage-storage.test.ts"
#: For each dialect the folder of its migrations, relative to BACKEND.
FOLDERS: dict[Dialect, str] = {
    "sqlite": "drizzle/migrations",
    "postgresql": "drizzle/migrations_pg",
}
_CONFIGS: dict[Dialect, str] = {"sqlite": "", "postgresql": "drizzle.config.pg.ts"}
_FIRST_DAY = datetime(2025, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Generate:
    """One run of ``drizzle-kit generate`` in the backend package.

    Attributes:
        dialect: which config it uses.
        name: the name of the migration.
        sql: None lets drizzle-kit write the SQL; a text makes the migration a custom one
            and is added to its empty file.
        idle: drizzle-kit must find nothing to do.
    """

    dialect: Dialect
    name: str
    sql: str | None = None
    idle: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows ``drizzle-kit`` on the command line."""
        config = ("--config", _CONFIGS[self.dialect]) if _CONFIGS[self.dialect] else ()
        custom = () if self.sql is None else ("--custom",)
        return ("generate", *config, *custom, "--name", self.name)

    @property
    def command(self) -> str:
        """The command line that a person types."""
        return " ".join(("bunx", "drizzle-kit", *self.arguments))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a step is made.

    Attributes:
        step: what is made; None for the history of the base project.
        day: when the step happens, in days; later than the step before it.
        edits: what a person changes.
        commands: what a person runs then.
    """

    step: Step | None
    day: int
    edits: tuple[Edit, ...] = ()
    commands: tuple[Generate, ...] = ()

    @property
    def name(self) -> str:
        """The name of the step, or ``base``."""
        return self.step.name if self.step else "base"

    def moment(self, command: int) -> datetime:
        """When the command at this position is run."""
        return _FIRST_DAY + timedelta(days=self.day, minutes=command)


def generate(name: str, dialects: Iterable[Dialect] = BOTH) -> tuple[Generate, ...]:
    """Runs for these dialects."""
    return tuple(Generate(dialect, name) for dialect in dialects)


def generate_postgres(name: str) -> tuple[Generate, ...]:
    """Runs for both, as the workflow says; SQLite turns out to need nothing."""
    return Generate("sqlite", name, idle=True), Generate("postgresql", name)


def in_both(file: str, old: str, new: str) -> tuple[Edit, ...]:
    """One replacement in a schema file of each dialect."""
    return tuple(
        Replace(f"{folder}/{file}", old, new) for folder in (SQLITE_SCHEMA, POSTGRES_SCHEMA)
    )


def in_configs(line: str) -> tuple[Edit, ...]:
    """One more line in each drizzle config."""
    return tuple(
        Replace(f"{BACKEND}/{config}", "  verbose: true,\n", f"  {line}\n  verbose: true,\n")
        for config in ("drizzle.config.ts", "drizzle.config.pg.ts")
    )


def usage_columns(*lines: str, after: str = "") -> tuple[Edit, ...]:
    """More columns of ``request_usage`` in both dialects, after the last or another one."""
    last = after or "tokensOutput: integer('tokens_output').notNull().default(0),"
    return in_both("request-usage.ts", last, "\n    ".join((last, *lines)))
