"""Which databases a script, or a file that runs commands, generates migrations for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import join, normal_path

if TYPE_CHECKING:
    from plexus_rules.drizzle.repository import Repository

#: The configs that drizzle-kit looks for where none is named.
DEFAULT_CONFIGS = ("drizzle.config.ts", "drizzle.config.js", "drizzle.config.json")

_CODE = b"exec", b"spawn", b"$`", b"$(", TOOL.encode()
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
#: No project's scripts start more: so much one script, and so much all of them.
_MOST_STEPS = 200
_MOST_PARTS = 100_000


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
        return [call for call in self.calls if (call.path, call.script) == _place(self.unit)]


@dataclass(frozen=True, slots=True)
class _Step:
    started: Started
    assignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A simple command: a call of drizzle-kit, or what it starts."""

    command: Command | None
    starts: tuple[Started, ...]
    assignments: tuple[str, ...]


def _place(unit: Unit) -> tuple[str, str | None]:
    return unit.path, unit.script or None


class Generations:
    """Follows scripts and files to the calls of ``drizzle-kit generate`` in them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._tree = repository.tree
        self._starts = Starts(repository.tree, repository.packages)
        self._directories: dict[str, str | None] = {}
        self._passages: dict[str, dict[str, Passage]] = {}
        self._known: dict[Started, tuple[_Part, ...]] = {}
        self._budget = _MOST_PARTS

    @cached_property
    def scripts(self) -> tuple[Generation, ...]:
        """The scripts of packages that generate, or of which it cannot be told."""
        found = (
            self._of(Unit(script.path, script.name), self._starts.script(directory, script.name))
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
                generation = self._of(Unit(path), [Started(path, None, where)])
                found += [generation] if generation.calls or generation.unclear else []
        return tuple(found)

    def _of(self, unit: Unit, started: Iterable[Started]) -> Generation:
        found = Generation(unit, units={unit: None})
        pending = [_Step(one) for one in started][::-1]
        seen: set[_Step] = set()
        while pending:
            step = pending.pop()
            if step in seen:
                continue
            seen.add(step)
            found.units[Unit(step.started.path, step.started.script or "")] = None
            parts = self._parts(step.started)
            self._budget -= len(parts) + 1
            if len(seen) > _MOST_STEPS or self._budget < 0:
                found.unclear[Unclear(unit.path, "it starts more than can be followed")] = None
                break
            following: list[_Step] = []
            for part in parts:
                assignments = tuple(dict.fromkeys((*step.assignments, *part.assignments)))
                if part.command is not None:
                    self._add(part.command, assignments, found)
                following += [_Step(inner, assignments) for inner in part.starts]
            pending += reversed(following)
        found.calls.sort(key=lambda call: (call.path, call.script) != _place(found.unit))
        return found

    def _parts(self, started: Started) -> tuple[_Part, ...]:
        """What a script or a file does, as far as it matters here."""
        if started not in self._known:
            calls = self._calls(started)
            # What is appended to a script goes to its last command.
            more = [*[()] * (len(calls) - 1), started.more]
            parts = (self._part(call, words) for call, words in zip(calls, more, strict=False))
            told = (part for part in parts if part.command is not None or part.starts)
            self._known[started] = tuple(dict.fromkeys(told))
        return self._known[started]

    def _part(self, call: Call, more: tuple[str, ...]) -> _Part:
        words = (word for word in call.texts if _ASSIGNMENT.match(word))
        assignments = (*call.assignments, *words)
        command = command_of(call, more)
        if command is None:
            starts = self._starts.of([*call.texts, *more], call.directory)
            for started in starts:
                if started.script is None:
                    self._directories.setdefault(started.path, started.directory)
            return _Part(None, tuple(starts), assignments)
        before = call.texts[: tool_position(call.texts)]
        where = self._starts.directory(before, call.directory)
        return _Part(replace(command, directory=where), (), assignments)

    def _calls(self, started: Started) -> Sequence[Call]:
        scripts = self._repository.scripts
        if started.script is None:
            path = started.path
            data = scripts.data(path)
            if path.endswith(SUFFIXES) and not any(word in data for word in _CODE):
                return ()
            return (*scripts.calls(path, started.directory), *self._of_imports(started))
        directory = started.path.rpartition("/")[0]
        passage = self._passages_of(directory).get(started.script)
        return () if passage is None else tuple(passage_calls(started.path, passage, directory))

    def _passages_of(self, directory: str) -> dict[str, Passage]:
        """The scripts of a package, by name."""
        if directory not in self._passages:
            data = self._repository.scripts.data(join(directory, "package.json"))
            self._passages[directory] = script_passages(data)
        return self._passages[directory]

    def range(self, unit: Unit) -> Range:
        """Where the text of a script stands; of a file its start."""
        passage = self._passages_of(unit.path.rpartition("/")[0]).get(unit.script)
        return passage.whole if unit.script and passage is not None else WHOLE_FILE

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
            return _not_found(command)
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


def _not_found(command: Command) -> str:
    if command.directory is None:
        return "it runs in a directory that is not known, and several configs may be meant"
    name = command.config or DEFAULT_CONFIGS[0]
    return f"there is no {name} in {command.directory or 'the root'}"


def _is_custom(command: Command) -> bool:
    return any(word == "--custom" or word.startswith("--custom=") for word in command.arguments)
