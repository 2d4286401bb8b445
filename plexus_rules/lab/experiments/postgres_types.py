"""Types, enums and casts of PostgreSQL in what drizzle-kit generates."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import POSTGRES
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    BREAKPOINT,
    ID,
    NAME,
    append,
    done,
    generate_one,
    table,
)
from plexus_rules.lab.trial import Database, Trial

_UNSAFE = "55P04 unsafe use of new value"
_NO_CAST = "42804"
_USE = "UPDATE providers SET kind = 'mistral';\n"
_DEFAULT = "ALTER TABLE providers ADD fallback kind DEFAULT 'mistral';\n"


def _kinds(trial: Trial, *values: str) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    trial.schema(
        table("providers", ID, "kind: kind('kind')"),
        imports="integer, pgEnum",
        plain=f"\nexport const kind = pgEnum('kind', [{listed}]);",
    )


def _begin_with_kinds(trial: Trial) -> None:
    """A provider, of a kind that an enum lists."""
    _kinds(trial, "openai")
    generate_one(trial, "initial")
    append(trial, "INSERT INTO providers VALUES (1, 'openai')")


def _add_mistral(trial: Trial) -> None:
    _kinds(trial, "openai", "mistral")
    generate_one(trial, "add_mistral")


def _use_mistral(trial: Trial) -> None:
    generate_one(trial, "use_mistral", "--custom")
    trial.write(trial.sql_paths[-1], _USE)


def _kind(database: Database) -> list[str]:
    return [row["kind"] for row in database.sql("SELECT kind FROM providers").rows]


@experiment(claims.ENUM_VALUE_NEEDS_COMMIT, on=(POSTGRES,))
def new_enum_value_is_used(trial: Trial) -> None:
    _begin_with_kinds(trial)
    at_once, one_by_one = trial.database("at once"), trial.database("one by one")
    done(at_once.migrate())
    done(one_by_one.migrate())
    _add_mistral(trial)
    done(one_by_one.migrate())
    used = one_by_one.code("db.update(schema.providers).set({ kind: 'mistral' })")
    trial.decide("Code uses the value as soon as it is committed", not used.error)
    _use_mistral(trial)
    trial.decide(f"At once it fails: {_UNSAFE}", _UNSAFE in at_once.migrate().error)
    trial.write(trial.sql_paths[-1], _DEFAULT)
    trial.decide("As a default it fails, too", _UNSAFE in at_once.migrate().error)
    trial.decide("One by one, it passes", not one_by_one.migrate().error)


@experiment(claims.FRESH_DATABASE_HIDES_ENUM_USE, on=(POSTGRES,))
def new_enum_value_on_a_fresh_database(trial: Trial) -> None:
    _begin_with_kinds(trial)
    old, fresh = trial.database("old"), trial.database("fresh")
    done(old.migrate())
    _add_mistral(trial)
    _use_mistral(trial)
    trial.decide("On the fresh database it passes", not fresh.migrate().error)
    trial.decide("The row has the value", _kind(fresh) == ["mistral"])
    trial.decide(f"On the old one it fails: {_UNSAFE}", _UNSAFE in old.migrate().error)


def _columns(trial: Trial, *columns: str, imports: str, plain: str = "") -> None:
    trial.schema(table("items", ID, *columns), imports=imports, plain=plain)


def _change(column: str, to: str) -> str:
    return f"ALTER TABLE items ALTER COLUMN {column} SET DATA TYPE {to}"


@experiment(claims.TYPE_CHANGE_NEEDS_CAST, on=(POSTGRES,))
def types_are_changed(trial: Trial) -> None:
    large = "total: bigint('total', { mode: 'number' })"
    more = ("count: integer('count')", "flag: integer('flag')")
    _columns(trial, large, *more, imports="bigint, integer")
    generate_one(trial, "initial")
    empty, filled = trial.database("empty"), trial.database("with a row")
    done(empty.migrate())
    done(filled.migrate())
    done(filled.sql("INSERT INTO items VALUES (1, 2, 3, 1)"))
    for column, before, after in (("total", "bigint", "integer"), ("count", "integer", "text")):
        error = filled.sql(_change(column, after)).error
        trial.decide(f"{before} to {after} passes: an assignment casts it", not error)
    for database, name in ((filled, "with a row"), (empty, "on an empty table")):
        refused = _NO_CAST in database.sql(_change("flag", "boolean")).error
        trial.decide(f"integer to boolean fails {name}: {_NO_CAST}", refused)
    refused = _NO_CAST in filled.sql(_change("count", "integer")).error
    trial.decide(f"text to integer fails: {_NO_CAST}", refused)
    error = filled.sql(_change("flag", "boolean USING flag <> 0")).error
    trial.decide("With USING it passes", not error)
    rows = filled.sql("SELECT flag FROM items").rows
    trial.decide("The row has the new value", rows == [{"flag": True}])


@experiment(claims.KIT_WRITES_USING_FOR_ENUMS_ONLY, on=(POSTGRES,))
def where_using_is_written(trial: Trial) -> None:
    imports = "boolean, integer, pgEnum, text"
    kind = "\nexport const kind = pgEnum('kind', ['openai', 'mistral']);"
    before = ("flag: integer('flag')", "count: text('count')", "kind: text('kind')")
    after = ("flag: boolean('flag')", "count: integer('count')", "kind: kind('kind')")
    _columns(trial, *before, imports=imports, plain=kind)
    generate_one(trial, "initial")
    _columns(trial, *after, imports=imports, plain=kind)
    generate_one(trial, "change_types")
    changes = [s for s in trial.newest_sql.split(BREAKPOINT) if "SET DATA TYPE" in s]
    trial.decide("All three types are changed", len(changes) == len(after))
    written = [s for s in changes if "USING" in s]
    trial.decide("The change to the enum has a USING", any('"kind"' in s for s in written))
    trial.decide("The others have none", len(written) == 1)


@experiment(claims.DEFAULT_IS_CAST_BY_ITSELF, on=(POSTGRES,))
def default_of_a_changed_type(trial: Trial) -> None:
    _columns(trial, "flag: integer('flag').default(0)", imports="integer")
    generate_one(trial, "initial")
    append(trial, "INSERT INTO items VALUES (1, 1)")
    database = trial.database()
    done(database.migrate())
    change = _change("flag", "boolean USING flag <> 0")
    error = database.sql(change).error
    says = f"{_NO_CAST} default for column"
    trial.decide(f"With USING it fails for the default: {says}", says in error)
    done(database.sql("ALTER TABLE items ALTER COLUMN flag DROP DEFAULT"))
    trial.decide("Without the default it passes", not database.sql(change).error)
    done(database.sql("ALTER TABLE items ALTER COLUMN flag SET DEFAULT false"))
    done(database.sql("INSERT INTO items (id) VALUES (2)"))
    rows = database.sql("SELECT flag FROM items ORDER BY id").rows
    trial.decide("Value and default are right", [row["flag"] for row in rows] == [True, False])


@experiment(claims.KIT_CHANGES_TO_SERIAL, on=(POSTGRES,))
def integer_becomes_serial(trial: Trial) -> None:
    imports = "integer, serial"
    _columns(trial, "number: integer('number').notNull()", imports=imports)
    generate_one(trial, "initial")
    database = trial.database()
    done(database.migrate())
    _columns(trial, "number: serial('number')", imports=imports)
    generate_one(trial, "make_number_serial")
    trial.decide("It sets the type serial", "SET DATA TYPE serial" in trial.newest_sql)
    trial.decide("That fails: 42704", "42704" in database.migrate().error)
    added = database.sql("ALTER TABLE items ADD other serial").error
    trial.decide("A new column may be serial", not added)
    identity = "ALTER TABLE items ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY"
    trial.decide("The old one may become an identity", not database.sql(identity).error)


@experiment(claims.KIT_WRITES_UNDEFINED_SCHEMA, on=(POSTGRES,))
def type_that_drizzle_kit_does_not_know(trial: Trial) -> None:
    imports = "customType, integer, numeric"
    money = "\nconst money = customType<{ data: string }>({ dataType: () => 'money' });"
    _columns(trial, "price: numeric('price')", imports=imports, plain=money)
    generate_one(trial, "initial")
    database = trial.database()
    done(database.migrate())
    _columns(trial, "price: money('price')", imports=imports, plain=money)
    generate_one(trial, "make_price_money")
    trial.decide("It writes a schema undefined", '"undefined"."money"' in trial.newest_sql)
    trial.decide("That fails: 3F000", "3F000" in database.migrate().error)
    if '"undefined"."money"' in trial.newest_sql:
        trial.replace(trial.sql_paths[-1], '"undefined"."money"', "money")
        trial.decide("Without the schema it passes", not database.migrate().error)


@experiment(claims.KIT_DROPS_CONSTRAINT_OF_DROPPED_TABLE, on=(POSTGRES,))
def parent_and_reference_go_together(trial: Trial) -> None:
    reference = "providerId: integer('provider_id').references(() => providers.id)"
    trial.schema(table("providers", ID, NAME), table("models", ID, reference))
    generate_one(trial, "initial")
    database = trial.database()
    done(database.migrate())
    trial.schema(table("models", ID, "providerId: integer('provider_id')"))
    generate_one(trial, "drop_providers")
    sql = trial.newest_sql
    drop, constraint = sql.find('DROP TABLE "providers" CASCADE'), sql.find("DROP CONSTRAINT")
    trial.decide("The table goes first, and its constraint after it", 0 <= drop < constraint)
    trial.decide("That fails: 42704", "42704" in database.migrate().error)
