"""Checks a directory: finds its files, its base and its names, and runs the rules."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from plexus_rules.check.report import Report
from plexus_rules.check.runner import check_change, check_repository
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.database import Layout
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
    """A report, the files that it speaks of, and how the base was chosen.

    ``prefix`` is the path of the directory below the top of its git repository, with a ``/``
    at its end; empty at the top, and where there is no repository.
    """

    report: Report
    tree: Tree
    base: Base | NoBase
    prefix: str = ""


def check_path(request: Request) -> Outcome:
    """Checks a directory.

    Raises:
        CannotCheck: the path or the revision cannot be read, or there is nothing in the
            directory that the rules can read.
    """
    if not any(rule.check for rule in request.rules):
        ids = ", ".join(rule.id for rule in request.rules)
        raise CannotCheck(f"{ids}: advice, which no program can check")
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
        yield NoBase(_why_no_git(str(error), request.path))
        return
    if repository.is_bare:
        raise CannotCheck(
            f"{request.path}: a bare git repository has no files to check; check a clone of it "
            f"(git clone {shlex.quote(str(request.path))} checkout)"
        )
    with repository:
        yield repository


def _why_no_git(said: str, path: Path) -> str:
    if said.startswith("not a git repository (or any"):
        return "this directory belongs to no git repository"
    hint = ""
    if "dubious ownership" in said:
        directory = shlex.quote(str(path.resolve()))
        hint = f"; if you trust it, run: git config --global --add safe.directory {directory}"
    return f"git cannot read this repository: {said}{hint}"


def _check(request: Request, tree: DirectoryTree, git: GitRepository | NoBase) -> Outcome:
    head = Repository(tree, request.now)
    _require_project(head, request.path)
    profile = read_profile(head)
    base, before = _base(request, git)
    if isinstance(base, Base) and before is not None:
        change = Change(before, head)
        report = check_change(change, request.rules, profile, base.commit, request.url)
        missed = git.lacks if isinstance(git, GitRepository) else ""
    else:
        assert isinstance(base, NoBase)
        missed = f"no base to compare with: {base.reason}"
        report = check_repository(head, request.rules, profile, missed, request.url)
    incomplete = list(report.incomplete)
    # Who names a base wants it compared.
    is_required = request.require_base or request.base is not None
    if missed and is_required and _reads_change(request):
        incomplete.append(missed)
    if not head.databases:
        incomplete.append("no database could be read off a drizzle config")
    prefix = git.prefix if isinstance(git, GitRepository) else ""
    return Outcome(replace(report, incomplete=tuple(incomplete)), tree, base, prefix)


def _reads_change(request: Request) -> bool:
    return any(rule.reads_change for rule in request.rules)


def _base(request: Request, git: GitRepository | NoBase) -> tuple[Base | NoBase, Repository | None]:
    """The base, and what it says."""
    if isinstance(git, NoBase):
        return git, None
    base = find_base(git, request.base, request.environ)
    if isinstance(base, NoBase):
        return base, None
    before = Repository(git.tree(base.commit), request.now)
    try:
        if _reads_change(request):
            before.tree.names("")
    except TreeError as error:
        return NoBase(f"the commit {base.commit} cannot be read: {error}"), None
    return base, before


def _require_project(repository: Repository, path: Path) -> None:
    if not repository.configs:
        raise CannotCheck(
            f"{path}: no drizzle config found here; name the directory that holds "
            "drizzle.config.ts, or one above it"
        )
    databases = repository.databases
    if databases and all(database.layout is Layout.FOLDERS for database in databases):
        folders = ", ".join(database.out or database.config for database in databases)
        raise CannotCheck(
            f"{path}: the migrations in {folders} are laid out in a folder each (drizzle-kit 1.x), "
            "which is not supported yet"
        )
