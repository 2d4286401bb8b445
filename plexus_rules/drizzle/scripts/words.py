"""The words of simple commands, and what they are good for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from plexus_rules.drizzle.texts import HOLE

__all__ = ["HOLE", "Simple", "Word", "command_lines", "talks"]

#: Commands whose words are talk, or data: what stands among them is not run.
_TALK = frozenset(
    {"#", ":", "[", "[[", "alias", "awk", "case", "cat", "cp", "curl", "die", "echo", "egrep"}
    | {"error", "export", "fail", "fgrep", "find", "for", "function", "gh", "git", "grep", "head"}
    | {"info", "jq", "ls", "log", "man", "mv", "printf", "read", "rem", "rg", "rm", "sed", "select"}
    | {"set", "tail", "tee", "test", "touch", "trap", "type", "unset", "warn", "wget", "which"}
    | {"write-error", "write-host", "write-output"}
)
#: Options whose value is a command line, and programs whose words are some.
_TEXT_OPTION = re.compile(r"-[a-z]{0,3}c|/c|-Command|--command|--exec|--run")
_TEXT_PROGRAMS = frozenset({"concurrently", "eval", "ssh", "start-server-and-test"})


class Word(Struct, frozen=True):
    """One word of a command, without its quotes.

    ``places`` are the offsets of its characters; it stands from ``start`` to ``end``.
    """

    text: str
    places: tuple[int, ...]
    start: int
    end: int


class Simple(Struct, frozen=True):
    """A simple command, without its redirections.

    ``assignments`` are the words ``NAME=value`` before it. ``directory`` is where it runs,
    relative to the root of the tree; None: not known.
    """

    words: tuple[Word, ...]
    assignments: tuple[str, ...] = ()
    directory: str | None = None

    @property
    def texts(self) -> list[str]:
        """The words' texts."""
        return [word.text for word in self.words]


def talks(words: Sequence[str]) -> bool:
    """Whether a command only talks about what stands among its words."""
    return posixpath.basename(words[0]).lower().lstrip("@") in _TALK


def command_lines(words: Sequence[Word]) -> Iterator[Word]:
    """The words of a command that are command lines themselves: that of ``sh -c "…"``."""
    texts = [word.text for word in words]
    if not talks(texts):
        takes_text = any(posixpath.basename(text) in _TEXT_PROGRAMS for text in texts[:3])
        for before, word in pairwise(words):
            if takes_text or _TEXT_OPTION.fullmatch(before.text):
                yield word
