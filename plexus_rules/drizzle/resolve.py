"""Which file of the tree an import means."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from plexus_rules.drizzle.packages import is_package
from plexus_rules.drizzle.tsconfig import TsConfigs, best_pattern, parents, parse_jsonc
from plexus_rules.trees import Tree, TreeError, join, normal_path

Json = dict[str, Any]

#: What may be left out at the end of a specifier.
_ADDED = (".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".json")
#: What a compiler makes, and what it makes it from.
_MADE_FROM = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}
_INDEX = tuple("index" + ending for ending in _ADDED)
_BUILT = re.compile(r"^(?:dist|build|lib|out)(?=/)(?:/(?:esm|cjs|src)(?=/))?")
_DECLARATION = re.compile(r"\.d\.([mc]?ts)$")
_ENDS_AS_DIRECTORY = re.compile(r"(?:^|/)\.{0,2}$")
_RELATIVE = re.compile(r"\.\.?(?:/|$)")
_MOST_CONDITIONS = 200
#: What a tree never holds.
_NEVER_HERE = ("drizzle-orm/", "node:", "/")
#: What a package.json and a tsconfig are asked for here.
_FIELDS = (
    *("compilerOptions", "exports", "extends", "imports", "main", "module", "name", "references"),
    "types",
)


class Resolver:
    """Resolves specifiers as bundlers do: files, index files, tsconfig paths, workspaces.

    Args:
        tree: the files.
        note: told the path and the reason where a config file cannot be read.
    """

    def __init__(self, tree: Tree, note: Callable[[str, str], None]) -> None:
        self._tree = tree
        self._note = note
        self._known: dict[tuple[str, str], str | None] = {}
        self._names_known: dict[tuple[int, str], str | None] = {}
        self._json_known: dict[str, Json] = {}

    @cached_property
    def _tsconfigs(self) -> TsConfigs:
        return TsConfigs(self._json, self._tree.is_file, self._package_file)

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The file that a specifier means in the file ``importer``; None for a package."""
        key = (importer.rpartition("/")[0], specifier)
        if key not in self._known:
            if specifier.startswith(_NEVER_HERE):
                self._known[key] = None
            else:
                self._known[key] = self._tree.known(
                    ("resolved", *key), lambda tree: self._of(tree)._resolve(*key)
                )
        return self._known[key]

    def _of(self, tree: Tree) -> Resolver:
        return self if tree is self._tree else Resolver(tree, self._note)

    def _resolve(self, directory: str, specifier: str) -> str | None:
        if not specifier or specifier.startswith(_NEVER_HERE):
            return None
        if specifier.startswith("#"):
            found = self._mapped(directory, specifier) or self._package_import(directory, specifier)
        elif _RELATIVE.match(specifier):
            found = self._file(join(directory, specifier))
        else:
            found = self._package(directory, specifier)
        if found is None and "?" in specifier:
            # A bundler's `./table.sql?raw`.
            return self._resolve(directory, specifier.partition("?")[0])
        return found

    def _mapped(self, directory: str, specifier: str) -> str | None:
        """The file that the tsconfig of a directory gives for a name."""
        for options in self._tsconfigs.governing(directory):
            for path in options.candidates(specifier):
                found = self._file(path)
                if found is not None:
                    return found
        return None

    def _package(self, directory: str, specifier: str) -> str | None:
        """The file that the name of a package, or an alias, means. One tsconfig has one answer."""
        key = (id(self._tsconfigs.governing(directory)), specifier)
        if key not in self._names_known:
            self._names_known[key] = self._mapped(directory, specifier) or self._package_file(
                specifier
            )
        return self._names_known[key]

    def _file(self, path: str) -> str | None:
        """The file that a path means: as it is, with an ending, or a directory's entry."""
        clean = normal_path(path)
        if clean is None:
            return None
        file = None if _ENDS_AS_DIRECTORY.search(path) else self._plain_file(clean)
        return file or self._directory(clean)

    def _plain_file(self, path: str) -> str | None:
        if self._tree.is_file(path):
            return path
        stem, ending = posixpath.splitext(path)
        names = [path + added for added in _ADDED]
        names += [stem + source for source in _MADE_FROM.get(ending, ())]
        return next(filter(self._tree.is_file, names), None)

    def _directory(self, path: str) -> str | None:
        if not self._tree.is_directory(path):
            return None
        package = self._json(join(path, "package.json"))
        for field in ("main", "module", "types"):
            main = package.get(field)
            found = self._package_path(path, main) if isinstance(main, str) else None
            if found is not None:
                return found
        return self._index(path)

    def _index(self, path: str) -> str | None:
        return next(filter(self._tree.is_file, (join(path, name) for name in _INDEX)), None)

    def _package_path(self, package: str, name: str) -> str | None:
        """A file that a package names; where it is not built, the source of it."""
        relative = normal_path(name)
        if not relative:
            return None
        source = _DECLARATION.sub(r".\1", _BUILT.sub("src", relative))
        for candidate in dict.fromkeys((relative, source)):
            path = join(package, candidate)
            found = self._plain_file(path) or self._index(path)
            if found is not None:
                return found
        return None

    @cached_property
    def _packages(self) -> dict[str, str]:
        """The directories of the tree's packages, by name."""
        return self._tree.known("package names", lambda tree: self._of(tree)._names())

    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in self._tree.scan(is_package, lambda tree, path: True, "packages"):
            name = self._json(path).get("name")
            if isinstance(name, str) and name:
                found.setdefault(name, posixpath.dirname(path))
        return found

    def _package_file(self, specifier: str) -> str | None:
        """What a package of the tree gives under ``name`` or ``name/sub/path``."""
        count = 2 if specifier.startswith("@") else 1
        parts = specifier.split("/", count)
        directory = self._packages.get("/".join(parts[:count]))
        if directory is None:
            return None
        below = parts[count] if len(parts) > count else ""
        exports = self._json(join(directory, "package.json")).get("exports")
        if not isinstance(exports, dict) or not any(key.startswith(".") for key in exports):
            exports = {".": exports}
        for target in _targets(exports, f"./{below}" if below else "."):
            found = self._package_path(directory, target)
            if found is not None:
                return found
        return self._file(join(directory, below)) if below else self._directory(directory)

    def _package_import(self, directory: str, specifier: str) -> str | None:
        """What the nearest package's ``imports`` give for ``#name``."""
        for above in parents(directory):
            if self._tree.is_file(join(above, "package.json")):
                imports = self._json(join(above, "package.json")).get("imports")
                targets = _targets(imports, specifier) if isinstance(imports, dict) else ()
                return next(filter(None, (self._package_path(above, t) for t in targets)), None)
        return None

    def _json(self, path: str) -> Json:
        """A JSON object that may hold comments; an empty one where there is none."""
        if path not in self._json_known:
            self._json_known[path], reason = self._tree.known(
                ("json", path), lambda tree: _json(tree, path)
            )
            if reason is not None:
                self._note(path, reason)
        return self._json_known[path]


def _json(tree: Tree, path: str) -> tuple[Json, str | None]:
    """What of a JSON object is ever asked for here; and why it cannot be read, if so."""
    value: object = None
    reason = None
    if tree.is_file(path):
        try:
            value = parse_jsonc(tree.text(path))
        except (TreeError, ValueError) as error:
            reason = str(error)
    found = value if isinstance(value, dict) else {}
    return {key: found[key] for key in _FIELDS if key in found}, reason


def _targets(table: Json, key: str) -> Iterator[str]:
    """What an ``exports`` or ``imports`` table gives for a key, under any condition."""
    best = best_pattern(iter(table), key)
    if best is None:
        return
    pending: list[object] = [table[best[0]]]
    for _ in range(_MOST_CONDITIONS):
        if not pending:
            return
        value = pending.pop()
        if isinstance(value, str):
            if value.startswith("./"):
                yield value.replace("*", best[1])
        elif isinstance(value, dict):
            pending += reversed(list(value.values()))
        elif isinstance(value, list):
            pending += reversed(value)
