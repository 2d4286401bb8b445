"""Which databases a script generates migrations for, and the commands that do it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.scripts.commands import Command, command_of, option
from plexus_rules.drizzle.scripts.passages import Call, Lines, passage_calls, slice_of
from plexus_rules.drizzle.scripts.shell import entered
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.profile.dialects import dialect_of
from plexus_rules.profile.packages import Packages, PackageScript
from plexus_rules.trees import normal_path

_DEFAULTS = tuple(f"drizzle.config.{ending}" for ending in ("ts", "js", "json"))
_SHELL = (".sh", ".bash", ".zsh")
#: Programs that start scripts of packages, and files.
_STARTERS = frozenset(
    {
        *("bun", "bunx", "npm", "npx", "pnpm", "yarn"),
        *("concurrently", "lerna", "npm-run-all", "nx", "run-p", "run-s", "turbo"),
    }
)
_DIRECTORY_OPTIONS = ("--cwd", "-C", "--dir", "--prefix")
_PACKAGE_OPTIONS = ("--filter", "-F", "--workspace", "-w", "workspace")
#: More steps than any script takes.
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Generates:
    """What running a script does.

    Attributes:
        databases: those that it generates for.
        only: whether all that it does with drizzle-kit is to generate.
    """

    databases: frozenset[int]
    only: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A script of a package, or a file, that is run from a directory."""

    directory: str | None
    text: str = ""
    file: str = ""


class Generating:
    """Follows scripts to the calls of ``drizzle-kit generate`` in them.

    A database is named by its place in ``databases``.
    """

    def __init__(
        self, repository: Repository, packages: Packages, databases: Sequence[Database]
    ) -> None:
        self._tree = repository.tree
        self._scripts = repository.scripts
        self._packages = packages
        self._databases = databases

    def of_script(self, script: PackageScript) -> Generates:
        """What running a script of a package does."""
        found: set[int] = set()
        only = True
        pending = [_Step(script.directory, script.text)]
        seen: set[_Step] = set()
        while pending and len(seen) < _MOST_STEPS:
            step = pending.pop()
            if step in seen:
                continue
            seen.add(step)
            for call in self._calls(step):
                command = command_of(call)
                if command is None:
                    pending += self._started(call)
                elif command.action != "generate":
                    only = False
                elif "--custom" not in command.arguments:
                    found.update(self._generated(command))
        return Generates(frozenset(found), only)

    def _calls(self, step: _Step) -> Iterable[Call]:
        if step.file:
            return self._scripts.calls(step.file, step.directory)
        lines = Lines(step.text.encode("utf-8", "replace"))
        passage = slice_of(lines, 0, len(lines.text))
        return passage_calls("package.json", passage, step.directory)

    def _generated(self, command: Command) -> list[int]:
        """The database that a call generates for."""
        names = _DEFAULTS if command.config is None else (command.config,)
        if command.directory is None:
            ends = tuple(f"/{end}" for name in names if (end := normal_path(name)))
            fits = self._with_config(lambda path: f"/{path}".endswith(ends))
        else:
            paths = (entered(command.directory, name) for name in names)
            path = next((path for path in paths if path and self._tree.is_file(path)), None)
            fits = self._with_config(lambda config: config == path)
        if len(fits) > 1:
            # One config for several dialects: a variable that the call sets chooses.
            chosen = {dialect_of(word.partition("=")[2]) for word in command.assignments}
            fits = [i for i in fits if self._databases[i].dialect in chosen]
        return fits if len(fits) == 1 else []

    def _with_config(self, fits: Callable[[str], bool]) -> list[int]:
        databases = enumerate(self._databases)
        return [i for i, database in databases if any(fits(c.config) for c in database.configs)]

    def _started(self, call: Call) -> Iterator[_Step]:
        """The scripts and files that a command starts."""
        words, directory = call.texts, call.directory
        named = option(words, *_DIRECTORY_OPTIONS)
        package = option(words, *_PACKAGE_OPTIONS)
        if named is not None:
            directory = entered(directory, named)
        elif package is not None:
            directory = self._packages.named(package) or entered(directory, package)
        starts = not _STARTERS.isdisjoint(words[:2])
        for word in words:
            if starts and directory is not None and word not in _STARTERS:
                script = self._packages.script(directory, word.removeprefix("npm:"))
                if script is not None:
                    yield _Step(script.directory, script.text)
            path = entered(directory, word) if word.endswith((*SUFFIXES, *_SHELL)) else None
            if path and self._tree.is_file(path):
                yield _Step(directory, file=path)


#: Scripts that are there to generate, by their names.
_MEANT = re.compile(r"(?<![a-z])gen|migration|makemigr", re.IGNORECASE)
_ABOUT = re.compile(r"migrat|drizzle|db|schema", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands that generate migrations.

    Attributes:
        directory: where they run.
        each: the command for each database, in their order.
        every: the commands that generate for all of them.
        own: the names of the project's scripts that generate.
        custom: the command that makes an empty migration; None where a script stands
            before drizzle-kit, which may not pass it on.
    """

    directory: str
    each: tuple[str, ...]
    every: tuple[str, ...]
    own: frozenset[str]
    custom: str | None


def generating_commands(
    repository: Repository,
    packages: Packages,
    databases: Sequence[Database],
    chosen: Sequence[str | None],
) -> Commands:
    """How to generate for each database: by the project's own script, else by drizzle-kit.

    ``chosen`` holds, for each database, the setting that makes a config choose it.
    """
    generating = Generating(repository, packages, databases)
    scripts = [
        (script, generating.of_script(script))
        for script in packages.scripts
        if _MEANT.search(script.name)
    ]
    scripts = [(script, does) for script, does in scripts if does.databases and does.only]
    scripts.sort(key=lambda pair: _rank(pair[0]))
    own = frozenset(script.name for script, _ in scripts)
    everything = frozenset(range(len(databases)))
    placed: list[tuple[str, str]] = []
    for index, database in enumerate(databases):
        script = next(
            (s for s, does in scripts if does.databases == everything),
            next((s for s, does in scripts if does.databases == {index}), None),
        )
        if script is not None:
            run = packages.manager(script.directory).script
            placed.append((script.directory, f"{run} {script.name}"))
        else:
            placed.append(_bare(packages, database, chosen[index]))
    directories = {directory for directory, _ in placed}
    if len(directories) == 1:
        each = tuple(command for _, command in placed)
        custom = f"{each[0]} --custom" if not own else None
        return Commands(directories.pop(), each, tuple(dict.fromkeys(each)), own, custom)
    each = tuple(f"(cd {place} && {command})" if place else command for place, command in placed)
    return Commands("", each, tuple(dict.fromkeys(each)), own, None)


def _rank(script: PackageScript) -> tuple[object, ...]:
    depth = script.directory.count("/") + bool(script.directory)
    return not _ABOUT.search(script.name), depth, len(script.name), script.name


def _bare(packages: Packages, database: Database, setting: str | None) -> tuple[str, str]:
    directory = packages.above(database.config.rpartition("/")[0])
    config = database.config[len(directory) :].lstrip("/")
    command = f"{packages.manager(directory).tool} drizzle-kit generate"
    if config != _DEFAULTS[0]:
        command += f" --config {config}"
    return directory, f"{setting} {command}" if setting else command
