"""The simple commands of a script or a file, as far as they run drizzle-kit or start others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.packages import Packages
from plexus_rules.drizzle.scripts.commands import Command, command_of, tool_position
from plexus_rules.drizzle.scripts.files import Scripts, may_hold_commands
from plexus_rules.drizzle.scripts.json_files import script_passages
from plexus_rules.drizzle.scripts.passages import Call, Lines, Passage, passage_calls
from plexus_rules.drizzle.scripts.starts import Started, Starts
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.trees import Tree, join

_CODE = b"exec", b"spawn", b"$`", b"$("
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


class Part(Struct, frozen=True):
    """A simple command: a call of drizzle-kit, or what it starts."""

    command: Command | None
    starts: tuple[Started, ...]
    assignments: tuple[str, ...]


class Parts:
    """The parts of the scripts and files of a tree. Those of each are found once."""

    def __init__(self, tree: Tree, scripts: Scripts, modules: Modules, packages: Packages) -> None:
        self.starts = Starts(tree, packages)
        self._tree = tree
        self._scripts = scripts
        self._modules = modules
        self._passages: dict[str, dict[str, Passage]] = {}
        self._known: dict[Started, tuple[Part, ...]] = {}

    def of(self, started: Started) -> tuple[Part, ...]:
        """What a script or a file does, as far as it matters here."""
        if started not in self._known:
            self._known[started] = self._tree.known(
                ("parts", started), lambda tree: self._at(tree)._found(started)
            )
        return self._known[started]

    def passage(self, directory: str, script: str) -> Passage | None:
        """The text of a script of a package."""
        if directory not in self._passages:
            path = join(directory, "package.json")
            self._passages[directory] = self._tree.known(
                ("passages", path),
                lambda tree: script_passages(self._scripts.of(tree).data(path)),
            )
        return self._passages[directory].get(script)

    def _at(self, tree: Tree) -> Parts:
        if tree is self._tree:
            return self
        return Parts(tree, self._scripts.of(tree), self._modules.of(tree), Packages(tree))

    def _found(self, started: Started) -> tuple[Part, ...]:
        calls = self._calls(started)
        # What is appended to a script goes to its last command.
        more = [*[()] * (len(calls) - 1), started.more]
        parts = (self._part(call, words) for call, words in zip(calls, more, strict=False))
        return tuple(dict.fromkeys(p for p in parts if p.command is not None or p.starts))

    def _part(self, call: Call, more: tuple[str, ...]) -> Part:
        words = (word for word in call.texts if _ASSIGNMENT.match(word))
        assignments = (*call.assignments, *words)
        command = command_of(call, more)
        if command is None:
            starts = self.starts.of([*call.texts, *more], call.directory)
            return Part(None, tuple(starts), assignments)
        before = call.texts[: tool_position(call.texts)]
        where = self.starts.directory(before, call.directory)
        return Part(replace(command, directory=where), (), assignments)

    def _calls(self, started: Started) -> Sequence[Call]:
        if started.script is None:
            path = started.path
            if path.endswith(SUFFIXES) and not self._may_run(path):
                return ()
            return (*self._scripts.calls(path, started.directory), *self._of_imports(started))
        directory = started.path.rpartition("/")[0]
        script = self.starts.scripts.get(directory, {}).get(started.script)
        if script is None:
            return ()
        plain = Passage(script.text, (), Lines(b""))
        calls = tuple(passage_calls(started.path, plain, directory))
        if all(tool_position(call.texts) is None for call in calls):
            return calls  # where they stand does not matter
        passage = self.passage(directory, started.script)
        return calls if passage is None else tuple(passage_calls(started.path, passage, directory))

    def _of_imports(self, started: Started) -> tuple[Call, ...]:
        """The commands of the modules that a source file imports, if they speak of the tool."""
        if not started.path.endswith(SUFFIXES):
            return ()
        specifiers = self._modules.specifiers(started.path)
        resolved = (self._modules.resolve(started.path, s) for s in specifiers if s is not None)
        telling = {target for target in resolved if target is not None and self._tells(target)}
        if not telling and None not in specifiers:
            return ()
        targets = {found.target: None for found in self._modules.imports(started.path)}
        return tuple(
            call
            for target in targets
            if target is not None and self._tells(target)
            for call in self._scripts.calls(target, started.directory)
        )

    def _may_run(self, path: str) -> bool:
        """Whether a source file may run commands."""
        data = self._scripts.data(path)
        return any(word in data for word in _CODE) or self._scripts.mentions(path)

    def _tells(self, path: str) -> bool:
        """Whether a file may run drizzle-kit itself."""
        return may_hold_commands(path) and self._tree.known(
            ("tells", path), lambda tree: self._scripts.of(tree).mentions(path)
        )
