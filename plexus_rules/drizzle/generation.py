"""Which databases a script, or a file that runs commands, generates migrations for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.places import dialects_in
from plexus_rules.drizzle.scripts.commands import COMPUTED, Command, command_of, tool_position
from plexus_rules.drizzle.scripts.files import TOOL, may_hold_commands, starting_directory
from plexus_rules.drizzle.scripts.json_files import script_passages
from plexus_rules.drizzle.scripts.passages import Call, Passage, passage_calls
from plexus_rules.drizzle.scripts.starts import Started, Starts
from plexus_rules.drizzle.scripts.words import HOLE
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.trees import join, normal_path

if TYPE_CHECKING:
    from plexus_rules.drizzle.repository import Repository

#: The configs that drizzle-kit looks for where none is named.
DEFAULT_CONFIGS = ("drizzle.config.ts", "drizzle.config.js", "drizzle.config.json")

_CODE = b"exec", b"spawn", b"$`", b"$(", TOOL.encode()
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A script of a package.json, or a file that runs commands (``script`` is empty)."""

    path: str
    script: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A call of drizzle-kit of which it cannot be told what it generates for."""

    path: str
    reason: str


@dataclass(eq=False)
class Generation:
    """What running a unit generates, with all that it starts.

    Attributes:
        unit: the script, or the file.
        databases: those that it generates for.
        calls: the calls that generate, its own first.
        actions: everything that it does with drizzle-kit: ``generate``, ``migrate``, ….
        unclear: the calls of which it cannot be told.
        units: itself, and all that it starts.
    """

    unit: Unit
    databases: dict[Database, None] = field(default_factory=dict)
    calls: list[Command] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)
    unclear: dict[Unclear, None] = field(default_factory=dict)
    units: dict[Unit, None] = field(default_factory=dict)

    @property
    def own_calls(self) -> list[Command]:
        """The calls that generate and stand in the unit itself."""
        path, script = self.unit.path, self.unit.script or None
        return [call for call in self.calls if (call.path, call.script) == (path, script)]


@dataclass(frozen=True, slots=True)
class _Step:
    started: Started
    assignments: tuple[str, ...] = ()


class Generations:
    """Follows scripts and files to the calls of ``drizzle-kit generate`` in them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._tree = repository.tree
        self._starts = Starts(repository.tree, repository.packages)
        self._directories: dict[str, str | None] = {}
        self._passages: dict[str, dict[str, Passage]] = {}

    @cached_property
    def scripts(self) -> tuple[Generation, ...]:
        """The scripts of packages that generate, or of which it cannot be told."""
        found = (
            self._of(Started(script.path, script.name, directory))
            for directory, scripts in self._starts.scripts.items()
            for script in scripts.values()
        )
        return tuple(g for g in found if g.calls or g.unclear)

    @cached_property
    def files(self) -> tuple[Generation, ...]:
        """The other files that generate: by drizzle-kit, or by a script that does."""
        names = {g.unit.script.encode() for g in self.scripts}
        found: list[Generation] = []
        for path in self._tree.sources:
            if not may_hold_commands(path) or path.endswith("package.json"):
                continue
            data = self._repository.scripts.data(path)
            is_code = path.endswith(SUFFIXES)
            if TOOL.encode() in data or (not is_code and any(name in data for name in names)):
                where = self._directories.get(path, starting_directory(path))
                generation = self._of(Started(path, None, where))
                found += [generation] if generation.calls or generation.unclear else []
        return tuple(found)

    def _of(self, started: Started) -> Generation:
        found = Generation(Unit(started.path, started.script or ""))
        pending = [_Step(started)]
        seen: set[_Step] = set()
        while pending and len(seen) < _MOST_STEPS:
            step = pending.pop()
            if step not in seen:
                seen.add(step)
                found.units[Unit(step.started.path, step.started.script or "")] = None
                pending += reversed(list(self._step(step, found)))
        return found

    def _step(self, step: _Step, found: Generation) -> Iterator[_Step]:
        calls = self._calls(step.started)
        for position, call in enumerate(calls):
            # What is appended to a script goes to its last command.
            more = step.started.more if position == len(calls) - 1 else ()
            words = (word for word in call.texts if _ASSIGNMENT.match(word))
            assignments = (*step.assignments, *call.assignments, *words)
            command = command_of(call, more)
            if command is not None:
                before = call.texts[: tool_position(call.texts)]
                where = self._starts.directory(before, call.directory)
                self._add(replace(command, directory=where), assignments, found)
                continue
            for started in self._starts.of([*call.texts, *more], call.directory):
                if started.script is None:
                    self._directories.setdefault(started.path, started.directory)
                yield _Step(started, assignments)

    def _calls(self, started: Started) -> Sequence[Call]:
        scripts = self._repository.scripts
        if started.script is None:
            path = started.path
            data = scripts.data(path)
            if path.endswith(SUFFIXES) and not any(word in data for word in _CODE):
                return ()
            return (*scripts.calls(path, started.directory), *self._of_imports(started))
        directory = started.path.rpartition("/")[0]
        if directory not in self._passages:
            data, own = scripts.data(started.path), self._starts.scripts[directory].values()
            self._passages[directory] = script_passages(data, own, TOOL)
        passage = self._passages[directory][started.script]
        return tuple(passage_calls(started.path, passage, directory))

    def _of_imports(self, started: Started) -> tuple[Call, ...]:
        """The commands of the modules that a source file imports, if they speak of the tool."""
        if not started.path.endswith(SUFFIXES):
            return ()
        scripts = self._repository.scripts
        targets = {i.target: None for i in self._repository.modules.imports(started.path)}
        return tuple(
            call
            for target in targets
            if target and may_hold_commands(target) and TOOL.encode() in scripts.data(target)
            for call in scripts.calls(target, started.directory)
        )

    def _add(self, command: Command, assignments: Sequence[str], found: Generation) -> None:
        """Notes a call of drizzle-kit."""
        found.actions.add(command.action)
        if command.action == COMPUTED:
            self._unclear(command, "the action of drizzle-kit is computed", found)
        if command.action != "generate" or _is_custom(command):
            return
        result = self._databases(command, assignments)
        if isinstance(result, str):
            self._unclear(command, result, found)
            return
        found.databases.update(dict.fromkeys(result))
        if command not in found.calls:
            found.calls.append(command)

    def _unclear(self, command: Command, reason: str, found: Generation) -> None:
        line = command.range.line
        found.unclear[Unclear(command.path, f"line {line}: {reason}")] = None

    def _databases(self, command: Command, assignments: Sequence[str]) -> list[Database] | str:
        """The databases that a call generates for; or why that cannot be told."""
        everything = self._repository.databases
        if (
            command.config is None
            and command.dialect
            and "--dialect" in " ".join(command.arguments)
        ):
            return [d for d in everything if d.dialect == command.dialect]
        if command.config is not None and HOLE in command.config:
            return "the config that drizzle-kit is given is computed"
        path = self._config(command)
        if path is None:
            return "it cannot be told which config drizzle-kit finds"
        databases = [d for d in everything if path in {c.config for c in d.configs}]
        if not databases:
            return f"no database can be read off {path}"
        if len({d.dialect for d in databases}) == 1:
            return databases
        chosen = dialects_in(" ".join(a.partition("=")[2] for a in assignments))
        if command.dialect:
            chosen = frozenset({command.dialect})
        fits = [d for d in databases if d.dialect in chosen]
        if len({d.dialect for d in fits}) == 1:
            return fits
        return f"{path} describes several databases, and a variable chooses among them"

    def _config(self, command: Command) -> str | None:
        """The config that a call uses. Where it runs is not known: the only one that fits."""
        names = DEFAULT_CONFIGS if command.config is None else (command.config,)
        known = [config.path for config in self._repository.configs]
        if command.directory is not None:
            paths = [normal_path(join(command.directory, name)) for name in names]
            return next((path for path in paths if path and self._tree.is_file(path)), None)
        ends = [f"/{clean}" for name in names if (clean := normal_path(name.lstrip("./")))]
        fits = [path for path in known if f"/{path}".endswith(tuple(ends))]
        return fits[0] if len(fits) == 1 else None


def _is_custom(command: Command) -> bool:
    return any(word == "--custom" or word.startswith("--custom=") for word in command.arguments)
