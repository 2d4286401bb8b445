"""Checks a directory: finds its files, its base and its names, and runs the rules."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.catalog.live.raw_ddl import RULE as RAW_DDL
from plexus_rules.catalog.selection import UnknownRule, select_rules
from plexus_rules.check.compared import Compared, compare, why_no_git
from plexus_rules.check.levels import with_levels
from plexus_rules.check.out_of_reach import out_of_reach
from plexus_rules.check.report import Report
from plexus_rules.check.runner import check_change, check_repository
from plexus_rules.check.settings import (
    BASELINE_FILE,
    Settings,
    SettingsError,
    find_settings,
    read_settings,
)
from plexus_rules.check.strict import unchecked
from plexus_rules.check.waivers import Waiving
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.database import Layout
from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile import read_profile
from plexus_rules.rule import Rule
from plexus_rules.trees import (
    Base,
    DirectoryTree,
    GitError,
    NoBase,
    TreeError,
)

if TYPE_CHECKING:
    from plexus_rules.check.baseline import Known
    from plexus_rules.drizzle.modules import Glanced
    from plexus_rules.drizzle.replay.engine import Engine


class CannotCheck(Exception):
    """The check cannot be done at all. The text says why, and what helps."""


class Request(Struct, frozen=True):
    """What to check, and how.

    Attributes:
        path: the directory.
        rules: all rules that there are.
        base: the revision to compare with; None to find one.
        require_base: whether a check without a base counts as not done.
        strict: whether a check that leaves out any part counts as not done; the settings may say
            so, too.
        environ: the environment, for what a CI says about a pull request.
        now: the time, in milliseconds since 1970.
        url: the address of the site, for links in findings.
        select: the rules to run, by comma; None for those of the settings, or all.
        ignore: the rules to leave out beside those of the settings, likewise.
        config: a file of settings, in place of the directory's own.
        no_config: whether to do without settings.
        baseline: a file of known findings, in place of the directory's own.
        is_adopting: whether all findings of this check are to be known: no baseline need be
            there, nor be sound.
        lists_waived: whether to look through all source files for comments that waive nothing.
        engines: servers that replay migrations for real, by dialect.
        tree: the directory, where it is open already.
        beside: whether some rules may run in a process of their own.
        compared: waits for what git says of the directory, where it is being asked already.
        ahead: waits for what its source files tell at a glance, where they are being looked at.
    """

    path: Path
    rules: Sequence[Rule]
    environ: Mapping[str, str]
    now: int
    base: str | None = None
    require_base: bool = False
    strict: bool = False
    url: str | None = None
    select: str | None = None
    ignore: str | None = None
    config: Path | None = None
    no_config: bool = False
    baseline: Path | None = None
    is_adopting: bool = False
    lists_waived: bool = False
    engines: Mapping[str, Engine] | None = None
    tree: DirectoryTree | None = None
    beside: bool = False
    compared: Callable[[], Compared] | None = None
    ahead: Callable[[], Mapping[str, Glanced]] = dict


class Outcome(Struct, frozen=True):
    """A report, the files that it speaks of, and how it came about.

    Attributes:
        report: what was found.
        tree: the files that were checked.
        base: the commit that they were compared with, and how it was chosen.
        prefix: the path of the directory below the top of its git repository, with a ``/`` at
            its end; empty at the top, and where there is no repository.
        rules: the rules that were to run, with the levels of the settings.
        settings: what the project has settled.
        baseline: the known findings; None without a baseline.
        holds_until: the time, in milliseconds since 1970, until when the same files and the same
            base give the same report; None for always.
    """

    report: Report
    tree: DirectoryTree
    base: Base | NoBase
    prefix: str
    rules: tuple[Rule, ...]
    settings: Settings
    baseline: tuple[Known, ...] | None = None
    holds_until: int | None = None


def check_path(request: Request) -> Outcome:
    """Checks a directory.

    Raises:
        CannotCheck: the path, the revision, the settings or the baseline cannot be read, or
            there is nothing in the directory that the rules can read.
        UnknownRule: ``select`` or ``ignore`` names a rule that does not exist.
    """
    select_rules(request.rules, request.select, request.ignore)
    try:
        tree = request.tree or DirectoryTree(request.path)
        _require_directory_of_project(tree)
        settings = _settings(request, tree)
        baseline = _baseline(request, settings, tree)
    except (SettingsError, TreeError) as error:
        raise CannotCheck(str(error)) from None
    plan = _Plan(request, tree, settings, _rules(request, settings))
    with _git(request) as compared:
        try:
            outcome = _check(plan, compared)
        except TreeError as error:
            raise CannotCheck(str(error)) from None
    if baseline is None:
        return outcome
    from plexus_rules.check.baseline import without_known

    named = str(request.baseline or settings.baseline or BASELINE_FILE)
    report = without_known(outcome.report, baseline, named, tree, plan.rules)
    return replace(outcome, report=report, baseline=baseline)


class _Plan(Struct, frozen=True):
    """What to do: the request, and what the directory's settings make of it."""

    request: Request
    tree: DirectoryTree
    settings: Settings
    rules: tuple[Rule, ...]

    @property
    def reads_change(self) -> bool:
        return any(rule.reads_change for rule in self.rules)


def _settings(request: Request, tree: DirectoryTree) -> Settings:
    if request.config is not None:
        return read_settings(request.config, request.rules)
    return Settings() if request.no_config else find_settings(tree, request.rules)


def _baseline(
    request: Request, settings: Settings, tree: DirectoryTree
) -> tuple[Known, ...] | None:
    """The known findings; None where there is no file of them."""
    named = request.baseline or settings.baseline
    if named is None and not (tree.is_file(BASELINE_FILE) or tree.is_directory(BASELINE_FILE)):
        return None
    from plexus_rules.check.baseline import BaselineError, find_baseline, read_baseline

    try:
        if request.baseline is not None:
            return read_baseline(request.baseline)
        return find_baseline(tree, settings.baseline or BASELINE_FILE)
    except BaselineError as error:
        if request.is_adopting:
            return None  # it is made anew
        raise CannotCheck(str(error)) from None


def _rules(request: Request, settings: Settings) -> tuple[Rule, ...]:
    """The rules to run. Who selects some does not want those of the settings."""
    select, ignore = request.select, request.ignore
    if select is None:
        select = settings.select
        ignore = ",".join(filter(None, (settings.ignore, ignore)))
    try:
        rules = select_rules(request.rules, select, ignore)
    except UnknownRule:
        raise CannotCheck("select and ignore, of the settings, leave no rule to run") from None
    if not any(rule.check for rule in rules):
        ids = ", ".join(rule.id for rule in rules)
        raise CannotCheck(f"{ids}: advice, which no program can check")
    return with_levels(rules, settings.levels)


@contextmanager
def _git(request: Request) -> Iterator[Compared]:
    """What git says of the directory."""
    if request.compared is None:
        compared = compare(request.path, request.base, request.environ)
    else:
        compared = request.compared()
    git = compared.git
    if isinstance(git, GitError):
        if request.base is not None:
            raise CannotCheck(f"--base {request.base}: {git}")
        yield compared
        return
    if git.is_bare:
        raise CannotCheck(
            f"{request.path}: a bare git repository has no files to check; check a clone of it "
            f"(git clone {shlex.quote(str(request.path))} checkout)"
        )
    with git:
        yield compared


def _check(plan: _Plan, compared: Compared) -> Outcome:
    request, rules = plan.request, plan.rules
    head = Repository(plan.tree, request.now, engines=request.engines, ahead=request.ahead)
    _require_project(head, request.path)
    profile = read_profile(head, plan.settings.generator)
    base, before = _base(plan, compared)
    change: Change | None = None
    if isinstance(base, Base) and before is not None:
        change = Change(before, head)
        report = check_change(
            change, rules, profile, base.commit, request.url, beside=request.beside
        )
        missed = "" if isinstance(compared.git, GitError) else compared.git.lacks
    else:
        assert isinstance(base, NoBase)
        missed = f"no base to compare with: {base.reason}"
        report = check_repository(head, rules, profile, missed, request.url, beside=request.beside)
    incomplete = list(report.incomplete)
    # Who names a base wants it compared.
    is_required = request.require_base or request.base is not None
    if missed and is_required and plan.reads_change:
        incomplete.append(missed)
    if not head.databases:
        incomplete.append("no database could be read off a drizzle config")
    incomplete += dict.fromkeys(out_of_reach(head, report))
    if (request.strict or plan.settings.strict) and not request.is_adopting:
        incomplete += filter(None, [unchecked(report, rules)])
    report = _settled(plan, replace(report, incomplete=tuple(incomplete)), change)
    prefix = "" if isinstance(compared.git, GitError) else compared.git.prefix
    # What is missing from the clone may be fetched at any time.
    until = request.now if missed and isinstance(base, Base) else head.holds_until
    return Outcome(report, plan.tree, base, prefix, rules, plan.settings, holds_until=until)


def _settled(plan: _Plan, report: Report, change: Change | None) -> Report:
    """The report without what the project has settled, or waived."""
    places = plan.settings.raw_ddl
    findings = tuple(
        finding
        for finding in report.findings
        if finding.rule != RAW_DDL.id or not any(place.fits(finding.path) for place in places)
    )
    return Waiving(
        waivers=plan.settings.waivers,
        rules=plan.rules,
        all_rules=plan.request.rules,
        tree=plan.tree,
        landed=lambda: change.landed_sql if change else (),
        sources=_commented(plan.tree) if plan.request.lists_waived else (),
    ).apply(replace(report, findings=findings))


def _commented(tree: DirectoryTree) -> Iterator[str]:
    from plexus_rules.check.comments import may_have_comments

    return filter(may_have_comments, tree.sources)


def _base(plan: _Plan, compared: Compared) -> tuple[Base | NoBase, Repository | None]:
    """The base, and what it says."""
    request, base, tree = plan.request, compared.base, compared.tree
    if isinstance(compared.git, GitError):
        return NoBase(why_no_git(compared.git, request.path)), None
    if isinstance(base, GitError):
        raise base
    if isinstance(base, NoBase):
        return base, None
    assert base is not None
    if isinstance(tree, TreeError):
        if plan.reads_change:
            return NoBase(f"the commit {base.commit} cannot be read: {tree}"), None
        tree = compared.git.tree(base.commit)
    assert tree is not None
    return base, Repository(tree, request.now)


def _require_directory_of_project(tree: DirectoryTree) -> None:
    """Stops where a whole machine was named, which nobody means to have read."""
    if tree.root == tree.root.parent and not tree.is_file("package.json"):
        raise CannotCheck(
            f"{tree.root}: the root of the file system, and it has no package.json; name the "
            "directory of the project"
        )


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
