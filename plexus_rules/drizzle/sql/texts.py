"""Stretches of a statement's text: the syntax tree does not say how a type or default is written.

Everything here looks at *masked* text (see :mod:`plexus_rules.drizzle.sql.masking`), in which
only words, brackets and commas of the statement itself are left.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from plexus_rules.drizzle.sql.masking import masked

_PIECE = re.compile(r"[(\[]|[)\]]|,|[^\W\d][\w$]*")
_QUOTED_NAME = re.compile(r'"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]\d][^\]]*)\]')
_SPACE = re.compile(r"\s+")
_PUBLIC = re.compile(r'^(?:"public"|public)\s*\.\s*')
#: The words that begin an option of a column.
_OPTION_WORDS = (
    "constraint not null primary unique default generated references check collate"
    " autoincrement auto_increment as on comment"
)
_OPTIONS = frozenset(_OPTION_WORDS.split())
#: The rest of most columns: a type of one word, perhaps a simple default, and nothing to look into.
_PLAIN_COLUMN = re.compile(
    rf"\s+(?!(?:{_OPTION_WORDS.replace(' ', '|')})\b)([a-z]\w*(?:\(\d+\))?)"
    r"(?:\s+primary\s+key)?(?:\s+autoincrement)?"
    r"(?:\s+default\s+('[^'\\]*'|-?\d[\d.]*|true|false|now\(\)))?(?:\s+not\s+null)?\s*(?:[,)]|\Z)",
    re.IGNORECASE,
)

Stretch = tuple[int, int]


class Text:
    """The text of one statement, as it was given to the parser or at least as long as that."""

    def __init__(self, text: str, dialect: str) -> None:
        self.text = text
        self.dialect = dialect
        self._mask: str | None = None
        self._lines: list[int] | None = None

    @property
    def mask(self) -> str:
        if self._mask is None:
            self._mask = masked(self.text, self.dialect)
        return self._mask

    def offset(self, place: dict[str, int]) -> int:
        """Where a line and column of the syntax tree is."""
        line = place["line"]
        if line == 1:
            return place["column"] - 1
        if self._lines is None:
            ends = [m.end() for m in re.finditer("\n", self.text)]
            self._lines = [0, *ends]
        return self._lines[line - 1] + place["column"] - 1

    def said(self, stretch: Stretch) -> str:
        """The text of a stretch, without white space and comments at its ends."""
        start, end = stretch
        part = self.mask[start:end]
        start += len(part) - len(part.lstrip())
        return self.text[start : start + len(part.strip())]

    def plain_column(self, start: int) -> tuple[str, str | None] | None:
        """The type and the default of a simple column whose name ends at ``start``.

        None where it has more to it, or is written in another way.
        """
        found = _PLAIN_COLUMN.match(self.text, start)
        return (found[1].lower(), found[2]) if found else None

    def options(self, start: int) -> tuple[list[tuple[str, Stretch]], int]:
        """The options of a column whose name ends at ``start``, and where the column ends.

        Each has the word that begins it and the stretch that follows the word; the type comes
        first, with an empty word.
        """
        found: list[tuple[str, Stretch]] = []
        word, after, before = "", start, ""
        for piece, at, end in self.pieces(start):
            if piece == "," or piece == "":
                found.append((word, (after, at)))
                return found, at
            name = piece.lower()
            is_option = (
                name in _OPTIONS
                and before not in ("set", "by", "is")
                and not (word == "default" and name == "null" and self._is_blank(after, at))
            )
            if is_option:
                found.append((word, (after, at)))
                word, after = name, end
            before = name
        raise AssertionError("unreachable: the pieces end with one that is empty")

    def words(self, start: int, wanted: Collection[str]) -> dict[str, Stretch]:
        """What follows each of the wanted words, to the next of them, a comma or the end."""
        found: dict[str, Stretch] = {}
        word, after = "", start
        for piece, at, end in self.pieces(start):
            name = piece.lower()
            if piece in (",", "") or name in wanted:
                found.setdefault(word, (after, at))
                if piece in (",", ""):
                    return found
                word, after = name, end
        raise AssertionError("unreachable: the pieces end with one that is empty")

    def pieces(self, start: int) -> Iterator[tuple[str, int, int]]:
        """The words and commas from ``start`` on that stand in no bracket.

        An empty one ends them, where a bracket closes that was open before, or the text ends.
        """
        depth = 0
        for found in _PIECE.finditer(self.mask, start):
            piece = found.group()
            if piece in "([":
                depth += 1
            elif piece in ")]":
                depth -= 1
                if depth < 0:
                    yield "", found.start(), found.start()
                    return
            elif depth == 0:
                yield piece, found.start(), found.end()
        yield "", len(self.mask), len(self.mask)

    def brackets(self, start: int) -> Stretch:
        """What the first ``( )`` from ``start`` on holds; to the end where it is not closed."""
        opening = self.mask.find("(", start)
        inside = len(self.mask) if opening < 0 else opening + 1
        for piece, at, _ in self.pieces(inside):
            if piece == "":
                return inside, at
        raise AssertionError("unreachable: the pieces end with one that is empty")

    def listed(self, start: int) -> list[Stretch]:
        """The parts from ``start`` on, to the end of its bracket, between the commas."""
        parts: list[Stretch] = []
        for piece, at, end in self.pieces(start):
            if piece in (",", ""):
                parts.append((start, at))
                start = end
        return parts

    def _is_blank(self, start: int, end: int) -> bool:
        return not self.mask[start:end].strip()


def type_name(text: str) -> str:
    """A type as a snapshot writes it: words in lower case, names without their quotes."""
    if '"' not in text and "`" not in text:
        plain = text.lower()
    else:
        plain, end = "", 0
        for found in _QUOTED_NAME.finditer(text):
            name = next(group for group in found.groups() if group is not None)
            plain += text[end : found.start()].lower() + name.replace('""', '"')
            end = found.end()
        plain += text[end:].lower()
    plain = _PUBLIC.sub("", plain)
    return _SPACE.sub(" ", plain)
