"""Commits as trees. Git is asked, never made to run anything that a repository configures."""

from __future__ import annotations

import os
import posixpath
import subprocess
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from plexus_rules.trees.base import (
    MAX_FILE_BYTES,
    FileRefused,
    ListedTree,
    TreeError,
    normal_path,
)

_LINK = "120000"
_LINK_DEPTH = 8

#: Variables that would point git at another repository than the one that is checked.
_FOREIGN_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")


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

    Raises:
        GitError: git is not installed, or the directory belongs to no repository
            that git is willing to read.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._batch: subprocess.Popen[bytes] | None = None
        asked = ("--is-bare-repository", "--is-shallow-repository", "--show-prefix")
        answer = self.run("rev-parse", *asked).split("\n")
        self.is_bare = answer[0] == "true"
        self.is_shallow = answer[1] == "true"
        self.prefix = answer[2] if len(answer) > 2 else ""

    def _command(self, *arguments: str) -> list[str]:
        return ["git", "-C", str(self.directory), "-c", "core.fsmonitor=false", *arguments]

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
        if revision.startswith("-"):
            return None
        return self.ask("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") or None

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
            if len(header) != 3:
                raise FileRefused(f"{path}: its content is missing from this clone; run git fetch")
            left = int(header[2])
            if left > MAX_FILE_BYTES:
                while left > 0:
                    left -= len(process.stdout.read(min(left, 1 << 20)) or b" " * left)
                process.stdout.read(1)
                raise FileRefused(f"{path}: too large a file")
            data = process.stdout.read(left)
            process.stdout.read(1)
        except OSError as error:
            raise GitError(f"git stopped while reading {path}: {error.strerror}") from None
        return data

    def close(self) -> None:
        """Ends the helper process, if one was started."""
        if self._batch is not None:
            process, self._batch = self._batch, None
            process.communicate()

    def __enter__(self) -> GitRepository:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class GitTree(ListedTree):
    """The files of one commit, below a directory of the repository."""

    def __init__(self, repository: GitRepository, commit: str, prefix: str = "") -> None:
        self._repository = repository
        self.commit = commit
        self._below = prefix

    @cached_property
    def _blobs(self) -> dict[str, _Blob]:
        treeish = f"{self.commit}:{self._below.rstrip('/')}" if self._below else self.commit
        try:
            listed = self._repository.run("ls-tree", "-r", "-z", "--full-tree", treeish)
        except GitError:
            if self._below and self._repository.commit(self.commit):
                return {}  # the directory does not exist in this commit
            raise
        blobs: dict[str, _Blob] = {}
        for line in listed.split("\0"):
            about, _, path = line.partition("\t")
            if not about or _is_skipped(path):
                continue
            mode, kind, blob = about.split()
            if kind == "blob":
                blobs[path] = _Blob(mode, blob)
        return blobs

    def _paths(self) -> frozenset[str]:
        return frozenset(self._blobs)

    def _followed(self, path: str) -> tuple[str, _Blob]:
        """The file at the end of a chain of links."""
        for _ in range(_LINK_DEPTH):
            blob = self._blobs[path]
            if blob.mode != _LINK:
                return path, blob
            target = self._repository.blob(blob.id, path).decode("utf-8", "replace")
            joined = normal_path(posixpath.join(posixpath.dirname(path), target))
            if joined is None or joined not in self._blobs:
                raise FileRefused(
                    f"{path}: a link that leaves the checked directory, or leads to no file"
                )
            path = joined
        raise FileRefused(f"{path}: a link that leads in a circle")

    def _read(self, path: str) -> bytes:
        target, blob = self._followed(path)
        return self._repository.blob(blob.id, target)

    def blob(self, path: str) -> str:
        if path in self._blobs and len(self._blobs[path].id) == 40:
            return self._followed(path)[1].id
        return super().blob(path)


def _is_skipped(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return True
    return "node_modules" in path.split("/")
