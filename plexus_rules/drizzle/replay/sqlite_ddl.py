"""The statements that make a table of SQLite out of its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plexus_rules.drizzle.replay.tokens import quoted
from plexus_rules.drizzle.shapes.model import ColumnShape, IndexShape, TableShape


def statements(table: TableShape) -> Iterator[str]:
    """The ``CREATE TABLE`` of a table, and those of its indexes."""
    inline = next((c.name for c in table.columns.values() if c.autoincrement), None)
    listed = [_column(column, is_key=column.name == inline) for column in table.columns.values()]
    if table.primary_key and inline is None:
        listed.append(f"PRIMARY KEY ({_names(table.primary_key)})")
    listed += (
        f"FOREIGN KEY ({_names(key.columns)}) REFERENCES {quoted(key.to_table)} "
        f"({_names(key.to_columns)}) ON DELETE {key.on_delete} ON UPDATE {key.on_update}"
        for key in table.foreign_keys
    )
    listed += (
        f"CONSTRAINT {quoted(check.name)} CHECK ({check.expression})"
        for check in table.checks.values()
    )
    yield f"CREATE TABLE {quoted(table.name)} ({', '.join(listed)})"
    for index in table.indexes.values():
        yield _index(table, index)


def _column(column: ColumnShape, is_key: bool) -> str:
    words = [quoted(column.name), column.type]
    if is_key:
        words.append("PRIMARY KEY AUTOINCREMENT")
    if column.default is not None:
        words.append(f"DEFAULT {column.default}")
    if column.generated is not None:
        words.append(f"GENERATED ALWAYS AS ({column.generated})")
    if column.not_null:
        words.append("NOT NULL")
    return " ".join(words)


def _index(table: TableShape, index: IndexShape) -> str:
    unique = "UNIQUE " if index.unique else ""
    where = f" WHERE {index.where}" if index.where else ""
    columns = ", ".join(quoted(c) if c in table.columns else c for c in index.columns)
    return f"CREATE {unique}INDEX {quoted(index.name)} ON {quoted(table.name)} ({columns}){where}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names))
