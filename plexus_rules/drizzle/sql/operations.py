"""What a statement of a migration does, as far as the schema and its rows are concerned.

Tables are named as in :mod:`plexus_rules.drizzle.shapes`. An ``ALTER TABLE`` with several
actions is several operations. Ranges are those of the migration's file.
"""

from __future__ import annotations

from msgspec import Struct

from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    IndexShape,
    TableShape,
    UniqueShape,
)
from plexus_rules.finding import Range


class CreateTable(Struct, frozen=True):
    """``CREATE TABLE``. ``if_not_exists``: does nothing where the table is there."""

    table: TableShape
    if_not_exists: bool = False


class DropTable(Struct, frozen=True):
    """``DROP TABLE``."""

    table: str
    if_exists: bool = False
    cascade: bool = False


class RenameTable(Struct, frozen=True):
    """``ALTER TABLE … RENAME TO``; also ``SET SCHEMA``, with the new name qualified."""

    table: str
    to: str


class AddColumn(Struct, frozen=True):
    """``ALTER TABLE … ADD COLUMN``, with the constraints that stand at the column."""

    table: str
    column: ColumnShape
    constraints: tuple[Constraint, ...] = ()
    if_not_exists: bool = False


class DropColumn(Struct, frozen=True):
    """``ALTER TABLE … DROP COLUMN``."""

    table: str
    column: str
    if_exists: bool = False
    cascade: bool = False


class RenameColumn(Struct, frozen=True):
    """``ALTER TABLE … RENAME COLUMN``."""

    table: str
    column: str
    to: str


class SetType(Struct, frozen=True):
    """``ALTER COLUMN … SET DATA TYPE``. ``using`` is the expression of a ``USING``."""

    table: str
    column: str
    type: str
    using: str | None = None


class SetDefault(Struct, frozen=True):
    """``ALTER COLUMN … SET DEFAULT`` and ``DROP DEFAULT`` (None)."""

    table: str
    column: str
    default: str | None


class SetNotNull(Struct, frozen=True):
    """``ALTER COLUMN … SET NOT NULL`` and ``DROP NOT NULL``."""

    table: str
    column: str
    not_null: bool


class SetIdentity(Struct, frozen=True):
    """``ALTER COLUMN … ADD GENERATED … AS IDENTITY``, ``SET GENERATED``, ``DROP IDENTITY``."""

    table: str
    column: str
    identity: str | None


class DropExpression(Struct, frozen=True):
    """``ALTER COLUMN … DROP EXPRESSION``: a generated column becomes an ordinary one."""

    table: str
    column: str


class RedefineColumn(Struct, frozen=True):
    """libSQL's ``ALTER COLUMN … TO``: the whole new definition of a column."""

    table: str
    column: str
    to: ColumnShape
    constraints: tuple[Constraint, ...] = ()


class PrimaryKeyConstraint(Struct, frozen=True):
    """A primary key; ``name`` is empty where none is given."""

    name: str
    columns: tuple[str, ...]


Constraint = PrimaryKeyConstraint | ForeignKeyShape | UniqueShape | CheckShape


class AddConstraint(Struct, frozen=True):
    """``ALTER TABLE … ADD CONSTRAINT``."""

    table: str
    constraint: Constraint


class DropConstraint(Struct, frozen=True):
    """``ALTER TABLE … DROP CONSTRAINT``."""

    table: str
    name: str
    if_exists: bool = False
    cascade: bool = False


class RenameConstraint(Struct, frozen=True):
    """``ALTER TABLE … RENAME CONSTRAINT``."""

    table: str
    name: str
    to: str


class CreateIndex(Struct, frozen=True):
    """``CREATE INDEX``."""

    table: str
    index: IndexShape
    if_not_exists: bool = False


class DropIndex(Struct, frozen=True):
    """``DROP INDEX``."""

    name: str
    if_exists: bool = False


class RenameIndex(Struct, frozen=True):
    """``ALTER INDEX … RENAME TO``."""

    name: str
    to: str


class CreateEnum(Struct, frozen=True):
    """``CREATE TYPE … AS ENUM``."""

    name: str
    values: tuple[str, ...]


class AddEnumValue(Struct, frozen=True):
    """``ALTER TYPE … ADD VALUE``. ``before`` and ``after`` name a neighbour."""

    name: str
    value: str
    before: str | None = None
    after: str | None = None
    if_not_exists: bool = False


class RenameEnumValue(Struct, frozen=True):
    """``ALTER TYPE … RENAME VALUE``."""

    name: str
    value: str
    to: str


class RenameType(Struct, frozen=True):
    """``ALTER TYPE … RENAME TO``; also ``SET SCHEMA``, with the new name qualified."""

    name: str
    to: str


class DropType(Struct, frozen=True):
    """``DROP TYPE``."""

    name: str
    if_exists: bool = False
    cascade: bool = False


class RenameSchema(Struct, frozen=True):
    """``ALTER SCHEMA … RENAME TO``: every table and type in it has a new name."""

    name: str
    to: str


class DropSchema(Struct, frozen=True):
    """``DROP SCHEMA``."""

    name: str
    if_exists: bool = False
    cascade: bool = False


class CopyRows(Struct, frozen=True):
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


class Pragma(Struct, frozen=True):
    """SQLite's ``PRAGMA name = value``; names and values in lower case."""

    name: str
    value: str


class Data(Struct, frozen=True):
    """A statement that reads or writes rows and changes no schema."""

    kind: str


class Other(Struct, frozen=True):
    """A statement that changes what no shape holds: a view, a policy, a sequence, a grant."""

    kind: str


class Unparsed(Struct, frozen=True):
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
    | DropExpression
    | RedefineColumn
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
    | RenameSchema
    | DropSchema
    | CopyRows
    | Pragma
    | Data
    | Other
    | Unparsed
)


class Located(Struct, frozen=True):
    """An operation, and where its statement stands in the file."""

    operation: Operation
    range: Range
