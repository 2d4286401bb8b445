"""A directory on the disk, read as it is now."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from plexus_rules.trees.base import MAX_FILE_BYTES, FileMissing, FileRefused, Tree, TreeError, join

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

#: Never looked into: they hold nothing that a person of the project wrote.
SKIPPED_DIRECTORIES = frozenset({"node_modules", ".git"})

#: A deeper directory is not walked; no project is laid out like that.
MAX_DEPTH = 64

_FILE, _DIRECTORY, _REFUSED = "file", "directory", "refused"


class DirectoryTree(Tree):
    """The files below a directory.

    Links are followed only where they end inside of the directory. ``node_modules``
    and ``.git`` do not exist here.
    """

    def __init__(self, root: Path) -> None:
        try:
            self.root = root.resolve(strict=True)
            is_directory = self.root.is_dir()
        except (OSError, RuntimeError) as error:
            raise TreeError(f"{root}: {_reason(error)}") from None
        if not is_directory:
            raise TreeError(f"{root}: not a directory; name the directory to check")
        self._prefix = str(self.root).rstrip(os.sep) + os.sep
        self._scans: dict[str, dict[str, str]] = {}

    def _kind(self, entry: os.DirEntry[str]) -> str:
        try:
            if not entry.is_symlink():
                if entry.is_dir(follow_symlinks=False):
                    return _DIRECTORY
                return _FILE if entry.is_file(follow_symlinks=False) else _REFUSED
            target = os.path.realpath(entry.path)
            if not target.startswith(self._prefix):
                return _REFUSED
            if entry.is_dir():
                return _DIRECTORY
            return _FILE if entry.is_file() else _REFUSED
        except OSError:
            return _REFUSED

    def _scan(self, directory: str) -> dict[str, str]:
        """The entries of a directory by name. The directory is known to lie inside."""
        known = self._scans.get(directory)
        if known is None:
            known = {}
            try:
                with os.scandir(self._prefix + directory) as entries:
                    for entry in entries:
                        if entry.name not in SKIPPED_DIRECTORIES and _is_text(entry.name):
                            known[entry.name] = self._kind(entry)
            except OSError as error:
                if not directory:
                    raise TreeError(f"{self.root}: {_reason(error)}") from None
            self._scans[directory] = known
        return known

    def _kind_of(self, path: str) -> str | None:
        if not path:
            return _DIRECTORY
        parts = path.split("/")
        if len(parts) > MAX_DEPTH:
            return None
        directory = ""
        for part in parts[:-1]:
            if self._scan(directory).get(part) != _DIRECTORY:
                return None
            directory = join(directory, part)
        return self._scan(directory).get(parts[-1])

    def names(self, directory: str) -> list[str]:
        if not self.is_directory(directory):
            return []
        return sorted(name for name, kind in self._scan(directory).items() if kind == _FILE)

    def directories(self, directory: str) -> list[str]:
        if not self.is_directory(directory):
            return []
        return sorted(name for name, kind in self._scan(directory).items() if kind == _DIRECTORY)

    def files(self, under: str = "") -> list[str]:
        found: list[str] = []
        pending = [under] if self.is_directory(under) else []
        while pending:
            directory = pending.pop()
            found += [join(directory, name) for name in self.names(directory)]
            pending += self._walkable(directory)
        return sorted(found)

    def _walkable(self, directory: str) -> list[str]:
        """The directories below that are not links: a link could lead in a circle."""
        if directory.count("/") >= MAX_DEPTH:
            return []
        paths = [join(directory, name) for name in self.directories(directory)]
        return [path for path in paths if not os.path.islink(self._prefix + path)]

    def is_file(self, path: str) -> bool:
        return self._kind_of(path) in (_FILE, _REFUSED)

    def is_directory(self, path: str) -> bool:
        return self._kind_of(path) == _DIRECTORY

    @cached_property
    def sources(self) -> tuple[str, ...]:
        found: list[str] = []
        pending: list[tuple[str, tuple[_Ignore, ...]]] = [("", self._ignores_above())]
        while pending:
            directory, ignores = pending.pop()
            ignores = (*ignores, *self._ignores_in(directory))
            for name in self.names(directory):
                path = join(directory, name)
                if not _is_ignored(path, ignores):
                    found.append(path)
            pending += [
                (path, ignores)
                for path in self._walkable(directory)
                if not _is_ignored(path + "/", ignores)
            ]
        return tuple(sorted(found))

    def _ignores_in(self, directory: str) -> tuple[_Ignore, ...]:
        if self._scan(directory).get(".gitignore") != _FILE:
            return ()
        try:
            text = self.text(join(directory, ".gitignore"))
        except TreeError:
            return ()
        return (_Ignore(f"{directory}/" if directory else "", "", _spec(text)),)

    def _ignores_above(self) -> tuple[_Ignore, ...]:
        """The ``.gitignore`` files between the checkout's top and the root."""
        ignores: list[_Ignore] = []
        if (self.root / ".git").exists():
            return ()
        below = ""
        for parent in self.root.parents:
            below = f"{self.root.relative_to(parent).as_posix()}/"
            file = parent / ".gitignore"
            if file.is_file() and not file.is_symlink():
                try:
                    text = file.read_text("utf-8", "replace")
                except OSError:
                    text = ""
                ignores.append(_Ignore("", below, _spec(text)))
            if (parent / ".git").exists():
                return tuple(reversed(ignores))
        return ()

    def _read(self, path: str) -> bytes:
        if self._kind_of(path) == _REFUSED:
            raise FileRefused(f"{path}: a link that leaves the checked directory, or not a file")
        real = os.path.realpath(self._prefix + path)
        if not real.startswith(self._prefix):
            raise FileRefused(f"{path}: a link that leaves the checked directory")
        try:
            handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):
                    raise FileRefused(f"{path}: not a regular file")
                if status.st_size > MAX_FILE_BYTES:
                    raise FileRefused(_too_large(path, status.st_size))
                data = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            raise FileMissing(f"{path}: vanished while it was being checked") from None
        except OSError as error:
            raise FileRefused(f"{path}: {_reason(error)}") from None
        if len(data) > MAX_FILE_BYTES:
            raise FileRefused(_too_large(path, len(data)))
        return data


class _Ignore:
    """One ``.gitignore``: for paths below ``strip``, seen from a place ``add`` further up."""

    def __init__(self, strip: str, add: str, spec: GitIgnoreSpec) -> None:
        self._strip, self._add, self._spec = strip, add, spec

    def verdict(self, path: str) -> bool | None:
        return self._spec.check_file(self._add + path[len(self._strip) :]).include


def _spec(text: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore import GitIgnorePatternError

    lines: list[str] = []
    for line in text.splitlines():
        try:
            GitIgnoreSpec.from_lines([line])
        except (GitIgnorePatternError, ValueError):
            continue  # git, too, passes over a line that it cannot read
        lines.append(line)
    return GitIgnoreSpec.from_lines(lines)


def _is_ignored(path: str, ignores: tuple[_Ignore, ...]) -> bool:
    for ignore in reversed(ignores):
        verdict = ignore.verdict(path)
        if verdict is not None:
            return verdict
    return False


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_large(path: str, size: int) -> str:
    limit = MAX_FILE_BYTES // 1024 // 1024
    return f"{path}: {size // 1024 // 1024} MiB is over the limit of {limit} MiB for one file"


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
