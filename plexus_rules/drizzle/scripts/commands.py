"""The calls of drizzle-kit in simple commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from msgspec import Struct

from plexus_rules.drizzle.scripts.passages import Call
from plexus_rules.drizzle.scripts.words import HOLE, talks
from plexus_rules.finding import Range

#: The action of a command whose action is only known when it runs.
COMPUTED = "?"

_ACTIONS = frozenset(
    {"check", "drop", "export", "generate", "introspect", "migrate", "pull", "push", "studio"}
    | {"up"}
)
_DIALECTS = {
    "gel": "gel",
    "mysql": "mysql",
    "pg": "postgresql",
    "postgresql": "postgresql",
    "singlestore": "singlestore",
    "sqlite": "sqlite",
    "turso": "sqlite",
}
_TOOL = re.compile(
    r"(?:npm:|(?:[^\n]*[/\\]))?drizzle-kit(?:-real)?(?:@[^/\s]+)?"
    r"(?:\.cmd|\.exe|[/\\](?:dist[/\\])?(?:bin|index|cli)\.[cm]?js)?"
)
_MANAGERS = frozenset({"bun", "npm", "pnpm", "yarn"})
_ABOUT_PACKAGES = frozenset(
    {"add", "ci", "i", "in", "info", "install", "link", "list", "ls", "outdated", "pkg"}
    | {"rebuild", "remove", "rm", "un", "uninstall", "unlink", "up", "update", "upgrade"}
    | {"view", "why"}
)


class Command(Struct, frozen=True):
    """One call of drizzle-kit.

    Attributes:
        path: the file.
        range: from the name of the tool to the action.
        action: ``generate``, ``push``, …; empty where none is given, ``?`` where it is computed.
        dialect: the one that the call itself names: ``push:pg``, ``--dialect=sqlite``.
        config: the file that ``--config`` names; None for the default.
        script: the name of the script of a package.json, if it is one.
        arguments: the words after the action.
        directory: where it runs, relative to the root of the tree; None: not known.
        assignments: the variables that are set for it: ``NAME=value``.
    """

    path: str
    range: Range
    action: str
    dialect: str | None
    config: str | None
    script: str | None
    arguments: tuple[str, ...]
    directory: str | None
    assignments: tuple[str, ...] = ()


def tool_position(words: Sequence[str]) -> int | None:
    """Where drizzle-kit stands among the words of a command that runs it; None otherwise."""
    if talks(words) or _is_about_packages(words):
        return None
    for position, word in enumerate(words):
        if "drizzle-kit" in word and _TOOL.fullmatch(word):
            return position
    return None


def _is_about_packages(words: Sequence[str]) -> bool:
    if posixpath.basename(words[0]) not in _MANAGERS:
        return False
    plain = [word for word in words[1:] if not word.startswith("-")]
    return bool(plain) and plain[0] in _ABOUT_PACKAGES


def command_of(call: Call, more: Sequence[str] = ()) -> Command | None:
    """The call of drizzle-kit that a simple command is; None where it is another program's.

    ``more`` are words that the caller of a script appends to it.
    """
    tool = tool_position(call.texts)
    if tool is None:
        return None
    words = [*call.texts[tool + 1 :], *more]
    position = _action_position(words)
    if position is None:
        return _command(call, tool, tool, "", words)
    action = words[position]
    if HOLE in action:
        action = COMPUTED
    elif action.partition(":")[0] not in _ACTIONS:
        return None
    last = min(tool + 1 + position, len(call.words) - 1)
    return _command(call, tool, last, action, [*words[:position], *words[position + 1 :]])


def _action_position(words: Sequence[str]) -> int | None:
    position = 0
    while position < len(words):
        if not words[position].startswith("-"):
            return position
        position += 2 if words[position] == "--config" else 1
    return None


def _command(call: Call, tool: int, last: int, action: str, arguments: list[str]) -> Command:
    action, _, suffix = action.partition(":")
    dialect = _DIALECTS.get(suffix or option(arguments, "--dialect") or "")
    return Command(
        path=call.path,
        range=call.range(tool, last),
        action=action,
        dialect=dialect,
        config=option(arguments, "--config"),
        script=call.script,
        arguments=tuple(arguments),
        directory=call.directory,
        assignments=(*call.assignments, *(w for w in call.texts[:tool] if "=" in w)),
    )


def option(words: Sequence[str], *names: str) -> str | None:
    """The value of an option: ``--name value`` or ``--name=value``."""
    for position, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names:
            if equals:
                return value
            return words[position + 1] if position + 1 < len(words) else None
    return None
