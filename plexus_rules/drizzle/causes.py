"""Names for what can be wrong, so that what several rules see of it becomes one finding."""

from __future__ import annotations

from plexus_rules.drizzle.database import Database
from plexus_rules.finding import Range


def migration_cause(database: Database, tag: str) -> str:
    """One migration: its SQL, its snapshot and its journal entry."""
    return f"migration {database.sql_path(tag)}"


def snapshot_cause(path: str) -> str:
    """One snapshot, whatever migration it belongs to."""
    return f"snapshot {path}"


def follows_cause(database: Database, tag: str) -> str:
    """What a migration follows on, as its idx, its number and its snapshot's prevId say."""
    return f"before {database.sql_path(tag)}"


def statement_cause(database: Database, tag: str, place: Range) -> str:
    """One statement of a migration."""
    return f"statement {database.sql_path(tag)}:{place.line}:{place.column}"


def column_cause(table: str, column: str) -> str:
    """One column of one table, in whatever dialect."""
    return f"column {table}.{column}"


def table_cause(table: str) -> str:
    """One table, in whatever dialect."""
    return f"table {table}"


def made_cause(database: Database, table: str, part: str, aspect: str) -> str:
    """One part of a table, or an enum, as the migrations of one database make it."""
    return f"{aspect} {table}.{part} of {database.journal_path}"
