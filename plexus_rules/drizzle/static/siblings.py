"""The modules that a source file imports by a relative path."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from plexus_rules.drizzle.static.module import Module
from plexus_rules.drizzle.typescript import SUFFIXES, parse
from plexus_rules.trees import Tree, TreeError, normal_path

#: What TypeScript reads where an import names what it compiles to.
_COMPILED = {".js": ".ts", ".mjs": ".mts", ".cjs": ".cts"}


class Siblings:
    """Loads the modules that relative imports name, each once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._loaded: dict[str, Module | None] = {}

    def load(self, importer: Module, specifier: str) -> Module | None:
        """The module that a relative import names; None where it is no readable source."""
        directory = posixpath.dirname(importer.source.path)
        target = normal_path(posixpath.join(directory, specifier))
        path = next(filter(self._tree.is_file, _files(target)), None) if target else None
        if path is None:
            return None
        if path not in self._loaded:
            self._loaded[path] = self._parsed(path)
        return self._loaded[path]

    def _parsed(self, path: str) -> Module | None:
        try:
            return Module(parse(path, self._tree.read(path)), imported=True)
        except TreeError:
            return None


def _files(target: str) -> Iterator[str]:
    """The files that a relative import may mean, the likeliest first."""
    if target.endswith(SUFFIXES):
        yield target
    stem, ending = posixpath.splitext(target)
    if ending in _COMPILED:
        yield stem + _COMPILED[ending]
    for suffix in SUFFIXES:
        yield target + suffix
    for suffix in SUFFIXES:
        yield f"{target}/index{suffix}"
