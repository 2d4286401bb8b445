"""The small schema that most experiments begin with."""

from __future__ import annotations

from plexus_rules.lab.drivers import Answer
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


def generated(trial: Trial, name: str, *options: str) -> str:
    """The SQL of the migration that generate makes; empty where it makes none."""
    before = set(trial.sql_paths)
    trial.generate(name, *options)
    made = [path for path in trial.sql_paths if path not in before]
    return "".join(trial.files[path].decode() for path in made)


def generate_one(trial: Trial, name: str, *options: str) -> None:
    """Generates the migration that an experiment goes on with.

    Raises:
        AssertionError: none was made: what follows would show nothing.
    """
    assert generated(trial, name, *options), f"generate {name} made no migration"


def done(answer: Answer) -> None:
    """Sees to it that the database did what an experiment goes on with.

    Raises:
        AssertionError: it refused: what follows would show nothing.
    """
    assert not answer.error, answer.error


def begin(trial: Trial) -> None:
    """The table ``items``, and the migration that makes it."""
    trial.schema(items())
    generate_one(trial, "initial")


def add_region(trial: Trial, name: str = "add_region") -> None:
    """A column in the schema, and the migration that adds it."""
    trial.schema(items(REGION))
    generate_one(trial, name)


def add_notes(trial: Trial) -> None:
    """One more table in the schema, after the column, and the migration that makes it."""
    trial.schema(items(REGION), table("notes", ID))
    generate_one(trial, "add_notes")


def is_content(check: Said) -> bool:
    """Whether ``drizzle-kit check`` found nothing wrong."""
    return check.exit == 0 and "Everything's fine" in check.text


def found_nothing(generate: Said) -> bool:
    """Whether ``drizzle-kit generate`` found nothing to do."""
    return generate.exit == 0 and "No schema changes" in generate.text


def column_exists(trial: Trial, error: str) -> bool:
    """Whether this is how the database refuses a column that is there already."""
    return ("duplicate column name" if trial.is_sqlite else "42701") in error


def table_missing(trial: Trial, error: str) -> bool:
    """Whether this is how the database refuses a table that is not there."""
    return ("no such table" if trial.is_sqlite else "42P01") in error


def null_refused(trial: Trial, error: str) -> bool:
    """Whether this is how the database refuses a new column that no row has a value for."""
    return ("Cannot add a NOT NULL column" if trial.is_sqlite else "23502") in error


def append(trial: Trial, *statements: str) -> None:
    """Statements behind those of the newest migration, with a breakpoint before each."""
    path = trial.sql_paths[-1]
    more = "".join(f"\n{BREAKPOINT}\n{statement};" for statement in statements)
    trial.write(path, trial.files[path].decode().rstrip() + more + "\n")
