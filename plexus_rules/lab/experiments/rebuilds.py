"""What SQLite's rebuild of a table does to rows: those of the table, and those that refer to it."""

from __future__ import annotations

import re

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import BUN, SQLITE
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    ID,
    NAME,
    REGION,
    add_region,
    append,
    begin,
    done,
    generate_one,
    table,
)
from plexus_rules.lab.trial import FOREIGN_KEYS_OFF, FOREIGN_KEYS_ON, Database, Trial

_REFUSED = "FOREIGN KEY constraint failed"
_DELETED = "{ onDelete: 'cascade' }"
_PROVIDER = "INSERT INTO providers (id, name) VALUES (1, 'openai')"
_MODEL = "INSERT INTO models (id, provider_id) VALUES (1, 1)"
_LEFT = (
    "SELECT (SELECT count(*) FROM providers) AS providers, (SELECT count(*) FROM models) AS models"
)


def _refers(action: str, more: str = "") -> str:
    return (
        f"providerId: integer('provider_id'){more}"
        f".references(() => providers.id, {{ onDelete: '{action}' }})"
    )


def _providers_and_models(trial: Trial, *more: str, name: str = NAME) -> None:
    trial.schema(table("providers", ID, name), table("models", ID, _refers("cascade")), *more)


def _begin(trial: Trial, *more: str) -> None:
    """A provider, and a model that refers to it with ON DELETE CASCADE."""
    _providers_and_models(trial, *more)
    generate_one(trial, "initial")
    append(trial, _PROVIDER, _MODEL)


def _rebuild_providers(trial: Trial, *more: str) -> None:
    _providers_and_models(trial, *more, name=f"{NAME}.default('none')")
    generate_one(trial, "default_name")


def _migrated(trial: Trial, name: str = "") -> Database:
    """A database in which foreign keys are on, with all migrations run."""
    database = trial.database(name, FOREIGN_KEYS_ON)
    done(database.migrate())
    return database


def _left(database: Database) -> dict[str, int]:
    """How many providers and models there are."""
    return database.sql(_LEFT).rows[0]


#: What the column says that refers, by the end of the tables' names.
_REFERENCES = {
    "cascade": _refers("cascade"),
    "set_null": _refers("set null"),
    "required": _refers("set null", ".notNull()"),
    "set_default": _refers("set default", ".default(1)"),
    "no_default": _refers("set default"),
    "restrict": _refers("restrict"),
    "no_action": _refers("no action"),
}


@experiment(claims.DROP_TABLE_RUNS_DELETE, on=SQLITE)
def drop_of_tables_that_others_reference(trial: Trial) -> None:
    price = "modelId: integer('model_id')"
    tables = [table("prices", ID, f"{price}.references(() => models_cascade.id, {_DELETED})")]
    rows: list[str] = []
    for name, column in _REFERENCES.items():
        reference = column.replace("providers.id", f"providers_{name}.id")
        tables += [table(f"providers_{name}", ID), table(f"models_{name}", ID, reference)]
        rows += [
            f"INSERT INTO providers_{name} VALUES (1)",
            f"INSERT INTO models_{name} VALUES (1, 1)",
        ]
    trial.schema(*tables)
    generate_one(trial, "initial")
    append(trial, *rows, "INSERT INTO prices VALUES (1, 1)")
    database = _migrated(trial, "with foreign keys")
    said = {name: database.sql(f"DROP TABLE providers_{name}").error for name in _REFERENCES}
    listed = ", ".join(f"(SELECT count(provider_id) FROM models_{n}) AS {n}" for n in said)
    more = "(SELECT count(*) FROM models_set_null) AS kept, (SELECT count(*) FROM prices) AS prices"
    left = database.sql(f"SELECT {listed}, {more}").rows[0]
    trial.decide("CASCADE deletes the rows", not said["cascade"] and left["cascade"] == 0)
    trial.decide("And those that refer to them in turn", left["prices"] == 0)
    cleared = not said["set_null"] and left["set_null"] == 0 and left["kept"] == 1
    trial.decide("SET NULL keeps them, and clears the reference", cleared)
    no_default = not said["no_default"] and left["no_default"] == 0
    trial.decide("SET DEFAULT does so where there is no default", no_default)
    for name in ("restrict", "no_action", "set_default"):
        title = name.replace("_", " ").upper()
        trial.decide(f"{title} makes it fail: {_REFUSED}", _REFUSED in said[name])
    says = "NOT NULL constraint failed"
    trial.decide(f"So does SET NULL of a required column: {says}", says in said["required"])
    off = trial.database("without", FOREIGN_KEYS_OFF)
    done(off.migrate())
    done(off.sql("DROP TABLE providers_cascade"))
    kept = off.sql("SELECT count(provider_id) AS rows FROM models_cascade").rows[0]["rows"]
    trial.decide("Where foreign keys are off, the rows stay", kept == 1)


@experiment(claims.PRAGMA_DOES_NOTHING_IN_TRANSACTION, on=(BUN,))
def rebuild_of_a_referenced_table(trial: Trial) -> None:
    prices = table("prices", ID, _refers("no action"))
    _begin(trial, prices)
    generated, deferred = _migrated(trial, "as generated"), _migrated(trial, "deferred")
    refused = _migrated(trial, "with a price")
    done(refused.sql("INSERT INTO prices VALUES (1, 1)"))
    _rebuild_providers(trial, prices)
    turned_off = "PRAGMA foreign_keys=OFF"
    trial.decide("The rebuild turns foreign keys off", turned_off in trial.newest_sql)
    trial.decide("The migration succeeds", not generated.migrate().error)
    trial.decide("The models are gone", _left(generated) == {"providers": 1, "models": 0})
    trial.decide("With a price it fails", _REFUSED in refused.migrate().error)
    trial.decide("Then no row is lost", _left(refused) == {"providers": 1, "models": 1})
    trial.replace(trial.sql_paths[-1], turned_off, "PRAGMA defer_foreign_keys=ON")
    trial.decide("Deferred, it succeeds as well", not deferred.migrate().error)
    trial.decide("And the models are gone", _left(deferred) == {"providers": 1, "models": 0})


@experiment(claims.FOREIGN_KEYS_OFF_BEFORE_KEEPS_ROWS, on=SQLITE)
def rebuild_with_foreign_keys_off(trial: Trial) -> None:
    _begin(trial)
    database = _migrated(trial)
    _rebuild_providers(trial)
    database.connect_with(FOREIGN_KEYS_OFF)
    trial.decide("The migration succeeds", not database.migrate().error)
    trial.decide("Every row is there", _left(database) == {"providers": 1, "models": 1})
    check = "PRAGMA foreign_key_check"
    trial.decide("foreign_key_check names nothing", not database.sql(check).rows)
    done(database.sql("DELETE FROM providers"))
    found = [row["table"] for row in database.sql(check).rows]
    trial.decide("It names the table of a row that lost what it refers to", found == ["models"])


@experiment(claims.DRIVERS_DIFFER_IN_FOREIGN_KEYS, on=SQLITE)
def foreign_keys_of_the_drivers(trial: Trial) -> None:
    plain = trial.database("a new connection")
    is_on = plain.sql("PRAGMA foreign_keys").rows[0]["foreign_keys"]
    if trial.driver == BUN:
        trial.decide("Foreign keys are off", is_on == 0)
        return
    trial.decide("Foreign keys are on", is_on == 1)
    _begin(trial)
    database = trial.database("rebuilt")
    done(database.migrate())
    _rebuild_providers(trial)
    append(trial, "CREATE TABLE seen AS SELECT foreign_keys FROM pragma_foreign_keys")
    trial.decide("The rebuild succeeds", not database.migrate().error)
    seen = database.sql("SELECT foreign_keys FROM seen").rows
    trial.decide("While the migrator ran, they were off", seen == [{"foreign_keys": 0}])
    trial.decide("Every row is there", _left(database) == {"providers": 1, "models": 1})


@experiment(claims.REBUILT_SELF_REFERENCE_IS_WIPED, on=SQLITE)
def rebuild_of_a_table_that_refers_to_itself(trial: Trial) -> None:
    parent = "parentId: integer('parent_id').references(() => teams.id, { onDelete: 'cascade' })"
    trial.schema(table("teams", ID, NAME, parent))
    generate_one(trial, "initial")
    append(trial, "INSERT INTO teams VALUES (1, 'all', NULL), (2, 'some', 1)")
    database = _migrated(trial)
    trial.schema(table("teams", ID, f"{NAME}.default('none')", parent))
    generate_one(trial, "default_name")
    made = re.search(r"CREATE TABLE `__new_teams` \((.*?)\n\);", trial.newest_sql, re.DOTALL)
    refers = made is not None and "REFERENCES `teams`" in made[1]
    trial.decide("The new table refers to the old one", refers)
    trial.decide("The migration succeeds", not database.migrate().error)
    left = [row["id"] for row in database.sql("SELECT id FROM teams ORDER BY id").rows]
    if trial.driver == BUN:
        trial.decide("The row that refers to another is gone, and only that", left == [1])
    else:
        trial.decide("Every row is there", left == [1, 2])


@experiment(claims.PARENT_IS_DROPPED_FIRST, on=SQLITE)
def parent_and_reference_go_together(trial: Trial) -> None:
    _begin(trial)
    database = _migrated(trial)
    trial.schema(table("models", ID, "providerId: integer('provider_id')"))
    generate_one(trial, "drop_providers")
    sql = trial.newest_sql
    drop, rebuild = sql.find("DROP TABLE `providers`"), sql.find("CREATE TABLE `__new_models`")
    trial.decide("The parent is dropped before the rebuild", 0 <= drop < rebuild)
    trial.decide("The migration succeeds", not database.migrate().error)
    left = database.sql("SELECT count(*) AS models FROM models").rows[0]["models"]
    if trial.driver == BUN:
        trial.decide("The models are gone", left == 0)
    else:
        trial.decide("The models are there", left == 1)


@experiment(claims.REBUILD_FOR_CHANGED_COLUMNS, on=(BUN,))
def changes_that_rebuild(trial: Trial) -> None:
    before = {"added": (), "dropped": (REGION,)}
    after = {"added": (REGION,), "dropped": ()}
    changed = {
        "retyped": "region: integer('region')",
        "defaulted": f"{REGION}.default('eu')",
        "required": f"{REGION}.notNull()",
    }
    trial.schema(
        *(table(name, ID, *columns) for name, columns in before.items()),
        *(table(name, ID, REGION) for name in changed),
    )
    generate_one(trial, "initial")
    trial.schema(
        *(table(name, ID, *columns) for name, columns in after.items()),
        *(table(name, ID, column) for name, column in changed.items()),
    )
    generate_one(trial, "changes")
    rebuilt = set(re.findall(r"CREATE TABLE `__new_(\w+)`", trial.newest_sql))
    dropped = set(re.findall(r"DROP TABLE `(\w+)`", trial.newest_sql))
    trial.decide("An added or dropped column makes no rebuild", not rebuilt & before.keys())
    trial.decide("A new type, default or NOT NULL makes one", rebuilt == changed.keys())
    trial.decide("Each rebuild drops the old table, and nothing else does", dropped == rebuilt)


@experiment(claims.UNKNOWN_QUOTED_NAME_IS_TEXT, on=SQLITE)
def quoted_name_of_no_column(trial: Trial) -> None:
    begin(trial)
    append(trial, "INSERT INTO items VALUES (1, 'pen'), (2, 'cup')")
    database = trial.database()
    done(database.migrate())
    done(database.sql("CREATE TABLE copies (id integer, region text)"))
    error = database.sql('INSERT INTO copies SELECT "id", "region" FROM items').error
    rows = database.sql("SELECT region FROM copies ORDER BY id").rows
    missing = "no such column: region"
    if trial.driver == BUN:
        stored = [row["region"] for row in rows]
        trial.decide("The text 'region' is stored in every row", stored == ["region"] * 2)
    else:
        trial.decide(f"It stops: {missing}", "no such column" in error and not rows)
    for quoted, name in (("`region`", "In other quotes"), ("region", "Without quotes")):
        error = database.sql(f"INSERT INTO copies SELECT id, {quoted} FROM items").error
        trial.decide(f"{name} it stops: {missing}", missing in error)


@experiment(claims.REBUILD_SELECTS_NEW_COLUMNS, on=(BUN,))
def rebuild_with_a_new_column(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql("INSERT INTO items VALUES (1, 'pen')"))
    trial.schema(table("items", ID, f"{NAME}.notNull()", REGION))
    generate_one(trial, "require_name")
    selected = re.search(r"SELECT (.*) FROM `items`", trial.newest_sql)
    named = selected is not None and '"region"' in selected[1]
    trial.decide("The new column is selected from the old table", named)
    database.migrate()
    database.sql("SELECT * FROM items")


@experiment(claims.COLUMN_FIRST_KEEPS_ROWS, on=SQLITE)
def new_column_before_the_rebuild(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    done(database.sql("INSERT INTO items VALUES (1, 'pen')"))
    add_region(trial)
    trial.schema(table("items", ID, f"{NAME}.notNull()", REGION))
    generate_one(trial, "require_name")
    trial.decide("The second one is a rebuild", "`__new_items`" in trial.newest_sql)
    trial.decide("Both succeed", not database.migrate().error)
    rows = database.sql("SELECT id, name, region FROM items").rows
    kept = [{"id": 1, "name": "pen", "region": None}]
    trial.decide("The row is as it was, and the new column is NULL", rows == kept)
