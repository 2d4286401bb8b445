"""Which commit a working tree is compared with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

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

#: The variables in which a merge names its commits to its hooks.
_MERGED_VARIABLE = re.compile(r"GITHEAD_([0-9a-f]{40}|[0-9a-f]{64})")

_DEFAULT_BRANCHES = ("main", "master")


class Base(Struct, frozen=True):
    """The commit to compare with, and how it was chosen, for a person to read."""

    commit: str
    how: str
    is_head: bool = False


class NoBase(Struct, frozen=True):
    """No commit to compare with: why, and what would help."""

    reason: str


class _Work(Struct, frozen=True):
    """What the working tree stands on: HEAD, and what a merge that is being made adds to it."""

    head: str
    merged: frozenset[str]


def find_base(
    repository: GitRepository, revision: str | None, environ: Mapping[str, str]
) -> Base | NoBase:
    """The base of the working tree.

    In this order: the merge base with ``revision``; with the branch that the CI says a
    pull request goes to; with the remote's default branch; on the default branch
    itself this is HEAD, so that uncommitted edits are judged. While a merge is being made, it
    counts as made: what comes with it from the other branch has landed there.

    Raises:
        GitError: ``revision`` was given and names no commit.
    """
    named = None if revision is None else _named(repository, revision)
    head = repository.commit("HEAD")
    if head is None:
        return NoBase("the repository has no commit yet")
    work = _Work(head, frozenset(_merged(environ)))
    if revision is not None and named is not None:
        return _merge_base(repository, work, named, revision)
    for variable in TARGET_VARIABLES:
        target = environ.get(variable, "").removeprefix("refs/heads/")
        if target:
            return _target_branch(repository, work, target, variable)
    default = _default_branch(repository)
    if default is None:
        return _unknown_default(repository)
    return _merge_base(repository, work, default[1], default[0])


def _merged(environ: Mapping[str, str]) -> Iterator[str]:
    """What git says, to the hooks that it runs, that it is merging."""
    for name in environ:
        found = _MERGED_VARIABLE.fullmatch(name)
        if found is not None:
            yield found[1]


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


def _target_branch(
    repository: GitRepository, work: _Work, target: str, variable: str
) -> Base | NoBase:
    for name in (f"refs/remotes/{_remote(repository)}/{target}", f"refs/heads/{target}"):
        commit = repository.commit(name)
        if commit is not None:
            name = f"{target}, named by {variable}"
            return _merge_base(repository, work, commit, name, target)
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
    repository: GitRepository, work: _Work, commit: str, name: str, target: str | None = None
) -> Base | NoBase:
    head = work.head
    if head == commit:
        return Base(commit, f"HEAD, which is {name}", is_head=True)
    others = sorted(work.merged | repository.merge_heads())
    # With several, git takes the commit that would come of merging them.
    common = repository.ask("merge-base", commit, head, *others) if others else None
    if common:
        return Base(common.partition("\n")[0], f"the merge base of {name} and this merge")
    common = (repository.ask("merge-base", commit, head) or "").partition("\n")[0]
    if common:
        return Base(common, f"the merge base of HEAD and {name}")
    if repository.is_shallow:
        return NoBase(
            f"this clone is too shallow to hold the merge base of HEAD and {name}; "
            f"run: {_fetch(repository, target)}"
        )
    return Base(commit, f"{name}, which shares no history with HEAD")
