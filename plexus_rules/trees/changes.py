"""The commits of a line of history, and what each changed: git is asked twice for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from plexus_rules.trees.commit import Blob
from plexus_rules.trees.git import GitError, GitRepository

#: So many commits are asked for at a time, so that the answer never fills the memory.
_AT_A_TIME = 1000


class Commit(Struct, frozen=True):
    """One commit.

    Attributes:
        id: its full id.
        parents: those that are in the clone.
        time: when it was made, in seconds since 1970: its committer's date.
    """

    id: str
    parents: tuple[str, ...]
    time: int


class Changed(Struct, frozen=True):
    """One path that a commit changed: what it is now, or None where it is gone."""

    path: str
    blob: Blob | None
    is_new: bool = False


def read_commits(
    repository: GitRepository, tip: str, without: str | None = None, *, full: bool = False
) -> list[Commit]:
    """The commits that led to one, the oldest first; each after its parents.

    Args:
        repository: where they are.
        tip: the last one.
        without: leave out all that led to this one.
        full: whether to go into merged branches, too.

    Raises:
        GitError: git cannot read the history.
    """
    options = ["--topo-order", "--reverse", "--parents", "--format=%ct"]
    options += [] if full else ["--first-parent"]
    excluded = [f"^{without}"] if without else []
    lines = repository.run("rev-list", *options, tip, *excluded, "--").split("\n")
    found: list[Commit] = []
    for about, time in zip(lines[::2], lines[1::2], strict=False):
        commit, *parents = about.removeprefix("commit ").split()
        found.append(Commit(commit, tuple(parents), int(time) if time.isdigit() else 0))
    return found


def read_changes(
    repository: GitRepository, sides: Iterable[tuple[str, str | None]]
) -> Iterator[list[Changed]]:
    """What each of some commits changed in one of its parents; in an empty tree without one.

    Paths are relative to the top of the repository.

    Raises:
        GitError: git cannot read them.
    """
    pending = iter(sides)
    while asked := list(islice(pending, _AT_A_TIME)):
        lines = "".join(f"{commit} {parent or ''}".strip() + "\n" for commit, parent in asked)
        options = ("--stdin", "-r", "--raw", "-z", "--root", "--always")
        plain = ("--no-renames", "--no-abbrev", "--ignore-submodules=none", "--no-relative")
        answer = repository.run("diff-tree", *options, *plain, given=lines)
        yield from _parsed(answer.split("\0"), len(asked))


def _parsed(parts: Sequence[str], count: int) -> Iterator[list[Changed]]:
    """The changes in the answer of ``git diff-tree``, commit by commit."""
    found: list[Changed] | None = None
    told = 0
    at = 0
    while at < len(parts):
        part = parts[at]
        at += 1
        if part.startswith(":"):
            _, mode, _, blob, status = part[1:].split(" ")
            path = parts[at]
            at += 1
            if found is not None:
                now = None if status == "D" else Blob(mode, blob)
                found.append(Changed(path, now, status == "A"))
        elif part:
            if found is not None:
                told += 1
                yield found
            found = []
    if found is not None:
        told += 1
        yield found
    if told != count:
        raise GitError("git did not tell what every commit changed; run: git fsck")
