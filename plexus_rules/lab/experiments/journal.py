"""The journal."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab import layout
from plexus_rules.lab.drivers import DIALECTS
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    REGION,
    add_notes,
    add_region,
    begin,
    column_exists,
    done,
    found_nothing,
    generate_one,
    is_content,
    items,
    table,
    table_missing,
)
from plexus_rules.lab.trial import Trial

#: Times that the clock of no machine shows, so that they are seen as they are: 2001 and 2100.
_PAST, _FUTURE = 1_000_000_000_000, 4_102_444_800_000

_PRICE = "price: integer('price')"


@experiment(claims.MISSING_SQL_STOPS_START_UP)
def entry_without_its_file(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    existing, fresh = trial.database("existing"), trial.database("fresh")
    done(existing.migrate())
    trial.decide("With the file a second run passes", not existing.migrate().error)
    trial.delete(trial.sql_paths[-1])
    trial.decide("migrate fails where all was run", "No file" in existing.migrate().error)
    trial.decide("migrate fails on a fresh database", "No file" in fresh.migrate().error)
    trial.decide("The migration before it is not run, either", fresh.columns("items") == [])
    trial.decide("drizzle-kit check is content", is_content(trial.check()))


@experiment(claims.REMOVED_ENTRY_IS_FORGOTTEN)
def entry_taken_out(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    trial.journal(trial.entries[:-1])
    fresh = trial.database("fresh")
    trial.decide("migrate reports success", not fresh.migrate().error)
    trial.decide("The column is not there", fresh.columns("items") == ["id", "name"])
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    trial.decide("generate finds no changes", found_nothing(trial.generate("again")))


@experiment(claims.WHEN_ALONE_IS_COMPARED)
def migration_under_another_name(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    existing = trial.database("existing")
    done(existing.migrate())
    old = trial.sql_paths[-1]
    new = old.replace("add_region", "add_area")
    trial.write(new, trial.files[old].replace(b"region", b"area"))
    trial.delete(old)
    if trial.line == "v0":
        first, second = trial.entries
        trial.journal([first, second | {"idx": 7, "tag": second["tag"].replace("region", "area")}])
    trial.decide("migrate reports success", not existing.migrate().error)
    trial.decide("It is not run again", existing.columns("items") == ["id", "name", "region"])
    fresh = trial.database("fresh")
    done(fresh.migrate())
    trial.decide("A fresh database runs it", fresh.columns("items") == ["id", "name", "area"])


@experiment(
    claims.RENAMED_RUNS_AGAIN_ON_V1,
    not_on={"v0": "v0 compares no names"},
)
def folder_under_another_name(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    existing = trial.database("existing")
    done(existing.migrate())
    for old in [path for path in trial.files if "add_region" in path]:
        trial.write(old.replace("add_region", "add_area"), trial.files[old])
        trial.delete(old)
    error = existing.migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))


@experiment(claims.OLDER_WHEN_IS_SKIPPED)
def entry_with_an_older_time(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    first, second = trial.entries
    newest = first | {"when": _PAST + 1}
    trial.journal([newest])
    existing, fresh = trial.database("existing"), trial.database("fresh")
    done(existing.migrate())
    for when in (newest["when"], _PAST):
        trial.journal([newest, second | {"when": when}])
        trial.decide("migrate reports success", not existing.migrate().error)
        trial.decide("It is skipped", "region" not in existing.columns("items"))
    add_notes(trial)
    done(existing.migrate())
    trial.decide("The next migration runs", existing.columns("notes") == ["id"])
    trial.decide("It is still skipped", "region" not in existing.columns("items"))
    done(fresh.migrate())
    trial.decide("A fresh database runs it", "region" in fresh.columns("items"))


@experiment(claims.RAISED_WHEN_RUNS_AGAIN)
def entry_with_a_raised_time(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    existing = trial.database("existing")
    done(existing.migrate())
    trial.decide("A second run has nothing to do", not existing.migrate().error)
    first, second = trial.entries
    trial.journal([first, second | {"when": _FUTURE}])
    error = existing.migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))


@experiment(claims.FUTURE_WHEN_BLOCKS_LATER)
def entry_from_the_future(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    first, second = trial.entries
    trial.journal([first, second | {"when": _FUTURE}])
    existing, fresh = trial.database("existing"), trial.database("fresh")
    done(existing.migrate())
    add_notes(trial)
    trial.decide("generate writes the present time", trial.entries[-1]["when"] < _FUTURE)
    trial.decide("migrate reports success", not existing.migrate().error)
    trial.decide("The migration is skipped", existing.columns("notes") == [])
    done(fresh.migrate())
    trial.decide("A fresh database runs it", fresh.columns("notes") == ["id"])


@experiment(claims.DUPLICATE_NUMBER_OVERWRITES_SNAPSHOT, on=DIALECTS)
def entries_that_share_a_number(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    add_notes(trial)
    first, second, third = trial.entries
    trial.journal([first, second, third | {"idx": second["idx"]}])
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    landed = {path: trial.files[path] for path in trial.snapshot_paths}
    trial.schema(items(REGION), table("notes", ID), table("tags", ID))
    trial.generate("add_tags")
    changed = [path for path, data in landed.items() if trial.files[path] != data]
    trial.decide("generate writes over a snapshot", len(changed) == 1)


def _branch(trial: Trial) -> dict[str, bytes]:
    """A migration on main, and a later one on a branch from the commit before; main's files."""
    begin(trial)
    before = dict(trial.files)
    add_region(trial)
    main = dict(trial.files)
    trial.switch("price", before)
    trial.schema(items(_PRICE))
    generate_one(trial, "add_price")
    return main


def _merge(trial: Trial, main: dict[str, bytes]) -> None:
    """Takes over what main has: its migrations first, and of a file that both have, ours."""
    price = trial.files
    trial.switch("main", {**main, **price})
    trial.schema(items(REGION, _PRICE))
    if trial.line == "v0":
        trial.journal([*layout.entries(main), layout.entries(price)[-1]])


@experiment(claims.MERGED_NUMBERS_REPEAT_A_CHANGE)
def two_branches_merged(trial: Trial) -> None:
    _merge(trial, _branch(trial))
    merged = set(trial.sql_paths)
    trial.decide("There is a snapshot less", len(trial.snapshot_paths) == len(merged) - 1)
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    trial.generate("after_the_merge")
    again = [trial.files[path].decode() for path in sorted(set(trial.sql_paths) - merged)]
    trial.decide("generate adds a column again", any("region" in text for text in again))
    error = trial.database().migrate().error
    trial.decide("migrate fails: the column exists", column_exists(trial, error))


@experiment(claims.MERGED_EARLIER_ENTRY_IS_SKIPPED)
def database_of_a_branch_after_the_merge(trial: Trial) -> None:
    main = _branch(trial)
    existing, fresh = trial.database("existing"), trial.database("fresh")
    done(existing.migrate())
    _merge(trial, main)
    trial.decide("migrate reports success", not existing.migrate().error)
    trial.decide("The earlier one is skipped", existing.columns("items") == ["id", "name", "price"])
    done(fresh.migrate())
    both = ["id", "name", "region", "price"]
    trial.decide("A fresh database runs both", sorted(fresh.columns("items")) == sorted(both))


@experiment(claims.ORDER_OF_ARRAY_ON_FRESH_DATABASES)
def entries_in_another_order(trial: Trial) -> None:
    begin(trial)
    add_region(trial)
    first, second = trial.entries
    trial.journal([first | {"idx": 1}, second | {"idx": 0}])
    error = trial.database("other numbers").migrate().error
    trial.decide("With other numbers, in the same order, all runs", not error)
    trial.journal([second | {"idx": 0}, first | {"idx": 1}])
    error = trial.database("other order").migrate().error
    first_of_all = table_missing(trial, error)
    trial.decide("In another order the second is run first, without its table", first_of_all)
