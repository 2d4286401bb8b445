"""Which files hold commands, and the commands of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from plexus_rules.drizzle.import_types import parse_module
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.mention import TOOL, mentions_tool
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.places import is_test
from plexus_rules.drizzle.scripts import json_files, line_files
from plexus_rules.drizzle.scripts.code_files import code_calls, may_call
from plexus_rules.drizzle.scripts.commands import Command, command_of
from plexus_rules.drizzle.scripts.passages import Call, Lines, Passage, passage_calls
from plexus_rules.drizzle.scripts.yaml_files import UnreadYaml, yaml_passages
from plexus_rules.drizzle.typescript import MAX_SOURCE_BYTES, SUFFIXES
from plexus_rules.trees import Tree, TreeError

#: A larger file was not written by a person.
MAX_BYTES = 1024 * 1024

_LOCKS = re.compile(r"(?:.*[-.])?lock(?:-\w+)?\.\w+|package-lock\.json|npm-shrinkwrap\.json")
_NO_ENDING = re.compile(r"[\w-]+")


class UnreadScript(Struct, frozen=True):
    """A file that mentions drizzle-kit, and why not all of it could be read."""

    path: str
    reason: str


def is_code_file(path: str) -> bool:
    """Whether a file is source code that may run commands; declarations and tests are not."""
    is_declaration = path.endswith((".d.ts", ".d.mts", ".d.cts"))
    return path.endswith(SUFFIXES) and not is_declaration and not is_test(path)


@lru_cache(maxsize=16_384)  # of one tree it is asked several times
def may_hold_commands(path: str) -> bool:
    """Whether a file's name is that of a script, a workflow, a hook or a container."""
    name = path.rpartition("/")[2]
    if _LOCKS.fullmatch(name):
        return False
    return (
        is_code_file(path)
        or name == "package.json"
        or name.endswith((".yml", ".yaml"))
        or json_files.NAMES.fullmatch(name) is not None
        or line_files.reader_of(path) is not None
        or _may_be_program(path) is not None
    )


def _may_be_program(path: str) -> re.Match[str] | None:
    return _NO_ENDING.fullmatch(path.rpartition("/")[2])


def starting_directory(path: str) -> str | None:
    """Where the commands of a file run, as far as its name tells."""
    directory, _, name = path.rpartition("/")
    if path.startswith((".github/", ".circleci/", ".forgejo/", ".gitea/", ".husky/")):
        return ""
    is_named = name.lower().startswith(
        (".gitlab-ci", ".lefthook", "justfile", "lefthook", "makefile", "package.json", "taskfile")
    )
    return directory if is_named else None


class Scripts:
    """The files of a tree that hold commands. Each is read once.

    Attributes:
        unread: those that mention drizzle-kit and could not be read to their end, so far.
    """

    def __init__(self, tree: Tree, modules: Modules | None = None) -> None:
        self.tree = tree
        self.unread: dict[UnreadScript, None] = {}
        self._modules = modules
        self._known: dict[tuple[str, str | None], tuple[Call, ...]] = {}

    def mentioning(self) -> Iterator[str]:
        """The files that may hold commands and mention drizzle-kit."""
        found = self.tree.scan(
            may_hold_commands, lambda tree, path: self.of(tree)._mentions(path), "tool"
        )
        for path, (is_mentioned, unread) in found.items():
            self.unread.update(dict.fromkeys(unread))
            if is_mentioned:
                yield path

    def _mentions(self, path: str) -> tuple[bool, tuple[UnreadScript, ...]] | None:
        """Whether a file mentions drizzle-kit, and why it could not be read, if so."""
        is_mentioned = self.mentions(path)
        unread = tuple(one for one in self.unread if one.path == path)
        return (is_mentioned, unread) if is_mentioned or unread else None

    def mentions(self, path: str) -> bool:
        """Whether a file speaks of drizzle-kit, elsewhere than in comments of source code."""
        if self._modules is not None and path.endswith(SUFFIXES):
            return self._modules.glance(path).mentions_tool
        return mentions_tool(path, self.data(path))

    def of(self, tree: Tree) -> Scripts:
        """These files, or those of another tree."""
        if tree is self.tree:
            return self
        return Scripts(tree, self._modules and self._modules.of(tree))

    def calls(self, path: str, directory: str | None = None) -> tuple[Call, ...]:
        """The simple commands of a file that is run from a directory.

        Of a JSON file those that mention drizzle-kit.
        """
        key = (path, directory)
        if key not in self._known:
            self._known[key], unread = self.tree.known(
                ("calls", path, directory), lambda tree: self.of(tree)._found(path, directory)
            )
            self.unread.update(dict.fromkeys(unread))
        return self._known[key]

    def commands(self, path: str) -> tuple[Command, ...]:
        """The calls of drizzle-kit in a file, which is run from where its name tells.

        The bare name is a call only where more words can be appended to it.
        """
        found, unread = self.tree.known(
            ("commands", path), lambda tree: self.of(tree)._found_commands(path)
        )
        self.unread.update(dict.fromkeys(unread))
        return found

    def _found_commands(self, path: str) -> tuple[tuple[Command, ...], tuple[UnreadScript, ...]]:
        calls = map(command_of, self.calls(path, starting_directory(path)))
        found = tuple(call for call in calls if call and (call.action or call.script))
        return found, tuple(one for one in self.unread if one.path == path)

    def _found(
        self, path: str, directory: str | None
    ) -> tuple[tuple[Call, ...], tuple[UnreadScript, ...]]:
        """The commands of a file, and why not all of them could be read."""
        data = self.data(path)
        limit = MAX_SOURCE_BYTES if path.endswith(SUFFIXES) else MAX_BYTES
        if len(data) > limit or (path.endswith(SUFFIXES) and len(data) == limit):
            reason = f"is larger than {limit // 1024} KiB, and only its start is read"
            self._note(path, data, reason)
            data = data[:limit]
        found = tuple(self._read(path, data, directory))
        return found, tuple(one for one in self.unread if one.path == path)

    def data(self, path: str) -> bytes:
        """The bytes of a file; none where it cannot be read."""
        try:
            if self._modules is not None and path.endswith(SUFFIXES):
                return self._modules.data(path)
            return self.tree.read(path) if self.tree.is_file(path) else b""
        except TreeError as error:
            # A file of any name may be a program, and seldom is one.
            if _may_be_program(path) is None or line_files.reader_of(path) is not None:
                self.unread[UnreadScript(path, str(error).removeprefix(f"{path}: "))] = None
            return b""

    def _note(self, path: str, data: bytes, reason: str) -> None:
        if TOOL.encode() in data:
            self.unread[UnreadScript(path, reason)] = None

    def _read(self, path: str, data: bytes, directory: str | None) -> Iterator[Call]:
        if path.endswith(SUFFIXES):
            if not may_call(data):
                return
            modules = self._modules
            source = parse_module(path, data) if modules is None else modules.source(path)
            yield from code_calls(source, directory, modules)
            return
        for passage in self._passages(path, data):
            yield from passage_calls(path, passage, directory)

    def _passages(self, path: str, data: bytes) -> Iterator[Passage]:
        name = path.rpartition("/")[2]
        if name.endswith((".json", ".jsonc", ".lintstagedrc")):
            found = json_files.json_passages(path, data, TOOL)
            if isinstance(found, Malformed):
                self._note(path, data, found.reason)
            else:
                yield from found
        elif name.endswith((".yml", ".yaml")):
            try:
                yield from yaml_passages(Lines(data))
            except UnreadYaml as error:
                self._note(path, data, str(error))
        else:
            reader = line_files.reader_of(path) or line_files.reader_of_program(data)
            if reader is not None:
                yield from reader(Lines(data))
