"""Names in syntax trees."""

from __future__ import annotations

from plexus_rules.drizzle.shapes.snapshots import qualified
from plexus_rules.drizzle.sql.sqlparser import Node

_DEFAULT_SCHEMAS = {"postgresql": "public", "sqlite": "main"}
#: PostgreSQL cuts longer names.
_LONGEST_NAME = 63


def name_of(node: Node, dialect: str) -> str:
    """An identifier's name; PostgreSQL reads it in lower case where it is not quoted."""
    value: str = node["value"]
    return value.lower() if dialect == "postgresql" and node["quote_style"] is None else value


def names_of(nodes: Node, dialect: str) -> tuple[str, ...]:
    """The names of a list of identifiers."""
    return tuple(name_of(node, dialect) for node in nodes)


def object_name(parts: Node, dialect: str) -> str:
    """The name of a table, index or type, with its database schema if that is not the default."""
    names = [name_of(part["Identifier"], dialect) for part in parts[-2:]]
    if len(names) == 1 or names[0] == _DEFAULT_SCHEMAS.get(dialect):
        return names[-1]
    return qualified(names[1], names[0])


def in_schema_of(name: str, other: str) -> str:
    """A bare name that is given to something in the database schema of that."""
    schema, dot, _ = other.rpartition(".")
    return f"{schema}{dot}{name}"


def default_name(table: str, columns: tuple[str, ...], ending: str) -> str:
    """The name that PostgreSQL gives to a constraint that has none."""
    bare = table.rpartition(".")[2]
    return "_".join((bare, *columns, ending))[:_LONGEST_NAME]
