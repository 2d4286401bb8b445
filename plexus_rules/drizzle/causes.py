"""Names for what can be wrong, so that what several rules see of it becomes one finding."""

from __future__ import annotations

from plexus_rules.drizzle.database import Database


def migration_cause(database: Database, tag: str) -> str:
    """One migration: its SQL, its snapshot and its journal entry."""
    return f"migration {database.sql_path(tag)}"


def snapshot_cause(path: str) -> str:
    """One snapshot, whatever migration it belongs to."""
    return f"snapshot {path}"


def follows_cause(database: Database, tag: str) -> str:
    """What a migration follows on, as its idx, its number and its snapshot's prevId say."""
    return f"before {database.sql_path(tag)}"


def column_cause(table: str, column: str) -> str:
    """One column of one table, in whatever dialect."""
    return f"column {table}.{column}"


def table_cause(table: str) -> str:
    """One table, in whatever dialect."""
    return f"table {table}"
