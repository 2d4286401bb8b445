"""Shell text as simple commands, each with the directory that it runs in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec.structs import replace

from plexus_rules.drizzle.scripts.lexer import CLOSE, OPEN, Event, Lexer, with_quoted
from plexus_rules.drizzle.scripts.words import HOLE, Simple, Word
from plexus_rules.trees import normal_path

#: Longer texts are read anew each time.
_LONGEST_KEPT = 8_000


def simple_commands(
    text: str, directory: str | None = None, escape: str = "\\"
) -> tuple[Simple, ...]:
    """The simple commands of a text, those inside of substitutions and quoted ones included.

    ``directory`` is where the text is run; ``cd`` changes it for what follows.
    """
    read = _kept if len(text) <= _LONGEST_KEPT else _read
    return read(text, directory, escape)


def _read(text: str, directory: str | None, escape: str) -> tuple[Simple, ...]:
    return tuple(_placed(Lexer(text, 0, len(text), escape).events(), directory))


#: From one commit to the next most texts of a file stay the same.
_kept = lru_cache(maxsize=128)(_read)


def plain_commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command of a text, what it sets before them included."""
    for simple in simple_commands(text):
        yield [*simple.assignments, *simple.texts]


def from_words(words: Sequence[Word], directory: str | None = None) -> Iterator[Simple]:
    """The simple command of a list of words, and those of its words that are command lines."""
    if words:
        yield from _placed(with_quoted(Simple(tuple(words)), "\\", 0), directory)


def _placed(events: Iterable[Event], directory: str | None) -> Iterator[Simple]:
    outer: list[str | None] = []
    for event in events:
        if event == OPEN:
            outer.append(directory)
        elif event == CLOSE:
            directory = outer.pop() if outer else directory
        elif isinstance(event, Simple):
            yield replace(event, directory=directory)
            directory = _changed(event.texts, directory)


def _changed(words: list[str], directory: str | None) -> str | None:
    """The directory after a command."""
    if words[0] not in ("cd", "pushd", "popd", "chdir", "Set-Location"):
        return directory
    targets = [word for word in words[1:] if word != "/d" and not word.startswith("-")]
    return entered(directory, targets[0]) if len(targets) == 1 else None


def entered(directory: str | None, target: str) -> str | None:
    """A directory as seen from another; None where it is not known, or outside of the tree."""
    if directory is None or HOLE in target or target.startswith(("~", "/")):
        return None
    return normal_path(posixpath.join(directory, target))
