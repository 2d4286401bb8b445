"""Tables and columns that a migration drops."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import BUN, DIALECTS
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    REGION,
    add_region,
    append,
    begin,
    done,
    generate_one,
    items,
    table,
)
from plexus_rules.lab.terminal import DOWN, ENTER, Keys
from plexus_rules.lab.trial import Database, Trial

_SELECT = "db.select().from(schema.items)"
_INSERT = "db.insert(schema.items).values({ id: 2, name: 'cup' })"
_ROW = "INSERT INTO items (id, name, region) VALUES (1, 'pen', 'eu')"


@experiment(claims.DROP_IS_FINAL)
def put_back_after_a_drop(trial: Trial) -> None:
    notes = table("notes", ID)
    trial.schema(items(REGION), notes)
    generate_one(trial, "initial")
    append(trial, _ROW, "INSERT INTO notes VALUES (1)")
    database = trial.database()
    done(database.migrate())
    trial.schema(items())
    generate_one(trial, "drop_region_and_notes")
    done(database.migrate())
    trial.decide("The column is gone", "region" not in database.columns("items"))
    trial.decide("The table is gone", not database.columns("notes"))
    trial.schema(items(REGION), notes)
    generate_one(trial, "put_back")
    trial.decide("They are put back", not database.migrate().error)
    rows = database.sql("SELECT name, region FROM items").rows
    trial.decide("The column holds NULL", rows == [{"name": "pen", "region": None}])
    left = int(database.sql("SELECT count(*) AS notes FROM notes").rows[0]["notes"])
    trial.decide("The table has no row", left == 0)


def _decide_without_region(database: Database, trial: Trial) -> None:
    """What select() and insert do on a database that has one item, and no column ``region``."""
    select, insert = database.code(_SELECT), database.code(_INSERT)
    if trial.driver == BUN:
        wrong = [{"id": 1, "name": "pen", "region": "region"}]
        trial.decide("select() gives the column's name as its value", select.value == wrong)
    else:
        says = "no such column" if trial.is_sqlite else "42703"
        trial.decide(f"select() fails: {says}", says in select.error)
    says = "has no column named region" if trial.is_sqlite else "42703"
    trial.decide(f"insert fails: {says}", says in insert.error)


@experiment(claims.DROPPED_COLUMN_FAILS_OLD_CODE)
def old_code_after_a_drop(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql(_ROW))
    trial.decide("Before, select() finds the row", len(database.code(_SELECT).rows) == 1)
    trial.schema(items())
    generate_one(trial, "drop_region")
    done(database.migrate())
    trial.schema(items(REGION))
    _decide_without_region(database, trial)
    named = database.code("db.select({ name: schema.items.name }).from(schema.items)")
    trial.decide("A select that names other columns goes on", named.value == [{"name": "pen"}])


@experiment(claims.MISSING_COLUMN_FAILS_EVERY_QUERY)
def code_before_its_migration(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql("INSERT INTO items VALUES (1, 'pen')"))
    trial.schema(items(REGION))
    _decide_without_region(database, trial)
    generate_one(trial, "add_region")
    done(database.migrate())
    passes = not database.code(_INSERT).error and len(database.code(_SELECT).rows) == 2
    trial.decide("With the migration both pass", passes)


@experiment(claims.RENAME_IS_ASKED, on=DIALECTS)
def column_with_another_name(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql(_ROW))
    before = trial.sql_paths
    trial.schema(items("area: text('area')"))
    said = trial.generate("area")
    asks = "Interactive prompts require a TTY"
    trial.decide(f"Without a terminal generate stops: {asks}", asks in said.text)
    trial.decide("It makes nothing", trial.sql_paths == before)
    trial.decide("It exits 0", said.exit == 0)
    keys = Keys("rename column", DOWN + ENTER)
    said = trial.run_kit("generate", "--name", "area", keys=keys)
    asks = "created or renamed from another column?"
    trial.decide(f"At a terminal it asks: {asks}", asks in said.text)
    renames = "RENAME COLUMN" in trial.newest_sql and "DROP" not in trial.newest_sql
    trial.decide("Where the answer is a rename, it writes RENAME COLUMN alone", renames)
    trial.decide("migrate reports success", not database.migrate().error)
    rows = database.sql("SELECT area FROM items").rows
    trial.decide("The value is kept", rows == [{"area": "eu"}])
