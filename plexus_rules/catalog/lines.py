"""The lines that guides carry, where several rules share one."""

from __future__ import annotations

from plexus_rules.rule import Line

LANDED_MIGRATIONS = Line(
    "Edit, rename or delete a landed migration, its snapshot or its journal entry. Add a newer one."
)
HANDMADE_MIGRATIONS = Line(
    "Write migration SQL, a snapshot or `meta/_journal.json` by hand, or resolve a merge conflict "
    "in them: delete your migration and generate it again. SQL of your own: "
    "`drizzle-kit generate --custom`."
)
PARENT_INDEX = Line(
    "Import `{parent_index}` in code: it gives the SQLite tables, whatever the dialect. Use "
    "`{get_schema}()` of `{client}`.",
)
ONE_DIALECT_IMPORT = Line(
    "Import one dialect's tables in code that serves both. A module of one dialect, named so, "
    "imports `{sqlite_dir}` or `{postgresql_dir}`.",
    fallback="Import one dialect's tables in code that serves both: take those of the dialect in "
    "use.",
)
SAME_TABLES = Line(
    "Declare a table in `{sqlite_dir}/` with sqlite-core and in `{postgresql_dir}/` with pg-core: "
    "the same names and columns.",
    fallback="Declare a table in its dialect's directory, with that dialect's core, and give the "
    "dialects the same columns.",
)
ROW_TYPES = Line(
    "`InferSelectModel` and `InferInsertModel` of drizzle-orm, as in `{types_module}`, to row "
    "types written by hand.",
    fallback="`InferSelectModel` and `InferInsertModel` of drizzle-orm to row types written by "
    "hand.",
)
