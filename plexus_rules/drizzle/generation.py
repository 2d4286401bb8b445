"""Which databases a script, or a file that runs commands, generates migrations for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.places import dialects_in
from plexus_rules.drizzle.scripts.commands import COMPUTED, Command
from plexus_rules.drizzle.scripts.files import may_hold_commands, starting_directory
from plexus_rules.drizzle.scripts.parts import Part, Parts
from plexus_rules.drizzle.scripts.starts import Started
from plexus_rules.drizzle.scripts.words import HOLE
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import Tree, join, normal_path

if TYPE_CHECKING:
    from plexus_rules.drizzle.repository import Repository

#: The configs that drizzle-kit looks for where none is named.
DEFAULT_CONFIGS = ("drizzle.config.ts", "drizzle.config.js", "drizzle.config.json")

#: No project's scripts start more: so much one script, and so much all of them.
_MOST_STEPS = 200
_MOST_PARTS = 100_000


class Unit(Struct, frozen=True, order=True):
    """A script of a package.json, or a file that runs commands (``script`` is empty)."""

    path: str
    script: str = ""


class Unclear(Struct, frozen=True):
    """A call of drizzle-kit of which it cannot be told what it generates for.

    ``line`` is None where it is not about one call.
    """

    path: str
    reason: str
    line: int | None = None


class Generation(Struct, eq=False):
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


class _Step(Struct, frozen=True):
    started: Started
    assignments: tuple[str, ...] = ()


def _may_start(path: str) -> bool:
    return may_hold_commands(path) and not path.endswith("package.json")


def _place(unit: Unit) -> tuple[str, str | None]:
    return unit.path, unit.script or None


class Generations:
    """Follows scripts and files to the calls of ``drizzle-kit generate`` in them."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._tree = repository.tree
        self._all_parts = Parts(
            repository.tree, repository.scripts, repository.modules, repository.packages
        )
        self._starts = self._all_parts.starts
        self._directories: dict[str, str | None] = {}
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
        """The other files that generate: by drizzle-kit, or by a script that does.

        What a file does that only names scripts which generate everything, those tell themselves.
        """
        everything = set(self._repository.databases)
        names = frozenset(
            g.unit.script.encode()
            for g in self.scripts
            if g.unclear or set(g.databases) != everything
        )
        found: list[Generation] = []
        for path in self._tree.scan(
            _may_start, lambda tree, path: self._names(tree, path, names), ("names", names)
        ):
            where = self._directories.get(path, starting_directory(path))
            generation = self._of(Unit(path), [Started(path, None, where)])
            found += [generation] if generation.calls or generation.unclear else []
        return tuple(found)

    def _names(self, tree: Tree, path: str, scripts: Iterable[bytes]) -> bool:
        """Whether a file names the tool, or one of some scripts."""
        files = self._repository.scripts.of(tree)
        if files.mentions(path):
            return True
        return not path.endswith(SUFFIXES) and any(name in files.data(path) for name in scripts)

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

    def _parts(self, started: Started) -> tuple[Part, ...]:
        """What a script or a file does, and where that starts others."""
        parts = self._all_parts.of(started)
        for one in (one for part in parts for one in part.starts):
            if one.script is None:
                self._directories.setdefault(one.path, one.directory)
        return parts

    def range(self, unit: Unit) -> Range:
        """Where the text of a script stands; of a file its start."""
        passage = self._all_parts.passage(unit.path.rpartition("/")[0], unit.script)
        return passage.whole if unit.script and passage is not None else WHOLE_FILE

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
        found.unclear[Unclear(command.path, reason, command.range.line)] = None

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
