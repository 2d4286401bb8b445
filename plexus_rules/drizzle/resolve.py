"""Which file of the tree an import means."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

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
_MOST_CONDITIONS = 200


class Resolver:
    """Resolves specifiers as bundlers do: files, index files, tsconfig paths, workspaces.

    Args:
        tree: the files.
        note: told the path and the reason where a config file cannot be read.
    """

    def __init__(self, tree: Tree, note: Callable[[str, str], None]) -> None:
        self._tree = tree
        self._note = note
        self._tsconfigs = TsConfigs(self._json, tree.is_file, self._package_file)
        self._known: dict[tuple[str, str], str | None] = {}
        self._json_known: dict[str, Json] = {}

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The file that a specifier means in the file ``importer``; None for a package."""
        key = (posixpath.dirname(importer), specifier)
        if key not in self._known:
            self._known[key] = self._resolve(*key)
        return self._known[key]

    def _resolve(self, directory: str, specifier: str) -> str | None:
        if not specifier or specifier.startswith(("drizzle-orm/", "node:", "/")):
            return None
        found = next(filter(None, self._attempts(directory, specifier)), None)
        if found is None and "?" in specifier:
            # A bundler's `./table.sql?raw`.
            return self._resolve(directory, specifier.partition("?")[0])
        return found

    def _attempts(self, directory: str, specifier: str) -> Iterator[str | None]:
        if re.match(r"\.\.?(?:/|$)", specifier):
            yield self._file(join(directory, specifier))
            return
        for options in self._tsconfigs.governing(directory):
            yield from map(self._file, options.candidates(specifier))
        if specifier.startswith("#"):
            yield self._package_import(directory, specifier)
        else:
            yield self._package_file(specifier)

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
        found: dict[str, str] = {}
        for path in self._tree.sources:
            if path.endswith("package.json") and posixpath.basename(path) == "package.json":
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
            value: object = None
            if self._tree.is_file(path):
                try:
                    value = parse_jsonc(self._tree.text(path))
                except (TreeError, ValueError) as error:
                    self._note(path, str(error))
            self._json_known[path] = value if isinstance(value, dict) else {}
        return self._json_known[path]


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
