"""The commands in JSON files: the scripts of packages, hooks, and settings of platforms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from plexus_rules.drizzle.json_text import Malformed, parse_json
from plexus_rules.drizzle.scripts.keys import is_command_key
from plexus_rules.drizzle.scripts.passages import Lines, Passage

#: Files other than package.json whose commands are read.
NAMES = re.compile(
    r"\.?(?:app|deno|devcontainer|project|railway|tasks|vercel)\.jsonc?|\.lintstagedrc(?:\.json)?"
)

#: The keys of a package.json under which hooks stand.
_HOOKS = ("simple-git-hooks", "husky", "lint-staged", "gitHooks", "nano-staged")

_MAX_DEPTH = 32

_TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*+"')
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|.", re.DOTALL
)


def script_passages(data: bytes) -> dict[str, Passage]:
    """The scripts of a well-formed package.json as texts of it, by name."""
    lines = Lines(data)
    return {
        str(literal.keys[1]): _passage(lines, literal)
        for literal in _literals(lines.text)
        if len(literal.keys) == 2 and literal.keys[0] == "scripts"
    }


def json_passages(path: str, data: bytes, mentions: str) -> Iterator[Passage] | Malformed:
    """The commands of a file that mention a text."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    lines = Lines(data)
    is_command = _is_of_package if path.rpartition("/")[2] == "package.json" else _is_setting
    return (
        passage
        for literal in _literals(lines.text)
        if is_command(literal.keys) and mentions in (passage := _passage(lines, literal)).value
    )


def _is_of_package(keys: Sequence[str | int]) -> bool:
    return (keys[:1] == ("scripts",) and len(keys) == 2) or keys[0] in _HOOKS


def _is_setting(keys: Sequence[str | int]) -> bool:
    named = [key for key in keys if isinstance(key, str)]
    parent = named[-2] if len(named) > 1 else ""
    return bool(named) and is_command_key(named[-1], parent)


class _Literal(Struct, frozen=True):
    """A string that is a value: the keys and positions that lead to it, and its offsets."""

    keys: tuple[str | int, ...]
    start: int
    end: int


def _literals(text: str) -> Iterator[_Literal]:
    """The strings that are values in a well-formed JSON text."""
    keys: list[str | int] = []
    is_key = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token[0] in "{[":
            keys.append("" if token == "{" else 0)
            is_key = token == "{"
        elif token[0] in "}]":
            keys.pop()
            is_key = False
        elif token == ",":
            last = keys[-1] if keys else ""
            is_key = isinstance(last, str)
            if isinstance(last, int):
                keys[-1] = last + 1
        elif token == ":":
            is_key = False
        elif is_key:
            keys[-1] = json.loads(token)
        elif len(keys) <= _MAX_DEPTH:
            yield _Literal(tuple(keys), match.start(), match.end())


def _passage(lines: Lines, literal: _Literal) -> Passage:
    raw = lines.text[literal.start + 1 : literal.end - 1]
    script = str(literal.keys[1]) if literal.keys[0] == "scripts" else None
    start = literal.start + 1
    if "\\" not in raw:
        return Passage(raw, range(start, start + len(raw)), lines, script=script)
    value: str = json.loads(f'"{raw}"')
    places = [start + match.start() for match in _ESCAPE.finditer(raw)]
    return Passage(value, places if len(places) == len(value) else [start], lines, script=script)
