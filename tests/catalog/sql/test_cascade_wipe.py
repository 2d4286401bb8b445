"""PLX301: what becomes of the rows that refer to a table of SQLite that is dropped."""

from __future__ import annotations

import pytest

from plexus_rules.finding import Severity
from tests.catalog.helpers import check, messages, places, skipped
from tests.catalog.sql.databases import Migration, breakpoints, files, judge, rebuild

PARENT = "parent: id!, name"
CHILD = "child: id!, parent -> parent.id cascade"
REBUILT = rebuild("parent", ["id", "name"], "`id` integer PRIMARY KEY NOT NULL, `name` text")
CREATED = "CREATE TABLE `parent` (`id` integer);"
DOES_NOTHING = "In the migrator's transaction PRAGMA foreign_keys=OFF does nothing"


def history(*tables: str, sql: str = REBUILT) -> tuple[Migration, Migration]:
    """A schema that has landed, and a migration that rebuilds the parent."""
    schema = "\n".join(tables)
    return (CREATED, schema), (sql, schema)


def said(*tables: str, sql: str = REBUILT) -> list[str]:
    return messages(judge("PLX301", *history(*tables, sql=sql)))


def test_rows_that_refer_with_cascade_are_deleted() -> None:
    report = judge("PLX301", *history(PARENT, CHILD))
    assert places(report) == [("drizzle/0001_step.sql", 4)]
    assert messages(report) == [
        "where foreign keys are on, DROP TABLE parent deletes every row of child that refers to "
        f"it. {DOES_NOTHING}"
    ]
    assert report.findings[0].severity is Severity.ERROR


def test_a_table_to_which_no_other_refers_is_rebuilt_without_harm() -> None:
    assert said(PARENT, "child: id!, parent") == []


def test_what_refers_to_the_lost_rows_is_lost_with_them() -> None:
    grandchild = "grandchild: id!, child -> child.id cascade"
    note = "note: id!, grandchild -> grandchild.id set null"
    (message,) = said(PARENT, CHILD, grandchild, note)
    assert "every row of child that refers to it, and with those every row of grandchild" in message
    assert "it sets note.grandchild to NULL in every row" in message


def test_a_circle_of_references_is_followed_once() -> None:
    one = "one: id!, parent -> parent.id cascade, two -> two.id cascade"
    two = "two: id!, one -> one.id cascade"
    (message,) = said(PARENT, one, two)
    assert "every row of one that refers to it, and with those every row of two" in message


@pytest.mark.parametrize(
    ("reference", "becomes"),
    [
        ("parent -> parent.id set null", "sets child.parent to NULL in every row"),
        ("parent -> parent.id set default", "sets child.parent to NULL in every row"),
        ("parent! -> parent.id set null", "fails"),
        ("parent ='1' -> parent.id set default", "fails"),
        ("parent -> parent.id", "fails"),
        ("parent -> parent.id restrict", "fails"),
    ],
)
def test_each_action_has_its_own_message(reference: str, becomes: str) -> None:
    (message,) = said(PARENT, f"child: id!, {reference}")
    assert message.startswith(f"where foreign keys are on, DROP TABLE parent {becomes}")


def test_a_plain_reference_of_what_is_deleted_stops_the_drop() -> None:
    (message,) = said(PARENT, CHILD, "note: id!, child -> child.id")
    assert message.startswith("where foreign keys are on, DROP TABLE parent deletes every row of")
    assert "it fails on a constraint as soon as a row of note refers" in message


@pytest.mark.parametrize(
    ("action", "becomes"),
    [
        ("CASCADE", "deletes every copied row whose up refers to another"),
        ("SET NULL", "sets parent.up to NULL in every row"),
        ("NO ACTION", "fails on a constraint as soon as a row of parent refers"),
    ],
)
def test_the_rebuilt_table_itself_refers_to_the_old_one(action: str, becomes: str) -> None:
    new = (
        "`id` integer PRIMARY KEY NOT NULL, `up` integer, "
        f"FOREIGN KEY (`up`) REFERENCES `parent`(`id`) ON DELETE {action}"
    )
    table = f"parent: id!, up -> parent.id {action.lower()}"
    (message,) = said(table, sql=rebuild("parent", ["id", "up"], new))
    assert f"DROP TABLE parent {becomes}" in message


def test_a_table_that_refers_to_itself_may_be_dropped_for_good() -> None:
    assert said("parent: id!, up -> parent.id cascade", sql="DROP TABLE `parent`;") == []


def test_a_reference_that_a_migration_before_adds_counts() -> None:
    (first, _), schema = history(PARENT, "child: id!, parent"), f"{PARENT}\n{CHILD}"
    adds = rebuild(
        "child",
        ["id", "parent"],
        "`id` integer, `parent` integer REFERENCES `parent`(`id`) ON DELETE CASCADE",
    )
    report = judge("PLX301", first, (adds, schema), (REBUILT, schema))
    assert places(report) == [("drizzle/0002_step.sql", 4)]


CHILD_REBUILT = "`id` integer, `parent` integer REFERENCES `parent`(`id`) ON DELETE CASCADE"
CHILD_FREED = "`id` integer, `parent` integer"


def test_the_order_within_a_migration_counts() -> None:
    kept = rebuild("child", ["id", "parent"], CHILD_REBUILT)
    freed = rebuild("child", ["id", "parent"], CHILD_FREED)
    assert said(PARENT, CHILD, sql=kept + REBUILT)
    assert said(PARENT, CHILD, sql=REBUILT + kept)
    assert said(PARENT, CHILD, sql=REBUILT + freed)
    assert said(PARENT, CHILD, sql=freed + REBUILT) == []
    assert said(PARENT, CHILD, sql="DROP TABLE `child`;--> statement-breakpoint\n" + REBUILT) == []


def test_dropping_the_parent_before_the_child_is_freed_deletes_its_rows() -> None:
    freed = rebuild("child", ["id", "parent"], CHILD_FREED)
    dropped = breakpoints("DROP TABLE `parent`") + freed
    assert said(PARENT, CHILD, sql=dropped) == [
        "where foreign keys are on, DROP TABLE parent deletes every row of child that refers to it"
    ]


def test_dropping_parent_and_child_loses_nothing_more() -> None:
    both = breakpoints("DROP TABLE `parent`", "DROP TABLE `child`")
    assert said(PARENT, CHILD, sql=both) == []
    assert said(PARENT, "child: id!, parent -> parent.id", sql=both) != []


def test_a_renamed_table_takes_its_references_along() -> None:
    away = breakpoints(
        "ALTER TABLE parent RENAME TO old_parent",
        "CREATE TABLE parent (id integer PRIMARY KEY, name text)",
        "INSERT INTO parent (id, name) SELECT id, name FROM old_parent",
        "DROP TABLE old_parent",
    )
    (message,) = said(PARENT, CHILD, sql=away)
    assert "DROP TABLE old_parent deletes every row of child" in message


def test_a_new_child_has_no_rows_to_lose() -> None:
    made = breakpoints(
        "CREATE TABLE `child` (`id` integer, `parent` integer REFERENCES `parent`"
        "(`id`) ON DELETE CASCADE)"
    )
    filled = breakpoints("INSERT INTO `child` VALUES (1, 1)")
    assert said(PARENT, sql=made + REBUILT) == []
    assert said(PARENT, sql=made + filled + REBUILT) != []


def test_rows_that_are_put_back_are_not_lost() -> None:
    saved = breakpoints(
        "CREATE TABLE saved (id integer, parent integer)",
        "INSERT INTO saved (id, parent) SELECT id, parent FROM child",
    )
    back = breakpoints(
        "INSERT INTO child (id, parent) SELECT id, parent FROM saved", "DROP TABLE saved"
    )
    assert said(PARENT, CHILD, sql=saved + REBUILT + back) == []


def test_a_rebuild_spread_over_two_migrations_is_seen_where_the_drop_is() -> None:
    first, _ = history(PARENT, CHILD)
    statements = REBUILT.splitlines(keepends=True)
    schema = first[1]
    parts = ("".join(statements[:3]), schema), ("".join(statements[3:]), schema)
    report = judge("PLX301", first, *parts)
    assert places(report) == [("drizzle/0002_step.sql", 1)]


def test_one_finding_for_each_migration() -> None:
    other = "other: id!, name"
    schema = f"{PARENT}\n{CHILD}\n{other}\nlink: id!, other -> other.id set null"
    both = rebuild("other", ["id", "name"], "`id` integer, `name` text") + REBUILT
    report = judge("PLX301", (CREATED, schema), (both, schema))
    assert places(report) == [("drizzle/0001_step.sql", 10)]  # the gravest comes first
    (related,) = report.findings[0].related
    assert (related.range.line, "sets link.other to NULL" in related.message) == (4, True)


def test_a_landed_one_is_told_for_information() -> None:
    report = judge("PLX301", *history(PARENT, CHILD), landed=2)
    assert [finding.severity for finding in report.findings] == [Severity.INFO]
    assert "backup" in report.findings[0].remedy


def test_names_are_compared_as_sqlite_does() -> None:
    (message,) = said(PARENT, CHILD, sql="DROP TABLE Parent;")
    assert "deletes every row of child" in message


def test_libsql_turns_foreign_keys_off_around_its_run() -> None:
    libsql = {"src/a.ts": "import { migrate } from 'drizzle-orm/libsql/migrator';"}
    bun = {"src/b.ts": "import { migrate } from 'drizzle-orm/bun-sqlite/migrator';"}
    assert messages(judge("PLX301", *history(PARENT, CHILD), more=libsql)) == []
    assert messages(judge("PLX301", *history(PARENT, CHILD), more=libsql | bun)) != []


def test_a_module_that_turns_foreign_keys_off_before_it_migrates_is_not_judged() -> None:
    code = (
        "import { migrate } from 'drizzle-orm/better-sqlite3/migrator';\n"
        "sqlite.pragma('foreign_keys = OFF');\nmigrate(db, { migrationsFolder: 'drizzle' });\n"
    )
    report = judge("PLX301", *history(PARENT, CHILD), more={"src/db.ts": code})
    assert not report.findings
    ((path, reason),) = skipped(report)
    assert (path, "src/db.ts turns foreign keys off" in reason) == ("drizzle/0001_step.sql", True)


def test_a_migration_that_ends_the_transaction_itself_is_not_judged() -> None:
    report = judge("PLX301", *history(PARENT, CHILD, sql=breakpoints("COMMIT") + REBUILT))
    assert not report.findings
    ((_, reason),) = skipped(report)
    assert reason == "line 5: it ends the migrator's transaction by itself"


def test_without_the_snapshot_before_nothing_is_said() -> None:
    head = files(*history(PARENT, CHILD))
    del head["drizzle/meta/0000_snapshot.json"]
    report = check("PLX301", head)
    assert not report.findings
    assert skipped(report) == [
        ("drizzle/0001_step.sql", "line 4: which tables refer to a dropped one is not known")
    ]


def test_postgresql_is_another_matter() -> None:
    report = judge(
        "PLX301", *history(PARENT, CHILD, sql="DROP TABLE parent;"), dialect="postgresql"
    )
    assert not report.findings
