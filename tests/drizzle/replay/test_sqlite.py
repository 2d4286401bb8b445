"""What a SQLite says of its tables, beside what a snapshot says of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.drizzle.replay.histories import History, Table, column, index, table, wrong

ID = column("id", "integer", primaryKey=True, notNull=True, autoincrement=True)
ID_SQL = "`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL"


def users(*columns: Any, **rest: Any) -> Table:
    return table("users", ID, *columns, **rest)


def made(sql: str, *tables: Table) -> dict[str, list[str]]:
    """What is wrong with one migration."""
    return wrong(History().add(sql, *tables))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("`a` text", column("a")),
        ("`a` text(20)", column("a", "text(20)")),
        ("`a` TEXT NOT NULL", column("a", notNull=True)),
        ("`a` text DEFAULT 'it''s' NOT NULL", column("a", default="'it''s'", notNull=True)),
        ("`a` integer DEFAULT (unixepoch())", column("a", "integer", default="(unixepoch())")),
        ("`a` integer DEFAULT true", column("a", "integer", default=True)),
        ("`a` integer DEFAULT -5", column("a", "integer", default=-5)),
        ("`a` text DEFAULT CURRENT_TIMESTAMP", column("a", default="CURRENT_TIMESTAMP")),
        (
            '`a` text GENERATED ALWAYS AS (lower("id")) VIRTUAL',
            column("a", generated={"as": '(lower("id"))', "type": "virtual"}),
        ),
    ],
)
def test_column_that_is_what_the_snapshot_says(sql: str, said: dict[str, Any]) -> None:
    assert made(f"CREATE TABLE `users` ({ID_SQL}, {sql})", users(said)) == {}
    added = History().add(f"CREATE TABLE `users` ({ID_SQL})", users())
    assert wrong(added.add(f"ALTER TABLE `users` ADD {sql}", users(said))) == {}


@pytest.mark.parametrize(
    ("sql", "said", "told"),
    [
        ("`a` integer", column("a"), "type users.a: integer / text"),
        ("`a` text", column("a", notNull=True), "NOT NULL users.a: nullable / NOT NULL"),
        ("`a` text DEFAULT 'x'", column("a", default="'y'"), "default users.a: 'x' / 'y'"),
        ("`a` text DEFAULT 'x'", column("a"), "default users.a: 'x' / None"),
        (
            "`a` text AS (lower(id))",
            column("a", generated={"as": "(upper(id))"}),
            "generated column users.a: lower(id) / (upper(id))",
        ),
    ],
)
def test_column_that_is_something_else(sql: str, said: dict[str, Any], told: str) -> None:
    assert made(f"CREATE TABLE users ({ID_SQL}, {sql})", users(said)) == {"0000_m": [told]}


def test_autoincrement_and_keys_are_compared() -> None:
    plain = column("id", "integer", primaryKey=True, notNull=True)
    found = made(f"CREATE TABLE users ({ID_SQL})", table("users", plain))
    assert found == {"0000_m": ["autoincrement users.id: autoincrement / None"]}
    sql = "CREATE TABLE users (a text NOT NULL, b text NOT NULL, PRIMARY KEY (b, a))"
    columns = column("a", notNull=True), column("b", notNull=True)
    keys = {"users_b_a_pk": {"name": "users_b_a_pk", "columns": ["b", "a"]}}
    assert made(sql, table("users", *columns, compositePrimaryKeys=keys)) == {}
    keys["users_b_a_pk"]["columns"] = ["a", "b"]
    found = made(sql, table("users", *columns, compositePrimaryKeys=keys))
    assert found == {"0000_m": ["primary key users: (b, a) / (a, b)"]}


def test_key_that_numbers_the_rows_is_never_null() -> None:
    assert made("CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT)", users()) == {}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE INDEX `i` ON `users` (`a`,`b`)", index("i", "a", "b")),
        ('CREATE UNIQUE INDEX "i" ON "users" ("a")', index("i", "a", isUnique=True)),
        ("CREATE INDEX i ON users (a) WHERE b IS NULL", index("i", "a", where="b is null")),
        ("CREATE INDEX i ON users (lower(a), b DESC)", index("i", "lower(a)", "b DESC")),
    ],
)
def test_index_that_is_what_the_snapshot_says(sql: str, said: dict[str, Any]) -> None:
    create = f"CREATE TABLE users ({ID_SQL}, a text, b text);"
    assert made(f"{create} {sql};", users("a", "b", indexes=said)) == {}
    name = next(iter(said))
    (told,) = made(f"{create} {sql};", users("a", "b"))["0000_m"]
    assert told.startswith(f"index users.{name}: ")
    (told,) = made(create, users("a", "b", indexes=said))["0000_m"]
    assert told.startswith(f"index users.{name}: None / ")


def test_unique_beside_a_column_is_not_the_index_that_drizzle_kit_makes() -> None:
    said = users("a", indexes=index("users_a_unique", "a", isUnique=True))
    found = made(f"CREATE TABLE users ({ID_SQL}, a text UNIQUE)", said)
    assert found == {
        "0000_m": [
            "index users.users_a_unique: None / unique (a)",
            "unique constraint users.UNIQUE (a): (a) / None",
        ]
    }


def reference(on_delete: str = "no action") -> dict[str, Any]:
    name = "posts_user_users_id_fk"
    return {
        name: {
            "name": name,
            "columnsFrom": ["user"],
            "tableTo": "users",
            "columnsTo": ["id"],
            "onDelete": on_delete,
            "onUpdate": "no action",
        }
    }


def test_reference_and_what_it_does_are_compared() -> None:
    create = f"CREATE TABLE users ({ID_SQL}); CREATE TABLE posts (user integer, FOREIGN KEY (user)"
    posts = table("posts", column("user", "integer"), foreignKeys=reference("cascade"))
    sql = f"{create} REFERENCES users (id) ON DELETE cascade)"
    assert made(sql, users(), posts) == {}
    assert made(sql.replace("users (id)", "users"), users(), posts) == {}
    found = made(sql.replace("cascade", "set null"), users(), posts)
    assert found == {
        "0000_m": [
            "foreign key posts.user: users(id) on delete set null / users(id) on delete cascade"
        ]
    }


def test_drizzle_kit_itself_leaves_out_what_an_added_reference_does() -> None:
    posts = table("posts", "a")
    after = table("posts", "a", column("user", "integer"), foreignKeys=reference("cascade"))
    history = History().add(
        f"CREATE TABLE users ({ID_SQL}); CREATE TABLE posts (a text)", users(), posts
    )
    history.add("ALTER TABLE `posts` ADD `user` integer REFERENCES users(id);", users(), after)
    assert wrong(history) == {}


def test_check_is_compared_by_what_it_says() -> None:
    create = (
        f'CREATE TABLE users ({ID_SQL}, `check` integer, CONSTRAINT `positive` CHECK("check" > 0))'
    )
    checks = {"positive": {"name": "positive", "value": '"users"."check" > 0'}}
    said = users(column("check", "integer"), checkConstraints=checks)
    assert made(create, said) == {}
    found = made(create.replace("> 0", "> 1"), said)
    assert found == {"0000_m": ['check users.positive: "check" > 1 / "users"."check" > 0']}


def test_table_that_is_built_anew_keeps_what_refers_to_it() -> None:
    posts = table("posts", column("user", "integer"), foreignKeys=reference())
    history = History().add(
        f"CREATE TABLE users ({ID_SQL}, a text); CREATE INDEX i ON users (a);"
        "CREATE TABLE posts (user integer, FOREIGN KEY (user) REFERENCES users (id));",
        users("a", indexes=index("i", "a")),
        posts,
    )
    history.add(
        f"PRAGMA foreign_keys=OFF; CREATE TABLE `__new_users` ({ID_SQL}, `a` text NOT NULL);"
        'INSERT INTO `__new_users`("id", "a") SELECT "id", "a" FROM `users`; DROP TABLE `users`;'
        "ALTER TABLE `__new_users` RENAME TO `users`; PRAGMA foreign_keys=ON;"
        "CREATE INDEX i ON users (a)",
        users(column("a", notNull=True), indexes=index("i", "a")),
        posts,
    )
    history.add(
        "ALTER TABLE users RENAME TO people",
        table("people", ID, column("a", notNull=True), indexes=index("i", "a")),
        table(
            "posts",
            column("user", "integer"),
            foreignKeys={"k": reference()["posts_user_users_id_fk"] | {"tableTo": "people"}},
        ),
    )
    assert wrong(history) == {}


def test_column_that_an_index_needs_is_not_dropped() -> None:
    history = History().add(
        f"CREATE TABLE users ({ID_SQL}, a text); CREATE INDEX i ON users (a)",
        users("a", indexes=index("i", "a")),
    )
    history.add("ALTER TABLE users DROP COLUMN a", users())
    (told,) = wrong(history)["0001_m"]
    assert told.startswith("fails: error in index i")


def test_comment_of_old_releases_says_what_is_left_undone() -> None:
    history = History().add(f"CREATE TABLE users ({ID_SQL}, a text)", users("a"))
    history.add(
        '/*\n SQLite does not support "Set default to column" out of the box, …\n*/',
        users(column("a", default="'x'")),
    )
    history.add("ALTER TABLE users ADD b text", users(column("a", default="'x'"), "b"))
    assert wrong(history) == {}


def test_names_of_any_kind_are_found_again() -> None:
    odd = table('my "odd" table', "a b")
    history = History().add('CREATE TABLE `my "odd" table` (`a b` text)', odd)
    after = table('my "odd" table', "a b", "c")
    history.add('ALTER TABLE "my ""odd"" table" ADD c text', after)
    assert wrong(history) == {}
