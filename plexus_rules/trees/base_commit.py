"""Which commit a working tree is compared with."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from msgspec import Struct

from plexus_rules.trees.git import GitError, GitRepository

#: The variables in which a CI names the branch that a pull request goes to.
TARGET_VARIABLES = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "DRONE_TARGET_BRANCH",
)

_DEFAULT_BRANCHES = ("main", "master")


class Base(Struct, frozen=True):
    """The commit to compare with, and how it was chosen, for a person to read."""

    commit: str
    how: str
    is_head: bool = False


class NoBase(Struct, frozen=True):
    """No commit to compare with: why, and what would help."""

    reason: str


def find_base(
    repository: GitRepository, revision: str | None, environ: Mapping[str, str]
) -> Base | NoBase:
    """The base of the working tree.

    In this order: the merge base with ``revision``; with the branch that the CI says a
    pull request goes to; with the remote's default branch; on the default branch
    itself this is HEAD, so that uncommitted edits are judged.

    Raises:
        GitError: ``revision`` was given and names no commit.
    """
    if revision is not None:
        return _merge_base(repository, _named(repository, revision), revision)
    if repository.commit("HEAD") is None:
        return NoBase("the repository has no commit yet")
    for variable in TARGET_VARIABLES:
        target = environ.get(variable, "").removeprefix("refs/heads/")
        if target:
            return _target_branch(repository, target, variable)
    default = _default_branch(repository)
    if default is None:
        return _unknown_default(repository)
    return _merge_base(repository, default[1], default[0])


def _named(repository: GitRepository, revision: str) -> str:
    if not revision.strip():
        raise GitError("--base is empty; name a branch, a tag or a commit")
    for name in (revision, f"refs/remotes/{_remote(repository)}/{revision}"):
        commit = repository.commit(name)
        if commit is not None:
            return commit
    hint = ""
    if repository.is_shallow:
        hint = f"; this clone is shallow, run: {_fetch(repository)}"
    elif repository.ask("remote"):
        hint = f"; if the remote has it, run: {_fetch(repository)}"
    raise GitError(f"--base {revision}: no such commit here{hint}")


def _fetch(repository: GitRepository, target: str | None = None) -> str:
    """The command that brings a branch of the remote, or all of them, with their history."""
    remote = _remote(repository)
    depth = " --unshallow" if repository.is_shallow else ""
    branch = "*" if target is None else target
    refspec = f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"
    return f"git fetch{depth} {shlex.quote(remote)} {shlex.quote(refspec)}"


def _target_branch(repository: GitRepository, target: str, variable: str) -> Base | NoBase:
    for name in (f"refs/remotes/{_remote(repository)}/{target}", f"refs/heads/{target}"):
        commit = repository.commit(name)
        if commit is not None:
            return _merge_base(repository, commit, f"{target}, named by {variable}", target)
    return NoBase(
        f"the target branch {target} (from {variable}) is not in this clone; "
        f"run: {_fetch(repository, target)}"
    )


def _remote(repository: GitRepository) -> str:
    remotes = (repository.ask("remote") or "").split("\n")
    return "origin" if "origin" in remotes or not remotes[0] else remotes[0]


def _default_branch(repository: GitRepository) -> tuple[str, str] | None:
    """The name and the commit of the branch that work is merged to."""
    remote = _remote(repository)
    head = repository.ask("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    names = [head] if head else []
    names += [f"refs/remotes/{remote}/{branch}" for branch in _DEFAULT_BRANCHES]
    names += [f"refs/heads/{branch}" for branch in _DEFAULT_BRANCHES]
    for name in names:
        commit = repository.commit(name)
        if commit is not None:
            return name.removeprefix("refs/remotes/").removeprefix("refs/heads/"), commit
    if repository.ask("remote"):
        return None  # a branch that is alone here need not be alone there
    branches = (repository.ask("for-each-ref", "--format=%(refname)", "refs/heads") or "").split()
    if len(branches) == 1 and repository.ask("symbolic-ref", "--quiet", "HEAD") == branches[0]:
        commit = repository.commit(branches[0])
        return (branches[0].removeprefix("refs/heads/"), commit) if commit else None
    return None


def _unknown_default(repository: GitRepository) -> NoBase:
    if not repository.ask("remote"):
        return NoBase("the default branch is not known; name the commit to compare with by --base")
    remote = shlex.quote(_remote(repository))
    return NoBase(
        "the remote's default branch is not known here; "
        f"run: {_fetch(repository)} && git remote set-head {remote} --auto"
    )


def _merge_base(
    repository: GitRepository, commit: str, name: str, target: str | None = None
) -> Base | NoBase:
    head = repository.commit("HEAD")
    if head is None:
        return NoBase("the repository has no commit yet")
    if head == commit:
        return Base(commit, f"HEAD, which is {name}", is_head=True)
    common = (repository.ask("merge-base", commit, head) or "").partition("\n")[0]
    if common:
        return Base(common, f"the merge base of HEAD and {name}")
    if repository.is_shallow:
        return NoBase(
            f"this clone is too shallow to hold the merge base of HEAD and {name}; "
            f"run: {_fetch(repository, target)}"
        )
    return Base(commit, f"{name}, which shares no history with HEAD")
