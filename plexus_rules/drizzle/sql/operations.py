"""What a statement of a migration does, as far as the schema and its rows are concerned.

Tables are named as in :mod:`plexus_rules.drizzle.shapes`. An ``ALTER TABLE`` with several
actions is several operations. Ranges are those of the migration's file.
"""

from __future__ import annotations

from dataclasses import dataclass

from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    IndexShape,
    TableShape,
    UniqueShape,
)
from plexus_rules.finding import Range


@dataclass(frozen=True, slots=True)
class CreateTable:
    """``CREATE TABLE``. ``if_not_exists``: does nothing where the table is there."""

    table: TableShape
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropTable:
    """``DROP TABLE``."""

    table: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameTable:
    """``ALTER TABLE … RENAME TO``; also ``SET SCHEMA``, with the new name qualified."""

    table: str
    to: str


@dataclass(frozen=True, slots=True)
class AddColumn:
    """``ALTER TABLE … ADD COLUMN``, with the constraints that stand at the column."""

    table: str
    column: ColumnShape
    constraints: tuple[Constraint, ...] = ()
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropColumn:
    """``ALTER TABLE … DROP COLUMN``."""

    table: str
    column: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameColumn:
    """``ALTER TABLE … RENAME COLUMN``."""

    table: str
    column: str
    to: str


@dataclass(frozen=True, slots=True)
class SetType:
    """``ALTER COLUMN … SET DATA TYPE``. ``using`` is the expression of a ``USING``."""

    table: str
    column: str
    type: str
    using: str | None = None


@dataclass(frozen=True, slots=True)
class SetDefault:
    """``ALTER COLUMN … SET DEFAULT`` and ``DROP DEFAULT`` (None)."""

    table: str
    column: str
    default: str | None


@dataclass(frozen=True, slots=True)
class SetNotNull:
    """``ALTER COLUMN … SET NOT NULL`` and ``DROP NOT NULL``."""

    table: str
    column: str
    not_null: bool


@dataclass(frozen=True, slots=True)
class SetIdentity:
    """``ALTER COLUMN … ADD GENERATED … AS IDENTITY``, ``SET GENERATED``, ``DROP IDENTITY``."""

    table: str
    column: str
    identity: str | None


@dataclass(frozen=True, slots=True)
class PrimaryKeyConstraint:
    """A primary key; ``name`` is empty where none is given."""

    name: str
    columns: tuple[str, ...]


Constraint = PrimaryKeyConstraint | ForeignKeyShape | UniqueShape | CheckShape


@dataclass(frozen=True, slots=True)
class AddConstraint:
    """``ALTER TABLE … ADD CONSTRAINT``."""

    table: str
    constraint: Constraint


@dataclass(frozen=True, slots=True)
class DropConstraint:
    """``ALTER TABLE … DROP CONSTRAINT``."""

    table: str
    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class RenameConstraint:
    """``ALTER TABLE … RENAME CONSTRAINT``."""

    table: str
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """``CREATE INDEX``."""

    table: str
    index: IndexShape
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropIndex:
    """``DROP INDEX``."""

    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class RenameIndex:
    """``ALTER INDEX … RENAME TO``."""

    name: str
    to: str


@dataclass(frozen=True, slots=True)
class CreateEnum:
    """``CREATE TYPE … AS ENUM``."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddEnumValue:
    """``ALTER TYPE … ADD VALUE``. ``before`` and ``after`` name a neighbour."""

    name: str
    value: str
    before: str | None = None
    after: str | None = None
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class RenameEnumValue:
    """``ALTER TYPE … RENAME VALUE``."""

    name: str
    value: str
    to: str


@dataclass(frozen=True, slots=True)
class RenameType:
    """``ALTER TYPE … RENAME TO``; also ``SET SCHEMA``, with the new name qualified."""

    name: str
    to: str


@dataclass(frozen=True, slots=True)
class DropType:
    """``DROP TYPE``."""

    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class CopyRows:
    """``INSERT INTO … SELECT … FROM`` one table.

    Attributes:
        into: the table that rows go into, and ``columns`` the columns that are named for it.
        source: the table that they come from.
        selected: for each selected expression the bare or quoted name that it is, with whether
            it is quoted; None for any other expression.
    """

    into: str
    columns: tuple[str, ...]
    source: str
    selected: tuple[tuple[str, bool] | None, ...]


@dataclass(frozen=True, slots=True)
class Pragma:
    """SQLite's ``PRAGMA name = value``; names and values in lower case."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Data:
    """A statement that reads or writes rows and changes no schema."""

    kind: str


@dataclass(frozen=True, slots=True)
class Other:
    """A statement that changes what no shape holds: a view, a policy, a sequence, a grant."""

    kind: str


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A statement that the parser does not take. ``reason`` says why."""

    reason: str


Operation = (
    CreateTable
    | DropTable
    | RenameTable
    | AddColumn
    | DropColumn
    | RenameColumn
    | SetType
    | SetDefault
    | SetNotNull
    | SetIdentity
    | AddConstraint
    | DropConstraint
    | RenameConstraint
    | CreateIndex
    | DropIndex
    | RenameIndex
    | CreateEnum
    | AddEnumValue
    | RenameEnumValue
    | RenameType
    | DropType
    | CopyRows
    | Pragma
    | Data
    | Other
    | Unparsed
)


@dataclass(frozen=True, slots=True)
class Located:
    """An operation, and where its statement stands in the file."""

    operation: Operation
    range: Range
