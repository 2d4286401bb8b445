"""A small project with two dialects, and changes of it recorded from the real drizzle-kit.

``files(ADD_COLUMN_BOTH)`` is the base project with that change laid over it. How each
step is made stands in :mod:`plexus_rules.samples.recipes`.
"""

from plexus_rules.samples.step import (
    BOTH,
    NEITHER,
    POSTGRES,
    SQLITE,
    Dialect,
    Step,
)
from plexus_rules.samples.store import NotRecordedError, Recorded, base, by_ci, files, recorded

# Columns

ADD_COLUMN_BOTH = Step("add_column_both", "Add a column in both dialects")
ADD_SECOND_COLUMN_BOTH = Step(
    "add_second_column_both", "Add one more column in both dialects", after=ADD_COLUMN_BOTH
)
ADD_OTHER_COLUMN_BOTH = Step(
    "add_other_column_both", "Add a column in both dialects, on another branch"
)
MERGE_OTHER_COLUMN_BOTH = Step(
    "merge_other_column_both",
    "Merge the other branch: keep the target's migrations, and generate the column again",
    after=ADD_COLUMN_BOTH,
)
ADD_COLUMN_SQLITE_ONLY_GENERATED = Step(
    "add_column_sqlite_only_generated",
    "Add a column in both dialects, generate for SQLite only",
    dialects=SQLITE,
)
ADD_COLUMN_PG_ONLY_GENERATED = Step(
    "add_column_pg_only_generated",
    "Add a column in both dialects, generate for PostgreSQL only",
    dialects=POSTGRES,
)
ADD_COLUMN_ONE_DIALECT = Step(
    "add_column_one_dialect", "Add a column in SQLite only", dialects=SQLITE
)
ADD_COLUMN_SCHEMA_ONLY = Step(
    "add_column_schema_only",
    "Add a column in both dialects, generate nothing",
    dialects=NEITHER,
)
ADD_COLUMN_TIMESTAMP_PREFIX = Step(
    "add_column_timestamp_prefix",
    "Add a column where migrations are numbered by timestamp",
)
ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH = Step(
    "add_columns_without_breakpoints_both",
    "Add two columns where the config turns breakpoints off",
)
ADD_REQUIRED_COLUMN_BOTH = Step(
    "add_required_column_both", "Add a column that is NOT NULL and has no default"
)
ADD_REQUIRED_COLUMN_WITH_DEFAULT_BOTH = Step(
    "add_required_column_with_default_both", "Add a column that is NOT NULL and has a default"
)
REQUIRE_COLUMN_BOTH = Step(
    "require_column_both", "Make a nullable column required in both dialects"
)
DROP_COLUMN_BOTH = Step("drop_column_both", "Drop a column in both dialects")

# Tables and indexes

ADD_TABLE_BOTH = Step("add_table_both", "Add a table in both dialects")
DROP_TABLE_BOTH = Step("drop_table_both", "Drop a table in both dialects")
UNEXPORT_TABLE_SQLITE = Step(
    "unexport_table_sqlite",
    "Stop exporting a table from the SQLite schema entry, and generate",
    dialects=SQLITE,
)
ADD_INDEX_BOTH = Step("add_index_both", "Add an index in both dialects")
ADD_CONSTRAINT_INDEX_ONLY = Step(
    "add_constraint_index_only", "Make two columns unique together in both dialects"
)

# Tables that SQLite has to build anew

REBUILD_PARENT_SQLITE = Step(
    "rebuild_parent_sqlite",
    "Change a default of a table that another references with ON DELETE CASCADE",
)
REBUILD_LEAF_SQLITE = Step(
    "rebuild_leaf_sqlite", "Make a column nullable in a table that no other references"
)
ADD_COLUMN_AFTER_REBUILD_BOTH = Step(
    "add_column_after_rebuild_both",
    "Add a column in a migration after the rebuild",
    after=REBUILD_LEAF_SQLITE,
)
REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE = Step(
    "rebuild_child_with_new_column_sqlite",
    "Make a column nullable and add another in one migration",
)

# PostgreSQL enums and types

ADD_ENUM_VALUE_PG = Step("add_enum_value_pg", "Add a value to a PostgreSQL enum", dialects=POSTGRES)
USE_ENUM_VALUE_PG = Step(
    "use_enum_value_pg",
    "Use the new enum value in the next migration",
    after=ADD_ENUM_VALUE_PG,
    dialects=POSTGRES,
)
ADD_COLUMN_WITH_NEW_ENUM_VALUE_BOTH = Step(
    "add_column_with_new_enum_value_both",
    "Add an enum value and a column that has it as its default, in one migration",
)
CHANGE_VARCHAR_LENGTH_PG = Step(
    "change_varchar_length_pg", "Change the length of a PostgreSQL varchar", dialects=POSTGRES
)
ENABLE_RLS_PG = Step(
    "enable_rls_pg", "Enable row-level security on a PostgreSQL table", dialects=POSTGRES
)
INT_TO_BOOLEAN_PG = Step(
    "int_to_boolean_pg", "Change a PostgreSQL column from integer to boolean", dialects=POSTGRES
)

# Histories

CUSTOM_MIGRATION_BOTH = Step(
    "custom_migration_both", "Change rows in a custom migration for both dialects"
)
EMPTY_CUSTOM_MIGRATION_BOTH = Step(
    "empty_custom_migration_both", "Generate a custom migration and leave it empty"
)
SQUASH_BOTH = Step("squash_both", "Delete both histories and generate them anew")

#: Every step above, in the order of this page.
ALL_STEPS: tuple[Step, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Step)
)

__all__ = [
    "ALL_STEPS",
    "BOTH",
    "NEITHER",
    "POSTGRES",
    "SQLITE",
    "Dialect",
    "NotRecordedError",
    "Recorded",
    "Step",
    "base",
    "by_ci",
    "files",
    "recorded",
]
