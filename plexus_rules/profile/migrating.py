"""Whether an application runs its migrations at start-up, and the commands that run them else."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from plexus_rules.drizzle.appliers import applied_by
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.generation import DEFAULT_CONFIGS
from plexus_rules.drizzle.modules import Import, ImportKind, Modules, is_code
from plexus_rules.drizzle.places import is_aside, is_test
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.scripts.commands import Command
from plexus_rules.drizzle.scripts.shell import plain_commands
from plexus_rules.drizzle.typescript import SourceFile, walk
from plexus_rules.trees import join, normal_path

if TYPE_CHECKING:
    from tree_sitter import Node

_MIGRATOR = re.compile(r"drizzle-orm/[\w/-]+/migrator(?:\.[cm]?js)?")
_OF_DIALECT = re.compile(rb"\bdialect\b[\s\S]{0,20}?\bmigrate\b")
_FOR_MIGRATIONS = re.compile(r"migrat", re.IGNORECASE)
_OF_DATABASE = re.compile(r"migrat|(?<![a-z])(?:db|database|drizzle)(?![a-z])", re.IGNORECASE)
_FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function_declaration",
        "method_definition",
    }
)
_BY_HAND = frozenset({"bin", "cli", "command", "commands", "task", "tasks"})


class Migrating:
    """The modules that run migrations, and who runs those."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._modules: Modules = repository.modules
        #: The functions that run them, by module; None stands for a module that is loaded.
        self.runners: dict[str, set[str | None]] = {}
        for path in self._modules.tree.sources:
            if is_code(path) and not path.endswith(".d.ts") and not is_test(path):
                owners = set(_owners(self._modules, path))
                if owners:
                    self.runners[path] = owners
        self._scripts = _scripts_by_file(repository)

    @property
    def at_start(self) -> bool:
        """Whether a module that starts with the application runs them: where in doubt, not."""
        pending = [(path, owner) for path, owners in self.runners.items() for owner in owners]
        seen: set[tuple[str, str | None]] = set()
        while pending:
            step = path, name = pending.pop()
            if step in seen or is_test(path) or is_aside(path):
                continue
            seen.add(step)
            if name is None and self._may_start(path):
                return True
            for found in self._modules.importers([path]):
                if not found.type_only:
                    pending += [(found.path, taken) for taken in self._taken(found, name)]
        return False

    def _taken(self, found: Import, name: str | None) -> Iterator[str | None]:
        """What of an importing module runs what it takes: loading it (None), or an export."""
        if name is None:
            yield None
        elif found.kind is ImportKind.EXPORT:
            for taken in found.names:
                if taken.name == name:
                    yield taken.local
                elif taken.name == "*" and taken.local in (None, "*"):
                    yield name
        elif not found.names and found.kind in (ImportKind.DYNAMIC, ImportKind.REQUIRE):
            yield None
        for taken in found.names if name and found.kind is not ImportKind.EXPORT else ():
            if taken.name in (name, "*"):
                exported = self._modules.surface(found.path).exported
                again = [
                    n for n, e in exported.items() if not e.specifier and e.name == taken.local
                ]
                if again:
                    yield from again
                else:
                    yield None

    def _may_start(self, path: str) -> bool:
        """Whether a module is not there to be run by hand."""
        *directories, name = path.split("/")
        return (
            _BY_HAND.isdisjoint(directories)
            and not _FOR_MIGRATIONS.search(name)
            and not any(_OF_DATABASE.search(script) for _, script in self._scripts.get(path, ()))
        )

    def commands(
        self, databases: Sequence[Database], bare: Sequence[tuple[str, str]], package: str
    ) -> tuple[str, ...]:
        """The commands that apply the migrations of some databases, run in ``package``.

        ``bare`` are those of drizzle-kit, each with its directory. None where another tool
        applies a folder.
        """
        if any(applied_by(database) for database in databases):
            return ()
        known = _known_scripts(self._repository, databases)
        by_hand = [
            script
            for path in self.runners
            for script in self._scripts.get(path, ())
            if _FOR_MIGRATIONS.search(script[1])
        ]
        packages = self._repository.packages
        found: list[str] = []
        for database, (place, command) in zip(databases, bare, strict=True):
            script = known.get(frozenset(databases)) or known.get(frozenset({database}))
            if script is None and by_hand:
                script = min(by_hand, key=lambda s: (s[0].count("/"), len(s[1]), s))
            if script is not None:
                place = script[0]
                command = f"{packages.manager(place).script} {shlex.quote(script[1])}"
            if place != package:
                near = posixpath.relpath(f"/{place}", f"/{package}")
                command = f"(cd {shlex.quote(near)} && {command})"
            found.append(command)
        return tuple(dict.fromkeys(found))


def _owners(modules: Modules, path: str) -> Iterator[str | None]:
    """The exported names of a module that run migrations; None where loading it does."""
    by_import = any(s is not None and _MIGRATOR.fullmatch(s) for s in modules.specifiers(path))
    data = modules.data(path)
    if not by_import and not (b"drizzle" in data and _OF_DIALECT.search(data)):
        return
    taken: set[str] = set()
    for found in modules.imports(path):
        if _MIGRATOR.fullmatch(found.specifier) and not found.type_only:
            taken.update(name.local for name in found.names if name.local is not None)
            if found.kind in (ImportKind.DYNAMIC, ImportKind.REQUIRE):
                taken.add("migrate")
    source = modules.source(path)
    surface = modules.surface(path)
    for node in walk(source.root):
        if node.type == "call_expression" and _runs(source, node, taken):
            owner = _declared_above(source, node)
            names = [
                name
                for name, export in surface.exported.items()
                if owner is not None and export.specifier is None and export.name == owner
            ]
            if names:
                yield from names
            else:
                yield None


def _runs(source: SourceFile, call: Node, taken: set[str]) -> bool:
    """Whether a call is one of the migrator, or of what the migrator itself calls."""
    function = call.child_by_field_name("function")
    if function is None or function.end_byte - function.start_byte > 300:
        return False
    if function.type == "identifier":
        return source.text(function) in taken
    if function.type != "member_expression":
        return False
    text = re.sub(r"\s|[?!]", "", source.text(function))
    owner, _, method = text.rpartition(".")
    return method == "migrate" and (owner in taken or owner.endswith(".dialect"))


def _declared_above(source: SourceFile, node: Node) -> str | None:
    """The name of the function or class at the top level that a node stands in, if any."""
    name: str | None = None
    in_function = False
    above = node.parent
    while above is not None:
        in_function = in_function or above.type in _FUNCTIONS
        if above.type.endswith("_declaration") or above.type == "variable_declarator":
            named = above.child_by_field_name("name")
            if named is not None:
                name = source.text(named)
        above = above.parent
    return name if in_function else None


def _scripts_by_file(repository: Repository) -> dict[str, list[tuple[str, str]]]:
    """The scripts that run a source file and nothing else: package and name, by file."""
    found: dict[str, list[tuple[str, str]]] = {}
    packages = repository.packages
    for directory in packages.directories:
        for name, text in packages.scripts(directory).items():
            commands = list(plain_commands(text))
            for word in commands[0] if len(commands) == 1 else ():
                path = normal_path(join(directory, word)) if is_code(word) else None
                if path is not None:
                    found.setdefault(path, []).append((directory, name))
    return found


def _known_scripts(
    repository: Repository, databases: Iterable[Database]
) -> Mapping[frozenset[Database], tuple[str, str]]:
    """The scripts that run ``drizzle-kit migrate`` and nothing else, by what they migrate."""
    of_config: dict[str, list[Database]] = {}
    for database in databases:
        of_config.setdefault(database.config, []).append(database)
    calls: dict[tuple[str, str], list[Command]] = {}
    for command in repository.commands:
        if command.script and command.path.rpartition("/")[2] == "package.json":
            calls.setdefault((command.path.rpartition("/")[0], command.script), []).append(command)
    found: dict[frozenset[Database], tuple[str, str]] = {}
    for (directory, name), commands in sorted(calls.items(), key=lambda c: (len(c[0][1]), c[0])):
        text = repository.packages.scripts(directory).get(name, "")
        others = [words for words in plain_commands(text) if words[0] != "cd"]
        configs = [_config(repository, command) for command in commands]
        told = [of_config.get(config or "", []) for config in configs]
        if (
            all(command.action == "migrate" for command in commands)
            and len(others) == len(commands)
            and all(len(fits) == 1 for fits in told)
            and _OF_DATABASE.search(name)
        ):
            found.setdefault(frozenset(fits[0] for fits in told), (directory, name))
    return found


def _config(repository: Repository, command: Command) -> str | None:
    if command.directory is None:
        return None
    names = DEFAULT_CONFIGS if command.config is None else (command.config,)
    paths = (normal_path(join(command.directory, name)) for name in names)
    return next((path for path in paths if path and repository.tree.is_file(path)), None)
