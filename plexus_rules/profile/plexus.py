"""Plexus, as its schema guide describes it (commit 8bdf03fe)."""

from __future__ import annotations

from plexus_rules.profile.model import DatabaseNames, Profile

PLEXUS = Profile(
    project="Plexus",
    package="packages/backend",
    schema_dir="packages/backend/drizzle/schema",
    parent_index="packages/backend/drizzle/schema/index.ts",
    databases=(
        DatabaseNames(
            dialect="sqlite",
            config="packages/backend/drizzle.config.ts",
            schema_dir="packages/backend/drizzle/schema/sqlite",
            tables=("packages/backend/drizzle/schema/sqlite/",),
            out="packages/backend/drizzle/migrations",
            generate="bunx drizzle-kit generate",
            selected_by="PLEXUS_DB_TYPE=sqlite",
            default=True,
        ),
        DatabaseNames(
            dialect="postgresql",
            config="packages/backend/drizzle.config.pg.ts",
            schema_dir="packages/backend/drizzle/schema/postgres",
            tables=("packages/backend/drizzle/schema/postgres/",),
            out="packages/backend/drizzle/migrations_pg",
            generate="bunx drizzle-kit generate --config drizzle.config.pg.ts",
            selected_by="PLEXUS_DB_TYPE=postgres",
        ),
    ),
    generate=(
        "bunx drizzle-kit generate",
        "bunx drizzle-kit generate --config drizzle.config.pg.ts",
    ),
    client="packages/backend/src/db/client.ts",
    get_schema="getSchema",
    types_module="packages/backend/src/db/types.ts",
    generate_custom=(
        "bunx drizzle-kit generate --custom",
        "bunx drizzle-kit generate --config drizzle.config.pg.ts --custom",
    ),
    migrates_at_start=True,
)
