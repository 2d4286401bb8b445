"""Two dialects: what generate makes for each, and code that meets the other's tables."""

from __future__ import annotations

from plexus_rules.catalog import claims
from plexus_rules.lab.drivers import BUN, DIALECTS, POSTGRES
from plexus_rules.lab.experiment import experiment
from plexus_rules.lab.experiments.common import (
    REGION,
    begin,
    done,
    generate_one,
    generated,
    is_content,
    items,
)
from plexus_rules.lab.trial import SCHEMA, Trial

_OTHER_CONFIG, _OTHER_SCHEMA, _OTHER_OUT = "drizzle.config.pg.ts", "schema.pg.ts", "drizzle_pg/"


def _two_schemas(trial: Trial, *columns: str) -> None:
    trial.schema(items(*columns))
    text = trial.files[SCHEMA].decode()
    trial.write(
        _OTHER_SCHEMA, text.replace("sqliteTable", "pgTable").replace("sqlite-core", "pg-core")
    )


def _made_for_postgres(trial: Trial) -> list[str]:
    return [path for path in trial.files if path.startswith(_OTHER_OUT) and path.endswith(".sql")]


@experiment(claims.ONE_DIALECT_GENERATE_EXITS_ZERO, on=(BUN,))
def generate_for_one_of_two(trial: Trial) -> None:
    config = trial.files["drizzle.config.ts"].decode()
    for old, new in (("'./schema.ts'", "'./schema.pg.ts'"), ("'./drizzle'", "'./drizzle_pg'")):
        config = config.replace(old, new)
    trial.write(_OTHER_CONFIG, config.replace("'sqlite'", "'postgresql'"))
    other = ("--config", _OTHER_CONFIG)
    _two_schemas(trial)
    generate_one(trial, "initial")
    trial.generate("initial", *other)
    trial.decide(
        "With a config of its own PostgreSQL gets one", len(_made_for_postgres(trial)) == 1
    )
    _two_schemas(trial, REGION)
    before = _made_for_postgres(trial)
    said = trial.generate("add_region")
    trial.decide(
        "SQLite gets a migration, with exit 0", "ADD" in trial.newest_sql and not said.exit
    )
    trial.decide("PostgreSQL gets none", _made_for_postgres(trial) == before)
    checked = trial.run_kit("check", *other)
    trial.decide("drizzle-kit check is content with PostgreSQL's", is_content(checked))
    trial.generate("add_region", *other)
    trial.decide(
        "With its config it gets one, too", len(_made_for_postgres(trial)) == len(before) + 1
    )


@experiment(claims.CHECK_READS_NO_SCHEMA, on=DIALECTS)
def check_of_a_changed_schema(trial: Trial) -> None:
    begin(trial)
    trial.schema(items(REGION))
    trial.decide("drizzle-kit check is content", is_content(trial.check()))
    made = generated(trial, "add_region")
    trial.decide("generate has something to make", "region" in made)


@experiment(claims.ENTRY_DECIDES_THE_DIALECT, on=DIALECTS)
def table_of_another_core(trial: Trial) -> None:
    core = "pg" if trial.is_sqlite else "sqlite"
    trial.schema(
        items(),
        f"notes = {core}Table('notes', {{\n  id: whole('id').primaryKey(),\n}});",
        plain=f"import {{ {core}Table, integer as whole }} from 'drizzle-orm/{core}-core';",
    )
    said = trial.generate("initial")
    trial.decide("generate exits 0", said.exit == 0)
    trial.decide("It makes the table of its dialect", "items" in trial.newest_sql)
    trial.decide("It does not see the other one", "notes" not in trial.newest_sql)


_SQLITE_TWIN = (
    "sqliteItems = sqliteTable('items', {\n"
    "  id: number('id').primaryKey(),\n"
    "  tags: string('tags', { mode: 'json' }),\n"
    "  made: number('made', { mode: 'timestamp' }),\n"
    "});"
)
_SQLITE_CORE = (
    "import { integer as number, sqliteTable, text as string } from 'drizzle-orm/sqlite-core';"
)


@experiment(claims.OTHER_DIALECTS_TABLES_MISREAD, on=(POSTGRES,))
def sqlite_tables_on_postgres(trial: Trial) -> None:
    trial.schema(
        "items = table('items', {\n"
        "  id: integer('id').primaryKey(),\n"
        "  tags: jsonb('tags'),\n"
        "  made: timestamp('made'),\n"
        "});",
        _SQLITE_TWIN,
        imports="integer, jsonb, timestamp",
        plain=_SQLITE_CORE,
    )
    generate_one(trial, "initial")
    database = trial.database()
    done(database.migrate())
    database.code(
        "db.insert(schema.items).values({ id: 1, tags: { a: 1 }, made: new Date('2026-01-01Z') })"
    )
    own = database.code("db.select().from(schema.items)").rows
    right = [{"id": 1, "tags": {"a": 1}, "made": "2026-01-01T00:00:00.000Z"}]
    trial.decide("PostgreSQL's table reads what was written", own == right)
    plain = database.code("db.select({ id: schema.sqliteItems.id }).from(schema.sqliteItems)")
    trial.decide("A query with SQLite's table runs", plain.value == [{"id": 1}])
    json = database.code("db.select({ tags: schema.sqliteItems.tags }).from(schema.sqliteItems)")
    trial.decide("Its JSON column throws", "JSON" in json.error)
    made = database.code(
        "db.select({ made: schema.sqliteItems.made }).from(schema.sqliteItems)"
        ".then((rows) => String(rows[0].made))"
    )
    trial.decide("Its timestamp is an invalid date", made.value == "Invalid Date")


@experiment(claims.VALUE_WITHOUT_COLUMN_IS_DROPPED)
def code_for_the_other_dialects_columns(trial: Trial) -> None:
    begin(trial)
    database = trial.database()
    done(database.migrate())
    inserted = database.code("db.insert(schema.items).values({ id: 1, region: 'eu' })")
    trial.decide("insert reports success", not inserted.error)
    rows = database.sql("SELECT * FROM items").rows
    trial.decide("The value is nowhere", rows == [{"id": 1, "name": None}])
    found = database.code("db.select().from(schema.items).where(orm.eq(schema.items.region, 'eu'))")
    trial.decide("A filter on the column is a syntax error", "syntax error" in found.error)
    says = "undefined is not an object"
    for name, query in (
        ("select", "db.select().from(schema.notes)"),
        ("insert", "db.insert(schema.notes).values({ id: 1 })"),
    ):
        missing = database.code(query)
        trial.decide(f"{name} of a table that is missing throws: {says}", says in missing.error)
