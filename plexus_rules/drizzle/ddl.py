"""Recognises statements that change what tables there are: CREATE, ALTER, DROP, RENAME.

This is no SQL parser. A statement counts when its first words are those of such a
statement; whatever else a text says is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from plexus_rules.drizzle.texts import HOLE

#: A longer text was not written by a person.
MAX_LENGTH = 2 * 1024 * 1024

_NAME = rf"(?:\"[^\"\n]{{1,200}}+\"|`[^`\n]{{1,200}}+`|\[[^\]\n]{{1,200}}+\]|[\w${HOLE}]{{1,200}}+)"
_FULL = rf"{_NAME}(?:\s{{0,9}}+\.\s{{0,9}}+{_NAME}){{0,2}}+"
_IF = r"(?:if\s++(?:not\s++)?exists\s++)?+"
_TABLE_CHANGES = (
    r"add|alter|attach|change|cluster|convert|detach|disable|drop|enable|force|inherit|modify|no"
    r"|owner|rename|replica|reset|set|validate"
)
_KINDS = r"(?:materialized\s++view|index|policy|schema|sequence|table|trigger|type|view)"
#: The starts of statements, by their first word, and by what a ``CREATE`` makes.
_HEADS = {
    "create table": rf"""
        create\s++(?P<temp>(?:(?:global|local)\s++)?+temp(?:orary)?\s++|unlogged\s++)?+
            (?P<table>table)\s++{_IF}(?P<name_1>{_FULL})\s*+(?:\(|as\b|like\b|using\b|partition\b|{HOLE})
        | create\s++(?P<virtual>virtual\s++table)\s++{_IF}(?P<name_2>{_FULL})\s++using\b
        """,
    "create index": rf"""
        create\s++(?:unique\s++)?+(?P<index>index)\s++(?:concurrently\s++)?+{_IF}
            (?:(?!on\s)(?P<name_3>{_FULL})\s++)?+on\s++(?:only\s++)?+(?P<on>{_FULL})
        """,
    "create view": rf"""
        create\s++(?:or\s++replace\s++)?+(?P<temp_view>temp(?:orary)?\s++)?+(?:recursive\s++)?+
            (?P<view>(?:materialized\s++)?+view)\s++{_IF}(?P<name_4>{_FULL})\s*+(?:\(|as\b|with\b|{HOLE})
        """,
    **{
        f"create {kind}": rf"""
        create\s++(?P<type>{kind})\s++(?P<name_5>{_FULL})\s++(?:as\b|on\b|\()
        """
        for kind in ("type", "policy")
    },
    "create schema": rf"""
        create\s++(?P<schema>schema)\s++{_IF}(?P<name_6>{_FULL})\s*+(?:;|$|authorization\b)
        """,
    "create sequence": rf"""
        create\s++(?P<sequence>sequence)\s++{_IF}(?P<name_7>{_FULL})
        """,
    "create trigger": rf"""
        create\s++(?:or\s++replace\s++)?+(?:constraint\s++)?+
            (?P<temp_trigger>temp(?:orary)?\s++)?+
            (?P<trigger>trigger)\s++{_IF}(?P<name_8>{_FULL})\s++(?:after|before|instead)\b
        """,
    "alter": rf"""
        alter\s++(?P<altered_table>table)\s++{_IF}(?:only\s++)?+(?P<name_9>{_FULL})\s*+\*?\s*+
            (?:(?:{_TABLE_CHANGES})\b|{HOLE})
        | alter\s++(?P<altered>{_KINDS})\s++{_IF}(?P<name_10>{_FULL})\s++
            (?:add|alter|drop|owner|rename|reset|restart|set)\b
        """,
    "drop": rf"""
        drop\s++(?P<dropped>{_KINDS})\s++(?:concurrently\s++)?+{_IF}(?P<name_11>{_FULL})
            \s*+(?:;|,|$|{HOLE}|cascade\b|restrict\b|on\b)
        """,
    "rename": rf"""
        rename\s++(?P<renamed>table)\s++(?P<name_12>{_FULL})\s++to\b
        """,
}
_VERB = re.compile(
    r"(create)\s++(?:(?:constraint|global|local|materialized|or|recursive|replace|temp|temporary"
    r"|unique|unlogged|virtual)\s++)*+"
    r"(table|index|view|type|policy|schema|sequence|trigger)\s|(alter|drop|rename)\s",
    re.IGNORECASE,
)
_SPACE = re.compile(r"(?:\s++|;|--[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)++")
_REST = re.compile(
    r"[^;'\"`$/-]++|'(?:[^']|'')*+'|\"[^\"]*+\"|`[^`]*+`|--[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/|[^;]"
)
_DOLLAR = re.compile(r"\$\w{0,40}+\$")
_DO = re.compile(r"do\b(?:\s++language\s++\w++)?+\s*+(?=\$)", re.IGNORECASE)
_BLOCK_WORD = re.compile(r"(?:begin|declare|else|loop|then)\s++", re.IGNORECASE)
_MOST_DOLLARS = 100


class Ddl(Struct, frozen=True):
    """One statement.

    Attributes:
        verb: ``CREATE``, ``ALTER``, ``DROP`` or ``RENAME``.
        kind: ``TABLE``, ``INDEX``, …
        name: what it is about, without quotes; its parts may hold a ``HOLE``.
        table: the table that an index, a policy or a trigger is on, as far as it is read.
        is_temporary: whether what it creates is gone when the connection is closed.
        start: the offset of its first word.
        end: the offset after its name.
    """

    verb: str
    kind: str
    name: tuple[str, ...]
    table: tuple[str, ...]
    is_temporary: bool
    start: int
    end: int


def ddl_statements(text: str) -> Iterator[Ddl]:
    """The statements of a text that change what tables there are."""
    text = text[:MAX_LENGTH]
    at, end = 0, len(text)
    dollars = 0
    while at < end:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        found = _statement(text, at)
        if found is not None:
            yield found
            at = found.end
        block = _DO.match(text, at)
        while at < end and text[at] != ";":
            tag = _DOLLAR.match(text, at) if dollars < _MOST_DOLLARS else None
            close = text.find(tag.group(), tag.end()) if tag else -1
            if tag is not None and close >= 0:
                if block is not None:
                    yield from _in_block(text, tag.end(), close)
                at = close + tag.end() - tag.start()
                continue
            dollars += tag is not None
            rest = _REST.match(text, at)
            at = rest.end() if rest else at + 1


def _in_block(text: str, start: int, end: int) -> Iterator[Ddl]:
    """The statements in the body of a ``DO`` block."""
    at = start
    while at < end:
        space = _SPACE.match(text, at, end)
        at = space.end() if space else at
        found = _statement(text, at, end)
        if found is not None:
            yield found
            at = found.end
        word = _BLOCK_WORD.match(text, at, end)
        if word is not None:
            at = word.end()
            continue
        while at < end and text[at] != ";":
            if _BLOCK_WORD.match(text, at, end) and not text[at - 1].isalnum():
                break
            rest = _BLOCK_REST.match(text, at, end)
            at = rest.end() if rest else at + 1


_BLOCK_REST = re.compile(r"\w++|'(?:[^']|'')*+'|\"[^\"]*+\"|--[^\n]*+|[^\w;]")


@cache
def _head(words: str) -> re.Pattern[str]:
    """The starts of some statements. They are large: most programs need few, or none."""
    return re.compile(_HEADS[words], re.IGNORECASE | re.VERBOSE)


def _statement(text: str, at: int, end: int = MAX_LENGTH) -> Ddl | None:
    end = min(end, len(text))
    verb = _VERB.match(text, at, end)
    words = " ".join(filter(None, verb.groups())).lower() if verb else ""
    match = _head(words).match(text, at, end) if words else None
    if match is None:
        return None
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    name_group = next((name for name in groups if name.startswith("name_")), "on")
    kind = next(groups[name] for name in _KIND_GROUPS if name in groups)
    temporary = groups.get("temp", groups.get("temp_view", groups.get("temp_trigger", "")))
    return Ddl(
        verb=text[at : at + 6].split(None, 1)[0].upper(),
        kind=" ".join(kind.split()).upper(),
        name=_parts(groups.get(name_group, "")),
        table=_parts(groups.get("on", "")),
        is_temporary="temp" in temporary.lower(),
        start=at,
        end=match.end(name_group),
    )


_KIND_GROUPS = (
    *("table", "virtual", "index", "view", "type", "schema", "sequence", "trigger"),
    *("altered_table", "altered", "dropped", "renamed"),
)
_PART = re.compile(_NAME)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.group().strip('"`[]') for part in _PART.finditer(name))
