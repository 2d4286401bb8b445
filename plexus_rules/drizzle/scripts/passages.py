"""Texts for a shell inside of a file, and where their characters stand in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from plexus_rules.drizzle.scripts.shell import from_words, simple_commands
from plexus_rules.drizzle.scripts.words import Simple, Word
from plexus_rules.finding import WHOLE_FILE, Range


class Lines:
    """The text of a file, and the lines and columns of its offsets."""

    def __init__(self, data: bytes) -> None:
        self.text = data.decode("utf-8", "replace").removeprefix("\ufeff")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        while (found := self.text.find("\n", starts[-1])) >= 0:
            starts.append(found + 1)
        return starts

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1

    def range(self, start: int, end: int) -> Range:
        """The range of the text between two offsets."""
        places: list[int] = []
        for offset in (start, max(start, end)):
            line = bisect_right(self._starts, offset)
            places += (line, offset - self._starts[line - 1] + 1)
        return Range(*places)


class Located(Protocol):
    """A text that knows where its parts stand."""

    def range(self, start: int, end: int) -> Range:
        """Where the part between two offsets of the text stands in the file."""


class Passage(Struct, frozen=True, eq=False):
    """A text for a shell.

    Attributes:
        value: the text.
        places: the offset in the file of each of its characters.
        lines: the file.
        words: the words of it, where it is written as a list of them.
        directory: where it is run, if the file says so.
        script: the name of the script of a package.json that it is.
        escape: the character that takes the next one literally.
    """

    value: str
    places: Sequence[int]
    lines: Lines
    words: tuple[Word, ...] = ()
    directory: str | None = None
    script: str | None = None
    escape: str = "\\"

    def range(self, start: int, end: int) -> Range:
        """Where a part of the text stands in the file."""
        if not self.places:
            return WHOLE_FILE
        first = self.places[min(start, len(self.places) - 1)]
        last = self.places[min(max(start, end - 1), len(self.places) - 1)]
        return self.lines.range(first, last + 1)

    @property
    def whole(self) -> Range:
        """Where all of it stands."""
        return self.range(0, len(self.value))


class Call(Struct, frozen=True, eq=False):
    """A simple command of a file.

    Attributes:
        path: the file.
        words: what it is called, and with what.
        assignments: the words before it that set variables: ``NAME=value``.
        directory: where it runs; None: not known.
        text: the text that it stands in.
        script: the name of the script of a package.json that it belongs to.
    """

    path: str
    words: tuple[Word, ...]
    assignments: tuple[str, ...]
    directory: str | None
    text: Located
    script: str | None = None

    @property
    def texts(self) -> list[str]:
        """The texts of the words."""
        return [word.text for word in self.words]

    def range(self, first: int = 0, last: int = -1) -> Range:
        """Where some of its words stand, both ends included."""
        return self.text.range(self.words[first].start, self.words[last].end)


def passage_calls(path: str, passage: Passage, directory: str | None) -> Iterator[Call]:
    """The simple commands of a passage; ``directory`` where the passage names none."""
    where = directory if passage.directory is None else passage.directory
    found: Iterable[Simple] = (
        from_words(passage.words, where)
        if passage.words
        else simple_commands(passage.value, where, passage.escape)
    )
    for simple in found:
        yield call_of(path, simple, passage, passage.script)


def call_of(path: str, simple: Simple, text: Located, script: str | None = None) -> Call:
    """A simple command, with the place that it stands in."""
    return Call(path, simple.words, simple.assignments, simple.directory, text, script)


def slice_of(lines: Lines, start: int, end: int) -> Passage:
    """A part of a file, as it is written."""
    return Passage(lines.text[start:end], range(start, end), lines)


def list_of(passages: Sequence[Passage]) -> Passage:
    """Passages that are the words of one command."""
    words: list[Word] = []
    places: list[int] = []
    length = 0
    for passage in passages:
        end = length + len(passage.value)
        words.append(Word(passage.value, tuple(range(length, end)), length, end))
        places += passage.places
        places.append(places[-1] if places else 0)
        length = end + 1
    value = " ".join(passage.value for passage in passages)
    return Passage(value, places[: len(value)], passages[0].lines, tuple(words))
