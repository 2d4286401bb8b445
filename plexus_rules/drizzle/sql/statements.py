"""The SQL of a migration, cut as the migrator cuts it, and then into statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from plexus_rules.drizzle.sql.masking import masked
from plexus_rules.finding import Range

BREAKPOINT = "--> statement-breakpoint"

_SPACE = " \t\n\r\f\v\ufeff"
_TOKEN = re.compile(f"[^{_SPACE}]")
_COMMENT = re.compile(r"--|/\*|#")
#: How the statements begin that hold other statements.
_WITH_BODY = re.compile(
    r"(?:explain\s+)?create\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|constraint)\s+)?"
    r"(trigger|function|procedure|rule)\b",
    re.IGNORECASE,
)
_END_OF_TRIGGER = re.compile(r";\s*end\s*(;)", re.IGNORECASE)
_NESTING = re.compile(r"\b(begin|case|end)\b|([()])|(;)", re.IGNORECASE)


class Statement(Struct, frozen=True):
    """One statement.

    Attributes:
        text: from its first token to its last, the semicolon left out.
        range: where that stands in the file.
        chunk: which part of the file it stands in, from 0: the migrator hands the database
            all between two breakpoints at once.
    """

    text: str
    range: Range
    chunk: int


def split(sql: str, dialect: str) -> tuple[Statement, ...]:
    """The statements of a migration, in order. Comments between them are left out.

    What a quoted text, a comment, a dollar-quoted body or the body of a trigger holds ends no
    statement. Text that never closes its quote is one statement to the end of its chunk.
    """
    places = _Places(sql)
    found: list[Statement] = []
    offset = 0
    for number, chunk in enumerate(sql.split(BREAKPOINT)):
        for start, end in stretches(chunk, dialect):
            where = places.range(offset + start, offset + end)
            found.append(Statement(chunk[start:end], where, number))
        offset += len(chunk) + len(BREAKPOINT)
    return tuple(found)


def stretches(chunk: str, dialect: str) -> Iterator[tuple[int, int]]:
    """Where each statement of a text starts and ends, without the semicolon."""
    text = chunk.rstrip(_SPACE)
    semicolon = text.find(";")
    if semicolon in (-1, len(text) - 1) and _COMMENT.search(text) is None:
        plain = text[:semicolon] if semicolon >= 0 else text  # as drizzle-kit writes it
    else:
        plain = ""
        yield from _cut(masked(text, dialect), dialect)
    if start_end := _stripped(plain, 0, len(plain)):
        yield start_end


def _cut(text: str, dialect: str) -> Iterator[tuple[int, int]]:
    """The statements of a text in which everything that is quoted or a comment is masked."""
    start = 0
    while first := _TOKEN.search(text, start):
        start = first.start()
        head = _WITH_BODY.match(text, start)
        end = _end(text, start, head[1].lower() if head else "", dialect)
        if found := _stripped(text, start, end):
            yield found
        start = end + 1


def _end(text: str, start: int, kind: str, dialect: str) -> int:
    """Where the semicolon of the statement stands that starts here, or the end of the text."""
    finder: Callable[[str, int], int] = _next_semicolon
    if kind == "trigger" and dialect == "sqlite":
        finder = _end_of_trigger
    elif kind in ("function", "procedure", "rule") and dialect == "postgresql":
        finder = _end_of_nested
    end = finder(text, start)
    return end if end >= 0 else len(text)


def _next_semicolon(text: str, start: int) -> int:
    return text.find(";", start)


def _end_of_trigger(text: str, start: int) -> int:
    """SQLite itself ends a trigger at the first ``; END ;``."""
    found = _END_OF_TRIGGER.search(text, start)
    return found.start(1) if found else -1


def _end_of_nested(text: str, start: int) -> int:
    """The first semicolon outside of ``( )`` and of a ``BEGIN ATOMIC … END``."""
    depth = 0
    for found in _NESTING.finditer(text, start):
        word, bracket, semicolon = found.groups()
        if semicolon and depth == 0:
            return found.start()
        if bracket == "(" or (word and word.lower() in ("begin", "case")):
            depth += 1
        elif bracket == ")" or word:
            depth = max(0, depth - 1)
    return -1


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A stretch without the white space at its ends; None where nothing is left."""
    part = text[start:end]
    inner = part.strip(_SPACE)
    if not inner:
        return None
    start += len(part) - len(part.lstrip(_SPACE))
    return start, start + len(inner)


class _Places:
    """Lines and columns of offsets that are asked for in rising order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._line = 1
        self._line_start = 0

    def range(self, start: int, end: int) -> Range:
        return Range(*self._place(start), *self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        newlines = self._text.count("\n", self._offset, offset)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rindex("\n", self._offset, offset) + 1
        self._offset = offset
        return self._line, offset - self._line_start + 1
