"""Columns that every row must have, and rows that hold nothing there."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    REGION,
    add_region,
    begin,
    done,
    generate_one,
    items,
    null_refused,
)
from plexus_rules.lab.trial import Trial

_ROW = "INSERT INTO items (id, name) VALUES (1, 'pen')"
_ROWS = "SELECT id, region FROM items ORDER BY id"
_REQUIRED = f"{REGION}.notNull()"


@experiment(claims.REQUIRED_COLUMN_FAILS_WITH_ROWS)
def required_column_without_a_default(trial: Trial) -> None:
    begin(trial)
    empty, filled = trial.database("empty"), trial.database("with a row")
    done(empty.migrate())
    done(filled.migrate())
    done(filled.sql(_ROW))
    trial.schema(items(_REQUIRED))
    generate_one(trial, "add_region")
    trial.decide("On an empty table it passes", not empty.migrate().error)
    trial.decide("The column is there", "region" in empty.columns("items"))
    refused = null_refused(trial, filled.migrate().error)
    trial.decide("With a row it fails: the new column would be NULL", refused)


@experiment(claims.DEFAULT_FILLS_NEW_COLUMN)
def required_column_with_a_default(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql(_ROW))
    trial.schema(items(f"{_REQUIRED}.default('eu')"))
    generate_one(trial, "add_region")
    trial.decide("With a row it passes", not database.migrate().error)
    trial.decide("The row has the default", database.sql(_ROWS).rows == [{"id": 1, "region": "eu"}])


@experiment(claims.NULLS_STOP_NOT_NULL)
def column_with_a_null_becomes_required(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    filled, one_null = trial.database("filled"), trial.database("one NULL")
    for database in (filled, one_null):
        done(database.migrate())
        done(database.sql("INSERT INTO items (id, region) VALUES (1, 'eu')"))
    done(one_null.sql("INSERT INTO items (id, region) VALUES (2, NULL)"))
    trial.schema(items(f"{_REQUIRED}.default('eu')"))
    generate_one(trial, "require_region")
    way = "`__new_items`" if trial.is_sqlite else 'ALTER COLUMN "region" SET NOT NULL'
    trial.decide(f"The migration says {way}", way in trial.newest_sql)
    trial.decide("Without a NULL it passes", not filled.migrate().error)
    says = "NOT NULL constraint failed" if trial.is_sqlite else "23502"
    trial.decide(f"With one it fails: {says}", says in one_null.migrate().error)


@experiment(claims.FILLED_COLUMN_BECOMES_REQUIRED)
def column_is_filled_first(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql(_ROW))
    add_region(trial)
    generate_one(trial, "fill_region", "--custom")
    trial.write(trial.sql_paths[-1], "UPDATE items SET region = 'eu' WHERE region IS NULL;\n")
    trial.schema(items(_REQUIRED))
    generate_one(trial, "require_region")
    trial.decide("All three run", not database.migrate().error and database.applied() == 4)
    trial.decide("The row has the value", database.sql(_ROWS).rows == [{"id": 1, "region": "eu"}])
    refused = database.sql("INSERT INTO items (id) VALUES (2)").error
    says = "NOT NULL constraint failed" if trial.is_sqlite else "23502"
    trial.decide("The column is required", says in refused)
