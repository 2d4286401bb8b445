"""How the migrator cuts SQL into statements, and what it does with a part that has none."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import BUN, POSTGRES, SQLITE
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    BREAKPOINT,
    ID,
    REGION,
    add_region,
    begin,
    done,
    generate_one,
    items,
    table,
    table_missing,
)
from plexus_rules.lab.trial import CONFIG, Trial

_AREA = "area: text('area')"


def _add_two_columns(trial: Trial) -> None:
    """The migration of two columns, a statement each, with a breakpoint between them."""
    begin(trial)
    trial.schema(items(REGION, _AREA))
    generate_one(trial, "add_two_columns")


def _take_breakpoint_out(trial: Trial) -> None:
    trial.replace(trial.sql_paths[-1], BREAKPOINT, "")


@experiment(claims.TWO_STATEMENTS_RUN_ONE, on=SQLITE)
def two_statements_on_sqlite(trial: Trial) -> None:
    _add_two_columns(trial)
    database, parted = trial.database("as edited"), trial.database("as generated")
    done(parted.migrate())
    both = {"region", "area"}
    trial.decide("With a breakpoint both run", both <= set(parted.columns("items")))
    _take_breakpoint_out(trial)
    trial.decide("Without one migrate reports success", not database.migrate().error)
    trial.decide("Only the first has run", both & set(database.columns("items")) == {"region"})
    trial.decide("The migration is recorded as applied", database.applied() == 2)


@experiment(claims.TWO_STATEMENTS_DIVIDE_DRIVERS)
def two_statements_on_each_driver(trial: Trial) -> None:
    _add_two_columns(trial)
    _take_breakpoint_out(trial)
    database = trial.database()
    trial.decide("migrate reports success", not database.migrate().error)
    added = {"region", "area"} & set(database.columns("items"))
    if trial.driver == POSTGRES:
        trial.decide("Both have run", added == {"region", "area"})
    else:
        trial.decide("Only the first has run", added == {"region"})


@experiment(claims.BREAKPOINTS_FALSE_SPLITS_NOTHING, on=(BUN,))
def config_without_breakpoints(trial: Trial) -> None:
    trial.replace(CONFIG, "  out:", "  breakpoints: false,\n  out:")
    _add_two_columns(trial)
    trial.decide("No breakpoint is written", BREAKPOINT not in trial.newest_sql)
    database = trial.database()
    trial.decide("migrate reports success", not database.migrate().error)
    added = {"region", "area"} & set(database.columns("items"))
    trial.decide("Only the first statement has run", added == {"region"})


@experiment(claims.MIGRATOR_LOOKS_FOR_THE_TEXT, on=SQLITE)
def breakpoints_in_the_journal(trial: Trial) -> None:
    _add_two_columns(trial)
    trial.journal([{**entry, "breakpoints": False} for entry in trial.entries])
    parted, whole = trial.database("breakpoint in the SQL"), trial.database("none in the SQL")
    done(parted.migrate())
    both = {"region", "area"}
    trial.decide("Both statements run all the same", both <= set(parted.columns("items")))
    _take_breakpoint_out(trial)
    trial.journal([{**entry, "breakpoints": True} for entry in trial.entries])
    done(whole.migrate())
    trial.decide("Only the first runs", both & set(whole.columns("items")) == {"region"})


_EMPTY = {
    "an empty file": "",
    "a comment": "-- to be written\n",
    "a last breakpoint": f"UPDATE items SET name = NULL;\n{BREAKPOINT}\n",
}
#: How the drivers say that there is no statement.
_NO_STATEMENT = ("Invalid SQL statement", "SQL query cannot be empty", "SQLITE_OK not an error")


@experiment(claims.SQLITE_REFUSES_NO_STATEMENT, on=SQLITE)
def parts_without_a_statement_on_sqlite(trial: Trial) -> None:
    begin(trial)
    generate_one(trial, "to_be_written", "--custom")
    path = trial.sql_paths[-1]
    trial.schema(items(), table("notes", ID))
    generate_one(trial, "add_notes")
    for name, sql in _EMPTY.items():
        trial.write(path, sql)
        database = trial.database(name)
        error = database.migrate().error
        said = next((says for says in _NO_STATEMENT if says in error), "")
        trial.decide(f"With {name} migrate fails: {said or 'no statement'}", bool(said))
        trial.decide("The later migration has not run", not database.columns("notes"))
    trial.write(path, "SELECT 1;\n")
    database = trial.database("SELECT 1")
    trial.decide("With SELECT 1 migrate succeeds", not database.migrate().error)
    trial.decide("The later migration has run", bool(database.columns("notes")))


@experiment(claims.POSTGRES_APPLIES_NOTHING, on=(POSTGRES,))
def migration_without_a_statement_on_postgres(trial: Trial) -> None:
    begin(trial)
    generate_one(trial, "to_be_written", "--custom")
    old, fresh = trial.database("old"), trial.database("fresh")
    trial.decide("migrate reports success", not old.migrate().error)
    trial.decide("It is recorded as applied", old.applied() == 2)
    trial.write(trial.sql_paths[-1], "ALTER TABLE items ADD region text;\n")
    done(old.migrate())
    trial.decide("What is written later does not run", "region" not in old.columns("items"))
    done(fresh.migrate())
    trial.decide("It runs on a fresh database", "region" in fresh.columns("items"))
    trial.write(trial.sql_paths[-1], f"UPDATE items SET name = NULL;\n{BREAKPOINT}\n")
    trailing = trial.database("a last breakpoint")
    trial.decide("A last breakpoint does no harm", not trailing.migrate().error)


@experiment(claims.PENDING_MIGRATIONS_SHARE_TRANSACTION)
def second_of_two_fails(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    path = trial.sql_paths[-1]
    right = trial.newest_sql
    trial.write(path, "UPDATE orders SET name = NULL;\n")
    database = trial.database()
    failed = table_missing(trial, database.migrate().error)
    trial.decide("The second one fails: there is no such table", failed)
    trial.decide("The first one is undone with it", not database.columns("items"))
    trial.write(path, right)
    trial.decide("Mended, both run", not database.migrate().error)
    trial.decide("Both have run", database.columns("items") == ["id", "name", "region"])
