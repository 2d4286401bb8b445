"""Reads statements as operations, with sqlparser-rs (``sqloxide``).

What a schema's shape does not hold is told by its first words and not parsed at all. What
drizzle-kit writes and the parser does not know is read in :mod:`plexus_rules.drizzle.sql.gaps`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from plexus_rules.drizzle.sql import alterations, gaps
from plexus_rules.drizzle.sql.copies import insert
from plexus_rules.drizzle.sql.operations import (
    AddColumn,
    CopyRows,
    Data,
    Located,
    Operation,
    Other,
    Pragma,
    RedefineColumn,
    Unparsed,
)
from plexus_rules.drizzle.sql.sqlparser import Node, NotParsed, syntax_tree
from plexus_rules.drizzle.sql.statements import Statement
from plexus_rules.drizzle.sql.tables import create_table
from plexus_rules.drizzle.sql.texts import Text

_HEAD = re.compile(
    r"(?:(create|alter|drop)\s+(?:or\s+replace\s+)?(?:(?:temp|temporary)\s+(?=view|trigger))?)?"
    r"([a-z]+)\b",
    re.IGNORECASE,
)
_PRAGMA = re.compile(
    r"pragma\s+(?:\w+\s*\.\s*)?(\w+)\s*(?:=\s*(.*)|\((.*)\))?\Z", re.IGNORECASE | re.DOTALL
)
_DATA_WORDS = "select with update delete values truncate copy merge table"
#: What can be created, altered or dropped without any table, index, enum or schema changing.
_OBJECT_WORDS = (
    "access aggregate cast collation constraint conversion database default domain event extension"
    " function group language materialized operator policy procedure publication role routine rule"
    " sequence server statistics subscription system tablespace text transform trigger user view"
    " virtual"
)
_COMMAND_WORDS = (
    "analyze attach begin checkpoint cluster comment commit deallocate detach discard end explain"
    " grant listen lock notify refresh reindex release reset revoke rollback savepoint security"
    " show start vacuum"
)
_DATA, _OBJECTS, _COMMANDS = (
    frozenset(words.split()) for words in (_DATA_WORDS, _OBJECT_WORDS, _COMMAND_WORDS)
)
_CODE = Unparsed("it is a block of code")
_SETS_PATH = re.compile(r"set\s+(?:local\s+|session\s+)?(?:search_path|schema)\b", re.IGNORECASE)


def parse(statements: Iterable[Statement], dialect: str) -> tuple[Located, ...]:
    """What the statements do, in order. One that cannot be parsed is ``Unparsed``."""
    return tuple(
        Located(operation, statement.range)
        for statement in statements
        for operation in operations_of(statement.text, dialect)
    )


def operations_of(text: str, dialect: str) -> Iterable[Operation]:
    """What one statement does: an ``ALTER TABLE`` with several actions is several operations."""
    head = _HEAD.match(text)
    verb, word = (head[1] or "", head[2].lower()) if head else ("", "")
    if verb and word in _OBJECTS:
        return (Other("view" if word == "materialized" else word),)
    if not verb and word in _DATA:
        return (Data(word),)
    if not verb and word in _COMMANDS:
        return (Other(word),)
    if word == "set":
        path = _SETS_PATH.match(text)
        return (Unparsed("it changes where names are looked up") if path else Other("set"),)
    if word == "pragma" and (pragma := _PRAGMA.match(text)):
        return (_pragma(pragma),)
    if word in ("insert", "replace"):
        found = tuple(_parsed(text, dialect)) if "select" in text.lower() else ()
        copies = found and isinstance(found[0], CopyRows)
        return found if copies else (Data(word),)
    if word == "do" and dialect == "postgresql":
        return _block(text)
    return tuple(_parsed(text, dialect))


def _block(text: str) -> Iterable[Operation]:
    """What a ``DO`` block does, if it does nothing but run statements."""
    found: list[Operation] = []
    for inner in gaps.block(text) or ["do"]:
        nested = inner[:2].lower() == "do"
        found += [_CODE] if nested else operations_of(inner, "postgresql")
    return (_CODE,) if any(isinstance(operation, Unparsed) for operation in found) else found


def _parsed(text: str, dialect: str) -> Iterator[Operation]:
    redefined = gaps.redefined(text) if dialect == "sqlite" else None
    name, form = redefined or ("", text)
    try:
        kind, node = _tree(form, dialect)
    except NotParsed as error:
        yield gaps.whole(text, dialect) or Unparsed(str(error))
        return
    for operation in _converted(kind, node, Text(text, dialect)):
        if redefined and isinstance(operation, AddColumn):
            yield RedefineColumn(operation.table, name, operation.column, operation.constraints)
        else:
            yield operation


def _tree(text: str, dialect: str) -> tuple[str, Node]:
    try:
        return syntax_tree(text, dialect)
    except NotParsed:
        simpler = gaps.simplified(text, dialect)
        if simpler is None:
            raise
        return syntax_tree(simpler, dialect)


def _converted(kind: str, node: Node, text: Text) -> Iterable[Operation]:
    convert = _CONVERTERS.get(kind)
    if convert is None:
        return (Unparsed(f"{kind} is no statement that is known"),)
    try:
        found = convert(node, text)
        # A form of the tree that is not expected shows here, and must not come out half read.
        return tuple(found) if isinstance(found, Iterator) else (found,)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration):
        return (Unparsed(f"{kind} in a form that is not known"),)


def _pragma(found: re.Match[str]) -> Pragma:
    value = (found[2] or found[3] or "").strip().strip("'\"").lower()
    return Pragma(found[1].lower(), value)


_CONVERTERS: dict[str, Callable[[Node, Text], Operation | Iterator[Operation]]] = {
    "AlterIndex": alterations.alter_index,
    "AlterSchema": alterations.alter_schema,
    "AlterTable": alterations.alter_table,
    "AlterType": alterations.alter_type,
    "CreateIndex": alterations.create_index,
    "CreateSchema": lambda _node, _text: Other("schema"),
    "CreateTable": create_table,
    "CreateType": alterations.create_type,
    "Drop": alterations.drop,
    "Insert": insert,
}
