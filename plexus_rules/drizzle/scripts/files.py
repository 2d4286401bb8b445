"""Which files hold commands, and the commands of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plexus_rules.drizzle.import_types import parse_module
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.places import is_test
from plexus_rules.drizzle.scripts import json_files, line_files
from plexus_rules.drizzle.scripts.code_files import code_calls
from plexus_rules.drizzle.scripts.passages import Call, Lines, Passage, passage_calls
from plexus_rules.drizzle.scripts.yaml_files import UnreadYaml, yaml_passages
from plexus_rules.drizzle.typescript import MAX_SOURCE_BYTES, SUFFIXES
from plexus_rules.trees import Tree, TreeError

#: The name of the tool. A file without it runs no drizzle-kit.
TOOL = "drizzle-kit"

#: A larger file was not written by a person.
MAX_BYTES = 1024 * 1024

_LOCKS = re.compile(r"(?:.*[-.])?lock(?:-\w+)?\.\w+|package-lock\.json|npm-shrinkwrap\.json")
_NO_ENDING = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class UnreadScript:
    """A file that mentions drizzle-kit, and why not all of it could be read."""

    path: str
    reason: str


def is_code_file(path: str) -> bool:
    """Whether a file is source code that may run commands; declarations and tests are not."""
    is_declaration = path.endswith((".d.ts", ".d.mts", ".d.cts"))
    return path.endswith(SUFFIXES) and not is_declaration and not is_test(path)


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
        for path in self.tree.sources:
            if may_hold_commands(path) and TOOL.encode() in self.data(path):
                yield path

    def calls(self, path: str, directory: str | None = None) -> tuple[Call, ...]:
        """The simple commands of a file that is run from a directory.

        Of a JSON file those that mention drizzle-kit.
        """
        key = (path, directory)
        if key not in self._known:
            data = self.data(path)
            limit = MAX_SOURCE_BYTES if path.endswith(SUFFIXES) else MAX_BYTES
            if len(data) > limit or (path.endswith(SUFFIXES) and len(data) == limit):
                reason = f"is larger than {limit // 1024} KiB, and only its start is read"
                self._note(path, data, reason)
                data = data[:limit]
            self._known[key] = tuple(self._read(path, data, directory))
        return self._known[key]

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
