"""What belongs in a commit."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab import layout
from plexus_rules.lab.drivers import BUN
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    NAME,
    add_region,
    begin,
    done,
    generate_one,
    generated,
    is_content,
    null_refused,
    table,
)
from plexus_rules.lab.trial import FOREIGN_KEYS_ON, Trial

_MODELS = table(
    "models",
    ID,
    "providerId: integer('provider_id').references(() => providers.id, { onDelete: 'cascade' })",
)

_MODELS_LEFT = "SELECT count(*) AS models FROM models"


@experiment(claims.PARTIAL_COMMIT_BREAKS_OTHERS)
def commit_that_lacks_a_file(trial: Trial) -> None:
    trial.needs_journal()
    begin(trial)
    before = trial.files[layout.JOURNAL]
    add_region(trial)
    whole = dict(trial.files)
    complete = trial.database("with all files")
    trial.decide("With all files migrate reports success", not complete.migrate().error)
    trial.decide("All SQL is run", complete.columns("items") == ["id", "name", "region"])
    trial.write(layout.JOURNAL, before)
    database = trial.database("without the entry")
    trial.decide("Without the entry migrate reports success", not database.migrate().error)
    trial.decide("The SQL is not run", database.columns("items") == ["id", "name"])
    trial.switch("without-sql", whole)
    trial.delete(trial.sql_paths[-1])
    error = trial.database("without the SQL").migrate().error
    trial.decide("Without the SQL migrate fails", "No file" in error)
    trial.switch("without-snapshot", whole)
    trial.delete(trial.snapshot_paths[-1])
    repeats = "region" in generated(trial, "again")
    trial.decide("Without the snapshot generate repeats it", repeats)


@experiment(claims.GENERATED_SQL_CAN_BE_WRONG)
def generated_sql_on_rows(trial: Trial) -> None:
    trial.schema(table("providers", ID, NAME), _MODELS)
    generate_one(trial, "initial")
    before = dict(trial.files)
    database = trial.database(connect_with=FOREIGN_KEYS_ON if trial.is_sqlite else "")
    done(database.migrate())
    done(database.sql("INSERT INTO providers VALUES (1, 'one')"))
    done(database.sql("INSERT INTO models VALUES (1, 1)"))
    trial.schema(table("providers", ID, NAME, "region: text('region').notNull()"), _MODELS)
    generate_one(trial, "add_region")
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    refused = null_refused(trial, database.migrate().error)
    trial.decide("migrate fails on a table with a row: the new column would be NULL", refused)
    if trial.driver is not BUN:
        return
    trial.switch("another-change", before)
    trial.schema(table("providers", ID, f"{NAME}.notNull()"), _MODELS)
    generate_one(trial, "require_name")
    there = database.sql(_MODELS_LEFT).rows
    trial.decide("The other table has a row", there == [{"models": 1}])
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    trial.decide("migrate reports success", not database.migrate().error)
    left = database.sql(_MODELS_LEFT).rows
    trial.decide("The rows of the other table are gone", left == [{"models": 0}])
