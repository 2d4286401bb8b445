"""The model of a PostgreSQL: what each operation makes of it, and when it fails."""

from __future__ import annotations

from typing import Any

import pytest

from plexus_rules.drizzle.replay.postgres_state import Misfit, State
from plexus_rules.drizzle.replay.postgres_tables import apply
from plexus_rules.drizzle.sql.parsing import parse
from plexus_rules.drizzle.sql.statements import split
from tests.drizzle.replay.histories import History, column, index, table, wrong

SETUP = """
CREATE TYPE role AS ENUM ('admin', 'user');
CREATE TABLE users (
  id serial PRIMARY KEY, name text DEFAULT 'x' NOT NULL, role role, age integer,
  CONSTRAINT users_name_unique UNIQUE (name), CONSTRAINT adult CHECK (users.age > 17)
);
CREATE INDEX users_age ON users (age, lower(name)) WHERE age IS NOT NULL;
CREATE TABLE posts (id integer, author integer,
  CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users (id) ON DELETE cascade);
CREATE TABLE auth.keys (id integer, name text);
CREATE INDEX by_name ON auth.keys (name);
"""


def after(sql: str) -> State:
    state = State()
    for located in parse(split(SETUP + sql, "postgresql"), "postgresql"):
        apply(state, located.operation)
    return state


def users(sql: str) -> Any:
    return after(sql).tables["users"]


def test_columns_are_added_changed_and_dropped() -> None:
    columns = users(
        "ALTER TABLE users ADD COLUMN a text, ADD COLUMN IF NOT EXISTS a integer;"
        "ALTER TABLE users ALTER COLUMN name SET DATA TYPE varchar(20);"
        "ALTER TABLE users ALTER COLUMN name DROP DEFAULT;"
        "ALTER TABLE users ALTER COLUMN name DROP NOT NULL;"
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT 5;"
        "ALTER TABLE users ALTER COLUMN age ADD GENERATED ALWAYS AS IDENTITY;"
        "ALTER TABLE users DROP COLUMN IF EXISTS nothing;"
    ).columns
    assert (columns["a"].type, columns["name"].type) == ("text", "varchar(20)")
    assert (columns["name"].default, columns["name"].not_null) == (None, False)
    assert (columns["age"].default, columns["age"].identity) == ("5", "always")


def test_column_that_is_dropped_takes_along_what_is_made_of_it() -> None:
    table = users("ALTER TABLE users DROP COLUMN age;")
    assert not table.indexes
    assert not table.checks
    assert not users("ALTER TABLE users DROP COLUMN name;").uniques
    assert not users("ALTER TABLE users DROP COLUMN id;").primary_key
    assert not after("ALTER TABLE users DROP COLUMN id CASCADE;").tables["posts"].foreign_keys


def test_column_that_is_renamed_is_so_everywhere() -> None:
    state = after(
        "ALTER TABLE users RENAME COLUMN age TO years; ALTER TABLE users RENAME COLUMN id TO uid;"
    )
    table = state.tables["users"]
    assert list(table.columns) == ["uid", "name", "role", "years"]
    assert table.primary_key == ("uid",)
    assert table.indexes["users_age"].columns == ("years", "lower(name)")
    assert table.indexes["users_age"].where == "years IS NOT NULL"
    assert table.checks["adult"].expression == "users.years > 17"
    assert state.tables["posts"].foreign_keys[0].to_columns == ("uid",)


def test_table_that_is_renamed_is_so_everywhere() -> None:
    state = after("ALTER TABLE users RENAME TO people;")
    assert "users" not in state.tables
    assert state.tables["people"].checks["adult"].expression == "people.age > 17"
    assert state.tables["posts"].foreign_keys[0].to_table == "people"
    apply(state, parse(split("DROP INDEX users_age", "postgresql"), "postgresql")[0].operation)
    assert not state.tables["people"].indexes


def test_schema_takes_its_tables_along() -> None:
    state = after("ALTER SCHEMA auth RENAME TO login; DROP INDEX login.by_name;")
    assert "login.keys" in state.tables
    assert "auth.keys" not in after("DROP SCHEMA auth CASCADE;").tables


def test_constraints_are_added_renamed_and_dropped() -> None:
    table = users(
        "ALTER TABLE users DROP CONSTRAINT users_pkey;"
        "ALTER TABLE users ADD CONSTRAINT pk PRIMARY KEY (id, name);"
        "ALTER TABLE users RENAME CONSTRAINT adult TO grown;"
        "ALTER TABLE users DROP CONSTRAINT users_name_unique;"
        "ALTER TABLE users DROP CONSTRAINT IF EXISTS nothing;"
    )
    assert table.primary_key == ("id", "name")
    assert list(table.checks) == ["grown"]
    assert not table.uniques
    keys = after("ALTER TABLE posts DROP CONSTRAINT posts_author;").tables["posts"].foreign_keys
    assert keys == ()


def test_tables_that_are_dropped_take_references_along() -> None:
    state = after("DROP TABLE users CASCADE; DROP TABLE IF EXISTS nothing;")
    assert state.tables["posts"].foreign_keys == ()


def test_indexes_are_renamed_and_dropped() -> None:
    table = users("ALTER INDEX users_age RENAME TO by_age; DROP INDEX IF EXISTS users_age;")
    assert list(table.indexes) == ["by_age"]
    assert not users("ALTER INDEX users_age RENAME TO by_age; DROP INDEX by_age;").indexes


def test_enums_grow_in_their_order_and_change_their_names() -> None:
    state = after(
        "ALTER TYPE role ADD VALUE 'guest' BEFORE 'user'; ALTER TYPE role ADD VALUE 'bot';"
        "ALTER TYPE role ADD VALUE IF NOT EXISTS 'bot'; ALTER TYPE role RENAME VALUE 'bot' TO 'ai';"
        "ALTER TYPE role ADD VALUE 'root' AFTER 'admin'; ALTER TYPE role RENAME TO rank;"
    )
    assert state.enums == {"rank": ("admin", "root", "guest", "user", "ai")}
    assert state.tables["users"].columns["role"].type == "rank"
    assert not after("DROP TYPE role;").enums


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE users (a text)", 'relation "users" already exists'),
        ("CREATE TABLE users_age (a text)", 'relation "users_age" already exists'),
        ("CREATE INDEX users_age ON posts (id)", 'relation "users_age" already exists'),
        ("CREATE INDEX i ON posts (title)", 'column "title" does not exist'),
        ("CREATE INDEX i ON nowhere (a)", 'relation "nowhere" does not exist'),
        ("DROP TABLE nowhere", 'table "nowhere" does not exist'),
        ("DROP INDEX by_name", 'index "by_name" does not exist'),
        ("ALTER TABLE nowhere ADD a text", 'relation "nowhere" does not exist'),
        ("ALTER TABLE posts RENAME TO users", 'relation "users" already exists'),
        ("ALTER TABLE users ADD age text", 'column "age" of relation "users" already exists'),
        ("ALTER TABLE users DROP a", 'column "a" of relation "users" does not exist'),
        (
            "ALTER TABLE users RENAME a TO b",
            'column "a" of relation "users" does not exist',
        ),
        (
            "ALTER TABLE users RENAME age TO name",
            'column "name" of relation "users" already exists',
        ),
        (
            "ALTER TABLE users ALTER COLUMN a SET NOT NULL",
            'column "a" of relation "users" does not exist',
        ),
        (
            "ALTER TABLE users DROP CONSTRAINT a_fk",
            'constraint "a_fk" of relation "users" does not exist',
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 20)",
            'constraint "adult" for relation "users" already exists',
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT u UNIQUE (a)",
            'column "a" of relation "users" does not exist',
        ),
        (
            "ALTER TABLE users ADD PRIMARY KEY (name)",
            'multiple primary keys for table "users" are not allowed',
        ),
        ("CREATE TYPE role AS ENUM ('a')", 'type "role" already exists'),
        ("ALTER TYPE role ADD VALUE 'user'", 'enum label "user" already exists'),
        ("ALTER TYPE role ADD VALUE 'a' AFTER 'b'", '"b" is not an existing enum label'),
        ("ALTER TYPE role RENAME VALUE 'a' TO 'b'", '"a" is not an existing enum label'),
        ("ALTER TYPE rank ADD VALUE 'a'", 'type "rank" does not exist'),
    ],
)
def test_operation_that_does_not_fit_fails_as_postgres_does(sql: str, reason: str) -> None:
    with pytest.raises(Misfit) as caught:
        after(sql)
    assert str(caught.value) == reason


def postgres(sql: str, *columns: dict[str, Any] | str) -> dict[str, list[str]]:
    """What is wrong with a migration after one that made a table a."""
    made = History("postgresql").add(
        "CREATE TABLE a (id integer)", table("a", column("id", "integer"))
    )
    return wrong(made.add(sql, table("a", column("id", "integer"), *columns)))


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE MATERIALIZED VIEW v AS SELECT id FROM a; CREATE INDEX i ON v (id); DROP TABLE v",
        "CREATE TABLE b AS SELECT * FROM a; ALTER TABLE b ADD c text; DROP TABLE b",
        "CREATE TABLE b (LIKE a INCLUDING ALL); ALTER TABLE b DROP COLUMN c",
        "CREATE TABLE b PARTITION OF a FOR VALUES IN (1); CREATE INDEX i ON b (x)",
        "CREATE TEMP TABLE b (id integer); CREATE INDEX i ON b (x)",
        "DO $$ BEGIN WHILE true LOOP UPDATE a SET id = 1; END LOOP; END $$",
        "CREATE POLICY p ON a FOR ALL USING (true); ALTER TABLE a ENABLE ROW LEVEL SECURITY",
    ],
)
def test_what_no_shape_holds_is_passed_over(sql: str) -> None:
    assert postgres(sql) == {}


def test_block_around_what_may_be_there_already_never_fails() -> None:
    block = "DO $$ BEGIN\n {};\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;\n"
    sql = block.format("CREATE TYPE e AS ENUM ('a')") * 2
    history = History("postgresql").add(sql, enums={"e": ["a"]})
    assert wrong(history) == {}


@pytest.mark.parametrize(
    "sql",
    [
        "DO $$ BEGIN EXECUTE 'ALTER TABLE a ADD b text'; END $$",
        "SET search_path TO other",
        "ALTER TABLE a FROBNICATE b",
    ],
)
def test_what_may_change_the_schema_and_is_not_understood_ends_the_replay(sql: str) -> None:
    ((told,),) = postgres(sql).values()
    assert told.startswith("stopped: ")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("serial", column("b", "serial", notNull=True)),
        (
            "integer GENERATED ALWAYS AS IDENTITY",
            column("b", "integer", identity={"type": "always"}),
        ),
        ("text[] DEFAULT '{}'", column("b", "text[]", default="'{}'")),
        (
            "timestamp with time zone DEFAULT now()",
            column("b", "timestamp with time zone", default="now()"),
        ),
        ("jsonb DEFAULT '{}'::jsonb", column("b", "jsonb", default="'{}'::jsonb")),
    ],
)
def test_column_in_its_usual_spellings(sql: str, said: dict[str, Any]) -> None:
    assert postgres(f"ALTER TABLE a ADD COLUMN b {sql}", said) == {}


def test_index_in_its_usual_spellings() -> None:
    columns = [
        {"expression": "id", "isExpression": False, "asc": False, "nulls": "last"},
        {"expression": "lower(b)", "isExpression": True, "asc": True, "nulls": "last"},
    ]
    said = table("a", column("id", "integer"), "b")
    said["indexes"] = index("i", method="btree") | {}
    said["indexes"]["i"]["columns"] = columns
    history = History("postgresql").add(
        "CREATE TABLE a (id integer, b text)", table("a", column("id", "integer"), "b")
    )
    history.add('CREATE INDEX "i" ON "a" USING btree ("id" DESC NULLS LAST,lower("b"))', said)
    assert wrong(history) == {}


def test_value_that_an_enum_has_elsewhere_or_too_many_of_is_no_difference() -> None:
    history = History("postgresql").add("CREATE TYPE e AS ENUM ('a', 'b')", enums={"e": ["a", "b"]})
    history.add("ALTER TYPE e ADD VALUE 'c'", enums={"e": ["a", "c", "b"]})
    history.add("SELECT 1", enums={"e": ["a", "c"]})
    assert wrong(history) == {}
    history.add("ALTER TYPE e ADD VALUE 'd'", enums={"e": ["a", "c"]})
    assert wrong(history) == {"0003_m": ["enum e: (a, c, d) / (a, c)"]}
