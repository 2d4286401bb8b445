"""Commits as trees. Git is asked, never made to run anything that a repository configures."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple

from plexus_rules.trees.base import (
    LEAVES,
    MAX_FILE_BYTES,
    FileRefused,
    Kept,
    ListedTree,
    TreeError,
    join,
    too_large,
)
from plexus_rules.trees.ignore import MAX_IGNORE_BYTES, Ignores

_LINK = "120000"
_REGULAR = ("100644", "100755")
_MOST_LINKS = 40
_LONGEST_LINK = 4096
_OBJECT_ID = re.compile(r"[0-9a-f]{40,64}")

#: Variables that would point git at another repository than the one that is checked. A hook
#: runs with some of them.
_FOREIGN_VARIABLES = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)


class GitError(TreeError):
    """Git, or a revision, cannot be read. The text says what and why."""


def _environment() -> dict[str, str]:
    environment = {k: v for k, v in os.environ.items() if k not in _FOREIGN_VARIABLES}
    return environment | {
        "GIT_ALLOW_PROTOCOL": "none",  # no network, not even for a partial clone
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


class _Blob(NamedTuple):
    mode: str
    id: str


class GitRepository:
    """The git repository that a directory belongs to.

    Attributes:
        directory: the directory that was asked for.
        prefix: its path below the top of the repository, with a trailing ``/``, or ``""``.
        is_bare: whether the repository has no working tree.
        is_shallow: whether its history is cut off.
        lacks: what to do about content that was asked for and is not in this clone, if any was.

    Raises:
        GitError: git is not installed, or the directory belongs to no repository
            that git is willing to read.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._batch: subprocess.Popen[bytes] | None = None
        self.lacks = ""
        asked = ("--is-bare-repository", "--is-shallow-repository", "--show-prefix")
        answer = self.run("rev-parse", *asked).split("\n")
        self.is_bare = answer[0] == "true"
        self.is_shallow = answer[1] == "true"
        self.prefix = "\n".join(answer[2:])

    def _command(self, *arguments: str) -> list[str]:
        options = ("-c", "core.fsmonitor=false", "--literal-pathspecs", "--no-pager")
        return ["git", "-C", str(self.directory), *options, *arguments]

    def run(self, *arguments: str) -> str:
        """What a git command prints, without the last line end.

        Raises:
            GitError: it failed; the text is the first line that git said.
        """
        try:
            done = subprocess.run(
                self._command(*arguments),
                capture_output=True,
                check=False,
                env=_environment(),
                stdin=subprocess.DEVNULL,
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or not on the PATH") from None
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise GitError(
                said[0].removeprefix("fatal: ") if said else "git failed, saying nothing"
            )
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def ask(self, *arguments: str) -> str | None:
        """As :meth:`run`; None where the command fails."""
        try:
            return self.run(*arguments)
        except GitError:
            return None

    def commit(self, revision: str) -> str | None:
        """The full id of the commit that a revision names; None where there is none."""
        if not revision or revision.startswith("-") or "\0" in revision:
            return None
        found = self.ask("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return found if found and _OBJECT_ID.fullmatch(found) else None

    def tree(self, commit: str) -> GitTree:
        """The files of a commit, below the directory that was asked for."""
        return GitTree(self, commit, self.prefix)

    def blob(self, blob: str, path: str) -> bytes:
        """The bytes of a blob; ``path`` is for messages.

        Raises:
            FileRefused: the blob is missing from this clone, or too large.
        """
        process = self._batch
        if process is None:
            process = self._batch = subprocess.Popen(
                self._command("cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(blob.encode() + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
            if len(header) == 3:
                return _content(process.stdout, int(header[2]), path)
        except OSError:
            header = []
        if not header:
            self.close()  # it ends where a blob would have to come over the network
        self.lacks = "files are missing from this clone; run: git fetch --refetch --no-filter"
        raise FileRefused(f"{path}: its content is missing from this clone")

    def close(self) -> None:
        """Ends the helper process, if one was started."""
        if self._batch is not None:
            process, self._batch = self._batch, None
            with contextlib.suppress(OSError):
                process.communicate()

    def __enter__(self) -> GitRepository:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _content(pipe: IO[bytes], size: int, path: str) -> bytes:
    """What git sends after the header of a blob."""
    if size > MAX_FILE_BYTES:
        left = size
        while left > 0:
            left -= len(pipe.read(min(left, 1 << 20)) or b" " * left)
        pipe.read(1)
        raise too_large(path, size)
    data = pipe.read(size)
    pipe.read(1)
    return data


class GitTree(ListedTree):
    """The files of one commit, below a directory of the repository.

    Links are followed as in a directory; ``node_modules`` does not exist here, nor does
    what a submodule holds.
    """

    def __init__(self, repository: GitRepository, commit: str, prefix: str = "") -> None:
        self._repository = repository
        self.commit = commit
        self._below = prefix.rstrip("/")
        self._submodules: set[str] = set()
        self._kept = Kept()
        self._passed_over: dict[str, str] = {}

    @property
    def passed_over(self) -> Mapping[str, str]:
        return self._passed_over

    def _listed(self, treeish: str, *arguments: str) -> Iterator[tuple[str, str, str, str]]:
        """Mode, type, id and path of what a tree lists."""
        for line in self._repository.run("ls-tree", "-z", "--full-tree", treeish, *arguments).split(
            "\0"
        ):
            about, _, path = line.partition("\t")
            if about and _is_kept(path):
                mode, kind, name = about.split()
                yield mode, kind, name, path

    @cached_property
    def _blobs(self) -> dict[str, _Blob]:
        treeish = self.commit
        if self._below:
            found = [e for e in self._listed(self.commit, "--", self._below) if e[1] == "tree"]
            if not found:
                return {}  # the directory does not exist in this commit
            treeish = found[0][2]
        blobs: dict[str, _Blob] = {}
        for mode, kind, name, path in self._listed(treeish, "-r"):
            if kind == "blob":
                blobs[path] = _Blob(mode, name)
            else:
                self._submodules.add(path)
        return blobs

    def _paths(self) -> frozenset[str]:
        return frozenset(self._blobs)

    @cached_property
    def _links(self) -> frozenset[str]:
        return frozenset(path for path, blob in self._blobs.items() if blob.mode == _LINK)

    def _real(self, path: str) -> str | None:
        """The path behind all links on the way; None where one leaves the root, or circles."""
        if not self._links:
            return path
        real, followed = "", 0
        pending = path.split("/")[::-1]
        while pending:
            part = pending.pop()
            if part == "..":
                if not real:
                    return None
                real = real.rpartition("/")[0]
            elif part not in ("", "."):
                real = join(real, part)
            if real in self._links:
                target = self._link(real)
                followed += 1
                if target is None or followed > _MOST_LINKS:
                    return None
                real = real.rpartition("/")[0]
                pending += reversed(target.split("/"))
        return real

    def _link(self, path: str) -> str | None:
        """Where a link leads, relative to its directory."""
        try:
            data = self._repository.blob(self._blobs[path].id, path)
        except FileRefused:
            return None
        absolute = data.startswith(b"/")
        return None if absolute or len(data) > _LONGEST_LINK else data.decode("utf-8", "replace")

    @cached_property
    def _kinds(self) -> dict[str, dict[str, bool | None]]:
        """For each directory, which of its links are directories; None for one that is refused."""
        found: dict[str, dict[str, bool | None]] = {}
        for link in self._links:
            directory, _, name = link.rpartition("/")
            real = self._real(link)
            is_directory = real in self._entries
            known = is_directory or real in self._blobs
            found.setdefault(directory, {})[name] = is_directory if known else None
        return found

    def _directory(self, path: str) -> str | None:
        """The real path of a directory, if there is one; noted where the way to it is barred."""
        real = self._real(path)
        if real is None:
            self._passed_over.setdefault(path, LEAVES)
        elif self._submodules:
            parts = real.split("/")
            for end in range(1, len(parts) + 1):
                if (above := "/".join(parts[:end])) in self._submodules:
                    self._passed_over.setdefault(above, "a submodule, which has a history apart")
        return real if real in self._entries else None

    def names(self, directory: str) -> list[str]:
        real = self._directory(directory)
        if real is None:
            return []
        links = self._kinds.get(real, {})
        return [name for name in super().names(real) if links.get(name, False) is False]

    def directories(self, directory: str) -> list[str]:
        real = self._directory(directory)
        if real is None:
            return []
        linked = [name for name, kind in self._kinds.get(real, {}).items() if kind]
        return sorted([*super().directories(real), *linked])

    def _walked(self, directory: str) -> list[str]:
        real = self._directory(directory)
        names = super().directories(real) if real is not None else []
        return [join(directory, name) for name in names]

    def is_file(self, path: str) -> bool:
        directory, _, name = path.rpartition("/")
        real = self._directory(directory)
        if real is None or join(real, name) not in self._blobs:
            return False
        return not self._kinds.get(real, {}).get(name)

    def is_directory(self, path: str) -> bool:
        real = self._real(path)
        return real is not None and real in self._entries

    def _blob(self, path: str) -> _Blob:
        real = self._real(path)
        if real is None or real not in self._blobs:
            raise FileRefused(f"{path}: {LEAVES}")
        return self._blobs[real]

    def _read(self, path: str) -> bytes:
        blob = self._blob(path).id
        return self._kept.get(blob, lambda: self._repository.blob(blob, path))

    def blob(self, path: str) -> str:
        if self.is_file(path) and len(self._blob(path).id) == 40:
            return self._blob(path).id
        return super().blob(path)

    def _ignores_above(self) -> Ignores:
        """The ``.gitignore`` files from the commit's top down to the root."""
        ignores = Ignores()
        if not self._below:
            return ignores
        parts = self._below.split("/")
        files = [join("/".join(parts[:end]), ".gitignore") for end in range(len(parts))]
        for mode, _, name, path in self._listed(self.commit, "--", *files):
            if mode not in _REGULAR:
                continue
            data = self._repository.blob(name, path)
            if len(data) <= MAX_IGNORE_BYTES:
                way = self._below[len(path) - len(".gitignore") :] + "/"
                ignores = ignores.above(way, data.decode("utf-8", "replace"))
        return ignores


def _is_kept(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return "node_modules" not in path.split("/")
