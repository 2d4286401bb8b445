"""What a simple command starts: scripts of packages, and files of the tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice
from typing import Any

from msgspec import Struct

from plexus_rules.drizzle.json_text import parse_json
from plexus_rules.drizzle.package_scripts import Script, scripts_at
from plexus_rules.drizzle.packages import Packages, is_package
from plexus_rules.drizzle.scripts.shell import entered
from plexus_rules.drizzle.scripts.words import HOLE, talks
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.trees import Tree, TreeError, join

_MANAGERS = frozenset({"bun", "npm", "pnpm", "yarn"})
#: Programs whose words are a command, or whose first plain word is a file that they run.
_PREFIXES = frozenset({"bunx", "npx", "pnpx", "exec", "x", "dlx"})
_INTERPRETERS = frozenset(
    {".", "bash", "deno", "esno", "jiti", "node", "sh", "source", "ts-node", "tsx", "vite-node"}
    | {"zsh"}
)
_SEVERAL = frozenset({"concurrently", "npm-run-all", "run-p", "run-s"})
_EVERYWHERE = frozenset({"lerna", "turbo"})
_STARTERS = _MANAGERS | _PREFIXES | _INTERPRETERS | _SEVERAL | _EVERYWHERE
#: Programs that run their words elsewhere: nothing is known of the files there.
_ELSEWHERE = frozenset({"docker", "docker-compose", "fly", "flyctl", "kubectl", "podman", "ssh"})

_IN_DIRECTORY = frozenset({"--cwd", "--dir", "--prefix", "-C"})
_IN_PACKAGE = frozenset({"--filter", "--workspace", "-F", "-w"})
_WITH_VALUE = frozenset(
    {"--env-file", "--import", "--loader", "--preload", "--require", "--tsconfig", "-P", "-e", "-r"}
)
_IN_ALL = frozenset({"--recursive", "--workspaces", "-r", "-ws"})
_RUN = frozenset({"run", "run-script"})
_SHORT = frozenset({"restart", "start", "stop", "t", "test"})

#: A command with more words, or that starts more, is not followed into all of them.
_MOST = 100
_MOST_SCRIPTS = 1_000


class Started(Struct, frozen=True):
    """A script of a package, or a file, and the words that are appended to it.

    ``directory`` is where it runs; None: not known.
    """

    path: str
    script: str | None
    directory: str | None
    more: tuple[str, ...] = ()


class _Options(Struct):
    """What the words before a name say, and the position of the name."""

    directory: str | None
    packages: tuple[str, ...] | None = None
    runs: bool = False
    position: int = 0


class Starts:
    """The packages of a tree, and what commands start of them."""

    def __init__(self, tree: Tree, packages: Packages) -> None:
        self._tree = tree
        self._packages = packages

    @cached_property
    def scripts(self) -> dict[str, dict[str, Script]]:
        """The scripts of each package, by its directory and their names."""
        found: dict[str, dict[str, Script]] = {}
        for path, scripts in self._tree.scan(is_package, scripts_at, "scripts").items():
            named = {script.name: script for script in scripts[:_MOST_SCRIPTS]}
            found[path.rpartition("/")[0]] = named
        return found

    def of(self, words: Sequence[str], directory: str | None) -> list[Started]:
        """What a command starts that is run from a directory."""
        if talks(words) or posixpath.basename(words[0]) in _ELSEWHERE:
            return []
        started = self._started(list(words[:_MOST]), directory)
        return list(dict.fromkeys(islice(started, _MOST)))

    def directory(self, words: Sequence[str], directory: str | None) -> str | None:
        """Where the last of some words runs, given the options of package managers before it."""
        for position, word in enumerate(words):
            name = posixpath.basename(word)
            if name in _ELSEWHERE:
                return None
            if name in _MANAGERS or name in _PREFIXES:
                options = self._options(list(words[position + 1 :]), directory)
                if options.packages is None:
                    return options.directory
                return options.packages[0] if len(options.packages) == 1 else None
        return directory

    def _started(self, words: list[str], directory: str | None) -> Iterator[Started]:
        for position, word in enumerate(words):
            name = posixpath.basename(word) if word != "." else word
            if name not in _STARTERS:
                continue
            rest = words[position + 1 :]
            if name in _MANAGERS:
                yield from self._managed(name, rest, directory)
            elif name in _INTERPRETERS:
                yield from self._interpreted(rest, directory)
            elif name in _PREFIXES:
                yield from self._started(rest, directory)
            elif name in _SEVERAL:
                for one in rest:
                    pattern = re.sub(r"^(?:npm|bun|pnpm|yarn):", "", one)
                    yield from self._scripts(pattern, directory, ())
            else:
                names = [one for one in rest if not one.startswith("-") and one not in _RUN]
                for place in self.scripts:
                    for one in names:
                        yield from self._scripts(one, place, ())
            return
        if words:
            yield from self._file(words[0], directory)

    def _managed(self, manager: str, words: list[str], directory: str | None) -> Iterator[Started]:
        options = self._options(words, directory)
        if options.position >= len(words):
            return
        name, more = words[options.position], words[options.position + 1 :]
        if not options.runs and name in _PREFIXES:
            yield from self._started(more, options.directory)
            return
        if manager == "npm" and not options.runs and name not in _SHORT:
            return
        if manager == "npm":
            # npm takes its own options after the name as well, up to `--`.
            ours, more = _split(more)
            options = self._options(ours, options.directory, options.packages)
        elif more[:1] == ["--"]:
            more = more[1:]
        places: Sequence[str | None] = options.packages or (options.directory,)
        started = [s for place in places for s in self._scripts(name, place, tuple(more))]
        yield from started
        if manager == "bun" and not started:
            yield from self._file(name, options.directory)

    def _options(
        self, words: list[str], directory: str | None, packages: tuple[str, ...] | None = None
    ) -> _Options:
        """Reads the words up to the name of a script, a file or a subcommand."""
        found = _Options(directory, packages)
        while found.position < len(words):
            word, equals, value = words[found.position].partition("=")
            following = words[found.position + 1] if found.position + 1 < len(words) else ""
            value = value if equals else following
            takes = not equals
            if word in _IN_DIRECTORY:
                found.directory = entered(found.directory, value)
            elif word in _IN_PACKAGE or word == "workspace":
                found.packages = self._named(value)
            elif word in _IN_ALL:
                found.packages, takes = tuple(self.scripts), False
            elif word in _WITH_VALUE:
                pass
            elif word in _RUN and not found.runs:
                found.runs, takes = True, False
            elif word.startswith("-"):
                takes = False
            else:
                break
            found.position += 2 if takes else 1
        return found

    def _named(self, name: str) -> tuple[str, ...]:
        """The packages that a filter means: by name, with ``*``, or by directory."""
        plain = name.strip("{}^").removeprefix("./").rstrip("/.")
        return tuple(
            place
            for place in self.scripts
            if place == plain
            or fnmatchcase(place, plain)
            or fnmatchcase(self._names.get(place, ""), plain)
        )

    @cached_property
    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for place in self.scripts:
            path = join(place, "package.json")
            try:
                value: Any = parse_json(path, self._tree.read(path))
            except TreeError:
                continue
            name = value.get("name") if isinstance(value, dict) else None
            if isinstance(name, str):
                found[place] = name
        return found

    def _scripts(
        self, name: str, directory: str | None, more: tuple[str, ...]
    ) -> Iterator[Started]:
        """The scripts with a name, or of a pattern; with those that run before and after."""
        if directory is None or HOLE in name:
            return
        place = self._packages.directory(join(directory, "package.json"))
        scripts = self.scripts.get(place, {})
        names = [n for n in scripts if fnmatchcase(n, name)] if "*" in name else [name]
        for one in names:
            if one in scripts:
                yield from self.script(place, one, more)

    def script(self, place: str, name: str, more: tuple[str, ...] = ()) -> Iterator[Started]:
        """A script of a package, with those that run before and after it."""
        for around in (f"pre{name}", name, f"post{name}"):
            if around in self.scripts.get(place, {}):
                path = join(place, "package.json")
                yield Started(path, around, place, more if around == name else ())

    def _interpreted(self, words: list[str], directory: str | None) -> Iterator[Started]:
        position = 0
        while position < len(words):
            word, equals, value = words[position].partition("=")
            if word == "--run":
                following = words[position + 1] if position + 1 < len(words) else ""
                yield from self._scripts(value if equals else following, directory, ())
                return
            if not word.startswith("-") and word not in ("run", "watch"):
                if posixpath.basename(word) in _INTERPRETERS:
                    yield from self._interpreted(words[position + 1 :], directory)
                else:
                    yield from self._file(words[position], directory)
                return
            position += 2 if word in _WITH_VALUE and not equals else 1

    def _file(self, name: str, directory: str | None) -> Iterator[Started]:
        path = entered(directory, name)
        if not path:
            return
        for candidate in (path, *(path + suffix for suffix in SUFFIXES)):
            if self._tree.is_file(candidate):
                yield Started(candidate, None, directory)
                return


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """The words before and after ``--``."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]
