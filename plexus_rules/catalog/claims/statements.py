"""What generated SQL does to rows, and what a database refuses."""

from __future__ import annotations

from plexus_rules.rule import BOTH_LINES, Claim

# What generated SQL does to rows

DROP_TABLE_RUNS_DELETE = Claim(
    "drop-table-runs-delete",
    "Where foreign keys are on, SQLite's DROP TABLE first deletes every row: rows that refer to "
    "them are deleted with ON DELETE CASCADE, and so on from these, and lose the reference with "
    "SET NULL. With RESTRICT, NO ACTION, SET DEFAULT to one of them, or SET NULL of a NOT NULL "
    "column it fails.",
    BOTH_LINES,
)
PRAGMA_DOES_NOTHING_IN_TRANSACTION = Claim(
    "pragma-does-nothing-in-transaction",
    "With bun:sqlite the migrator runs all in one transaction. Where foreign keys are on, the "
    "`PRAGMA foreign_keys=OFF` of a rebuild does nothing in it, and `PRAGMA defer_foreign_keys` "
    "stops no cascade: the rows are gone, and the run reports success; where a row refers to one "
    "without an action, it fails.",
    BOTH_LINES,
)
FOREIGN_KEYS_OFF_BEFORE_KEEPS_ROWS = Claim(
    "foreign-keys-off-before-keeps-rows",
    "With `PRAGMA foreign_keys=OFF` on the connection before migrate() a rebuild keeps every row. "
    "`PRAGMA foreign_key_check` names the rows that refer to none.",
    BOTH_LINES,
)
DRIVERS_DIFFER_IN_FOREIGN_KEYS = Claim(
    "drivers-differ-in-foreign-keys",
    "Drivers differ: bun:sqlite leaves foreign keys off until it is told otherwise. libsql has "
    "them on, and its migrator runs with them off: there a rebuild loses no row.",
    BOTH_LINES,
)
REBUILT_SELF_REFERENCE_IS_WIPED = Claim(
    "rebuilt-self-reference-is-wiped",
    "In a rebuild of a table that refers to itself drizzle-kit lets the new table refer to the old "
    "one: where foreign keys are on, with ON DELETE CASCADE, bun:sqlite deletes the copied rows "
    "that refer to another, too. libsql keeps them.",
    BOTH_LINES,
)
PARENT_IS_DROPPED_FIRST = Claim(
    "parent-is-dropped-first",
    "Where a table goes together with the references to it, drizzle-kit drops it before it "
    "rebuilds those that refer to it: where foreign keys are on, with ON DELETE CASCADE, "
    "bun:sqlite deletes their rows first. libsql keeps them.",
)
REBUILD_FOR_CHANGED_COLUMNS = Claim(
    "rebuild-for-changed-columns",
    "On SQLite drizzle-kit rebuilds a table, and drops the old one, where the type, the default or "
    "the NOT NULL of a column changes. To add or drop a plain column it needs none.",
    BOTH_LINES,
)
UNKNOWN_QUOTED_NAME_IS_TEXT = Claim(
    "unknown-quoted-name-is-text",
    "A name in double quotes that is no column is a text for bun:sqlite: that text is stored in "
    "every row. libsql stops with an error, and in other quotes or none both do (no such column).",
    BOTH_LINES,
)
REBUILD_SELECTS_NEW_COLUMNS = Claim(
    "rebuild-selects-new-columns",
    "Where one change makes SQLite rebuild a table and adds a column to it, drizzle-kit selects "
    "the new column from the old table.",
)
COLUMN_FIRST_KEEPS_ROWS = Claim(
    "column-first-keeps-rows",
    "Where the new column comes in a migration before that of the rebuild, the rebuild copies it: "
    "every row keeps what it holds.",
    BOTH_LINES,
)
REQUIRED_COLUMN_FAILS_WITH_ROWS = Claim(
    "required-column-fails-with-rows",
    "Adding a NOT NULL column without a default passes on an empty table and fails on one with "
    "rows, in SQLite (Cannot add a NOT NULL column) and in PostgreSQL (23502).",
    BOTH_LINES,
)
DEFAULT_FILLS_NEW_COLUMN = Claim(
    "default-fills-new-column",
    "A new NOT NULL column with a default is added to a table with rows: each row gets it.",
    BOTH_LINES,
)
NULLS_STOP_NOT_NULL = Claim(
    "nulls-stop-not-null",
    "A single NULL stops SET NOT NULL on PostgreSQL (23502) and the copy of a SQLite rebuild, even "
    "if the column has a default.",
    BOTH_LINES,
)
FILLED_COLUMN_BECOMES_REQUIRED = Claim(
    "filled-column-becomes-required",
    "A column that is added as nullable, filled by a custom migration (`generate --custom`) and "
    "made NOT NULL by a later one passes on a table with rows, even if all three are run at once.",
    BOTH_LINES,
)
DROP_IS_FINAL = Claim(
    "drop-is-final",
    "What DROP TABLE or DROP COLUMN took does not come back: generate makes a table that is put "
    "back into the schema without a row, and a column with NULL in each.",
    BOTH_LINES,
)
DROPPED_COLUMN_FAILS_OLD_CODE = Claim(
    "dropped-column-fails-old-code",
    "Drizzle's select() of a table and insert name every column that the code knows: after one is "
    "dropped, older code fails on both. With bun:sqlite select() does not fail: it gives the "
    "column's name as its value in every row.",
    BOTH_LINES,
)
RENAME_IS_ASKED = Claim(
    "rename-is-asked",
    "Where one change takes a column away and adds another, generate asks whether that is a "
    "rename: then it writes RENAME COLUMN, which keeps the values. Without a terminal it makes "
    "nothing, and still exits 0.",
)

# What generated SQL does that a database refuses

TWO_STATEMENTS_RUN_ONE = Claim(
    "two-statements-run-one",
    "The migrator hands the database all between two breakpoints at once. bun:sqlite and libsql "
    "run the first statement, leave the others out, and the migration is recorded as applied.",
    BOTH_LINES,
)
TWO_STATEMENTS_DIVIDE_DRIVERS = Claim(
    "two-statements-divide-drivers",
    "Two statements between the same breakpoints divide the dialects: postgres-js runs both, the "
    "drivers of SQLite the first alone, and all report success.",
    BOTH_LINES,
)
BREAKPOINTS_FALSE_SPLITS_NOTHING = Claim(
    "breakpoints-false-splits-nothing",
    "With `breakpoints: false` drizzle-kit writes no breakpoints, and so bun:sqlite runs the first "
    "statement of a migration alone.",
    BOTH_LINES,
)
MIGRATOR_LOOKS_FOR_THE_TEXT = Claim(
    "migrator-looks-for-the-text",
    "What the journal says of breakpoints does not matter: the migrator looks for the text in the "
    "SQL.",
)
SQLITE_REFUSES_NO_STATEMENT = Claim(
    "sqlite-refuses-no-statement",
    "A part without a statement (an empty file, a comment alone, what follows a last breakpoint) "
    "fails with bun:sqlite and libsql, and every later migration waits. `SELECT 1;` passes.",
    BOTH_LINES,
)
POSTGRES_APPLIES_NOTHING = Claim(
    "postgres-applies-nothing",
    "PostgreSQL takes a part without a statement. A migration that has none is recorded as "
    "applied: what is written into it later never runs there.",
    BOTH_LINES,
)
PENDING_MIGRATIONS_SHARE_TRANSACTION = Claim(
    "pending-migrations-share-transaction",
    "The migrator runs all pending migrations in one transaction: where one fails, none has run, "
    "and once it is mended all of them run.",
    BOTH_LINES,
)
ENUM_VALUE_NEEDS_COMMIT = Claim(
    "enum-value-needs-commit",
    "PostgreSQL lets no statement use an enum's new value in the transaction that adds it (55P04, "
    "unsafe use of new value), not even as a default. Once that is committed, migrations and code "
    "may.",
    BOTH_LINES,
)
FRESH_DATABASE_HIDES_ENUM_USE = Claim(
    "fresh-database-hides-enum-use",
    "A fresh database makes the enum in the same transaction, and there PostgreSQL 18 lets the "
    "value be used: a test on one passes.",
    BOTH_LINES,
)
TYPE_CHANGE_NEEDS_CAST = Claim(
    "type-change-needs-cast",
    "PostgreSQL changes a type without `USING` only where an assignment casts the values; anything "
    "else fails (42804, cannot be cast automatically), on an empty table too. With `USING` and an "
    "expression it passes.",
    BOTH_LINES,
)
KIT_WRITES_USING_FOR_ENUMS_ONLY = Claim(
    "kit-writes-using-for-enums-only",
    "drizzle-kit writes `USING` only where the new type is an enum.",
)
DEFAULT_IS_CAST_BY_ITSELF = Claim(
    "default-is-cast-by-itself",
    "`USING` casts the rows and not the default: one that an assignment does not cast makes the "
    "change fail as well (42804). Where the default is dropped before and set after it, it passes.",
    BOTH_LINES,
)
KIT_CHANGES_TO_SERIAL = Claim(
    "kit-changes-to-serial",
    "Where an integer becomes a serial, drizzle-kit writes `SET DATA TYPE serial`. That fails "
    "(42704): only a new column can be one. An old column may become an identity.",
)
KIT_WRITES_UNDEFINED_SCHEMA = Claim(
    "kit-writes-undefined-schema",
    "Where a type becomes a custom one that drizzle-kit does not know, it writes the schema "
    '"undefined" before it: there is none, and the change fails (3F000). Without it the change '
    "passes.",
)
KIT_DROPS_CONSTRAINT_OF_DROPPED_TABLE = Claim(
    "kit-drops-constraint-of-dropped-table",
    "Where a table goes together with the references to it, drizzle-kit drops the table with "
    "CASCADE and then the constraint, which is gone by then: PostgreSQL fails (42704).",
)
