"""Reads a TOML table whose keys and types are known, and says exactly what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from plexus_rules.check.settings import SettingsError

_Word = TypeVar("_Word", bound=StrEnum)

#: What a person calls the types of TOML.
_TYPES = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
_SHORT = 50
_LONGEST_LINE = 1000


class Table(Struct, frozen=True):
    """One table of a settings file.

    Attributes:
        values: what it holds.
        file: the name of the file, for messages.
        text: the whole text of the file, to find lines in.
        name: the dotted name of the table in the file; ``""`` for the root.
        number: which one it is of a list of tables, from 1; 0 of a table that is alone.
        start: the line of its header, from 1; 0 where there is none, or it cannot be found.
    """

    values: Mapping[str, Any]
    file: str
    text: str
    name: str = ""
    number: int = 0
    start: int = 0

    def fail(self, key: str, reason: str) -> NoReturn:
        """Raises the error of a key, or of the table itself where the key is empty."""
        own = f"{self.name} {self.number}" if self.number else self.name
        line = self.line(key)
        place = f"{self.file}:{line}" if line else self.file
        what = _joined(key) if line and key else _joined(own, key)
        raise SettingsError(f"{place}: {what} {reason}")

    def line(self, key: str) -> int:
        """The line in which a key is written; that of the table where it cannot be found."""
        if not key or (self.number and not self.start):
            return self.start
        written = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
        whole = _joined(self.name, key)
        for number, line in enumerate(self.text.split("\n")[self.start :], start=self.start + 1):
            header = _header(line)
            if header is None:
                if written.match(line[:_LONGEST_LINE]):
                    return number
            elif header == whole or header.startswith(f"{whole}."):
                return number
            elif self.number or not header.startswith(self.name):
                break
        return self.start

    def expect(self, keys: Iterable[str]) -> None:
        """Fails where a key is none of these."""
        known = list(keys)
        for key in self.values:
            if key not in known:
                import difflib

                near = difflib.get_close_matches(key[:_SHORT], known, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
                self.fail(key, f"is no setting: {hint}")

    def get(self, key: str, kind: type) -> Any:
        """The value of a key; None where it is not there. Fails where it is of another type."""
        value = self.values.get(key)
        if value is not None and type(value) is not kind:
            self.fail(key, f"must be {_TYPES[kind]}, and is {shown(value)}")
        return value

    def filled(self, key: str) -> str | None:
        """A text that is not blank; None where the key is not there."""
        value: str | None = self.get(key, str)
        if value is not None and not value.strip():
            self.fail(key, "is empty")
        return value

    def required(self, key: str, why: str) -> str:
        """A text that must be there."""
        value = self.filled(key)
        if value is None:
            self.fail("", f"has no {key}: {why}")
        return value

    def word(self, key: str, words: type[_Word]) -> _Word | None:
        """One of some words; None where the key is not there."""
        value = self.get(key, str)
        if value is not None and value not in [word.value for word in words]:
            self.fail(key, f"must be {' or '.join(words)}, and is {shown(value)}")
        return None if value is None else words(value)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts that are not blank; None where the key is not there."""
        value = self.get(key, list)
        for item in value or ():
            if type(item) is not str or not item.strip():
                self.fail(key, f"must be a list of texts, and holds {shown(item)}")
        return None if value is None else tuple(value)

    def table(self, key: str) -> Table:
        """The table of a key; an empty one where it is not there."""
        values = self.get(key, dict) or {}
        name = _joined(self.name, key)
        start = next(iter(_headers(self.text, name)), self.start)
        return Table(values, self.file, self.text, name, 0, start)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list, in order."""
        values = self.get(key, list) or []
        name = _joined(self.name, key)
        starts = _headers(self.text, name) if values else []
        for number, value in enumerate(values):
            if type(value) is not dict:
                self.fail(key, f"must be a list of tables, and holds {shown(value)}")
            start = starts[number] if len(starts) == len(values) else 0
            yield Table(value, self.file, self.text, name, number + 1, start)


def shown(value: object) -> str:
    """A value, or what kind of value it is, for a message."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHORT else value[:_SHORT] + "…")
    return _TYPES.get(type(value), "a date or time")


def _joined(*names: str) -> str:
    return ".".join(name if len(name) <= _SHORT else name[:_SHORT] + "…" for name in names if name)


def _header(line: str) -> str | None:
    """The name in a header of a table, or of one of a list; None where a line is no header."""
    line = line.strip()
    return line.partition("]")[0].lstrip("[ \t").rstrip() if line.startswith("[") else None


def _headers(text: str, name: str) -> list[int]:
    """The lines of the headers of a table, or of a list of tables."""
    return [n for n, line in enumerate(text.split("\n"), start=1) if _header(line) == name]
