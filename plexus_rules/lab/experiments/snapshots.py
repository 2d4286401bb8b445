"""Snapshots."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab import layout
from plexus_rules.lab.drivers import DIALECTS
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    REGION,
    add_region,
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
from plexus_rules.lab.snapshot_edits import with_column
from plexus_rules.lab.trial import CONFIG, Trial

_ANOTHER_ID = "11111111-1111-4111-8111-111111111111"


def _stops(trial: Trial, because: str) -> None:
    """Generates after a change of the schema, and decides that this makes nothing and exits 0."""
    before = trial.sql_paths
    said = trial.generate("add_notes")
    trial.decide(f"generate stops: {because}", because in said.text)
    trial.decide("It makes nothing", trial.sql_paths == before)
    trial.decide("It exits 0", said.exit == 0)


def _refuses(trial: Trial, because: str) -> None:
    """Decides that ``drizzle-kit check`` says this, and exits 1."""
    said = trial.check()
    trial.decide(f"drizzle-kit check exits 1: {because}", said.exit == 1 and because in said.text)


@experiment(claims.MISSING_SNAPSHOT_REPEATS_MIGRATION)
def snapshot_deleted(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    trial.delete(trial.snapshot_paths[-1])
    before = len(trial.sql_paths)
    trial.generate("again")
    again = len(trial.sql_paths) == before + 1 and "region" in trial.newest_sql
    trial.decide("generate adds the column again", again)
    error = trial.database().migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))


@experiment(claims.SNAPSHOT_WITHOUT_PREFIX_IS_NEVER_READ)
def snapshot_without_a_number(trial: Trial) -> None:
    out = f"out: './{layout.OUT}',"
    trial.replace(CONFIG, out, f"{out}\n  migrations: {{ prefix: 'none' }},")
    begin(trial)
    before = set(trial.sql_paths)
    trial.schema(items(REGION))
    generate_one(trial, "add_region")
    (made,) = set(trial.sql_paths) - before
    trial.decide("generate makes the table again", "CREATE TABLE" in trial.files[made].decode())
    error = trial.database().migrate().error
    trial.decide("migrate fails: the table exists", "already exists" in error)


@experiment(claims.TAMPERED_SNAPSHOT_HIDES_CHANGE)
def snapshot_edited(trial: Trial) -> None:
    begin(trial)
    (path,) = trial.snapshot_paths
    trial.edit_snapshot(path, lambda said: with_column(said, "region", like="name"))
    trial.schema(items(REGION))
    trial.decide("generate finds no changes", found_nothing(trial.generate("add_region")))
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    fresh = trial.database("fresh")
    trial.decide("migrate reports success", not fresh.migrate().error)
    trial.decide("The column is not there", fresh.columns("items") == ["id", "name"])


@experiment(claims.SHARED_PARENT_COLLIDES, on=DIALECTS)
def snapshot_copied(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    generate_one(trial, "by_hand", "--custom")
    trial.decide("Before, drizzle-kit check is content", is_content(trial.check()))
    _, second, third = trial.snapshot_paths
    trial.write(third, trial.files[second])
    _refuses(trial, "collision")
    trial.schema(items(REGION), table("notes", ID))
    _stops(trial, "collision")
    trial.edit_snapshot(third, lambda said: said | {"id": _ANOTHER_ID})
    _refuses(trial, "collision")
    _stops(trial, "collision")


@experiment(claims.BROKEN_CHAIN_GOES_UNNOTICED, on=DIALECTS)
def parent_that_is_not_there(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    parent = {"prevId": _ANOTHER_ID} if trial.line == "v0" else {"prevIds": [_ANOTHER_ID]}
    trial.edit_snapshot(trial.snapshot_paths[-1], lambda said: said | parent)
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    trial.schema(items(REGION), table("notes", ID))
    made = generated(trial, "add_notes")
    trial.decide("generate makes the next migration", "notes" in made)


@experiment(claims.MALFORMED_JOURNAL_STOPS_ALL)
def journal_with_a_conflict(trial: Trial) -> None:
    trial.needs_journal()
    begin(trial)
    existing = trial.database("existing")
    done(existing.migrate())
    trial.decide("Before, drizzle-kit check is content", is_content(trial.check()))
    trial.decide("migrate passes as often as it is run", not existing.migrate().error)
    ours = trial.files[layout.JOURNAL]
    trial.write(layout.JOURNAL, b"<<<<<<< HEAD\n%b\n=======\n%b\n>>>>>>> price\n" % (ours, ours))
    trial.schema(items(REGION))
    _stops(trial, "is not valid JSON")
    _refuses(trial, "is not valid JSON")
    says = "JSON Parse error"
    trial.decide(f"migrate fails: {says}", says in existing.migrate().error)


@experiment(claims.MALFORMED_SNAPSHOT_EXITS_ZERO, on=DIALECTS)
def snapshot_cut_short(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    trial.decide("Before, drizzle-kit check is content", is_content(trial.check()))
    trial.edit_snapshot(trial.snapshot_paths[-1], lambda said: {"id": said["id"]})
    trial.schema(items(REGION), table("notes", ID))
    _stops(trial, "malformed")
    _refuses(trial, "malformed")


@experiment(
    claims.STRAY_FILE_STOPS_GENERATE,
    on=DIALECTS,
    not_on={"v1": "v1 has no directory of snapshots: each lies beside its SQL"},
)
def file_beside_the_snapshots(trial: Trial) -> None:
    begin(trial)
    trial.write("drizzle/meta/_notes.md", "# Notes\n")
    add_region(trial)
    trial.decide("A file with _ disturbs nothing", "region" in trial.newest_sql)
    trial.write("drizzle/meta/notes.md", "# Notes\n")
    trial.schema(items(REGION), table("notes", ID))
    _stops(trial, "is not valid JSON")
