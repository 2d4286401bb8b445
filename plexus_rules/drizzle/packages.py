"""The packages of a checkout: where they are, and how their scripts and tools are run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from msgspec import Struct

from plexus_rules.drizzle.json_text import parse_json
from plexus_rules.trees import Tree, TreeError, join


class Manager(Struct, frozen=True):
    """A package manager: how it runs a tool of a dependency, and a script of the package."""

    tool: str
    script: str


_NPM = Manager("npx", "npm run")
_MANAGERS = {
    "bun": Manager("bunx", "bun run"),
    "pnpm": Manager("pnpm exec", "pnpm run"),
    "yarn": Manager("yarn", "yarn run"),
    "npm": _NPM,
}
_LOCKS = {
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
}

_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_FIELDS = ("name", "packageManager", "scripts", *_DEPENDENCIES)


def directories_up(directory: str) -> Iterator[str]:
    """A directory and all above it, up to the root, which is ``""``."""
    while directory:
        yield directory
        directory = directory.rpartition("/")[0]
    yield ""


class Packages:
    """The packages of a tree, by their directories."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, dict[str, Any]] = {}
        self._nearest: dict[str, str] = {}

    def directory(self, path: str) -> str:
        """The package that a file belongs to; the root where it belongs to none."""
        return self.above(path.rpartition("/")[0])

    def above(self, directory: str) -> str:
        """The nearest directory with a package.json, at or above a directory; else the root."""
        if directory not in self._nearest:
            self._nearest[directory] = next(
                up
                for up in directories_up(directory)
                if not up or self._tree.is_file(join(up, "package.json"))
            )
        return self._nearest[directory]

    def uses(self, path: str, other: str) -> bool:
        """Whether a file may import another: they share a package, or one depends on the other."""
        package, wanted = self.directory(path), self.directory(other)
        return package == wanted or self.name(wanted) in self._dependencies(package)

    def _dependencies(self, directory: str) -> set[str]:
        found: set[str] = set()
        for key in _DEPENDENCIES:
            listed = self.described(directory).get(key)
            found.update(listed if isinstance(listed, dict) else ())
        return found

    def manager(self, package: str) -> Manager:
        """The package manager of a package.

        Its lock file tells, or one above it; else what package.json states, or its scripts run.
        """
        for directory in directories_up(package):
            for lock, name in _LOCKS.items():
                if self._tree.is_file(join(directory, lock)):
                    return _MANAGERS[name]
        for directory in directories_up(package):
            stated = self.described(directory).get("packageManager")
            if isinstance(stated, str) and stated.partition("@")[0] in _MANAGERS:
                return _MANAGERS[stated.partition("@")[0]]
        for directory in directories_up(package):
            texts = self.scripts(directory).values()
            used = {words[0] for text in texts if (words := text.split(None, 1))}
            found = _MANAGERS.keys() & used
            if len(found) == 1:
                return _MANAGERS[found.pop()]
        return _NPM

    def described(self, directory: str) -> dict[str, Any]:
        """The package.json of a directory; empty where there is none, or none to be read."""
        if directory not in self._known:
            path = join(directory, "package.json")
            self._known[directory] = self._tree.known(
                ("package", directory), lambda tree: _described(tree, path)
            )
        return self._known[directory]

    def name(self, directory: str) -> str | None:
        """The name of a package."""
        name = self.described(directory).get("name")
        return name if isinstance(name, str) and name else None

    def scripts(self, directory: str) -> dict[str, str]:
        """The scripts of a package, by name."""
        found = self.described(directory).get("scripts")
        items = found.items() if isinstance(found, dict) else ()
        return {name: text for name, text in items if isinstance(text, str)}

    @cached_property
    def directories(self) -> tuple[str, ...]:
        """The directories of all packages."""
        found = self._tree.scan(is_package, lambda tree, path: True, "packages")
        return tuple(path.rpartition("/")[0] for path in found)


def is_package(path: str) -> bool:
    """Whether a path is that of a package.json."""
    return path == "package.json" or path.endswith("/package.json")


def _described(tree: Tree, path: str) -> dict[str, Any]:
    """What of a package.json is ever asked for: of its dependencies their names."""
    value: Any = None
    if tree.is_file(path):
        try:
            value = parse_json(path, tree.read(path))
        except TreeError:
            value = None
    if not isinstance(value, dict):
        return {}
    found = {key: value[key] for key in _FIELDS if key in value}
    for key in _DEPENDENCIES:
        if isinstance(found.get(key), dict):
            found[key] = dict.fromkeys(found[key])
    return found
