"""Git repositories. Git is asked, never made to run anything that a repository configures."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from plexus_rules.trees.base import MAX_FILE_BYTES, FileRefused, TreeError, too_large
from plexus_rules.trees.commit import GitTree

#: Of a longer list of commits that are merged the rest is left, in bytes.
_MOST_MERGE_HEADS = 4096

_OBJECT_ID = re.compile(r"[0-9a-f]{40,64}")
#: What git sends before an object. If there is none, it repeats what it was asked for.
_SENT = re.compile(rb"([0-9a-f]{40,64}) \w+ (\d+)\n")
_LINE = re.compile(r"[^\0\n]*")

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
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_REPLACE_OBJECTS": "1",  # the history that others have, not one made up here
        "GIT_ALLOW_PROTOCOL": "none",  # no network, not even for a partial clone
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


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
        self._commits: dict[str, str | None] = {}
        self.lacks = ""
        asked = ("--is-bare-repository", "--is-shallow-repository", "--show-prefix")
        answer = self.run("rev-parse", *asked).split("\n")
        self.is_bare = answer[0] == "true"
        self.is_shallow = answer[1] == "true"
        self.prefix = "\n".join(answer[2:])

    def _command(self, *arguments: str) -> list[str]:
        options = ("-c", "core.fsmonitor=false", "--literal-pathspecs", "--no-pager")
        return ["git", "-C", str(self.directory), *options, *arguments]

    def run(self, *arguments: str, given: str = "") -> str:
        """What a git command prints, without the last line end; ``given`` is its input.

        Raises:
            GitError: it failed; the text is the first line that git said.
        """
        try:
            done = subprocess.run(
                self._command(*arguments),
                capture_output=True,
                check=False,
                env=_environment(),
                input=given.encode("utf-8", "surrogateescape"),
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or not on the PATH") from None
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None
        if done.returncode:
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()
            said = [line for line in told if not line.startswith("hint:")]
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
        """The full id of the commit that a revision names; None where there is none.

        Git is asked once for each.
        """
        if not revision or revision.startswith("-") or not _LINE.fullmatch(revision):
            return None
        if revision not in self._commits:
            try:
                found, data = self._object(f"{revision}^{{commit}}", revision)
            except FileRefused:
                found, data = "", None
            self._commits[revision] = None if data is None else found
        return self._commits[revision]

    def merge_heads(self) -> frozenset[str]:
        """The commits that are being merged into HEAD; none where there is no merge."""
        named = self.ask("rev-parse", "--git-path", "MERGE_HEAD")
        file = self.directory / named if named else None
        try:
            if file is None or not file.is_file():
                return frozenset()
            with file.open("rb") as opened:
                lines = opened.read(_MOST_MERGE_HEADS).decode("ascii", "replace").split()
        except OSError:
            return frozenset()
        return frozenset(line for line in lines if _OBJECT_ID.fullmatch(line))

    def tree(self, commit: str) -> GitTree:
        """The files of a commit, below the directory that was asked for."""
        return GitTree(self, commit, self.prefix)

    def blob(self, blob: str, path: str) -> bytes:
        """The bytes of a blob; ``path`` is for messages.

        Raises:
            FileRefused: the blob is missing from this clone, or too large.
        """
        _, data = self._object(blob, path)
        if data is not None:
            return data
        self.lacks = "files are missing from this clone; run: git fetch --refetch --no-filter"
        raise FileRefused(f"{path}: its content is missing from this clone")

    def _object(self, name: str, path: str) -> tuple[str, bytes | None]:
        """The id and the bytes of what a name means, as :func:`receive` gives them."""
        process = self._batch = self._batch or self._start()
        try:
            ask(process, [name])
            found, data = receive(process, path)
        except OSError:
            found, data = "", None
        if not found:
            self.close()  # it ends where an object would have to come over the network
        return found, data

    def _start(self) -> subprocess.Popen[bytes]:
        """A process that is asked for objects, and sends them."""
        return subprocess.Popen(
            self._command("cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    def part(self) -> None:
        """Leaves the helper process to the process that this one was forked from."""
        self._batch = None

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


def ask(process: subprocess.Popen[bytes], names: Iterable[str]) -> None:
    """Asks a process for objects, each by its id or another name.

    Raises:
        OSError: it has ended.
    """
    assert process.stdin is not None
    lines = "".join(f"{name}\n" for name in names)
    process.stdin.write(lines.encode("utf-8", "surrogateescape"))
    process.stdin.flush()


def receive(process: subprocess.Popen[bytes], path: str) -> tuple[str, bytes | None]:
    """The next object that a process sends: its id, and its bytes, or None where it is missing.

    The id is empty where the process sends no more.

    Raises:
        FileRefused: the object is too large.
        OSError: the process has ended.
    """
    assert process.stdout is not None
    header = process.stdout.readline()
    sent = _SENT.fullmatch(header)
    if sent is None:
        return header.decode("utf-8", "surrogateescape").partition(" ")[0], None
    return sent[1].decode(), _content(process.stdout, int(sent[2]), path)


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
