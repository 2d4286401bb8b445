"""A directory on the disk, read as it is now."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from plexus_rules.trees.base import (
    LEAVES,
    MAX_FILE_BYTES,
    FileMissing,
    FileRefused,
    Kept,
    NotAFile,
    Tree,
    TreeError,
    join,
    too_large,
)
from plexus_rules.trees.ignore import MAX_IGNORE_BYTES, Ignores

#: Never looked into: they hold nothing that a person of the project wrote.
SKIPPED_DIRECTORIES = frozenset({"node_modules", ".git"})

#: What lies deeper is not looked at; no project is laid out like that.
MAX_DEPTH = 64

#: A directory with more entries, all that is below it counted, is more than one project.
MAX_ENTRIES = 1_000_000

_FILE, _DIRECTORY, _REFUSED = "file", "directory", "refused"
_FLAGS = os.O_RDONLY
for _flag in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"):
    _FLAGS |= getattr(os, _flag, 0)
_VANISHED = "vanished while it was being checked"


class DirectoryTree(Tree):
    """The files below a directory.

    Links are followed only where they end inside of the directory. ``node_modules``
    and ``.git`` do not exist here.
    """

    def __init__(self, root: Path) -> None:
        try:
            self.root = root.resolve(strict=True)
            is_directory = self.root.is_dir()
        except (OSError, RuntimeError, ValueError) as error:
            raise TreeError(f"{root}: {_reason(error)}") from None
        if not is_directory:
            raise TreeError(f"{root}: not a directory; name the directory to check")
        self._prefix = str(self.root).rstrip(os.sep) + os.sep
        self._scans: dict[str, Mapping[str, str]] = {}
        self._looked_at = 0
        self._links: set[str] = set()
        self._is_behind_link: dict[str, bool] = {}
        self._kept = Kept()
        self._blobs: dict[str, str] = {}
        self._passed_over: dict[str, str] = {}

    @property
    def passed_over(self) -> Mapping[str, str]:
        return self._passed_over

    def pass_over(self, passed_over: Mapping[str, str]) -> None:
        """Notes what somebody else asked of the same files, and could not look into."""
        self._passed_over = {**passed_over, **self._passed_over}

    def _pass_over(self, path: str, reason: str) -> None:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        self._passed_over.setdefault(shown, reason)

    def _kind(self, directory: str, entry: os.DirEntry[str]) -> str:
        try:
            if not entry.is_symlink():
                if entry.is_dir(follow_symlinks=False):
                    return _DIRECTORY
                return _FILE if entry.is_file(follow_symlinks=False) else _REFUSED
            self._links.add(join(directory, entry.name))
            target = os.path.realpath(entry.path)
            if not self._is_inside(target):
                return _REFUSED
            if entry.is_dir():
                return _DIRECTORY
            return _FILE if entry.is_file() else _REFUSED
        except OSError:
            return _REFUSED

    def _is_inside(self, real: str) -> bool:
        below = real[len(self._prefix) :]
        return real.startswith(self._prefix) and SKIPPED_DIRECTORIES.isdisjoint(below.split(os.sep))

    def _scan(self, directory: str) -> Mapping[str, str]:
        """The entries of a directory by name; none where it is not one of this tree.

        Raises:
            TreeError: too many entries were looked at.
        """
        known = self._scans.get(directory)
        if known is None:
            known = self._entries(directory)
            self._looked_at += len(known)
            if self._looked_at > MAX_ENTRIES:
                raise TreeError(
                    f"{self.root}: holds more than {MAX_ENTRIES:,} files and directories, which is "
                    "the limit; name the directory of the project, or list in a .gitignore what "
                    "does not belong to it"
                )
            self._scans[directory] = known
        return known

    def _entries(self, directory: str) -> Mapping[str, str]:
        if directory:
            if directory.count("/") >= MAX_DEPTH:
                return {}
            kind = self._kind_of(directory)
            if kind == _REFUSED:
                self._pass_over(directory, LEAVES)
            if kind != _DIRECTORY:
                return {}
        found: dict[str, str] = {}
        try:
            with os.scandir(self._prefix + directory) as entries:
                for entry in entries:
                    if entry.name in SKIPPED_DIRECTORIES:
                        continue
                    if _is_text(entry.name):
                        found[entry.name] = self._kind(directory, entry)
                    else:
                        self._pass_over(join(directory, entry.name), "its name is not UTF-8 text")
        except OSError as error:
            if not directory:
                raise TreeError(f"{self.root}: {_reason(error)}") from None
            self._pass_over(directory, f"the directory cannot be read: {_reason(error)}")
        return found

    def _kind_of(self, path: str) -> str | None:
        if not path:
            return _DIRECTORY
        directory, _, name = path.rpartition("/")
        return self._scan(directory).get(name)

    def names(self, directory: str) -> list[str]:
        return sorted(name for name, kind in self._scan(directory).items() if kind == _FILE)

    def directories(self, directory: str) -> list[str]:
        return sorted(name for name, kind in self._scan(directory).items() if kind == _DIRECTORY)

    def _walked(self, directory: str) -> list[str]:
        # A link could lead in a circle.
        paths = [path for path in super()._walked(directory) if path not in self._links]
        if paths and directory.count("/") >= MAX_DEPTH - 1:
            self._pass_over(
                directory, f"what lies deeper than {MAX_DEPTH} directories is not looked at"
            )
            return []
        return paths

    def is_file(self, path: str) -> bool:
        return self._kind_of(path) in (_FILE, _REFUSED)

    def is_directory(self, path: str) -> bool:
        return self._kind_of(path) == _DIRECTORY

    def _ignore_text(self, directory: str) -> str:
        path = join(directory, ".gitignore")
        try:
            data = self.read(path)
        except TreeError as error:
            self._pass_over(path, str(error).removeprefix(f"{path}: "))
            return ""
        if len(data) > MAX_IGNORE_BYTES:
            self._pass_over(path, "too large a .gitignore: it was not read")
            return ""
        return data.decode("utf-8", "replace")

    def _ignores_above(self) -> Ignores:
        ignores = Ignores()
        for way, text in self._texts_above():
            ignores = ignores.above(way, text)
        return ignores

    def _texts_above(self) -> list[tuple[str, str]]:
        """The ``.gitignore`` files from the checkout's top down to the root.

        Each with the way from its directory down to the root.
        """
        found: list[tuple[str, str]] = []
        for parent in (self.root, *self.root.parents):
            if parent != self.root:
                way = self.root.relative_to(parent).as_posix()
                found.append((f"{way}/", _ignore_text_above(parent)))
            if os.path.lexists(parent / ".git"):
                break
        else:
            return []  # a plain directory: what lies above is not its business
        return found[::-1]

    def read(self, path: str) -> bytes:
        data = self._kept.known(path)
        return super().read(path) if data is None else data

    def _read(self, path: str) -> bytes:
        return self._kept.get(path, lambda: self._read_now(path))

    def blob(self, path: str) -> str:
        if path not in self._blobs:
            self._blobs[path] = super().blob(path)
        return self._blobs[path]

    def _read_now(self, path: str) -> bytes:
        if self._kind_of(path) == _REFUSED:
            raise NotAFile(f"{path}: {LEAVES}")
        real = self._prefix + path
        if self._is_linked(path):
            real = os.path.realpath(real)
            if not self._is_inside(real):
                raise NotAFile(f"{path}: {LEAVES}")
        try:
            handle = os.open(real, _FLAGS)
            try:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):
                    raise NotAFile(f"{path}: not a regular file")
                if status.st_size > MAX_FILE_BYTES:
                    raise too_large(path, status.st_size)
                data = _rest(handle, status.st_size)
            finally:
                os.close(handle)
        except (FileNotFoundError, NotADirectoryError):
            raise FileMissing(f"{path}: {_VANISHED}") from None
        except OSError as error:
            raise FileRefused(f"{path}: {_reason(error)}") from None
        if len(data) > MAX_FILE_BYTES:
            raise too_large(path, len(data))
        return data

    def _is_linked(self, path: str) -> bool:
        """Whether the way to a file leads over a link. All directories on it are known by now."""
        if path in self._links:
            return True
        directory = path.rpartition("/")[0]
        if not directory or not self._links:
            return False
        known = self._is_behind_link.get(directory)
        if known is None:
            known = self._is_behind_link[directory] = self._is_linked(directory)
        return known


def _rest(handle: int, size: int) -> bytes:
    """The bytes of an open file that has about this size; of a larger one somewhat too many."""
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    # It grows, or the system gives less at a time than was asked for.
    parts = [data]
    while parts[-1] and len(data) <= MAX_FILE_BYTES:
        parts.append(os.read(handle, MAX_FILE_BYTES))
        data = b"".join(parts)
    return data


def _ignore_text_above(directory: Path) -> str:
    file = directory / ".gitignore"
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_IGNORE_BYTES:
            return ""
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
