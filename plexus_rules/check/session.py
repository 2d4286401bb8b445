"""Checks a directory: finds its files, its base and its names, and runs the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from plexus_rules.check.report import Report
from plexus_rules.check.runner import check_change, check_repository
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile import read_profile
from plexus_rules.rule import Rule
from plexus_rules.trees import (
    Base,
    DirectoryTree,
    GitError,
    GitRepository,
    NoBase,
    Tree,
    TreeError,
    find_base,
)


class CannotCheck(Exception):
    """The check cannot be done at all. The text says why, and what helps."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, and how.

    Attributes:
        path: the directory.
        base: the revision to compare with; None to find one.
        require_base: whether a check without a base counts as not done.
        environ: the environment, for what a CI says about a pull request.
        now: the time, in milliseconds since 1970.
        url: the address of the site, for links in findings.
    """

    path: Path
    rules: Sequence[Rule]
    environ: Mapping[str, str]
    now: int
    base: str | None = None
    require_base: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A report, the files that it speaks of, and how the base was chosen."""

    report: Report
    tree: Tree
    base: Base | NoBase


def check_path(request: Request) -> Outcome:
    """Checks a directory.

    Raises:
        CannotCheck: the path or the revision cannot be read, or there is nothing in the
            directory that the rules can read.
    """
    try:
        tree = DirectoryTree(request.path)
    except TreeError as error:
        raise CannotCheck(str(error)) from None
    with _git(request) as found:
        try:
            return _check(request, tree, found)
        except TreeError as error:
            raise CannotCheck(str(error)) from None


@contextmanager
def _git(request: Request) -> Iterator[GitRepository | NoBase]:
    """The git repository of the directory, or why there is none."""
    try:
        repository = GitRepository(request.path)
    except GitError as error:
        if request.base is not None:
            raise CannotCheck(f"--base {request.base}: {error}") from None
        if "not a git repository" in str(error):
            yield NoBase("this directory belongs to no git repository")
        else:
            yield NoBase(f"git cannot read this repository: {error}")
        return
    if repository.is_bare:
        raise CannotCheck(
            f"{request.path}: a bare git repository has no files to check; check a clone of it "
            f"(git clone {request.path} checkout)"
        )
    with repository:
        yield repository


def _check(request: Request, tree: DirectoryTree, found: GitRepository | NoBase) -> Outcome:
    head = Repository(tree, request.now)
    _require_project(head, request.path)
    profile = read_profile(head)
    if isinstance(found, NoBase):
        base: Base | NoBase = found
    else:
        base = find_base(found, request.base, request.environ)
    if isinstance(base, NoBase) or isinstance(found, NoBase):
        assert isinstance(base, NoBase)
        reason = f"no base to compare with: {base.reason}"
        report = check_repository(head, request.rules, profile, reason, request.url)
        if request.require_base and any(rule.reads_change for rule in request.rules):
            report = replace(report, incomplete=(*report.incomplete, reason))
    else:
        before = Repository(found.tree(base.commit), request.now)
        report = check_change(
            Change(before, head), request.rules, profile, base.commit, request.url
        )
    return Outcome(report, tree, base)


def _require_project(repository: Repository, path: Path) -> None:
    if not repository.configs:
        raise CannotCheck(
            f"{path}: no drizzle config found here; name the directory that holds "
            "drizzle.config.ts, or one above it"
        )
    databases = repository.databases
    if databases and all(database.layout.value == "folders" for database in databases):
        folders = ", ".join(database.out or database.config for database in databases)
        raise CannotCheck(
            f"{path}: the migrations in {folders} are laid out in a folder each (drizzle-kit 1.x), "
            "which is not supported yet"
        )
