"""The factual sentences that rules rest on.

Each was measured with drizzle-kit 0.31 and drizzle-orm 0.45 on SQLite and PostgreSQL,
unless it speaks of the line v1.
"""

from __future__ import annotations

from plexus_rules.rule import Claim

BOTH_LINES = ("v0", "v1")

# Editing what has landed

EDIT_NEVER_REACHES_OLD_DATABASES = Claim(
    "edit-never-reaches-old-databases",
    "The migrator compares no SQL: a database that has run a migration never sees an edit of "
    "it, and the run reports success.",
)
OLD_AND_NEW_DATABASES_DIVERGE = Claim(
    "old-and-new-databases-diverge",
    "A fresh database runs the edited SQL, so from then on development and production differ.",
)
NEXT_MIGRATION_FAILS_ON_OLD_DATABASES = Claim(
    "next-migration-fails-on-old-databases",
    "The next migration is generated from the edited history; on a production database that "
    "ran the original it can fail, and blocks every migration after it.",
)
REBUILD_DROPS_UNKNOWN_COLUMNS = Claim(
    "rebuild-drops-unknown-columns",
    "When SQLite rebuilds a table, it copies only the columns that the history knows: what an "
    "edit took out of the history is dropped with its data.",
)

# Migrations that drizzle-kit did not make

UNJOURNALED_NEVER_RUNS = Claim(
    "unjournaled-never-runs",
    "SQL that the journal does not list is never run, and nothing says so.",
)
GENERATE_REPEATS_UNKNOWN_CHANGES = Claim(
    "generate-repeats-unknown-changes",
    "generate knows only the snapshots: it makes hand-written changes a second time, under the "
    "same number, or writes over the file.",
)
REPEATED_CHANGE_FAILS = Claim(
    "repeated-change-fails",
    "Where the hand-written SQL was run, the generated migration that repeats it fails "
    "(duplicate column name, or 42701 on PostgreSQL), and the deployment with it.",
)
UNKNOWN_CHANGE_IS_SILENT = Claim(
    "unknown-change-is-silent",
    "Schema, history and database then say different things, and drizzle-kit check is content.",
)

# The journal

MISSING_SQL_STOPS_START_UP = Claim(
    "missing-sql-stops-start-up",
    "An entry whose SQL file is missing stops the migrator, and the application with it.",
)
REMOVED_ENTRY_IS_FORGOTTEN = Claim(
    "removed-entry-is-forgotten",
    "Without its entry a migration is not run on fresh databases; check and generate are content.",
)
OLDER_WHEN_IS_SKIPPED = Claim(
    "older-when-is-skipped",
    "The migrator runs an entry only if its `when` is above the newest that the database has "
    "run: an older one is skipped for ever on existing databases, and run on fresh ones.",
)
RAISED_WHEN_RUNS_AGAIN = Claim(
    "raised-when-runs-again",
    "A migration whose `when` is raised above the newest that a database has run is run there a "
    "second time: duplicate column name, or 42701 on PostgreSQL.",
)
FUTURE_WHEN_BLOCKS_LATER = Claim(
    "future-when-blocks-later",
    "After an entry whose `when` lies in the future, correct migrations are skipped until then.",
)
DUPLICATE_NUMBER_OVERWRITES_SNAPSHOT = Claim(
    "duplicate-number-overwrites-snapshot",
    "Migrations that share a number share a snapshot file: the next generate overwrites it, or "
    "makes the change of one of them a second time.",
)
ORDER_OF_ARRAY_ON_FRESH_DATABASES = Claim(
    "order-of-array-on-fresh-databases",
    "A fresh database runs the entries in the order of the array, whatever their numbers say.",
)

# Snapshots

MISSING_SNAPSHOT_REPEATS_MIGRATION = Claim(
    "missing-snapshot-repeats-migration",
    "Without the last snapshot, generate makes the same migration again; applied twice, it fails.",
)
SNAPSHOT_WITHOUT_PREFIX_IS_NEVER_READ = Claim(
    "snapshot-without-prefix-is-never-read",
    "With `prefix: 'none'` drizzle-kit never reads its snapshot back: each generate makes the "
    "whole schema again.",
)
TAMPERED_SNAPSHOT_HIDES_CHANGE = Claim(
    "tampered-snapshot-hides-change",
    "generate compares the schema with the newest snapshot: what a snapshot says by hand is "
    "never created, and generate finds no changes.",
)
SHARED_PARENT_COLLIDES = Claim(
    "shared-parent-collides",
    "Two snapshots with one `prevId`, as a copied one has, are a collision: generate stops, and "
    "still exits 0.",
)
BROKEN_CHAIN_GOES_UNNOTICED = Claim(
    "broken-chain-goes-unnoticed",
    "drizzle-kit does not notice a `prevId` that names no snapshot: the sign of a merge in which "
    "one branch's migration was not generated again.",
)
MALFORMED_JOURNAL_STOPS_ALL = Claim(
    "malformed-journal-stops-all",
    "A journal that is not JSON stops generate and the migrator, and so the application's start.",
)
MALFORMED_SNAPSHOT_EXITS_ZERO = Claim(
    "malformed-snapshot-exits-zero",
    "On a malformed snapshot drizzle-kit generate makes nothing, and still exits 0.",
)
STRAY_FILE_STOPS_GENERATE = Claim(
    "stray-file-stops-generate",
    "drizzle-kit takes every file in `meta` whose name does not start with `_` for a snapshot: at "
    "any other, generate makes nothing, and still exits 0.",
)

# What drizzle-kit loads as the schema

NOT_CODE_STOPS_GENERATE = Claim(
    "not-code-stops-generate",
    "On Node.js drizzle-kit loads every file of a directory that is its schema: one that is not "
    "TypeScript, JavaScript or JSON is run as JavaScript. At a text generate fails with a "
    "SyntaxError, makes nothing, and still exits 0.",
)
UNEXPORTED_TABLE_HAS_NO_MIGRATION = Claim(
    "unexported-table-has-no-migration",
    "generate knows the tables that the config's schema exports: for another it finds no changes, "
    "and the table is never created.",
)
UNEXPORTED_TABLE_IS_DROPPED = Claim(
    "unexported-table-is-dropped",
    "Where a table is no longer exported, generate makes a DROP TABLE without a question.",
)

# What generated SQL does to rows

DROP_TABLE_RUNS_DELETE = Claim(
    "drop-table-runs-delete",
    "Where foreign keys are on, SQLite's DROP TABLE first deletes every row: rows that refer to "
    "them are deleted with ON DELETE CASCADE, lose the reference with SET NULL, and make it fail "
    "(FOREIGN KEY constraint failed) with any other action.",
)
PRAGMA_DOES_NOTHING_IN_TRANSACTION = Claim(
    "pragma-does-nothing-in-transaction",
    "The migrator runs all in one transaction, in which the `PRAGMA foreign_keys=OFF` of a rebuild "
    "does nothing, and `PRAGMA defer_foreign_keys` stops no cascade: the rows are gone, and the "
    "run reports success.",
)
DRIVERS_DIFFER_IN_FOREIGN_KEYS = Claim(
    "drivers-differ-in-foreign-keys",
    "Drivers differ: better-sqlite3 turns foreign keys on by itself, bun:sqlite only when it is "
    "told to, and libsql's migrator turns them off around its run.",
)
REBUILT_SELF_REFERENCE_IS_WIPED = Claim(
    "rebuilt-self-reference-is-wiped",
    "In a rebuild of a table that refers to itself drizzle-kit lets the new table refer to the old "
    "one: with ON DELETE CASCADE the copied rows that refer to another are deleted, too.",
)
UNKNOWN_QUOTED_NAME_IS_TEXT = Claim(
    "unknown-quoted-name-is-text",
    "A name in double quotes that is no column is a text for bun:sqlite and for Python: that text "
    "is stored in every row. better-sqlite3 and libsql stop with an error.",
)
REBUILD_SELECTS_NEW_COLUMNS = Claim(
    "rebuild-selects-new-columns",
    "Where one change makes SQLite rebuild a table and adds a column to it, drizzle-kit selects "
    "the new column from the old table.",
)
REQUIRED_COLUMN_FAILS_WITH_ROWS = Claim(
    "required-column-fails-with-rows",
    "Adding a NOT NULL column without a default passes on an empty table and fails on one with "
    "rows, in SQLite (Cannot add a NOT NULL column) and in PostgreSQL (23502).",
)
NULLS_STOP_NOT_NULL = Claim(
    "nulls-stop-not-null",
    "A single NULL stops SET NOT NULL on PostgreSQL (23502) and the copy of a SQLite rebuild, even "
    "if the column has a default.",
)
DROP_IS_FINAL = Claim(
    "drop-is-final",
    "No migration brings back what DROP TABLE or DROP COLUMN took: the values are in a backup or "
    "nowhere.",
)
DROPPED_COLUMN_FAILS_OLD_CODE = Claim(
    "dropped-column-fails-old-code",
    "Drizzle names every column of a table: code that still runs while a column is dropped fails "
    "on each query of that table.",
)

# What generated SQL does that a database refuses

TWO_STATEMENTS_RUN_ONE = Claim(
    "two-statements-run-one",
    "The migrator hands the database all between two breakpoints at once. bun:sqlite and libsql "
    "run the first statement, leave the others out, and the migration is recorded as applied.",
)
TWO_STATEMENTS_DIVIDE_DRIVERS = Claim(
    "two-statements-divide-drivers",
    "Two statements at once are refused by better-sqlite3 and PGlite; postgres-js, node-postgres "
    "and Bun's SQL run both.",
)
BREAKPOINTS_FALSE_SPLITS_NOTHING = Claim(
    "breakpoints-false-splits-nothing",
    "With `breakpoints: false` drizzle-kit writes no breakpoints. What the journal says of them "
    "does not matter: the migrator looks for the text in the SQL.",
)
SQLITE_REFUSES_NO_STATEMENT = Claim(
    "sqlite-refuses-no-statement",
    "A part without a statement (an empty file, a comment alone, what follows a last breakpoint) "
    "fails with bun:sqlite, better-sqlite3 and libsql, and every later migration waits.",
)
POSTGRES_APPLIES_NOTHING = Claim(
    "postgres-applies-nothing",
    "PostgreSQL takes a migration without a statement and records it as applied: what is written "
    "into it later never runs there.",
)
PENDING_MIGRATIONS_SHARE_TRANSACTION = Claim(
    "pending-migrations-share-transaction",
    "The migrator runs all pending migrations in one transaction.",
)
ENUM_VALUE_NEEDS_COMMIT = Claim(
    "enum-value-needs-commit",
    "PostgreSQL lets no statement use an enum's new value in the transaction that adds it (55P04, "
    "unsafe use of new value), not even as a default.",
)
FRESH_DATABASE_HIDES_ENUM_USE = Claim(
    "fresh-database-hides-enum-use",
    "A fresh database makes the enum in the same transaction, and there the value may be used: a "
    "test on one passes.",
)
TYPE_CHANGE_NEEDS_CAST = Claim(
    "type-change-needs-cast",
    "PostgreSQL changes a type without `USING` only where an assignment casts the values; anything "
    "else fails (42804, cannot be cast automatically), on an empty table too.",
)
KIT_WRITES_USING_FOR_ENUMS_ONLY = Claim(
    "kit-writes-using-for-enums-only",
    "drizzle-kit writes `USING` only where the new type is an enum.",
)
DEFAULT_IS_CAST_BY_ITSELF = Claim(
    "default-is-cast-by-itself",
    "`USING` casts the rows and not the default: one that an assignment does not cast makes the "
    "change fail as well.",
)

# Two dialects

MISSING_COLUMN_FAILS_EVERY_QUERY = Claim(
    "missing-column-fails-every-query",
    "Drizzle names every column of a table: generated for SQLite only, each select and insert "
    "fails on PostgreSQL (42703, column does not exist).",
)
CHECK_READS_NO_SCHEMA = Claim(
    "check-reads-no-schema",
    "drizzle-kit check reads snapshots alone: it is content with a schema that no migration makes.",
)
ONE_DIALECT_GENERATE_EXITS_ZERO = Claim(
    "one-dialect-generate-exits-zero",
    "generate reads one config: the other dialect gets no migration, and nothing reports that.",
)
ENTRY_DECIDES_THE_DIALECT = Claim(
    "entry-decides-the-dialect",
    "A table built with another dialect's core is not seen by generate for this one.",
    BOTH_LINES,
)
PARENT_INDEX_IS_SQLITE = Claim(
    "parent-index-is-sqlite",
    "The parent index exports the SQLite tables under the plain names: on PostgreSQL their "
    "column types and encodings are wrong, and TypeScript does not tell.",
    BOTH_LINES,
)
OTHER_DIALECTS_TABLES_MISREAD = Claim(
    "other-dialects-tables-misread",
    "With SQLite's tables a query on PostgreSQL runs and misreads: a JSON column throws, a "
    "timestamp comes back as an invalid date.",
)
VALUE_WITHOUT_COLUMN_IS_DROPPED = Claim(
    "value-without-column-is-dropped",
    "Where the dialect in use lacks a column, insert drops its value and reports success, and a "
    "filter on it is a syntax error; where it lacks a table, each query on that throws.",
)

# Live databases

LIVE_CHANGE_FAILS_LATER = Claim(
    "live-change-fails-later",
    "A column added to a live database by hand makes the migration that adds it fail: duplicate "
    "column name, or 42701 on PostgreSQL.",
)
PUSH_LEAVES_NO_MIGRATION = Claim(
    "push-leaves-no-migration",
    "push changes a database without a migration; generate and migrate afterwards fail there, "
    "since the column or table exists.",
)
EMPTY_DATABASE_HIDES_SKIPS = Claim(
    "empty-database-hides-skips",
    "A fresh database runs every entry: what an existing database would skip, or refuse because "
    "of its rows, shows only on a copy of one.",
)

# Types

HANDWRITTEN_TYPES_GO_STALE = Claim(
    "handwritten-types-go-stale",
    "InferSelectModel and InferInsertModel follow the schema; a type written by hand keeps "
    "compiling when a column changes.",
    BOTH_LINES,
)

# What belongs in a commit

PARTIAL_COMMIT_BREAKS_OTHERS = Claim(
    "partial-commit-breaks-others",
    "SQL, snapshot and journal work only together: without the entry the SQL never runs, without "
    "the SQL the start fails, without the snapshot the next generate repeats it.",
)
GENERATED_SQL_CAN_BE_WRONG = Claim(
    "generated-sql-can-be-wrong",
    "drizzle-kit can generate SQL that loses rows or fails on a table that has some, and no check "
    "of its own reports that.",
)
