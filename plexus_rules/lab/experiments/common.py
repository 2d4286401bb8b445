"""The small schema that most experiments begin with."""

from __future__ import annotations

from plexus_rules.lab.kit import Said
from plexus_rules.lab.trial import Trial

ID = "id: integer('id').primaryKey()"
NAME = "name: text('name')"
REGION = "region: text('region')"
BREAKPOINT = "--> statement-breakpoint"


def table(name: str, *columns: str, more: str = "") -> str:
    """A table in TypeScript, a column to a line; ``more`` is the second argument's function."""
    body = "".join(f"  {column},\n" for column in columns)
    return f"{name} = table('{name}', {{\n{body}}}{f', {more}' if more else ''});"


def items(*columns: str) -> str:
    """The table ``items`` with an id, a name and these columns."""
    return table("items", ID, NAME, *columns)


def begin(trial: Trial) -> None:
    """The table ``items``, and the migration that makes it."""
    trial.schema(items())
    trial.generate("initial")


def add_region(trial: Trial, name: str = "add_region") -> None:
    """A column in the schema, and the migration that adds it."""
    trial.schema(items(REGION))
    trial.generate(name)


def add_notes(trial: Trial) -> None:
    """One more table in the schema, after the column, and the migration that makes it."""
    trial.schema(items(REGION), table("notes", ID))
    trial.generate("add_notes")


def is_content(check: Said) -> bool:
    """Whether ``drizzle-kit check`` found nothing wrong."""
    return check.exit == 0 and "Everything's fine" in check.text


def found_nothing(generate: Said) -> bool:
    """Whether ``drizzle-kit generate`` found nothing to do."""
    return generate.exit == 0 and "No schema changes" in generate.text


def column_exists(trial: Trial, error: str) -> bool:
    """Whether this is how the database refuses a column that is there already."""
    return ("duplicate column name" if trial.is_sqlite else "42701") in error


def append(trial: Trial, *statements: str) -> None:
    """Statements behind those of the newest migration, with a breakpoint before each."""
    path = trial.sql_paths[-1]
    more = "".join(f"\n{BREAKPOINT}\n{statement};" for statement in statements)
    trial.write(path, trial.files[path].decode().rstrip() + more + "\n")
