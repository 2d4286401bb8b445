"""One cause is one finding: how a replay goes on after something is wrong."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.snapshot import NO_ID
from tests.drizzle.replay.histories import History, Table, column, index, table, wrong

BOTH = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
ID = column("id", "integer")


def notes(*columns: str, **rest: object) -> Table:
    return table("notes", ID, *columns, **rest)


def started(dialect: str = "sqlite") -> History:
    """The table notes with a column a."""
    return History(dialect).add("CREATE TABLE notes (id integer, a text)", notes("a"))


@BOTH
def test_history_that_is_sound(dialect: str) -> None:
    history = started(dialect).add("ALTER TABLE notes ADD b text", notes("a", "b"))
    history.add("ALTER TABLE notes DROP COLUMN a", notes("b"))
    assert wrong(history.add("DROP TABLE notes")) == {}


@BOTH
def test_column_that_the_sql_does_not_make_is_told_once(dialect: str) -> None:
    history = started(dialect).add("SELECT 1", notes("a", "b"))
    history.add("ALTER TABLE notes ADD c text", notes("a", "b", "c"))
    history.add("CREATE INDEX i ON notes (b)", notes("a", "b", "c", indexes=index("i", "b")))
    assert wrong(history) == {"0001_m": ["column notes.b: None / text"]}


@BOTH
def test_column_that_is_made_after_all_is_no_second_fault(dialect: str) -> None:
    history = started(dialect).add("SELECT 1", notes("a", "b"))
    history.add("ALTER TABLE notes ADD b text", notes("a", "b"))
    history.add("ALTER TABLE notes ADD c text", notes("a", "b", "c"))
    assert wrong(history) == {"0001_m": ["column notes.b: None / text"]}


@BOTH
def test_column_that_no_snapshot_has_and_generate_makes_again(dialect: str) -> None:
    history = started(dialect).add(
        "CREATE TABLE tags (id integer); ALTER TABLE notes ADD b text",
        notes("a"),
        table("tags", ID),
    )
    history.add("ALTER TABLE notes ADD b text", notes("a", "b"), table("tags", ID))
    assert wrong(history) == {"0001_m": ["column notes.b: text / None"]}


@BOTH
def test_statement_that_fails_ends_its_migration_alone(dialect: str) -> None:
    history = started(dialect).add(
        "ALTER TABLE notes ADD a text; ALTER TABLE notes ADD b text", notes("a", "b")
    )
    history.add("ALTER TABLE notes ADD c text", notes("a", "b", "c"))
    history.add("ALTER TABLE notes DROP COLUMN d", notes("a", "b", "c"))
    found = wrong(history)
    assert list(found) == ["0001_m", "0003_m"]
    assert found["0001_m"][0].startswith("fails: ")


@BOTH
def test_snapshot_that_is_missing_is_not_compared(dialect: str) -> None:
    history = started(dialect).add_without_snapshot("ALTER TABLE notes ADD b text")
    history.add("ALTER TABLE notes ADD c text", notes("a", "b", "c"))
    assert wrong(history) == {}


@BOTH
def test_what_generate_repeats_since_a_snapshot_was_missing_is_no_second_fault(
    dialect: str,
) -> None:
    history = started(dialect).add_without_snapshot("ALTER TABLE notes ADD b text")
    history.add("ALTER TABLE notes ADD b text", notes("a", "b"))
    assert wrong(history) == {}


@BOTH
def test_failure_without_a_snapshot_is_followed_by_the_next_one(dialect: str) -> None:
    history = started(dialect).add_without_snapshot("ALTER TABLE nowhere ADD b text")
    history.add_without_snapshot("ALTER TABLE nowhere ADD b text")
    history.add("ALTER TABLE notes ADD c text", notes("a", "c"))
    history.add("ALTER TABLE notes ADD d text", notes("a", "c", "d"))
    assert list(wrong(history)) == ["0001_m"]


@BOTH
def test_what_drizzle_kit_pull_found_is_taken_as_it_is(dialect: str) -> None:
    history = History(dialect).add("/* CREATE TABLE notes … */", notes("a"))
    history.change_snapshot(0, id=NO_ID, prevId="")
    history.add("ALTER TABLE notes ADD b text", notes("a", "b"))
    assert wrong(history) == {}


@BOTH
def test_missing_sql_ends_the_replay(dialect: str) -> None:
    history = started(dialect).add("ALTER TABLE notes ADD b text", notes("a", "b"))
    history.add("ALTER TABLE notes ADD b text", notes("a", "b"))
    del history.files["d/0001_m.sql"]
    assert wrong(history) == {"0001_m": ["stopped: there is no SQL file"]}


@BOTH
def test_statement_that_cannot_be_run_ends_the_replay(dialect: str) -> None:
    history = started(dialect).add("ALTER TABLE notes ALTER COLUMN a FROBNICATE", notes("a"))
    history.add("ALTER TABLE nowhere ADD b text", notes("a"))
    ((tag, (told,)),) = wrong(history).items()
    assert tag == "0001_m"
    assert told.startswith("stopped: ")


@BOTH
def test_migration_that_is_listed_twice_runs_once(dialect: str) -> None:
    history = started(dialect)
    history.entries.append(history.entries[0] | {"idx": 1})
    assert wrong(history) == {}


@BOTH
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX own ON notes (a)",
        "CREATE UNIQUE INDEX own ON notes (a)",
        "CREATE TABLE own (id integer); CREATE INDEX i ON own (id)",
        "CREATE VIEW own AS SELECT a FROM notes",
        "UPDATE notes SET a = 'x' WHERE a IS NULL",
    ],
)
def test_custom_migration_makes_what_drizzle_cannot_express(dialect: str, sql: str) -> None:
    history = started(dialect).add(sql, notes("a"))
    history.add("ALTER TABLE notes ADD b text", notes("a", "b"))
    assert wrong(history) == {}


@BOTH
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("ALTER TABLE notes ADD b text", "column notes.b: text / None"),
        ("ALTER TABLE notes DROP COLUMN a", "column notes.a: None / text"),
        ("DROP TABLE notes", "table notes: None / notes"),
    ],
)
def test_custom_migration_leaves_the_columns_of_the_snapshot(
    dialect: str, sql: str, told: str
) -> None:
    history = started(dialect).add(sql, notes("a"))
    assert wrong(history) == {"0001_m": [told]}


@BOTH
def test_index_of_ones_own_in_a_generated_migration_is_a_fault(dialect: str) -> None:
    history = started(dialect).add(
        "ALTER TABLE notes ADD b text; CREATE INDEX own ON notes (b)", notes("a", "b")
    )
    assert wrong(history) == {"0001_m": ["index notes.own: (b) / None"]}


@BOTH
def test_table_of_a_custom_migration_that_generate_makes_again_fails(dialect: str) -> None:
    history = started(dialect).add("CREATE TABLE own (id integer)", notes("a"))
    history.add("CREATE TABLE own (id integer)", notes("a"), table("own", ID))
    ((tag, (told,)),) = wrong(history).items()
    assert (tag, "already exists" in told) == ("0002_m", True)


@BOTH
def test_own_tables_stay_where_something_else_goes_wrong(dialect: str) -> None:
    history = started(dialect).add(
        "CREATE TABLE own (id integer); CREATE INDEX own_a ON notes (a)", notes("a")
    )
    history.add("ALTER TABLE nowhere ADD b text", notes("a", "b"))
    history.add("DROP INDEX own_a; ALTER TABLE own ADD x text", notes("a", "b"))
    assert list(wrong(history)) == ["0002_m"]


@BOTH
def test_several_differences_are_those_of_one_migration(dialect: str) -> None:
    history = started(dialect).add("SELECT 1", notes("a", "b"), table("tags", ID))
    assert wrong(history) == {"0001_m": ["column notes.b: None / text", "table tags: None / tags"]}


def test_default_that_an_old_release_kept_as_json_is_not_compared() -> None:
    said = table("notes", column("a", default={"b": 1}))
    assert wrong(History().add("CREATE TABLE notes (a text DEFAULT [object Object])", said)) == {}


def test_snapshot_that_two_migrations_share_is_not_compared() -> None:
    history = started().add("ALTER TABLE notes ADD b text", notes("a", "b"))
    history.files["d/0001_n.sql"] = "ALTER TABLE notes ADD c text"
    history.entries.append(history.entries[1] | {"idx": 2, "tag": "0001_n"})
    assert wrong(history) == {}
