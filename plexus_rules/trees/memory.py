"""Trees that are held in memory, alone or laid over another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plexus_rules.trees.base import ListedTree, Tree, TreeError, join, normal_path
from plexus_rules.trees.ignore import Ignores


def _check_paths(paths: Mapping[str, object]) -> None:
    for path in paths:
        if not path or normal_path(path) != path:
            raise TreeError(f"{path!r}: not a path inside of the tree")


def _above(path: str) -> Iterator[str]:
    """The directories above a path, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


class MemoryTree(ListedTree):
    """A tree from a mapping of paths to bytes."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        _check_paths(files)
        for path in files:
            if any(above in files for above in _above(path)):
                raise TreeError(f"{path!r}: lies below a path that is a file")
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

    @property
    def passed_over(self) -> Mapping[str, str]:
        return self._below.passed_over

    def _ignores_above(self) -> Ignores:
        return self._below._ignores_above()

    def _is_covered(self, path: str) -> bool:
        """Whether the tree below does not show through here: a change lies over the path."""
        return (
            path in self._deleted
            or self._added.is_file(path)
            or any(self._added.is_file(above) for above in _above(path))
        )

    def _walked(self, directory: str) -> list[str]:
        walked = {path for path in self._below._walked(directory) if self.is_directory(path)}
        return sorted(walked.union(self._added._walked(directory)))

    def names(self, directory: str) -> list[str]:
        below = {n for n in self._below.names(directory) if self.is_file(join(directory, n))}
        return sorted(below.union(self._added.names(directory)))

    def directories(self, directory: str) -> list[str]:
        found = self._below.directories(directory)
        below = {name for name in found if self.is_directory(join(directory, name))}
        return sorted(below.union(self._added.directories(directory)))

    def is_file(self, path: str) -> bool:
        if self._added.is_file(path) or self._added.is_directory(path):
            return self._added.is_file(path)
        return not self._is_covered(path) and self._below.is_file(path)

    def is_directory(self, path: str) -> bool:
        if self._added.is_directory(path):
            return True
        if self._is_covered(path) or not self._below.is_directory(path):
            return False
        prefix = f"{path}/" if path else ""
        if not any(deleted.startswith(prefix) for deleted in self._deleted):
            return True
        return any(found not in self._deleted for found in self._below.files(path))

    def _read(self, path: str) -> bytes:
        return (self._added if self._added.is_file(path) else self._below).read(path)

    def blob(self, path: str) -> str:
        return (self._added if self._added.is_file(path) else self._below).blob(path)
