"""How the migrator takes a history, and what breaks one."""

from __future__ import annotations

from plexus_rules.rule import BOTH_LINES, Claim

# Editing what has landed

EDIT_NEVER_REACHES_OLD_DATABASES = Claim(
    "edit-never-reaches-old-databases",
    "The migrator compares no SQL: a database that has run a migration never sees an edit of "
    "it, and the run reports success.",
    BOTH_LINES,
)
OLD_AND_NEW_DATABASES_DIVERGE = Claim(
    "old-and-new-databases-diverge",
    "A fresh database runs the edited SQL, so from then on development and production differ.",
    BOTH_LINES,
)
NEXT_MIGRATION_FAILS_ON_OLD_DATABASES = Claim(
    "next-migration-fails-on-old-databases",
    "The next migration is generated from the edited history; on a production database that "
    "ran the original it can fail, and blocks every migration after it.",
    BOTH_LINES,
)
REBUILD_DROPS_UNKNOWN_COLUMNS = Claim(
    "rebuild-drops-unknown-columns",
    "When SQLite rebuilds a table, it copies only the columns that the history knows: what an "
    "edit took out of the history is dropped with its data.",
    BOTH_LINES,
)

# Migrations that drizzle-kit did not make

UNJOURNALED_NEVER_RUNS = Claim(
    "unjournaled-never-runs",
    "SQL that the journal does not list is never run, and nothing says so.",
)
FOLDER_OF_SQL_RUNS_ON_V1 = Claim(
    "folder-of-sql-runs-on-v1",
    "On the line v1 a migration folder that holds only SQL is run, on old databases and new ones.",
    ("v1",),
)
GENERATE_REPEATS_UNKNOWN_CHANGES = Claim(
    "generate-repeats-unknown-changes",
    "generate knows only the snapshots: it makes a hand-written change a second time, and "
    "drizzle-kit check is content with both.",
    BOTH_LINES,
)
UNLISTED_SQL_TAKES_NO_NUMBER = Claim(
    "unlisted-sql-takes-no-number",
    "SQL that the journal does not list takes no number: generate gives the next migration the "
    "same one, migrate reports success, and where the names agree, generate writes over the file.",
)
REPEATED_CHANGE_FAILS = Claim(
    "repeated-change-fails",
    "Where the hand-written SQL was run, the generated migration that repeats it fails "
    "(duplicate column name, or 42701 on PostgreSQL) each time that a deployment runs it, and "
    "every migration after it waits.",
    BOTH_LINES,
)
HANDMADE_ENTRY_IS_REPEATED = Claim(
    "handmade-entry-is-repeated",
    "Hand-written SQL with an entry and without a snapshot is run; generate makes the same change "
    "again, and that migration fails.",
)
UNKNOWN_CHANGE_IS_SILENT = Claim(
    "unknown-change-is-silent",
    "After SQL by hand a database differs from schema, history and every fresh database: generate "
    "finds no changes, drizzle-kit check is content, and migrate reports success.",
    BOTH_LINES,
)
CUSTOM_MIGRATION_IS_HISTORY = Claim(
    "custom-migration-is-history",
    "`drizzle-kit generate --custom` makes a file of SQL that holds a comment alone, and its "
    "snapshot: what is written into it is run, generate finds no changes, and drizzle-kit check is "
    "content.",
    BOTH_LINES,
)

# The journal

MISSING_SQL_STOPS_START_UP = Claim(
    "missing-sql-stops-start-up",
    "An entry whose SQL file is missing stops the migrator with an error on every database, also "
    "where that migration was run; drizzle-kit check is content.",
)
REMOVED_ENTRY_IS_FORGOTTEN = Claim(
    "removed-entry-is-forgotten",
    "Without its entry a migration is not run on fresh databases; check and generate are content.",
)
WHEN_ALONE_IS_COMPARED = Claim(
    "when-alone-is-compared",
    "Of an entry that a database has run, the migrator compares `when` alone: under another name, "
    "number or SQL it is not run again there.",
)
RENAMED_RUNS_AGAIN_ON_V1 = Claim(
    "renamed-runs-again-on-v1",
    "The migrator of the line v1 compares names alone: a migration whose folder is renamed is run "
    "a second time, and fails (duplicate column name, or 42701 on PostgreSQL).",
    ("v1",),
)
OLDER_WHEN_IS_SKIPPED = Claim(
    "older-when-is-skipped",
    "The migrator runs an entry only if its `when` is above the newest that the database has "
    "run: an older or equal one is skipped for ever on existing databases, and run on fresh ones.",
)
RAISED_WHEN_RUNS_AGAIN = Claim(
    "raised-when-runs-again",
    "A migration whose `when` is raised above the newest that a database has run is run there a "
    "second time: duplicate column name, or 42701 on PostgreSQL.",
)
FUTURE_WHEN_BLOCKS_LATER = Claim(
    "future-when-blocks-later",
    "After an entry whose `when` lies in the future, a database skips every migration that is "
    "generated before that time; fresh databases run them.",
)
DUPLICATE_NUMBER_OVERWRITES_SNAPSHOT = Claim(
    "duplicate-number-overwrites-snapshot",
    "generate counts on from the last entry's `idx`: where two entries share one, it writes over "
    "a snapshot, and drizzle-kit check is content.",
)
MERGED_NUMBERS_REPEAT_A_CHANGE = Claim(
    "merged-numbers-repeat-a-change",
    "Two branches that generate under the same number share a snapshot file: where a merge keeps "
    "both entries, generate makes the change of one a second time, and that migration fails.",
)
MERGED_EARLIER_ENTRY_IS_SKIPPED = Claim(
    "merged-earlier-entry-is-skipped",
    "A migration that was generated before one that a database has run, and is merged after it, is "
    "skipped there, and run on fresh databases.",
)
ORDER_OF_ARRAY_ON_FRESH_DATABASES = Claim(
    "order-of-array-on-fresh-databases",
    "A fresh database runs the entries in the order of the array, whatever their numbers say.",
)
