"""Names for what can be wrong, so that what several rules see of it becomes one finding."""

from __future__ import annotations

from plexus_rules.drizzle.database import Database


def migration_cause(database: Database, tag: str) -> str:
    """One migration: its SQL, its snapshot and its journal entry."""
    return f"migration {database.sql_path(tag)}"


def journal_cause(database: Database) -> str:
    """The order and the numbers of a journal's entries."""
    return f"order of {database.journal_path}"


def column_cause(table: str, column: str) -> str:
    """One column of one table, in whatever dialect."""
    return f"column {table}.{column}"


def table_cause(table: str) -> str:
    """One table, in whatever dialect."""
    return f"table {table}"
