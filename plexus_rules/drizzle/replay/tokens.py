"""The tokens of a statement of SQLite: enough to read what its catalogue keeps as text only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod

from msgspec import Struct

_TOKEN = re.compile(
    r"""
    (?P<space>\s++|--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)
    |(?P<string>'(?:[^']|'')*+'?)
    |(?P<quoted>"(?:[^"]|"")*+"?|`(?:[^`]|``)*+`?|\[[^\]]*+\]?)
    |(?P<word>[^\W\d][\w$]*+)
    |(?P<other>[\d.][\w.]*+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


_WORDS = re.compile(r"([^\W\d]\w*)|\S")


class Token(Struct, frozen=True):
    """One token. ``text`` of a quoted name is the name, of a word that is none the word.

    ``kind`` is ``string``, ``quoted``, ``word`` or ``other``.
    """

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, given in lower case."""
        return self.kind == "word" and self.text.lower() in words

    @property
    def is_opening(self) -> bool:
        """Whether it is a ``(``."""
        return self.kind == "other" and self.text == "("

    @property
    def name(self) -> str | None:
        """The name that it is; None for another token."""
        return self.text if self.kind in ("word", "quoted") else None


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a statement, comments and white space left out."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind is not None and kind != "space":
            value = found.group()
            value = unquoted(value) if kind == "quoted" else value
            yield Token(kind, value, *found.span())


def first_words(text: str, count: int = 3) -> tuple[str, ...]:
    """The words that a statement begins with, in lower case; empty for a token that is none."""
    words: list[str] = []
    for found in islice(_WORDS.finditer(text), count):
        if found[0] in "-/":  # most likely a comment
            slowly = islice(tokens(text), count)
            return tuple(t.text.lower() if t.kind == "word" else "" for t in slowly)
        words.append((found[1] or "").lower())
    return tuple(words)


def without_comments(text: str, items: Sequence[Token]) -> str:
    """The text of some tokens of a statement, with a space for all that stood between two."""
    pieces: list[str] = []
    end = items[0].start if items else 0
    for token in items:
        pieces.append(" " if token.start > end else "")
        pieces.append(text[token.start : token.end])
        end = token.end
    return "".join(pieces)


def unquoted(name: str) -> str:
    """A name without its quotation marks."""
    opening = name[:1]
    if opening not in ('"', "`", "["):
        return name
    closing = "]" if opening == "[" else opening
    inner = name[1:].removesuffix(closing)
    return inner if opening == "[" else inner.replace(opening * 2, opening)


def quoted(name: str) -> str:
    """A name as a statement can always write it."""
    return '"' + name.replace('"', '""') + '"'


def group_end(items: Sequence[Token], start: int) -> int:
    """The position of the ``)`` that closes the ``(`` at ``start``; of the end without one."""
    depth = 0
    for position in range(start, len(items)):
        token = items[position]
        if token.kind == "other":
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return position
    return len(items)


def parts(items: Sequence[Token], start: int, end: int) -> Iterator[Sequence[Token]]:
    """The stretches between the commas of a list that stands between two positions."""
    begin, depth = start, 0
    for position in range(start, end):
        token = items[position]
        if token.kind == "other":
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and depth == 0:
                yield items[begin:position]
                begin = position + 1
    if begin < end:
        yield items[begin:end]


def unfolded(items: Sequence[Token]) -> int:
    """How many queries, at most, become of a statement when its ``WITH`` tables are put in.

    SQLite puts a table of ``WITH`` in at each place that names it: few lines can double many
    times.
    """
    uses = Counter(_plain(token) for token in items)
    tables = set()
    openings: list[int] = []
    before: dict[int, int] = {}
    for position, token in enumerate(items):
        if token.kind != "other":
            continue
        if token.text == "(":
            openings.append(position)
        elif token.text == ")" and openings:
            before[position] = openings.pop() - 1
    for position in range(1, len(items) - 1):
        after = items[position + 1]
        if items[position].is_word("as") and (
            after.text == "(" or after.is_word("not", "materialized")
        ):
            tables.add(_plain(items[before.get(position - 1, position - 1)]))
    return prod(max(1, uses[name] - 1) for name in tables)


def _plain(token: Token) -> str:
    return token.text.strip("'").lower()
