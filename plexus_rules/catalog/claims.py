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

# Two dialects

MISSING_COLUMN_FAILS_EVERY_QUERY = Claim(
    "missing-column-fails-every-query",
    "Drizzle names every column of a table: generated for SQLite only, each select and insert "
    "fails on PostgreSQL (42703, column does not exist).",
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
