"""Audits the history of a repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import islice
from pathlib import Path

from msgspec import Struct

from plexus_rules.audit.halves import Elsewhere, Half, middle, put_together
from plexus_rules.audit.judge import Judge, PlainJudge, Snapshot, WatchingJudge
from plexus_rules.audit.landed import Releases, read_tags
from plexus_rules.audit.line import BadRange, Place, Span, find_span, read_places
from plexus_rules.audit.report import Audit, Recorded, Told
from plexus_rules.audit.settled import Settled, chosen_rules
from plexus_rules.audit.walk import Walk, Walked
from plexus_rules.catalog.selection import UnknownRule, select_rules
from plexus_rules.check.report import Project, Report
from plexus_rules.check.settings import SettingsError, find_settings
from plexus_rules.drizzle.database import Layout
from plexus_rules.drizzle.facts import Facts
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import NotRun
from plexus_rules.profile import Generator, Profile, read_profile
from plexus_rules.rule import Rule
from plexus_rules.trees import GitError
from plexus_rules.trees.ahead import AheadRepository
from plexus_rules.trees.changes import Changed, read_changes
from plexus_rules.trees.history import HistoryTree

#: So many commits are asked for their subjects at a time.
_AT_A_TIME = 500


class CannotAudit(Exception):
    """The audit cannot be done at all. The text says why, and what helps."""


class AuditRequest(Struct, frozen=True):
    """What to audit, and how.

    Attributes:
        path: the directory: a repository, bare or not, or one within a repository.
        rules: all rules that there are.
        select: the rules to run, by comma; None for those of the settings, or all.
        ignore: the rules to leave out beside those of the settings, likewise.
        span: a range ``A..B``; None for the whole history of HEAD.
        full: whether to judge the commits inside merged branches, too.
        url: the address of the site, for links in findings.
        jobs: how many processes may walk a long history.
    """

    path: Path
    rules: Sequence[Rule]
    span: str | None = None
    full: bool = False
    select: str | None = None
    ignore: str | None = None
    url: str | None = None
    jobs: int = 1


#: Told how many commits are done, of how many.
Progress = Callable[[int, int], None]


def audit(
    request: AuditRequest,
    progress: Progress = lambda done, of: None,
    judge: type[PlainJudge] | type[WatchingJudge] = WatchingJudge,
) -> Audit:
    """Audits a history, commit by commit. Both judges say the same; one is slow.

    Raises:
        CannotAudit: the path, the history, the range or the newest settings cannot be read, or
            no commit holds a drizzle config.
        UnknownRule: ``select`` or ``ignore`` names a rule that does not exist.
    """
    select_rules(request.rules, request.select, request.ignore)
    if not request.path.is_dir():
        raise CannotAudit(f"{request.path}: not a directory")
    try:
        with AheadRepository(request.path) as git:
            return _audit(request, git, progress, judge)
    except (BadRange, SettingsError) as error:
        raise CannotAudit(str(error)) from None
    except GitError as error:
        raise CannotAudit(f"{request.path}: git cannot read its history: {error}") from None


def _audit(
    request: AuditRequest,
    git: AheadRepository,
    progress: Progress,
    judge: Callable[[Sequence[Rule]], Judge],
) -> Audit:
    span = find_span(git, request.span)
    if span is None:
        raise CannotAudit(f"{request.path}: the repository has no commit yet")
    places = read_places(git, span, full=request.full)
    plan = _Plan(request, span.tip, places, judge, _cut(git, places))
    way = _Way(plan, git)
    progress(0, len(places))
    at = None if request.full else middle(len(places), request.jobs)
    found = _in_one(plan, way, progress) if at is None else _in_two(plan, way, at, progress)
    if places and not found.with_project:
        raise CannotAudit(
            f"{request.path}: no drizzle config found in any of {len(places)} commits"
        )
    return _outcome(way, git, plan, found)


class _Plan(Struct, frozen=True):
    """What to walk, and how."""

    request: AuditRequest
    tip: str
    places: Sequence[Place]
    judge: Callable[[Sequence[Rule]], Judge]
    cut: frozenset[str]

    @property
    def base(self) -> str | None:
        """The commit that the first one is judged against."""
        first = self.places[0] if self.places else None
        return first.parents[0] if first is not None and first.parents else None

    def changes(self, git: AheadRepository, start: int = 0) -> Iterator[list[Changed]]:
        sides = ((p.commit, p.parents[0] if p.parents else None) for p in self.places[start:])
        return read_changes(git, sides)


class _Way:
    """A walk of a plan, in one process."""

    def __init__(self, plan: _Plan, git: AheadRepository) -> None:
        facts = Facts()
        places = plan.places
        now = 1000 * max((place.time for place in places), default=0)
        self.newest = Repository(HistoryTree.first(git, plan.tip), now, facts)
        self.settled = _settled(plan.request, self.newest)
        before = [plan.base] if plan.base else []
        line = [*before, *(place.commit for place in places if place.is_main)]
        self.releases = Releases(line, read_tags(git), git.prefix, bool(before))
        self.git = git
        judge = plan.judge(self.settled.rules)
        self.walk = Walk(
            judge,
            lambda tree, now: Snapshot(tree, now, facts),
            lambda commit: HistoryTree.first(git, commit),
            _profiles(self.newest, self.settled.settings.generator, judge),
            self.releases,
            self.settled,
            plan.cut,
            plan.request.url,
            {place.commit: place.time for place in places},
        )


def _in_one(plan: _Plan, way: _Way, progress: Progress, start: int = 0) -> Walked:
    places = plan.places[start:]
    walked = way.walk.walk(places, way.git.look_ahead(plan.changes(way.git, start)))
    for done, _ in enumerate(walked, start=start + 1):
        progress(done, len(plan.places))
    return way.walk.found


def _in_two(plan: _Plan, way: _Way, at: int, progress: Progress) -> Walked:
    """Walks the second half in another process; in this one, too, if that fails."""
    other = Elsewhere(partial(_second_half, plan, at))
    try:
        places = plan.places[:at]
        changes = way.git.look_ahead(islice(plan.changes(way.git), at))
        for done, _ in enumerate(way.walk.walk(places, changes), start=1):
            progress(done * (len(plan.places) - 1) // at, len(plan.places))
        half = other.result()
    finally:
        other.stop()
    order = [place.commit for place in plan.places]
    faults = way.walk.faults(places[-1].commit)
    found = half and put_together(way.walk.found, faults, half, order)
    found = found or _in_one(plan, way, progress, at)
    progress(len(plan.places), len(plan.places))
    return found


def _second_half(plan: _Plan, at: int) -> Half:
    with AheadRepository(plan.request.path) as git:
        way = _Way(plan, git)
        changes = plan.changes(git)
        for place, changed in zip(plan.places[:at], islice(changes, at), strict=True):
            way.releases.note(place.commit, (c.path for c in changed if c.is_new))
        for _ in way.walk.walk(plan.places[at:], git.look_ahead(changes)):
            pass
        ended_by = {key: record.ended_by for key, record in way.walk.before.items()}
        return Half(way.walk.found, ended_by)


def _settled(request: AuditRequest, newest: Repository) -> Settled:
    settings = find_settings(newest.tree, request.rules)
    try:
        rules = chosen_rules(request.rules, settings, request.select, request.ignore)
    except UnknownRule:
        raise CannotAudit("select and ignore, of the settings, leave no rule to run") from None
    if not any(rule.check for rule in rules):
        ids = ", ".join(rule.id for rule in rules)
        raise CannotAudit(f"{ids}: advice, which no program can check")
    return Settled(settings, rules, request.rules)


def _profiles(
    newest: Repository, generator: Generator | None, judge: Judge
) -> Callable[[Rule, Snapshot], Profile]:
    """Remedies name what is there now. Who generates is asked of the commit itself."""
    profile = read_profile(newest, generator)

    def of(rule: Rule, head: Snapshot) -> Profile:
        return judge.profile(head, generator) if rule.ci_remedy else profile

    return of


def _cut(git: AheadRepository, places: Sequence[Place]) -> frozenset[str]:
    """The commits whose parents this clone does not have."""
    roots = [place.commit for place in places if not place.parents] if git.is_shallow else []
    headers = ((root, git.run("cat-file", "commit", root).partition("\n\n")[0]) for root in roots)
    return frozenset(root for root, header in headers if "\nparent " in header)


def _outcome(way: _Way, git: AheadRepository, plan: _Plan, found: Walked) -> Audit:
    settled, newest, places, cut = way.settled, way.newest, plan.places, plan.cut
    order = {place.commit: number for number, place in enumerate(places)}
    told = ((r, r.finding) for r in found.records if r.finding is not None)
    recorded = tuple(
        Recorded(finding, r.commit, r.ended_by, r.is_event, r.shipped_in)
        for r, finding in sorted(told, key=lambda one: (order[one[0].commit], one[1]))
    )
    incomplete = list(found.broken)
    databases = newest.databases
    if databases and all(database.layout is Layout.FOLDERS for database in databases):
        incomplete.append(
            "the migrations are laid out in a folder each (drizzle-kit 1.x), which is not "
            "supported yet"
        )
    missed = (
        NotRun(one.rule, one.path, _when(one.reason, count, first, len(places)))
        for one, (count, first) in found.missed.items()
    )
    report = Report(
        base=plan.base,
        findings=tuple(one.finding for one in recorded),
        projects=tuple(Project.of(database) for database in databases),
        not_run=tuple(sorted(missed)),
        unsupported=tuple(sorted(found.unsupported)),
        rules=sum(rule.check is not None for rule in settled.rules),
        incomplete=tuple(incomplete),
        waived=tuple(found.waived),
    )
    notes: list[str] = []
    if cut:
        notes.append(
            f"this clone is shallow: the history begins at {', '.join(sorted(cut))[:50]}, and "
            "what was before is not judged; run: git fetch --unshallow"
        )
    if git.lacks:
        notes.append(git.lacks)
    named = {commit for one in recorded for commit in (one.commit, one.ended_by) if commit}
    return Audit(report, recorded, len(places), _told(git, sorted(named)), tuple(notes))


def _when(reason: str, count: int, first: str, commits: int) -> str:
    if count == commits:
        return reason
    return f"at {count} of {commits} commits, first at {first[:12]}: {reason}"


def _told(git: AheadRepository, commits: Sequence[str]) -> dict[str, Told]:
    """The day and the subject of each of some commits."""
    found: dict[str, Told] = {}
    for start in range(0, len(commits), _AT_A_TIME):
        asked = "\n".join(commits[start : start + _AT_A_TIME]) + "\n"
        form = ("--no-walk=unsorted", "--encoding=UTF-8", "--format=%H %ct %s", "--stdin")
        for line in git.run("rev-list", *form, given=asked).split("\n"):
            if not line.startswith("commit "):
                commit, time, subject = line.split(" ", 2)
                found[commit] = Told(_day(int(time)), subject)
    return found


@cache
def _day(time: int) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return "unknown"


__all__ = ["Audit", "AuditRequest", "CannotAudit", "Span", "audit"]
