"""A history that goes on is replayed from where it went on."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.replay.history import Replayed, Stopped, World
from plexus_rules.drizzle.replay.memory import Memory, replayed
from tests.drizzle.replay.histories import WORLDS, History, column, table

ID = column("id", "integer")


class Counted:
    """Counts the worlds that are started."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.started = 0

    def __call__(self) -> World:
        self.started += 1
        return WORLDS[self.dialect]()


def history(dialect: str, count: int, kind: str = "text") -> History:
    """A table, and then a column with each migration; the last is of another kind."""
    made = History(dialect)
    columns = [ID]
    made.add("CREATE TABLE a (id integer)", table("a", *columns))
    for number in range(1, count):
        type_ = kind if number == count - 1 else "text"
        columns.append(column(f"c{number}"))
        made.add(f"ALTER TABLE a ADD c{number} {type_}", table("a", *columns))
    return made


def faults(results: list[Replayed | Stopped]) -> list[int]:
    return [result.faults if isinstance(result, Replayed) else -1 for result in results]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_world_is_started_once_for_a_history_that_grows(dialect: str) -> None:
    memory, start = Memory(), Counted(dialect)
    for count in (2, 3, 3, 5, 4, 2):
        results = memory.replay(history(dialect, count).database, start)
        assert faults(results) == [0] * count
    assert start.started == 1


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_other_history_is_replayed_anew(dialect: str) -> None:
    memory, start = Memory(), Counted(dialect)
    assert faults(memory.replay(history(dialect, 4).database, start)) == [0, 0, 0, 0]
    assert faults(memory.replay(history(dialect, 4, "real").database, start)) == [0, 0, 0, 1]
    assert faults(memory.replay(history(dialect, 4).database, start)) == [0, 0, 0, 0]
    assert start.started == 2


def test_end_of_a_replay_is_remembered() -> None:
    memory, start = Memory(), Counted("sqlite")
    stopping = history("sqlite", 3)
    stopping.files["d/0001_m.sql"] = "ALTER TABLE a ALTER COLUMN id FROBNICATE"
    for _ in range(2):
        assert faults(memory.replay(stopping.database, start)) == [0, -1]
    assert start.started == 1


def test_it_lasts_as_long_as_the_facts() -> None:
    facts, start = Facts(), Counted("sqlite")
    for kept in (facts, facts, None, None):
        made = history("sqlite", 2).database
        list(replayed(Database(made.tree, made.configs, kept), start))
    assert start.started == 3
