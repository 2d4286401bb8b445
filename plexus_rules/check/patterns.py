"""Patterns of paths that a person wrote, read as git reads those of a ``.gitignore``."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from plexus_rules.trees import normal_path
from plexus_rules.trees.ignore import IgnoreFile

_LONGEST = 1000


class BadPattern(ValueError):
    """A text that is no pattern of paths. The text of the error says why."""


class Pattern(Struct, frozen=True, dict=True):
    """A path, or a pattern such as ``scripts/`` or ``drizzle/**/*.sql``, relative to the root.

    A pattern without a ``/`` holds for a name anywhere; one that fits a directory, for all that
    is in it. A path that is written out fits itself, whatever brackets it has.

    Raises:
        BadPattern: it can fit nothing, or more than one pattern says.
    """

    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BadPattern("is empty")
        if len(self.text) > _LONGEST:
            raise BadPattern(f"is longer than {_LONGEST} characters")
        if not self.text.isprintable() or self.text != self.text.strip():
            raise BadPattern("holds a control character, or white space around it")
        if "\\" in self.text:
            raise BadPattern("holds a backslash; write / between directories")
        if self.text[0] in "!#":
            raise BadPattern(f"starts with {self.text[0]}; name what it holds for")
        if normal_path(self.text.removeprefix("/")) in (None, ""):
            raise BadPattern("fits nothing inside of the checked directory")

    @cached_property
    def _ignores(self) -> IgnoreFile:
        return IgnoreFile(self.text.removeprefix("./"))

    def fits(self, path: str) -> bool:
        """Whether it fits a file, or a directory that the file is in."""
        if path == self.text.removeprefix("./").removeprefix("/"):
            return True
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        verdict = self._ignores.verdict
        return bool(verdict(path, False)) or any(verdict(parent, True) for parent in above)
