"""The pages for agents, by the place in a checkout that they are written for."""

from __future__ import annotations

from plexus_rules.rule import Guide

#: The full guide, in the schema directory: it carries every rule.
SCHEMA = Guide("schema", "Drizzle schema", "{schema_dir}", budget=4096)

#: In each migrations directory: what may be touched there.
SQLITE_MIGRATIONS = Guide("sqlite-migrations", "SQLite migrations", "{sqlite_out}", budget=1200)
POSTGRES_MIGRATIONS = Guide(
    "postgres-migrations", "PostgreSQL migrations", "{postgresql_out}", budget=1200
)

#: Beside the database client: imports, the live database, types.
DATABASE_CODE = Guide("database-code", "Database code", "{database_dir}", budget=1200)

#: At the top of the repository: a short index of the others.
ROOT = Guide("root", "Drizzle rules", ".", budget=1200)

MIGRATIONS = (SQLITE_MIGRATIONS, POSTGRES_MIGRATIONS)

GUIDES = (SCHEMA, SQLITE_MIGRATIONS, POSTGRES_MIGRATIONS, DATABASE_CODE, ROOT)
