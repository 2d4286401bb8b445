"""Two dialects, live databases, types, commits and the guides."""

from __future__ import annotations

from plexus_rules.rule import BOTH_LINES, Claim

# Two dialects

MISSING_COLUMN_FAILS_EVERY_QUERY = Claim(
    "missing-column-fails-every-query",
    "Drizzle's select() of a table and insert name every column: without the migration that adds "
    "one both fail (42703 on PostgreSQL). With bun:sqlite select() does not fail: it gives the "
    "column's name as its value in every row.",
    BOTH_LINES,
)
CHECK_READS_NO_SCHEMA = Claim(
    "check-reads-no-schema",
    "drizzle-kit check is content with a schema that no migration makes: generate has something to "
    "make there.",
)
ONE_DIALECT_GENERATE_EXITS_ZERO = Claim(
    "one-dialect-generate-exits-zero",
    "generate reads one config: the other dialect gets no migration, and nothing reports that: "
    "generate exits 0, and drizzle-kit check is content with the other dialect.",
)
ENTRY_DECIDES_THE_DIALECT = Claim(
    "entry-decides-the-dialect",
    "A table built with another dialect's core is not seen by generate for this one.",
    BOTH_LINES,
)
PARENT_INDEX_IS_SQLITE = Claim(
    "parent-index-is-sqlite",
    "Where the client has SQLite's type for both dialects, TypeScript lets code use SQLite's "
    "tables on PostgreSQL, too. A client of PostgreSQL's own type refuses them.",
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
    "filter on it is a syntax error; where it lacks a table, select and insert on that throw.",
    BOTH_LINES,
)

# Live databases

LIVE_CHANGE_FAILS_LATER = Claim(
    "live-change-fails-later",
    "A column added to a live database by hand makes the migration that adds it fail there "
    "(duplicate column name, or 42701 on PostgreSQL); where nothing was done by hand it passes.",
    BOTH_LINES,
)
PUSH_LEAVES_NO_MIGRATION = Claim(
    "push-leaves-no-migration",
    "push changes a database and leaves no migration: the one that is generated afterwards fails "
    "there, since the column or table exists.",
    BOTH_LINES,
)
PUSHED_CHANGE_IS_SILENT = Claim(
    "pushed-change-is-silent",
    "After a push the database has what no migration makes: drizzle-kit check is content, and "
    "migrate reports success.",
)
EMPTY_DATABASE_HIDES_SKIPS = Claim(
    "empty-database-hides-skips",
    "A fresh database runs every entry, on no rows: what an existing one skips, or refuses because "
    "of its rows, does not show there.",
)

# Types

HANDWRITTEN_TYPES_GO_STALE = Claim(
    "handwritten-types-go-stale",
    "InferSelectModel and InferInsertModel follow the schema: when a column goes, code that uses "
    "it no longer compiles. With a type written by hand it does.",
    BOTH_LINES,
)

# What belongs in a commit

PARTIAL_COMMIT_BREAKS_OTHERS = Claim(
    "partial-commit-breaks-others",
    "SQL, snapshot and journal work only together: without the entry the SQL never runs, without "
    "the SQL the migrator fails, without the snapshot the next generate repeats it.",
)
GENERATED_SQL_CAN_BE_WRONG = Claim(
    "generated-sql-can-be-wrong",
    "drizzle-kit can generate SQL that loses rows where foreign keys are on, or that fails on a "
    "table with rows, and drizzle-kit check is content with it.",
    BOTH_LINES,
)

# The guides themselves

GUIDE_ENDS_WITH_BOTH_MIGRATED = Claim(
    "guide-ends-with-both-migrated",
    "The steps of the guide, followed word by word, end with the databases of both dialects "
    "migrated and plexus-rules check silent; before the last generate it fails.",
)
GUIDES_DISTURB_NOTHING = Claim(
    "guides-disturb-nothing",
    "Where plexus-rules writes a guide, it disturbs neither generate nor the migrator; inside a "
    "directory that a config loads as its schema, a Markdown file stops generate.",
)
