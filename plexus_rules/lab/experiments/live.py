"""Live databases."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import DIALECTS
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    REGION,
    add_region,
    begin,
    column_exists,
    done,
    generate_one,
    is_content,
    items,
    null_refused,
)
from plexus_rules.lab.trial import Trial

#: A time before every other, in milliseconds: 2001.
_PAST = 1_000_000_000_000


@experiment(claims.LIVE_CHANGE_FAILS_LATER)
def column_added_in_a_console(trial: Trial) -> None:
    begin(trial)
    production, staging = trial.database("production"), trial.database("staging")
    done(production.migrate())
    done(staging.migrate())
    done(production.sql("ALTER TABLE items ADD region text"))
    add_region(trial)
    trial.decide("Where nothing was done by hand, it passes", not staging.migrate().error)
    error = production.migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))


@experiment(claims.PUSH_LEAVES_NO_MIGRATION, on=DIALECTS)
def push_and_then_migrate(trial: Trial) -> None:
    begin(trial)
    production, development = trial.database("production"), trial.database("development")
    done(production.migrate())
    development.push()
    trial.decide("push makes the table", development.columns("items") == ["id", "name"])
    exists = "already exists"
    trial.decide("migrate fails there: the table exists", exists in development.migrate().error)
    trial.schema(items(REGION))
    pushed = production.push()
    trial.decide("push adds the column", "region" in production.columns("items"))
    trial.decide("It leaves no migration", pushed.files == trial.files)
    generate_one(trial, "add_region")
    error = production.migrate().error
    trial.decide("migrate fails there: the column exists", column_exists(trial, error))


@experiment(claims.PUSHED_CHANGE_IS_SILENT, on=DIALECTS)
def push_instead_of_a_migration(trial: Trial) -> None:
    begin(trial)
    production, fresh = trial.database("production"), trial.database("fresh")
    done(production.migrate())
    trial.schema(items(REGION))
    production.push()
    done(fresh.migrate())
    trial.decide("The database has the column", "region" in production.columns("items"))
    trial.decide("No migration makes it", "region" not in fresh.columns("items"))
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    trial.decide("migrate reports success", not production.migrate().error)


@experiment(claims.EMPTY_DATABASE_HIDES_SKIPS)
def fresh_database_beside_an_old_one(trial: Trial) -> None:
    trial.needs_journal()
    begin(trial)
    skipping, refusing = trial.database("production"), trial.database("with rows")
    fresh = trial.database("fresh")
    done(skipping.migrate())
    done(refusing.migrate())
    done(refusing.sql("INSERT INTO items VALUES (1, 'one')"))
    trial.schema(items("region: text('region').notNull()"))
    generate_one(trial, "add_region")
    first, second = trial.entries
    refused = null_refused(trial, refusing.migrate().error)
    trial.decide("A database with a row refuses it: the new column would be NULL", refused)
    trial.journal([first, second | {"when": _PAST}])
    trial.decide("With an older time migrate reports success", not skipping.migrate().error)
    trial.decide("The migration is skipped", "region" not in skipping.columns("items"))
    trial.decide("A fresh database runs it", not fresh.migrate().error)
    trial.decide("The column is there", "region" in fresh.columns("items"))
