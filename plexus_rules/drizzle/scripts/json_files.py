"""The commands in JSON files: the scripts of packages, hooks, and settings of platforms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from plexus_rules.drizzle.json_text import Malformed, locate, parse_json
from plexus_rules.drizzle.scripts.keys import is_command_key
from plexus_rules.drizzle.scripts.passages import Lines, Passage
from plexus_rules.finding import Range

#: Files other than package.json whose commands are read.
NAMES = re.compile(
    r"\.?(?:app|deno|devcontainer|project|railway|tasks|vercel)\.jsonc?|\.lintstagedrc(?:\.json)?"
)

#: The keys of a package.json under which hooks stand.
_HOOKS = ("simple-git-hooks", "husky", "lint-staged", "gitHooks", "nano-staged")

#: No more places than this are looked up in one file: each is a search of its own.
_MAX_PLACES = 500
_MAX_DEPTH = 32

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Script:
    """One script of a package.json."""

    path: str
    name: str
    text: str


def scripts_of(path: str, data: bytes) -> tuple[Script, ...] | Malformed:
    """The scripts of a package.json, in their order."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    scripts = value.get("scripts") if isinstance(value, dict) else None
    found = scripts.items() if isinstance(scripts, dict) else ()
    return tuple(Script(path, name, text) for name, text in found if isinstance(text, str))


def script_range(data: bytes, name: str) -> Range:
    """Where the text of a script stands in its package.json."""
    return locate(data, ("scripts", name))


def script_passages(data: bytes, scripts: Iterable[Script], mentions: str) -> dict[str, Passage]:
    """Scripts as texts of their package.json, by name; those that mention a text have places."""
    lines = Lines(data)
    found: dict[str, Passage] = {}
    placed = 0
    for script in scripts:
        is_placed = mentions in script.text and placed < _MAX_PLACES
        placed += is_placed
        keys = ("scripts", script.name)
        found[script.name] = _passage(lines, data, keys, script.text, is_placed)
    return found


def json_passages(path: str, data: bytes, mentions: str) -> Iterator[Passage] | Malformed:
    """The commands of a file that mention a text."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    lines = Lines(data)
    found = list(_commands(value, path.rpartition("/")[2] == "package.json"))
    found = [(keys, text) for keys, text in found if mentions in text]
    return (
        _passage(lines, data, keys, text, position < _MAX_PLACES)
        for position, (keys, text) in enumerate(found)
    )


def _commands(value: Any, is_package: bool) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The commands of a JSON value, and the keys that lead to each."""
    if is_package:
        value = value if isinstance(value, dict) else {}
        for key in ("scripts", *_HOOKS):
            for keys, text in _strings(value.get(key), (key,)):
                if key != "scripts" or len(keys) == 2:
                    yield keys, text
        return
    for keys, text in _strings(value, ()):
        named = [key for key in keys if isinstance(key, str)]
        parent = named[-2] if len(named) > 1 else ""
        if named and is_command_key(named[-1], parent):
            yield keys, text


def _strings(
    value: Any, keys: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    pending = [(keys, value)]
    while pending:
        keys, value = pending.pop()
        if isinstance(value, str):
            yield keys, value
        elif len(keys) < _MAX_DEPTH and isinstance(value, dict | list):
            items = list(value.items() if isinstance(value, dict) else enumerate(value))
            pending += [((*keys, key), inner) for key, inner in reversed(items)]


def _passage(
    lines: Lines, data: bytes, keys: Sequence[str | int], text: str, is_placed: bool
) -> Passage:
    places = _places(lines, locate(data, keys), text) if is_placed else ()
    script = str(keys[1]) if keys[0] == "scripts" and len(keys) == 2 else None
    return Passage(text, places, lines, script=script)


def _places(lines: Lines, where: Range, text: str) -> Sequence[int]:
    """The offset of each character of a string, given the place of its literal."""
    start = lines.offset(where.line, where.column)
    end = lines.offset(where.end_line, where.end_column)
    raw = lines.text[start + 1 : max(end - 1, start + 1)]
    if raw == text:
        return range(start + 1, start + 1 + len(text))
    offsets = [start + 1 + match.start() for match in _ESCAPE.finditer(raw)]
    if len(offsets) == len(text):
        return offsets
    return [start] * max(len(text) - 1, 0) + [max(end - 1, start)]
