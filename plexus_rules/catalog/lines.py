"""The lines that guides carry, where several rules share one."""

from __future__ import annotations

from plexus_rules.rule import Line

LANDED_MIGRATIONS = Line(
    "Edit, rename or delete a landed migration, its snapshot or its journal entry. Add a newer "
    "one.",
    by_ci="Edit, rename or delete a landed migration, its snapshot or its journal entry. Change "
    "the schema again: the CI adds a newer one.",
)
HANDMADE_MIGRATIONS = Line(
    "Write migration SQL, a snapshot or `meta/_journal.json` by hand, or resolve a merge conflict "
    "in them: delete your migration and generate it again. SQL of your own: {generate_custom}.",
    fallback="Write migration SQL, a snapshot or `meta/_journal.json` by hand, or resolve a merge "
    "conflict in them: delete your migration and generate it again.",
    by_ci="Write migration SQL, a snapshot or `meta/_journal.json` by hand, or resolve a merge "
    "conflict in them: take the target branch's files. The CI generates yours after the merge.",
)
GENERATE_FOR_EVERY_DIALECT = Line(
    "Generate for every dialect with a schema change: {generate}{in_package}.",
    fallback="Generate for every dialect with a schema change, not for one of them.",
    by_ci="Change the schema of every dialect together: the CI generates for all of them.",
)
REVIEW_AND_COMMIT = Line(
    "Read the generated SQL, see its journal entry, and commit SQL, snapshots, journal and schema "
    "together.",
    by_ci="Read the SQL that you generate to try a change, and commit the schema alone: the CI "
    "generates what is kept.",
)
LIVE_DATABASE = Line(
    "Change tables by SQL in code, by `drizzle-kit push` or in a console, on a live database least "
    "of all: migrations do it."
)
TEST_FIRST = Line(
    "Test migrations in development or staging, on a copy of real rows, before production."
)
PARENT_INDEX = Line(
    "Import `{parent_index}` in code: it does not choose by dialect. Use `{get_schema}()` of "
    "`{client}`.",
    fallback="Import `{parent_index}` in code: it does not choose by dialect.",
)
ONE_DIALECT_IMPORT = Line(
    "Import one dialect's tables in code that serves both. A module of one dialect, named so, "
    "imports `{sqlite_dir}` or `{postgresql_dir}`.",
    fallback="Import one dialect's tables in code that serves both: take those of the dialect in "
    "use.",
)
SAME_TABLES = Line(
    "Declare a table in {sqlite_tables} with sqlite-core and in {postgresql_tables} with pg-core: "
    "the same names and columns.",
    fallback="Declare a table in its dialect's directory, with that dialect's core, and give the "
    "dialects the same columns.",
)
EXPORT_TABLES = Line("Export each table from the schema file that the dialect's config names.")
ONLY_CODE_IN_SCHEMA = Line(
    "Put notes or data into a directory that a drizzle config loads as its schema."
)
SQLITE_REBUILDS = Line(
    "Rebuild a SQLite table that others reference with foreign keys on, or with a new column."
)
REQUIRED_COLUMNS = Line(
    "Make a column NOT NULL without a default where a table has rows: fill it first."
)
DROPS = Line("Drop a table or a column that deployed code still uses, or that no backup holds.")
BREAKPOINTS = Line(
    "Leave a migration empty, or two statements of it without `--> statement-breakpoint` between."
)
ENUM_VALUES_AND_TYPES = Line(
    "Use a new PostgreSQL enum value in the release that adds it; change a type without `USING`."
)
ROW_TYPES = Line(
    "Inferred types (`InferSelectModel`, `InferInsertModel` of drizzle-orm) rather than row types "
    "by hand; those that are inferred are in `{types_module}`.",
    fallback="Inferred types (`InferSelectModel`, `InferInsertModel` of drizzle-orm) rather than "
    "row types by hand.",
)
