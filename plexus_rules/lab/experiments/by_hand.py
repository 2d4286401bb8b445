"""Migrations that drizzle-kit did not make."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    REGION,
    begin,
    column_exists,
    done,
    found_nothing,
    generate_one,
    generated,
    is_content,
    items,
    table,
)
from plexus_rules.lab.trial import Trial

_ADD_REGION = "ALTER TABLE items ADD region text;\n"


@experiment(claims.UNJOURNALED_NEVER_RUNS)
def sql_outside_the_history(trial: Trial) -> None:
    begin(trial)
    existing, fresh = trial.database("existing"), trial.database("fresh")
    done(existing.migrate())
    trial.by_hand("add_region", _ADD_REGION)
    for database in (existing, fresh):
        trial.decide("migrate reports success", not database.migrate().error)
        trial.decide("The column is not there", database.columns("items") == ["id", "name"])
    trial.decide("drizzle-kit check is content", is_content(trial.check()))


@experiment(
    claims.FOLDER_OF_SQL_RUNS_ON_V1,
    not_on={"v0": "v0 has no folders of migrations: the journal lists the files"},
)
def sql_alone_in_a_folder(trial: Trial) -> None:
    begin(trial)
    existing, fresh = trial.database("existing"), trial.database("fresh")
    done(existing.migrate())
    trial.by_hand("add_region", _ADD_REGION)
    for database in (existing, fresh):
        trial.decide("migrate reports success", not database.migrate().error)
        trial.decide("The column is there", "region" in database.columns("items"))


@experiment(claims.GENERATE_REPEATS_UNKNOWN_CHANGES)
def generate_after_sql_by_hand(trial: Trial) -> None:
    begin(trial)
    written = trial.by_hand("region_by_hand", _ADD_REGION)
    trial.schema(items(REGION))
    trial.generate("add_region")
    made = [path for path in trial.sql_paths[1:] if path != written]
    repeats = len(made) == 1 and "region" in trial.files[made[0]].decode()
    trial.decide("generate adds the column a second time", repeats)
    trial.decide("drizzle-kit check is content with both", is_content(trial.check()))


@experiment(
    claims.UNLISTED_SQL_TAKES_NO_NUMBER,
    not_on={"v1": "v1 has no numbers: a migration has a folder, named by the clock"},
)
def generate_beside_sql_by_hand(trial: Trial) -> None:
    begin(trial)
    trial.by_hand("add_region", _ADD_REGION)
    before = dict(trial.files)
    trial.schema(items(REGION))
    trial.generate("region")
    numbers = [path.rpartition("/")[2].partition("_")[0] for path in trial.sql_paths]
    trial.decide("Two files have one number", len(set(numbers)) < len(numbers))
    fresh = trial.database("fresh")
    trial.decide("migrate reports success", not fresh.migrate().error)
    trial.switch("same-name", before)
    trial.schema(items(REGION))
    trial.generate("add_region")
    kept = any(data.decode() == _ADD_REGION for path, data in trial.files.items() if ".sql" in path)
    trial.decide("The file written by hand is written over", not kept)


@experiment(claims.REPEATED_CHANGE_FAILS)
def change_made_twice(trial: Trial) -> None:
    begin(trial)
    production = trial.database("production")
    done(production.migrate())
    trial.by_hand("region_by_hand", _ADD_REGION)
    if trial.line == "v0":
        done(production.sql(_ADD_REGION.strip()))
    else:
        done(production.migrate())
    trial.decide("The hand-written SQL was run", "region" in production.columns("items"))
    trial.schema(items(REGION))
    generate_one(trial, "add_region")
    error = production.migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))
    trial.schema(items(REGION), table("notes", ID))
    generate_one(trial, "add_notes")
    again = column_exists(trial, production.migrate().error)
    trial.decide("It fails again with the next migration", again)
    trial.decide("That one is not run", production.columns("notes") == [])


@experiment(
    claims.HANDMADE_ENTRY_IS_REPEATED,
    not_on={"v1": "v1 has no journal, and so no entries: a folder that holds only SQL is run"},
)
def sql_with_an_entry_by_hand(trial: Trial) -> None:
    begin(trial)
    path = trial.by_hand("region_by_hand", _ADD_REGION)
    (first,) = trial.entries
    tag = path.rpartition("/")[2].removesuffix(".sql")
    trial.journal([first, first | {"idx": 1, "when": first["when"] + 1, "tag": tag}])
    database = trial.database()
    trial.decide("migrate runs it", not database.migrate().error)
    trial.decide("The column is there", "region" in database.columns("items"))
    trial.schema(items(REGION))
    again = generated(trial, "add_region")
    trial.decide("generate adds the column again", "region" in again)
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    error = database.migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))


@experiment(claims.UNKNOWN_CHANGE_IS_SILENT)
def change_that_nothing_knows(trial: Trial) -> None:
    begin(trial)
    production, fresh = trial.database("production"), trial.database("fresh")
    done(production.migrate())
    done(production.sql(_ADD_REGION.strip()))
    trial.decide("The database has the column", "region" in production.columns("items"))
    trial.decide("migrate reports success", not production.migrate().error)
    done(fresh.migrate())
    trial.decide("A fresh database does not have it", fresh.columns("items") == ["id", "name"])
    trial.decide("generate finds no changes", found_nothing(trial.generate("again")))
    trial.decide("drizzle-kit check is content", is_content(trial.check()))


@experiment(claims.CUSTOM_MIGRATION_IS_HISTORY)
def sql_by_hand_in_a_custom_migration(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    before = {*trial.files}
    trial.generate("mark_all", "--custom")
    new = sorted({*trial.files} - before)
    trial.decide(
        "It makes a file of SQL and its snapshot",
        sorted(path.endswith(".sql") for path in new) == [False, True]
        and trial.snapshot_paths[-1] in new,
    )
    lines = [line for line in trial.newest_sql.splitlines() if line.strip()]
    comment = bool(lines) and all(line.lstrip().startswith("--") for line in lines)
    trial.decide("The SQL is a comment alone", comment)
    trial.write(trial.sql_paths[-1], "INSERT INTO items (id, name) VALUES (1, 'by hand');\n")
    trial.decide("migrate reports success", not database.migrate().error)
    rows = database.sql("SELECT name FROM items").rows
    trial.decide("What was written into it is run", rows == [{"name": "by hand"}])
    trial.decide("generate finds no changes", found_nothing(trial.generate("again")))
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
