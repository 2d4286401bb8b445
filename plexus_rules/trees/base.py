"""What every tree can do."""

from __future__ import annotations

import posixpath
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from plexus_rules.trees.ignore import MAX_IGNORE_BYTES, Ignores

_T = TypeVar("_T")

#: A larger file is refused, so that a hostile repository cannot fill the memory.
MAX_FILE_BYTES = 32 * 1024 * 1024


#: So much of what was read is kept in memory.
MAX_KEPT_BYTES = 64 * 1024 * 1024

#: Why a link, or what is neither a file nor a directory, is not read.
LEAVES = "a link that leaves the checked directory, or leads nowhere, or not a file"


class TreeError(Exception):
    """A tree, or a file of it, cannot be read. The text says what, where and why."""


class FileMissing(TreeError):
    """There is no such file in the tree (any more)."""


class FileRefused(TreeError):
    """The file is there and is not read: too large, a link out of the root, not a file."""


class NotAFile(FileRefused):
    """In place of the file there is something else: a link that leaves the root, a pipe."""


def normal_path(path: str) -> str | None:
    """``a/./b/../c`` as ``a/c``; ``""`` for the root; None where it leaves the root."""
    if path.startswith("/") or "\0" in path:
        return None
    clean = posixpath.normpath(path) if path else "."
    if clean == ".." or clean.startswith("../"):
        return None
    return "" if clean == "." else clean


def join(directory: str, name: str) -> str:
    """The path of an entry of a directory; the root is ``""``."""
    return f"{directory}/{name}" if directory else name


def blob_id(data: bytes) -> str:
    """The id that git gives a file with this content (SHA-1 of its blob)."""
    import hashlib  # here: it loads OpenSSL, which few commands need

    digest = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def too_large(
    path: str, size: int, limit: int = MAX_FILE_BYTES, kind: str = "one file"
) -> FileRefused:
    """The refusal of a file for its size."""
    found = f"{size / 1024 / 1024:.1f} MiB"
    return FileRefused(
        f"{path}: {found} is over the limit of {limit // 1024 // 1024} MiB for {kind}"
    )


class Kept:
    """Files that were read: each is read once, so that all who ask are told the same."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._room = MAX_KEPT_BYTES

    def known(self, key: str) -> bytes | None:
        """The bytes that were read before, if they are kept."""
        return self._files.get(key)

    def get(self, key: str, read: Callable[[], bytes]) -> bytes:
        """The bytes that were read before, or else now."""
        data = self._files.get(key)
        if data is None:
            data = read()
            if len(data) <= self._room:
                self._room -= len(data)
                self._files[key] = data
        return data


class Tree(ABC):
    """A read-only set of files.

    Attributes:
        knows_blobs: whether it tells the ids of its files without reading them.
    """

    knows_blobs = False

    @property
    def passed_over(self) -> Mapping[str, str]:
        """What was asked for and could not be looked into, so far: why, by its path."""
        return {}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The files that no ``.gitignore`` excludes, in order of their paths."""
        found: list[str] = []
        pending = [("", self._ignores_above())]
        while pending:
            directory, ignores = pending.pop()
            names = self.names(directory)
            if ".gitignore" in names:
                ignores = ignores.below(directory, self._ignore_text(directory))
            paths = [join(directory, name) for name in names]
            found += [path for path in paths if not ignores.exclude(path, False)]
            walked = self._walked(directory)
            pending += [(path, ignores) for path in walked if not ignores.exclude(path, True)]
        return tuple(sorted(found))

    def _ignores_above(self) -> Ignores:
        """The ``.gitignore`` files above the root that hold for it."""
        return Ignores()

    def _ignore_text(self, directory: str) -> str:
        try:
            data = self.read(join(directory, ".gitignore"))
        except TreeError:
            return ""
        return data.decode("utf-8", "replace") if len(data) <= MAX_IGNORE_BYTES else ""

    def _walked(self, directory: str) -> list[str]:
        """The directories directly in a directory that a walk goes into: no links."""
        return [join(directory, name) for name in self.directories(directory)]

    @abstractmethod
    def names(self, directory: str) -> list[str]:
        """The names of the files directly in a directory, sorted; ignored files included."""

    @abstractmethod
    def directories(self, directory: str) -> list[str]:
        """The names of the directories directly in a directory, sorted."""

    @abstractmethod
    def is_file(self, path: str) -> bool:
        """Whether the tree has this file."""

    @abstractmethod
    def is_directory(self, path: str) -> bool:
        """Whether the tree has this directory."""

    @abstractmethod
    def _read(self, path: str) -> bytes:
        """The bytes of a path that is normal and known to be a file."""

    def known(self, key: Hashable, make: Callable[[Tree], _T], *, same: bool = True) -> _T:
        """What follows from the tree alone: it is made once, and found by its key from then on.

        ``make`` must ask nothing but the tree that it is given. A tree that goes from commit to
        commit makes it again where that may be different; unless ``same``, an equal one is then
        not as good as the one before.
        """
        if key not in self._known:
            self._known[key] = make(self)
        value: _T = self._known[key]
        return value

    @cached_property
    def _known(self) -> dict[Hashable, Any]:
        return {}

    def scan(
        self,
        wanted: Callable[[str], bool],
        make: Callable[[Tree, str], _T | None],
        key: Hashable = None,
    ) -> dict[str, _T]:
        """What is made of each source that is wanted, in order, where it is anything.

        ``wanted`` goes by the path alone. ``make`` must read the source by the tree that it is
        given. A ``key`` stands for all else that ``make`` depends on.
        """
        found = ((path, make(self, path)) for path in self.sources if wanted(path))
        return {path: value for path, value in found if value}

    def files(self, under: str = "") -> list[str]:
        """Every file below a directory, ignored ones included, in order of their paths."""
        found: list[str] = []
        pending = [under]
        while pending:
            directory = pending.pop()
            found += [join(directory, name) for name in self.names(directory)]
            pending += self._walked(directory)
        return sorted(found)

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            FileMissing: there is no such file, or it vanished meanwhile.
            FileRefused: it is too large, or a link that leaves the root.
        """
        clean = normal_path(path)
        if clean is None:
            raise FileRefused(f"{path}: lies outside of the checked directory")
        if not self.is_file(clean):
            raise FileMissing(f"{clean}: no such file")
        return self._read(clean)

    def text(self, path: str) -> str:
        """The text of a file, as UTF-8; a byte that is not becomes U+FFFD. No BOM."""
        return self.read(path).decode("utf-8", "replace").removeprefix("\ufeff")

    def blob(self, path: str) -> str:
        """The git blob id of the file: equal ids are equal bytes."""
        return blob_id(self.read(path))


class ListedTree(Tree):
    """A tree whose paths are all known beforehand."""

    @abstractmethod
    def _paths(self) -> frozenset[str]:
        """Every file of the tree."""

    @cached_property
    def _listing(self) -> frozenset[str]:
        return self._paths()

    @cached_property
    def _entries(self) -> dict[str, dict[str, bool]]:
        """For each directory its entries by name, and whether each is a directory."""
        entries: dict[str, dict[str, bool]] = {"": {}}
        for path in self._listing:
            is_directory = False
            while path:
                directory, _, name = path.rpartition("/")
                siblings = entries.setdefault(directory, {})
                if name in siblings:
                    break
                siblings[name] = is_directory
                path, is_directory = directory, True
        return entries

    def names(self, directory: str) -> list[str]:
        entries = self._entries.get(directory, {})
        return sorted(name for name, is_directory in entries.items() if not is_directory)

    def directories(self, directory: str) -> list[str]:
        entries = self._entries.get(directory, {})
        return sorted(name for name, is_directory in entries.items() if is_directory)

    def is_file(self, path: str) -> bool:
        return path in self._listing

    def is_directory(self, path: str) -> bool:
        return path in self._entries
