"""The shape of a database: its tables with their columns, keys, indexes and references, its enums.

Tables are named as in :mod:`plexus_rules.drizzle.snapshot`: outside of the default database
schema with it, ``auth.users``. All texts of SQL stand as their source wrote them; what is equal
in another spelling is for :mod:`plexus_rules.drizzle.shapes.compare` to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field


class ColumnShape(Struct, frozen=True):
    """One column.

    Attributes:
        type: the type as SQL writes it: ``text``, ``varchar(20)``, ``role``, ``integer[]``.
        default: the default as SQL writes it: ``'x'``, ``now()``, ``true``; None without one.
        autoincrement: SQLite's ``AUTOINCREMENT``.
        generated: the expression of a generated column; None for others.
        identity: ``always`` or ``byDefault`` for an identity column of PostgreSQL.
    """

    name: str
    type: str
    not_null: bool = False
    default: str | None = None
    autoincrement: bool = False
    generated: str | None = None
    identity: str | None = None


class IndexShape(Struct, frozen=True):
    """One index. Its ``columns`` are names of columns, or expressions."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str | None = None
    method: str = ""


class ForeignKeyShape(Struct, frozen=True):
    """One reference of a table to another. ``name`` is empty where the source has none."""

    name: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"


class UniqueShape(Struct, frozen=True):
    """One unique constraint of PostgreSQL. In SQLite it is an index."""

    name: str
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False


class CheckShape(Struct, frozen=True):
    """One check constraint."""

    name: str
    expression: str


class TableShape(Struct, frozen=True):
    """One table. Its ``primary_key`` holds the columns, of a key of one column too."""

    name: str
    columns: Mapping[str, ColumnShape] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    indexes: Mapping[str, IndexShape] = field(default_factory=dict)
    foreign_keys: tuple[ForeignKeyShape, ...] = ()
    uniques: Mapping[str, UniqueShape] = field(default_factory=dict)
    checks: Mapping[str, CheckShape] = field(default_factory=dict)


class Shape(Struct, frozen=True):
    """A whole database. ``enums`` are the values of each enum, by its name, in order."""

    dialect: str
    tables: Mapping[str, TableShape] = field(default_factory=dict)
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Aspect(StrEnum):
    """What of a table two shapes disagree about."""

    TABLE = "table"
    COLUMN = "column"
    TYPE = "type"
    NOT_NULL = "NOT NULL"
    DEFAULT = "default"
    AUTOINCREMENT = "autoincrement"
    GENERATED = "generated column"
    IDENTITY = "identity"
    PRIMARY_KEY = "primary key"
    INDEX = "index"
    UNIQUE = "unique constraint"
    FOREIGN_KEY = "foreign key"
    CHECK = "check"
    ENUM = "enum"


class Difference(Struct, frozen=True):
    """One thing that two shapes disagree about.

    Attributes:
        table: the table; the enum's name where the aspect is ENUM.
        part: the column, index or constraint; empty where the table as a whole, its primary key,
            or an enum is meant.
        one, other: what each of them says, for people; None where it has no such thing.
    """

    table: str
    part: str
    aspect: Aspect
    one: str | None
    other: str | None
