"""What the bytes of a source file tell at a glance: what may be in it, without parsing it.

Most files hold nothing that a rule looks for. Never is too little told, now and then too much:
comments and strings are looked through as well.
"""

from __future__ import annotations

import re

from msgspec import Struct

from plexus_rules.drizzle.imports import possible_specifiers
from plexus_rules.drizzle.mention import mentions_tool
from plexus_rules.drizzle.places import is_aside, is_frontend, is_test

#: A type with fewer properties is no sign of a row.
FEWEST_PROPERTIES = 4
_LONGEST_BODY = 64 * 1024
_DECLARATIONS_OF_TYPES = (
    re.compile(rb"interface\s[^{};]{1,300}+\{"),
    re.compile(rb"type\s[^{};=]{1,300}+=[^{};=]{0,300}+\{"),
)
_BRACE = re.compile(rb"[{}]")
_PROPERTY = re.compile(rb"(?<![\w$])([A-Za-z_$][\w$]{0,200}+)[\"']?\??\s{0,20}:")
_GENERATED = re.compile(rb"@generated|auto-?generated|do not edit", re.IGNORECASE)

_KINDS = rb"(?:table|index|type|view|schema|sequence|trigger|policy)"
#: One for each verb: an expression that starts with a word is searched for much faster.
_STATEMENTS = tuple(
    re.compile(verb + rb"\s++(?:\w++\s++){0,4}?" + _KINDS + rb"\b")
    for verb in (b"create", b"alter", b"drop", b"rename")
)

#: What names the table that Drizzle's migrator keeps its records in.
MIGRATIONS_TABLE = b"migrationsTable"

_ROWS = (b"InferSelectModel", b"InferInsertModel", b"InferModel", b"$inferSelect", b"$inferInsert")
#: It stands in each of them.
_ROW = b"nfer"
# Every repetition is bounded: a hostile file must not make the search quadratic.
_EXPORTED_ROW = re.compile(
    rb"\bexport\s{1,20}+(?:declare\s{1,20}+)?(?:type\s[^;={]{0,200}+=|interface\s)[^;]{0,200}?"
    rb"(?:\bInfer(?:Select|Insert)?Model\b|\$infer(?:Select|Insert)\b)"
)


class Glance(Struct, frozen=True):
    """What may be in a source file.

    Attributes:
        specifiers: what it may import; None stands for one that must be parsed to be known.
        may_hold_ddl: whether the words of a statement that changes tables stand in it.
        names_records: whether it may name the table of the migrator's records.
        mentions_tool: whether it speaks of drizzle-kit, elsewhere than in comments of its own.
        exported_rows: how many row types it seems to infer from tables and export.
        object_types: for each object type that it may declare, the words that may name its
            properties; none for a file of the frontend, or that is generated.

    For a test DDL, rows and types are not looked for.
    """

    specifiers: frozenset[str | None]
    may_hold_ddl: bool
    names_records: bool
    mentions_tool: bool
    exported_rows: int = 0
    object_types: tuple[frozenset[str], ...] = ()


def glance(path: str, data: bytes) -> Glance:
    """Looks at a file of code."""
    specifiers = possible_specifiers(data)
    names_records, mentions = MIGRATIONS_TABLE in data, mentions_tool(path, data)
    if is_test(path):
        return Glance(specifiers, False, names_records, mentions)
    is_read = not is_aside(path)
    return Glance(
        specifiers,
        may_hold_ddl(data),
        names_records,
        mentions,
        _exported_rows(data) if is_read else 0,
        _object_types(data) if is_read and not is_frontend(path) else (),
    )


def may_hold_ddl(data: bytes) -> bool:
    """Whether the words of a statement that changes tables stand somewhere in a text."""
    lowered = data.lower()
    return any(statement.search(lowered) for statement in _STATEMENTS)


def _exported_rows(data: bytes) -> int:
    may_be = _ROW in data and any(word in data for word in _ROWS)
    return len(_EXPORTED_ROW.findall(data)) if may_be else 0


def _object_types(data: bytes) -> tuple[frozenset[str], ...]:
    found = possible_properties(data)
    return () if found and _GENERATED.search(data[:500]) else found


def possible_properties(data: bytes) -> tuple[frozenset[str], ...]:
    """For each object type that a file may declare, the words that may name its properties.

    Found without parsing: what is said in comments may be among them.
    """
    found: list[frozenset[str]] = []
    for pattern in _DECLARATIONS_OF_TYPES:
        for match in pattern.finditer(data):
            body = data[match.end() : _end_of_body(data, match.end())]
            if body.count(b":") >= FEWEST_PROPERTIES:
                words = {word.decode() for word in _PROPERTY.findall(body)}
                if len(words) >= FEWEST_PROPERTIES:
                    found.append(frozenset(words))
    return tuple(found)


def _end_of_body(data: bytes, at: int) -> int:
    """Where the brace closes that stands before an offset."""
    depth = 1
    for brace in _BRACE.finditer(data, at, at + _LONGEST_BODY):
        depth += 1 if brace[0] == b"{" else -1
        if depth == 0:
            return brace.start()
    return at + _LONGEST_BODY
