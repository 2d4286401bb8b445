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
