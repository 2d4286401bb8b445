"""Trees that are held in memory, alone or laid over another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from plexus_rules.trees.base import ListedTree, Tree, TreeError, normal_path


def _check_paths(paths: Mapping[str, object]) -> None:
    for path in paths:
        if not path or normal_path(path) != path:
            raise TreeError(f"{path!r}: not a path inside of the tree")


class MemoryTree(ListedTree):
    """A tree from a mapping of paths to bytes."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        _check_paths(files)
        self._files = dict(files)

    def _paths(self) -> frozenset[str]:
        return frozenset(self._files)

    def _read(self, path: str) -> bytes:
        return self._files[path]


class OverlayTree(Tree):
    """Another tree with changes laid over it: new bytes for a path, or None to delete it."""

    def __init__(self, below: Tree, changes: Mapping[str, bytes | None]) -> None:
        _check_paths(changes)
        self._below = below
        self._added = MemoryTree({path: data for path, data in changes.items() if data is not None})
        self._deleted = frozenset(path for path, data in changes.items() if data is None)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        kept = {path for path in self._below.sources if path not in self._deleted}
        return tuple(sorted(kept.union(self._added.sources)))

    def names(self, directory: str) -> list[str]:
        prefix = f"{directory}/" if directory else ""
        kept = {n for n in self._below.names(directory) if prefix + n not in self._deleted}
        return sorted(kept.union(self._added.names(directory)))

    def directories(self, directory: str) -> list[str]:
        prefix = f"{directory}/" if directory else ""
        below = {n for n in self._below.directories(directory) if self.is_directory(prefix + n)}
        return sorted(below.union(self._added.directories(directory)))

    def is_file(self, path: str) -> bool:
        if self._added.is_file(path):
            return True
        return path not in self._deleted and self._below.is_file(path)

    def is_directory(self, path: str) -> bool:
        if self._added.is_directory(path):
            return True
        if not self._below.is_directory(path):
            return False
        prefix = f"{path}/" if path else ""
        gone = any(deleted.startswith(prefix) for deleted in self._deleted)
        return not gone or any(p not in self._deleted for p in self._below.files(path))

    def _read(self, path: str) -> bytes:
        return (self._added if self._added.is_file(path) else self._below).read(path)

    def blob(self, path: str) -> str:
        return (self._added if self._added.is_file(path) else self._below).blob(path)
