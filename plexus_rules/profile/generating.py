"""Which databases a script generates migrations for, and the commands that do it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.scripts import find_commands, simple_commands
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.profile.dialects import dialect_of
from plexus_rules.profile.packages import Packages, PackageScript
from plexus_rules.trees import MemoryTree, Tree, TreeError, join, normal_path

_TOOL = re.compile(r"(?:.*/)?drizzle-kit(?:@[^/]*|-real)?(?:/bin\.c?js)?")
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
    """A text for the shell, or the path of a file that is run, and from where."""

    directory: str
    text: str = ""
    file: str = ""


class Generating:
    """Follows scripts to the calls of ``drizzle-kit generate`` in them.

    A database is named by its place in ``databases``.
    """

    def __init__(self, tree: Tree, packages: Packages, databases: Sequence[Database]) -> None:
        self._tree = tree
        self._packages = packages
        self._databases = databases

    def of_text(self, directory: str, text: str) -> Generates:
        """What a text for the shell does, run from a directory."""
        found: set[int] = set()
        only = True
        pending = [_Step(directory, text)]
        seen: set[_Step] = set()
        while pending and len(seen) < _MOST_STEPS:
            step = pending.pop()
            if step in seen:
                continue
            seen.add(step)
            if step.file and step.file.endswith(SUFFIXES):
                databases, only_here = self._of_code(step.file)
                found |= databases
                only = only and only_here
                continue
            directory = step.directory
            for words in simple_commands(self._read(step.file) if step.file else step.text):
                if words[0] == "cd" and len(words) > 1:
                    directory = _joined(directory, words[1])
                    continue
                called = _drizzle_kit(words)
                if called is None:
                    pending += self._started(directory, words)
                elif called and called[0].partition(":")[0] == "generate":
                    found |= self._generated(directory, words, called)
                elif called:
                    only = False
        return Generates(frozenset(found), only)

    def _read(self, path: str) -> str:
        try:
            return self._tree.text(path)[:100_000]
        except TreeError:
            return ""

    def _of_code(self, path: str) -> tuple[set[int], bool]:
        """The databases that a source file generates for: its configs tell, by their ends."""
        try:
            data = self._tree.read(path)
        except TreeError:
            return set(), True
        commands = find_commands(MemoryTree({path: data})) if b"drizzle-kit" in data else ()
        found: set[int] = set()
        for command in commands:
            if command.action == "generate" and "--custom" not in command.arguments:
                names = _DEFAULTS if command.config is None else (command.config,)
                ends = {end for name in names if (end := normal_path(name))}
                fits = [
                    i
                    for i, database in enumerate(self._databases)
                    if any(
                        f"/{c.config}".endswith(f"/{end}") for c in database.configs for end in ends
                    )
                ]
                found.update(fits if len(fits) == 1 else ())
        return found, all(command.action == "generate" for command in commands)

    def _generated(self, directory: str, words: list[str], called: list[str]) -> set[int]:
        """The databases that one call generates for."""
        if "--custom" in called:
            return set()
        named = _option(called, ("--config",))
        names = _DEFAULTS if named is None else (named,)
        paths = [path for name in names if (path := normal_path(f"{directory or '.'}/{name}"))]
        path = next((path for path in paths if self._tree.is_file(path)), None)
        fits = [i for i, db in enumerate(self._databases) if path in [c.config for c in db.configs]]
        if len(fits) > 1:
            # One config for several dialects: a variable that the call sets chooses.
            chosen = {dialect_of(word.partition("=")[2]) for word in words if "=" in word}
            fits = [i for i in fits if self._databases[i].dialect in chosen]
        return set(fits) if len(fits) == 1 else set()

    def _started(self, directory: str, words: list[str]) -> Iterator[_Step]:
        """The scripts and files that a command starts."""
        named = _option(words, _DIRECTORY_OPTIONS)
        package = _option(words, _PACKAGE_OPTIONS)
        if named is not None:
            directory = _joined(directory, named)
        elif package is not None:
            directory = self._packages.named(package) or _joined(directory, package)
        starts = any(word in _STARTERS for word in words[:2])
        for word in words:
            if " " in word:
                yield _Step(directory, word)
                continue
            script = self._packages.script(directory, word.removeprefix("npm:"))
            if starts and script is not None and word not in _STARTERS:
                yield _Step(script.directory, script.text)
            path = normal_path(f"{directory or '.'}/{word}")
            if path and path.endswith((*SUFFIXES, *_SHELL)) and self._tree.is_file(path):
                yield _Step(directory, file=path)


def _joined(directory: str, name: str) -> str:
    return normal_path(join(directory, name)) or ""


def _drizzle_kit(words: list[str]) -> list[str] | None:
    """The arguments of a call of drizzle-kit; None where it is another program's."""
    for position, word in enumerate(words):
        if _TOOL.fullmatch(word):
            return words[position + 1 :]
    return None


def _option(words: list[str], names: tuple[str, ...]) -> str | None:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return None


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
    tree: Tree, packages: Packages, databases: Sequence[Database], chosen: Sequence[str | None]
) -> Commands:
    """How to generate for each database: by the project's own script, else by drizzle-kit.

    ``chosen`` holds, for each database, the setting that makes a config choose it.
    """
    generating = Generating(tree, packages, databases)
    scripts = [
        (script, generating.of_text(script.directory, script.text))
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
    each = tuple(f"cd {place} && {command}" if place else command for place, command in placed)
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
