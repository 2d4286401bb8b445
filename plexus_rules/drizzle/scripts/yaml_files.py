"""The commands in YAML files: workflows, hooks, containers, task runners."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from plexus_rules.drizzle.scripts.keys import is_command_key, is_directory_key
from plexus_rules.drizzle.scripts.passages import Lines, Passage, list_of, slice_of

if TYPE_CHECKING:
    import yaml

#: No workflow nests that deep; libyaml takes time in the square of it.
MAX_DEPTH = 64

_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)|''|.", re.S
)


class UnreadYaml(Exception):
    """The file cannot be read to its end. The text ends a sentence: "is not YAML"."""


class _Frame(Struct):
    """A mapping or a list that is being read.

    ``key`` is the one whose value comes next, None where a key comes; a list has that of
    the mapping around it, and so has its ``parent``.
    """

    is_list: bool
    key: str | None
    parent: str
    found: list[Passage] = field(default_factory=list)
    items: list[Passage] = field(default_factory=list)
    directory: str | None = None


def yaml_passages(lines: Lines) -> Iterator[Passage]:
    """The values that are commands by the names of their keys; an alias gives them again.

    Read event by event: a composed document recurses, and aliases multiply it.

    Raises:
        UnreadYaml: at the end, where not all of the file could be read.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = _Reader(lines)
    problem = ""
    try:
        for event in yaml.parse(lines.text, Loader=loader):
            if len(reader.stack) > MAX_DEPTH:
                problem = "is nested too deeply to be read"
                break
            reader.take(event)
    except (yaml.YAMLError, ValueError) as error:
        problem = f"is not YAML: {str(error).splitlines()[0]}"
    yield from reader.result()
    if problem:
        raise UnreadYaml(problem)


class _Reader:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.stack = [_Frame(is_list=True, key="", parent="")]
        self._anchors: dict[str, Passage] = {}

    def result(self) -> list[Passage]:
        while len(self.stack) > 1:
            self._close()
        return list(dict.fromkeys(self.stack[0].found))

    def take(self, event: yaml.Event) -> None:
        import yaml

        frame = self.stack[-1]
        match event:
            case yaml.ScalarEvent():
                self._scalar(frame, event)
            case yaml.AliasEvent():
                found = self._anchors.get(str(event.anchor))
                if found is not None and not frame.is_list and frame.key is None:
                    frame.key = found.value
                else:
                    self._value(frame, found)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                is_list = isinstance(event, yaml.SequenceStartEvent)
                if frame.is_list:
                    inner = _Frame(is_list, frame.key if is_list else None, frame.parent)
                    inner.parent = frame.parent if is_list else frame.key or ""
                elif frame.key is None:
                    frame.key = ""
                    inner = _Frame(is_list, "" if is_list else None, "")
                else:
                    parent = frame.parent if is_list else frame.key
                    inner = _Frame(is_list, frame.key if is_list else None, parent)
                self.stack.append(inner)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent() if len(self.stack) > 1:
                self._close()

    def _scalar(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        if not frame.is_list and frame.key is None:
            frame.key = str(event.value)
            return
        passage = _passage(self.lines, event)
        if event.anchor is not None:
            self._anchors[str(event.anchor)] = passage
        self._value(frame, passage)

    def _value(self, frame: _Frame, passage: Passage | None) -> None:
        key = frame.key or ""
        if passage is not None:
            if not frame.is_list and is_directory_key(key):
                frame.directory = passage.value
            elif is_command_key(key, frame.parent):
                frame.found.append(passage)
                frame.items += [passage] if frame.is_list else []
        if not frame.is_list:
            frame.key = None

    def _close(self) -> None:
        """Ends the innermost mapping or list: its commands go to the one around it."""
        frame = self.stack.pop()
        outer = self.stack[-1]
        if len(frame.items) > 1:
            frame.found.append(list_of(frame.items))
        if frame.directory is not None:
            frame.found = [
                p if p.directory is not None else replace(p, directory=frame.directory)
                for p in frame.found
            ]
            # GitHub: what stands under `defaults: run:` is for everything beside `defaults`.
            if not outer.is_list and outer.key in ("run", "defaults"):
                outer.directory = frame.directory
        outer.found += frame.found
        if not outer.is_list:
            outer.key = None


def _passage(lines: Lines, event: yaml.ScalarEvent) -> Passage:
    """A scalar as it is written, so that every character has its place."""
    marks: tuple[Any, Any] = (event.start_mark, event.end_mark)
    start, end = (int(mark.index) for mark in marks)
    if event.style in ("|", ">"):
        first = lines.text.find("\n", start, end)
        passage = slice_of(lines, end if first < 0 else first + 1, end)
        return replace(passage, value=_folded(passage.value)) if event.style == ">" else passage
    if event.style not in ("'", '"'):
        passage = slice_of(lines, start, end)
        return replace(passage, value=passage.value.replace("\n", " "))
    passage = slice_of(lines, start + 1, max(end - 1, start + 1))
    if "\\" not in passage.value and "''" not in passage.value:
        return replace(passage, value=passage.value.replace("\n", " "))
    return _unescaped(passage, str(event.value))


def _unescaped(passage: Passage, value: str) -> Passage:
    """A quoted scalar: each character of its value at the place of what it is written as."""
    matches = list(_ESCAPE.finditer(passage.value))
    joined = [m for m in matches if not (m.group().startswith("\\") and m.group()[1:2] in "\r\n")]
    if len(joined) == len(value):
        return replace(passage, value=value, places=[passage.places[m.start()] for m in joined])
    last = len(passage.places) - 1
    return replace(passage, value=value, places=_spread(passage.places, len(value), last))


def _spread(places: Sequence[int], length: int, last: int) -> list[int]:
    return [places[min(index, last)] for index in range(length)]


def _folded(text: str) -> str:
    """A folded block: a line end between two lines of one depth is a space."""
    lines = text.split("\n")
    result: list[str] = []
    depth = len(lines[0]) - len(lines[0].lstrip())
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        both = line.strip() and following.strip()
        even = all(len(x) - len(x.lstrip()) == depth for x in (line, following))
        result.append(line + (" " if both and even else "\n"))
    return "".join(result)[:-1]
