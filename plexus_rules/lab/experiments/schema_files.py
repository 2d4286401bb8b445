"""What drizzle-kit loads as the schema."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import DIALECTS
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    begin,
    done,
    found_nothing,
    generate_one,
    items,
    table,
)
from plexus_rules.lab.trial import CONFIG, SCHEMA, Trial

_NOTES = table("notes", ID)


@experiment(claims.NOT_CODE_STOPS_GENERATE, on=DIALECTS)
def text_among_the_schema(trial: Trial) -> None:
    trial.replace(CONFIG, f"./{SCHEMA}", "./schema")
    trial.schema(items(), path="schema/items.ts")
    trial.write("schema/colours.json", '{"red": 1}\n')
    trial.write("schema/hello.txt", "console.log('the text is run')\n")
    trial.write("schema/.hello", "console.log('the dot file is run')\n")
    trial.write("schema/more/notes.md", "# Notes\n")
    said = trial.generate("initial")
    trial.decide("A file .txt is run as JavaScript", "the text is run" in said.text)
    trial.decide("A dot file is run as JavaScript", "the dot file is run" in said.text)
    trial.decide("JSON, and a text below, disturb nothing", len(trial.sql_paths) == 1)
    trial.schema(items(), _NOTES, path="schema/items.ts")
    trial.write("schema/AGENTS.md", "# How to change this schema\n")
    said = trial.generate("add_notes")
    trial.decide("With a text it fails with a SyntaxError", "SyntaxError" in said.text)
    trial.decide("It makes nothing", len(trial.sql_paths) == 1)
    trial.decide("It exits 0", said.exit == 0)


@experiment(claims.UNEXPORTED_TABLE_HAS_NO_MIGRATION)
def table_that_is_not_exported(trial: Trial) -> None:
    begin(trial)
    trial.schema(items(), plain=f"\nconst {_NOTES}")
    trial.decide("generate finds no changes", found_nothing(trial.generate("add_notes")))
    database = trial.database()
    trial.decide("migrate reports success", not database.migrate().error)
    trial.decide("The table is not there", database.columns("notes") == [])


@experiment(claims.UNEXPORTED_TABLE_IS_DROPPED)
def table_that_is_no_longer_exported(trial: Trial) -> None:
    trial.schema(items(), _NOTES)
    generate_one(trial, "initial")
    database = trial.database()
    done(database.migrate())
    done(database.sql("INSERT INTO notes VALUES (1)"))
    trial.schema(items(), plain=f"\nconst {_NOTES}")
    before = len(trial.sql_paths)
    said = trial.generate("tidy_up")
    made = len(trial.sql_paths) == before + 1 and "DROP TABLE" in trial.newest_sql
    trial.decide("generate makes a DROP TABLE, without a question", made and said.exit == 0)
    trial.decide("migrate reports success", not database.migrate().error)
    trial.decide("The table is gone, with its row", database.columns("notes") == [])
