"""What a directory is compared with: git is asked while the program is still being loaded."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

from msgspec import Struct

from plexus_rules.trees import Base, GitError, GitRepository, GitTree, NoBase, TreeError, find_base


class Compared(Struct, frozen=True):
    """What git says of a directory.

    Attributes:
        git: its repository; the error where it belongs to none.
        base: the commit to compare with; why there is none; the error where a revision was named
            that is none. None without a repository with files.
        tree: the files of that commit, listed; the error where they cannot be.
    """

    git: GitRepository | GitError
    base: Base | NoBase | GitError | None = None
    tree: GitTree | TreeError | None = None


def compare(path: Path, revision: str | None, environ: Mapping[str, str]) -> Compared:
    """Asks git. ``environ`` is for what a CI says about a pull request."""
    try:
        git = GitRepository(path)
    except GitError as error:
        return Compared(error)
    if git.is_bare:
        return Compared(git)
    try:
        base = find_base(git, revision, environ)
    except GitError as error:
        return Compared(git, error)
    if isinstance(base, NoBase):
        return Compared(git, base)
    tree = git.tree(base.commit)
    try:
        tree.names("")
    except TreeError as error:
        return Compared(git, base, error)
    return Compared(git, base, tree)


def comparing(
    path: Path, revision: str | None, environ: Mapping[str, str]
) -> Callable[[], Compared]:
    """Asks git beside what else is done; gives a function that waits for what it says."""
    found: list[Compared | BaseException] = []

    def ask() -> None:
        try:
            found.append(compare(path, revision, environ))
        except BaseException as error:
            found.append(error)

    thread = Thread(target=ask, daemon=True)
    thread.start()

    def wait() -> Compared:
        thread.join()
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]

    return wait


def why_no_git(error: GitError, path: Path) -> str:
    """Why a directory is compared with nothing, where git says this of it, and what helps."""
    said = str(error)
    if said.startswith("not a git repository (or any"):
        return "this directory belongs to no git repository"
    hint = ""
    if "dubious ownership" in said:
        directory = shlex.quote(str(path.resolve()))
        hint = f"; if you trust it, run: git config --global --add safe.directory {directory}"
    return f"git cannot read this repository: {said}{hint}"
