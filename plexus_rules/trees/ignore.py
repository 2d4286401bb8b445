"""What ``.gitignore`` files exclude, in git's own reading of them.

A hostile repository may bring any pattern. The usual library (pathspec) takes exponential
time on ``*a*a*a*a*a*a*a*ab``; here each star is tried once, or twice.
"""

from __future__ import annotations

import re
from functools import cached_property

from msgspec import Struct

#: A larger file is not read: no person wrote it.
MAX_IGNORE_BYTES = 64 * 1024

_WILD = re.compile(r"[*?\[\\]")
_NEVER = "(?!)"
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-\\/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class _Pattern(Struct, frozen=True):
    is_exclusion: bool
    only_directories: bool


class IgnoreFile:
    """The patterns of one ``.gitignore``. Paths are relative to the directory that it lies in."""

    def __init__(self, text: str) -> None:
        self._patterns: list[_Pattern] = []
        self._names: dict[str, list[int]] = {}
        self._paths: dict[str, list[int]] = {}
        self._endings: dict[str, list[int]] = {}
        self._name_globs = _Globs()
        self._path_globs = _Globs()
        for line in text.removeprefix("\ufeff").split("\n"):
            self._add(line.removesuffix("\r"))
        self._any_ending = tuple(self._endings)

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def _add(self, line: str) -> None:
        line = _without_trailing_spaces(line)
        if not line or line.startswith("#"):
            return
        is_exclusion = not line.startswith("!")
        text = line if is_exclusion else line[1:]
        only_directories = text.endswith("/")
        text = text.removesuffix("/")
        is_name = "/" not in text
        text = text.removeprefix("/")
        if not text:
            return
        number = len(self._patterns)
        if not _WILD.search(text):
            (self._names if is_name else self._paths).setdefault(text, []).append(number)
        elif is_name and text[0] == "*" and not _WILD.search(text, 1):
            self._endings.setdefault(text[1:], []).append(number)
        else:
            (self._name_globs if is_name else self._path_globs).add(number, _translated(text))
        self._patterns.append(_Pattern(is_exclusion, only_directories))

    def verdict(self, path: str, is_directory: bool) -> bool | None:
        """Whether the last pattern that fits excludes the path; None where none fits."""
        name = path.rpartition("/")[2]
        fitting: list[int] = []
        if name in self._names:
            fitting += self._names[name]
        if path in self._paths:
            fitting += self._paths[path]
        if name.endswith(self._any_ending):
            for ending, numbers in self._endings.items():
                if name.endswith(ending):
                    fitting += numbers
        if self._name_globs:
            fitting += self._name_globs.fitting(name)
        if self._path_globs:
            fitting += self._path_globs.fitting(path)
        if not fitting:
            return None  # as for most: what comes before is asked for every file
        found = [n for n in fitting if is_directory or not self._patterns[n].only_directories]
        return self._patterns[max(found)].is_exclusion if found else None


class _Globs:
    """Patterns with wildcards, as regular expressions, by their numbers."""

    def __init__(self) -> None:
        self._expressions: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._expressions)

    def add(self, number: int, expression: str) -> None:
        self._expressions[number] = expression

    @cached_property
    def _any(self) -> re.Pattern[str]:
        return re.compile("|".join(self._expressions.values()), re.DOTALL)

    def fitting(self, text: str) -> list[int]:
        """The numbers of those that fit the whole of a text: mostly none."""
        if self._any.fullmatch(text) is None:
            return []
        items = self._expressions.items()
        return [n for n, expression in items if re.fullmatch(expression, text, re.DOTALL)]


class Ignores(Struct, frozen=True):
    """The ``.gitignore`` files that hold for the entries of a directory, the nearest last.

    Each with the part of a path to cut off, and the part to put before it, so that the path
    is relative to that file.
    """

    files: tuple[tuple[IgnoreFile, int, str], ...] = ()

    def below(self, directory: str, text: str) -> Ignores:
        """With one more, which lies in a directory of the tree."""
        found = IgnoreFile(text)
        cut = len(directory) + 1 if directory else 0
        return Ignores((*self.files, (found, cut, ""))) if found else self

    def above(self, way: str, text: str) -> Ignores:
        """With one more, which lies above the tree's root, ``way/`` up."""
        found = IgnoreFile(text)
        return Ignores((*self.files, (found, 0, way))) if found else self

    def exclude(self, path: str, is_directory: bool) -> bool:
        """Whether a path of the tree is excluded."""
        for file, cut, way in reversed(self.files):
            verdict = file.verdict(way + path[cut:], is_directory)
            if verdict is not None:
                return verdict
        return False


def _without_trailing_spaces(line: str) -> str:
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if backslashes % 2 and stripped != line else stripped


def _translated(pattern: str) -> str:
    """A pattern with wildcards as a regular expression for the whole of a name or path."""
    chunks = [_Chunk()]
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            end = at
            while pattern[end : end + 1] == "*":
                end += 1
            alone = (at == 0 or pattern[at - 1] == "/") and pattern[end : end + 1] in ("", "/")
            if end - at > 1 and alone:
                chunks.append(_Chunk())
                end += 1  # the slash after it
            else:
                chunks[-1].star()
            at = end
        elif character == "[":
            found = _class(pattern, at + 1)
            if found is None:
                return _NEVER
            text, at = found
            chunks[-1].one(text)
        elif character == "\\":
            if at + 1 == len(pattern):
                return _NEVER
            chunks[-1].one(re.escape(pattern[at + 1]))
            at += 2
        else:
            chunks[-1].one("[^/]" if character == "?" else re.escape(character))
            at += 1
    result = chunks[0].expression()
    for number, chunk in enumerate(chunks[1:], start=1):
        if number < len(chunks) - 1:
            # What comes before another `**` may as well begin at the first place that fits.
            result += f"(?>(?:.*?/)??{chunk.expression()})"
        elif pattern.endswith("**") and chunk.is_empty:
            result += ".*"
        else:
            result += f"(?:.*/)?{chunk.expression()}"
    return result


class _Chunk:
    """A stretch of a pattern without ``**``: single characters, with stars between runs of them."""

    def __init__(self) -> None:
        self._segments: list[list[str]] = [[""]]

    @property
    def is_empty(self) -> bool:
        return self._segments == [[""]]

    def star(self) -> None:
        self._segments[-1].append("")

    def one(self, expression: str) -> None:
        if expression == "/":
            self._segments.append([""])
        else:
            self._segments[-1][-1] += expression

    def expression(self) -> str:
        return "/".join(_segment(runs) for runs in self._segments)


def _segment(runs: list[str]) -> str:
    """Runs of single characters, with a star before each but the first."""
    if len(runs) == 1:
        return runs[0]
    # A star before another star may as well take as little as it can.
    middle = "".join(f"(?>[^/]*?{run})" for run in runs[1:-1] if run)
    return f"{runs[0]}{middle}[^/]*{runs[-1]}"


def _class(pattern: str, at: int) -> tuple[str, int] | None:
    """A bracket expression from behind its ``[``, and where it ends; None if it never does."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    items: list[str] = []
    previous = ""
    first = True
    while first or pattern[at : at + 1] != "]":
        first = False
        character = pattern[at : at + 1]
        if character == "-" and previous and pattern[at + 1 : at + 2] not in ("", "]"):
            at += 1 + (pattern[at + 1] == "\\")
            last = pattern[at : at + 1]
            if not last:
                return None
            if previous <= last:
                items.append(f"{re.escape(previous)}-{re.escape(last)}")
            previous = ""
        elif pattern.startswith("[:", at) and (found := _posix_class(pattern, at + 2)):
            name, at = found
            if name not in _CLASSES:
                return None
            items.append(_CLASSES[name])
            previous = ""
        else:
            if character == "\\":
                at += 1
                character = pattern[at : at + 1]
            if not character:
                return None
            items.append(re.escape(character))
            previous = character
        at += 1
    if not items:
        return ("[^/]" if negated else _NEVER), at + 1
    return f"(?!/)[{'^' if negated else ''}{''.join(items)}]", at + 1


def _posix_class(pattern: str, at: int) -> tuple[str, int] | None:
    """The name of a ``[:name:]``, and where its last bracket stands; None where it is none."""
    end = pattern.find("]", at)
    if end <= at or pattern[end - 1] != ":":
        return None
    return pattern[at : end - 1], end
