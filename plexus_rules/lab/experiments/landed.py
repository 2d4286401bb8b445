"""Editing what has landed."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import SQLITE
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    BREAKPOINT,
    ID,
    REGION,
    add_region,
    begin,
    done,
    generate_one,
    generated,
    items,
    table,
)
from plexus_rules.lab.snapshot_edits import with_column, without_column
from plexus_rules.lab.trial import Trial

_COLUMN = {"sqlite": "\t`region` text", "postgresql": '\t"region" text'}


def _slip_region_in(trial: Trial) -> None:
    """Writes the column into the SQL of the migration that makes the table."""
    (path,) = trial.sql_paths
    trial.replace(path, "text\n)", f"text,\n{_COLUMN[trial.driver.dialect]}\n)")


@experiment(claims.EDIT_NEVER_REACHES_OLD_DATABASES)
def edit_after_the_run(trial: Trial) -> None:
    begin(trial)
    production = trial.database("production")
    done(production.migrate())
    _slip_region_in(trial)
    trial.decide("migrate reports success", not production.migrate().error)
    trial.decide("The column is not there", production.columns("items") == ["id", "name"])
    trial.schema(items(), table("notes", ID))
    made = generated(trial, "add_notes")
    trial.decide("generate makes the next migration", "notes" in made)
    runs = not production.migrate().error and production.columns("notes") == ["id"]
    trial.decide("The next migration runs", runs)
    trial.decide("The column is still not there", "region" not in production.columns("items"))


@experiment(claims.OLD_AND_NEW_DATABASES_DIVERGE)
def edit_between_two_databases(trial: Trial) -> None:
    begin(trial)
    production = trial.database("production")
    done(production.migrate())
    _slip_region_in(trial)
    development = trial.database("development")
    trial.decide("A fresh database runs the edited SQL", not development.migrate().error)
    trial.decide("The old one reports success", not production.migrate().error)
    trial.decide("The fresh one has the column", "region" in development.columns("items"))
    trial.decide("The old one does not have it", "region" not in production.columns("items"))


@experiment(claims.NEXT_MIGRATION_FAILS_ON_OLD_DATABASES)
def migration_after_an_edit(trial: Trial) -> None:
    begin(trial)
    production, fresh = trial.database("production"), trial.database("fresh")
    done(production.migrate())
    _slip_region_in(trial)
    indexed = table(
        "items",
        ID,
        "name: text('name')",
        REGION,
        more="(one) => [index('items_region').on(one.region)]",
    )
    trial.schema(indexed, imports="index, integer, text")
    trial.edit_snapshot(
        trial.snapshot_paths[-1], lambda said: with_column(said, "region", like="name")
    )
    generate_one(trial, "index_region")
    made = trial.newest_sql
    alone = made.startswith("CREATE INDEX") and BREAKPOINT not in made
    trial.decide("It indexes the column alone", alone)
    trial.schema(indexed, table("notes", ID), imports="index, integer, text")
    generate_one(trial, "add_notes")
    trial.decide("A fresh database runs all", not fresh.migrate().error)
    says = "no such column: region" if trial.is_sqlite else "42703"
    failed = says in production.migrate().error
    trial.decide(f"It fails where the original was run: {says}", failed)
    trial.decide("The migration after it is not run there", not production.columns("notes"))


@experiment(claims.REBUILD_DROPS_UNKNOWN_COLUMNS, on=SQLITE)
def rebuild_after_an_edit(trial: Trial) -> None:
    add_region(trial, "initial")
    production = trial.database("production")
    done(production.migrate())
    done(production.sql("INSERT INTO items VALUES (1, 'one', 'eu')"))
    (sql,), (snapshot,) = trial.sql_paths, trial.snapshot_paths
    trial.replace(sql, ",\n\t`region` text", "")
    trial.edit_snapshot(snapshot, lambda said: without_column(said, "region"))
    trial.schema(table("items", ID, "name: text('name').notNull()"))
    generate_one(trial, "require_name")
    trial.decide("It rebuilds the table", "DROP TABLE" in trial.newest_sql)
    trial.decide("migrate reports success", not production.migrate().error)
    kept = production.sql("SELECT * FROM items").rows
    trial.decide("The column is gone, with what was in it", kept == [{"id": 1, "name": "one"}])
