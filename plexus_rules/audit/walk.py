"""Walks a history, commit by commit, and keeps what is new at each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plexus_rules.audit.faults import Fault, Faults, Fresh, Key, Record, Step, follow, keys
from plexus_rules.audit.judge import Judge, Look, Snapshot
from plexus_rules.audit.landed import LandedMigrations, Releases, landed_there
from plexus_rules.audit.line import Place
from plexus_rules.audit.settled import Settled
from plexus_rules.check.report import Waived
from plexus_rules.check.runner import Seen, Yielded, by_cause, seen_by
from plexus_rules.check.standing import pending_migrations
from plexus_rules.drizzle.change import Change
from plexus_rules.finding import NotRun, Severity, Unsupported
from plexus_rules.profile import Profile
from plexus_rules.rule import Problem, Rule
from plexus_rules.trees.changes import Changed
from plexus_rules.trees.history import HistoryTree

#: Makes the profile that fills in the remedy of a rule's findings at a commit.
Profiles = Callable[[Rule, Snapshot], Profile]


class Walked(Struct):
    """What a walk found.

    Attributes:
        records: the findings, in the order in which they came to be told of by themselves.
        missed: what was not judged, at how many commits, and at which first.
        unsupported: what no rule could read, at any commit.
        broken: the rules that failed, and how.
        waived: what the project lets pass.
        with_project: how many commits had a drizzle config.
    """

    records: list[Record] = field(default_factory=list)
    missed: dict[NotRun, tuple[int, str]] = field(default_factory=dict)
    unsupported: dict[Unsupported, None] = field(default_factory=dict)
    broken: dict[str, None] = field(default_factory=dict)
    waived: list[Waived] = field(default_factory=list)
    with_project: int = 0

    def add(self, later: Walked) -> None:
        """Adds what was found at later commits."""
        self.records += later.records
        self.waived += later.waived
        self.unsupported.update(later.unsupported)
        self.broken.update(later.broken)
        self.with_project += later.with_project
        for part, (count, first) in later.missed.items():
            known, earliest = self.missed.get(part, (0, first))
            self.missed[part] = (known + count, earliest)


class _Point(Struct):
    """A commit that is behind, as far as those after it need it."""

    snapshot: Snapshot
    look: Look
    faults: dict[Key, Fault]


class Walk:
    """Judges commits in order, each against its parents.

    Args:
        judge: runs the rules.
        snapshot: makes the snapshot of some files at a time.
        first: the files of a commit that is not walked; of none, no files.
        profiles: the profile for remedies.
        releases: the tags of the line.
        settled: what the project has settled.
        cut: the commits whose parents are missing from the clone.
        url: the address of the site, for links in findings.
        times: when commits were made that are not walked, in seconds since 1970.

    Attributes:
        found: what was found so far.
        before: the faults that were there before the walk, of which nothing is told.
    """

    def __init__(
        self,
        judge: Judge,
        snapshot: Callable[[HistoryTree, int], Snapshot],
        first: Callable[[str | None], HistoryTree],
        profiles: Profiles,
        releases: Releases,
        settled: Settled,
        cut: frozenset[str] = frozenset(),
        url: str | None = None,
        times: Mapping[str, int] | None = None,
    ) -> None:
        self._judge = judge
        self._snapshot = snapshot
        self._first = first
        self._profiles = profiles
        self._releases = releases
        self._settled = settled
        self._cut = cut
        self._url = url
        self._times = times or {}
        self.before: dict[Key, Record] = {}
        self._points: dict[str, _Point] = {}
        self._children: Counter[str] = Counter()
        self.found = Walked()

    def walk(self, places: Sequence[Place], changes: Iterator[list[Changed]]) -> Iterator[Place]:
        """Judges commits; each is given back once it is done.

        ``changes`` tells what each changed in its first parent.
        """
        self._children.update(parent for place in places for parent in place.parents)
        for place, changed in zip(places, changes, strict=True):
            self._judge_one(place, changed)
            for parent in place.parents:
                self._children[parent] -= 1
                if not self._children[parent]:
                    del self._points[parent]
            yield place
        if places:
            self._close(places[-1].commit)

    def _judge_one(self, place: Place, changed: list[Changed]) -> None:
        parents = [self._point(parent, place.time) for parent in place.parents]
        if parents:
            tree = parents[0].snapshot.tree.after(place.commit, changed)
        else:
            tree = self._first(None).after(place.commit, changed)
        head = self._snapshot(tree, place.time * 1000)
        bases = [parent.snapshot for parent in parents]
        if not bases and place.commit not in self._cut:
            bases = [self._snapshot(self._first(None), place.time * 1000)]
        self._releases.note(place.commit, (c.path for c in changed if c.is_new))
        look = self._judge.state(head)
        changes = [self._judge.change(base, head) for base in bases]
        if len(parents) == 1 and parents[0].look is look:
            step = Step(parents[0].faults)
        else:
            step = follow([parent.faults for parent in parents], look.yielded)
        events = _of_all(changes)
        self.found.with_project += look.has_config
        self.found.unsupported.update(dict.fromkeys(look.unsupported))
        self._tell_missed(place, [*look.yielded, *(y for of_one in changes for y in of_one)])
        if step.fresh or any(yielded.problems for yielded in events):
            self._record(place, head, bases, step, events)
        if step.gone:
            self._end(place, step)
        self._points[place.commit] = _Point(head, look, step.faults)

    def _point(self, commit: str, time: int) -> _Point:
        """A parent; one from before the walk is judged for what it has, and that is not told."""
        if commit not in self._points:
            snapshot = self._snapshot(self._first(commit), self._times.get(commit, time) * 1000)
            look = self._judge.state(snapshot)
            step = follow([], look.yielded)
            for fresh in step.fresh:
                record = self.before[fresh.key] = Record(None, commit)
                step.faults[fresh.key] = Fault(record, fresh.unjudged)
            self._points[commit] = _Point(snapshot, look, step.faults)
        return self._points[commit]

    def faults(self, commit: str) -> Faults:
        """What is there at the last commit of the walk."""
        return self._points[commit].faults

    def _record(
        self,
        place: Place,
        head: Snapshot,
        bases: Sequence[Snapshot],
        step: Step,
        events: Sequence[Yielded],
    ) -> None:
        """Makes the findings of a commit: one for each cause of what is new at it."""
        changes = [Change(base.repository, head.repository) for base in bases]
        news = [pending_migrations(change) for change in changes]
        pending = frozenset.intersection(*news) if news else frozenset()
        landed = LandedMigrations(changes[0] if changes else None)
        fresh = {(one.rule.id, one.problem): one for one in step.fresh}
        seen: list[Seen] = []
        trunk = self._points.get(place.trunk) if place.trunk else None
        for yielded in (*_by_rule(step.fresh), *_softened(events, landed, trunk)):
            profile = self._profiles(yielded.rule, head)
            done = seen_by(yielded, pending, profile, self._url, seen)
            if done.reason is not None and yielded.reason is None:
                self.found.broken[f"{yielded.rule.id} {done.reason}"] = None
        # What such an event left behind is no less grave for it: it is told by itself.
        soft = [one for one in seen if trunk is not None and _is_soft(one)]
        causes = [*by_cause([one for one in seen if one not in soft]), *by_cause(soft)]
        findings = dict.fromkeys(cause.finding for cause in causes)
        told, waived = self._settled.split(findings, head.tree, changes)
        self.found.waived += waived
        made = {finding: Record(finding, place.commit) for finding in told}
        for cause in causes:
            record = made.get(cause.finding)
            if record is None:
                continue  # its faults are known, and not told
            record.is_event = cause.owner.rule.reads_change
            if record.is_event:
                held = landed.of(cause.owner.problem)
                if trunk is not None:
                    held = landed_there(held, trunk.snapshot.repository)
                record.shipped_in = self._releases.shipped(held, place.on_line)
            for member in (cause.owner, *cause.consequences):
                one = fresh.get((member.rule.id, member.problem))
                if one is not None:
                    alone = None if member is cause.owner else member.finding
                    step.faults[one.key] = Fault(record, one.unjudged, alone)
        self.found.records += [made[finding] for finding in sorted(made)]
        for one in step.fresh:
            step.faults.setdefault(one.key, Fault(None, one.unjudged))

    def _end(self, place: Place, step: Step) -> None:
        """Notes which findings end here. What they owned and is left is told by itself."""
        there = {id(fault.record) for fault in step.faults.values() if fault.alone is None}
        ended: set[int] = set()
        for fault in step.gone:
            record = fault.record
            is_own = fault.alone is None and record is not None and not record.is_event
            if is_own and record is not None and id(record) not in there:
                record.ended_by = record.ended_by or place.commit
                ended.add(id(record))
        for key, fault in step.faults.items() if ended else ():
            if fault.record is not None and fault.alone is not None and id(fault.record) in ended:
                record = Record(fault.alone, fault.record.commit)
                self.found.records.append(record)
                step.faults[key] = Fault(record, fault.unjudged)

    def _close(self, tip: str) -> None:
        """What the newest commit has is not ended, whatever a branch did."""
        for fault in self._points[tip].faults.values():
            if fault.record is not None and fault.alone is None:
                fault.record.ended_by = None

    def _tell_missed(self, place: Place, found: Sequence[Yielded]) -> None:
        for yielded in found:
            for part in yielded.not_run:
                count, first = self.found.missed.get(part, (0, place.commit))
                self.found.missed[part] = (count + 1, first)
            if yielded.is_broken:
                self.found.broken[f"{yielded.rule.id} {yielded.reason}"] = None


def _of_all(changes: Sequence[Sequence[Yielded]]) -> list[Yielded]:
    """What is true of a commit against each of its parents, as told against the first."""
    if len(changes) < 2:
        return [yielded for of_one in changes for yielded in of_one]
    first, *others = changes
    found: list[Yielded] = []
    for number, yielded in enumerate(first):
        common = [set(dict(keys(yielded.rule.id, of[number].problems))) for of in others]
        told = keys(yielded.rule.id, yielded.problems)
        problems = tuple(problem for key, problem in told if all(key in of for of in common))
        found.append(Yielded(yielded.rule, problems, yielded.skipped, yielded.reason))
    return found


def _by_rule(fresh: Iterable[Fresh]) -> Iterator[Yielded]:
    of_rule: dict[str, tuple[Rule, list[Problem]]] = {}
    for one in fresh:
        of_rule.setdefault(one.rule.id, (one.rule, []))[1].append(one.problem)
    for rule, problems in of_rule.values():
        yield Yielded(rule, tuple(problems))


def _softened(
    events: Sequence[Yielded], landed: LandedMigrations, trunk: _Point | None
) -> Iterator[Yielded]:
    """What a branch did to migrations that had not reached the main line is information."""
    if trunk is None:
        yield from events
        return
    for yielded in events:
        problems: list[Problem] = []
        for problem in yielded.problems:
            held = landed.of(problem)
            if held and not landed_there(held, trunk.snapshot.repository):
                problem = replace(problem, severity=Severity.INFO)
            problems.append(problem)
        yield replace(yielded, problems=tuple(problems))


def _is_soft(seen: Seen) -> bool:
    return seen.rule.reads_change and seen.problem.severity is Severity.INFO
