"""Texts of the source, with the places that give their parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.typescript import SourceFile
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node

#: Stands in a text for a part that is only known when the program runs.
HOLE = "\ufffc"


class _Piece(Struct, frozen=True):
    """A part of a text: from an offset on, the source from a byte on, or one expression's value."""

    start: int
    source: SourceFile
    byte: int
    end_byte: int
    is_verbatim: bool


class Text(Struct, frozen=True):
    """A text, and the places in the source that give its parts.

    Attributes:
        value: the text, with a ``HOLE`` for each part that is not known.
        origin: where it is written, if not where it is used.
    """

    value: str
    _pieces: tuple[_Piece, ...]
    origin: tuple[str, Range] | None = None

    def range(self, start: int, end: int) -> Range:
        """Where a part of the text stands."""
        first, last = self._piece(start), self._piece(max(end - 1, start))
        if first.source is not last.source:
            last = first
        begin, stop = first.byte, last.end_byte
        if first.is_verbatim:
            begin += len(self.value[first.start : start].encode("utf-8", "surrogatepass"))
        if last.is_verbatim:
            stop = last.byte
            stop += len(self.value[last.start : end].encode("utf-8", "surrogatepass"))
        return first.source.span(begin, max(stop, begin))

    def _piece(self, offset: int) -> _Piece:
        found = self._pieces[0]
        for piece in self._pieces:
            if piece.start > offset:
                break
            found = piece
        return found


def joined(texts: Sequence[Text], separator: str) -> Text:
    """Several texts as one."""
    pieces: list[_Piece] = []
    values: list[str] = []
    length = 0
    for text in texts:
        pieces += [replace(piece, start=piece.start + length) for piece in text._pieces]
        values.append(text.value)
        length += len(text.value) + len(separator)
    return Text(separator.join(values), tuple(pieces))


def choices(parts: Sequence[Sequence[Text]], most: int) -> list[tuple[Text, ...]]:
    """Every way to take one text of each part; of too many the parts with several are holes."""
    count = 1
    for part in parts:
        count *= len(part)
    if count > most:
        parts = [part if len(part) < 2 else (_blurred(part[0]),) for part in parts]
    return list(product(*parts))


def _blurred(text: Text) -> Text:
    return Text(HOLE, (replace(text._pieces[0], start=0, is_verbatim=False),))


def verbatim(source: SourceFile, start: int, end: int) -> Text:
    """A part of the source as it is written."""
    value = source.data[start:end].decode("utf-8", "replace")
    return Text(value, (_Piece(0, source, start, end, True),))


def single(
    source: SourceFile, node: Node, value: str, origin: tuple[str, Range] | None = None
) -> Text:
    """A text that one expression gives as a whole."""
    return Text(value, (_Piece(0, source, node.start_byte, node.end_byte, False),), origin)


def hole(source: SourceFile, node: Node) -> Text:
    """The text of an expression of which nothing is known."""
    return single(source, node, HOLE)
