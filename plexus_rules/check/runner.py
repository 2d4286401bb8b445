"""Runs the checks of rules, and makes findings of the problems that they yield."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.check.beside import Said, running_beside
from plexus_rules.check.report import Project, Report
from plexus_rules.check.standing import Standing
from plexus_rules.check.unexpected import described
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding, NotRun, Related, Severity
from plexus_rules.profile import Profile
from plexus_rules.profile.model import Generator
from plexus_rules.rule import Line, Needs, Problem, Rule, Skipped, fill, names_in
from plexus_rules.trees import TreeError

_GRAVEST_FIRST = tuple(Severity)
#: What is said in place of a need that is not met where configs could not be read.
_UNREAD = {
    Needs.TWO_DIALECTS: "fewer than two dialects could be read off the configs; this rule compares "
    "two",
    Needs.SQLITE: "no SQLite database could be read off the configs; this rule is about SQLite",
    Needs.POSTGRESQL: "no PostgreSQL database could be read off the configs; this rule is about "
    "PostgreSQL",
}


class Yielded(Struct, frozen=True):
    """What the check of one rule yielded.

    Attributes:
        rule: the rule.
        problems: as the check gave them.
        skipped: the parts that it could not judge.
        reason: why the rule did not run, or not to its end; None where it did.
        is_broken: whether that is an error of this program.
        applies: whether the rule has anything to say of such a repository.
    """

    rule: Rule
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    reason: str | None = None
    is_broken: bool = False
    applies: bool = True

    @property
    def not_run(self) -> Iterator[NotRun]:
        """What the report says of the parts that were not judged."""
        for part in self.skipped:
            yield NotRun(self.rule.id, part.path, part.reason.removeprefix(f"{part.path}: "))
        if self.reason is not None:
            yield NotRun(self.rule.id, ".", self.reason)


class Seen(Struct, frozen=True):
    """What a rule saw: its problem, and the finding that this is if it stands alone."""

    rule: Rule
    problem: Problem
    finding: Finding


class Cause(Struct, frozen=True):
    """What was seen of one cause: by the rule that names it best, and by the others."""

    owner: Seen
    consequences: tuple[Seen, ...] = ()

    @property
    def finding(self) -> Finding:
        """One finding: what the other rules see becomes related places."""
        more = [
            Related(c.problem.path, c.problem.range, f"{c.problem.message} ({c.rule.id})")
            for c in self.consequences
        ]
        # The last cause to be known is the gravest: an error's consequence stays an error.
        levels = (seen.finding.severity for seen in (self.owner, *self.consequences))
        gravest = min(levels, key=_GRAVEST_FIRST.index)
        related = tuple(dict.fromkeys((*self.owner.finding.related, *more)))
        return replace(self.owner.finding, related=related, severity=gravest)


def check_change(
    change: Change,
    rules: Iterable[Rule],
    profile: Profile,
    base: str | None = None,
    url: str | None = None,
    *,
    beside: bool = False,
) -> Report:
    """Runs rules on a change: state rules on its head, change rules on both sides.

    ``beside`` has some of them run in a process of their own.
    """
    return _run(change.head, change, rules, profile, base, url, "", beside)


def check_repository(
    repository: Repository,
    rules: Iterable[Rule],
    profile: Profile,
    reason: str,
    url: str | None = None,
    *,
    beside: bool = False,
) -> Report:
    """Runs the state rules; each change rule is listed as not run, for the reason given."""
    return _run(repository, None, rules, profile, None, url, reason, beside)


def _run(
    head: Repository,
    change: Change | None,
    rules: Iterable[Rule],
    profile: Profile,
    base: str | None,
    url: str | None,
    no_change: str,
    beside: bool,
) -> Report:
    seen: list[Seen] = []
    not_run: set[NotRun] = set()
    incomplete: list[str] = []
    ran = 0
    checked = [rule for rule in rules if rule.check is not None]
    reads_base = any(rule.reads_change for rule in checked)
    standing = Standing(head, change, reads_base)

    def run(rule: Rule) -> Said:
        found = run_rule(rule, head, change, no_change)
        return Said(found.problems, found.skipped, found.reason, found.is_broken)

    beside_each_other = running_beside(checked, head, change, standing, run)
    with beside_each_other if beside else nullcontext(map(run, checked)) as said:
        for rule, one in zip(checked, said, strict=True):
            found = Yielded(rule, one.problems, one.skipped, one.reason, one.is_broken)
            found = seen_by(found, standing, profile, url, seen)
            not_run.update(found.not_run)
            ran += found.reason is None
            if found.is_broken:
                incomplete.append(f"{rule.id} {found.reason}")
    return Report(
        base=base,
        findings=tuple(sorted({cause.finding for cause in by_cause(seen)})),
        projects=tuple(Project.of(database) for database in head.databases),
        not_run=tuple(sorted(not_run)),
        unsupported=standing.unsupported,
        rules=ran,
        incomplete=tuple(sorted(incomplete)),
    )


def run_rule(rule: Rule, head: Repository, change: Change | None, no_change: str = "") -> Yielded:
    """Runs one rule that has a check; ``no_change`` says why there is no change, if so."""
    reason = _not_applicable(rule, head, change, no_change)
    if reason is not None:
        return Yielded(rule, reason=reason, applies=reason != rule.needs.value)
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    is_broken = False
    try:
        for item in _items(rule, head, change):
            if isinstance(item, Skipped):
                skipped.append(item)
            else:
                problems.append(item)
    except TreeError as error:
        reason = str(error)
    except RecursionError:
        reason = "a file is nested too deeply for this rule"
    except Exception as error:  # one broken rule must not hide what the others find
        reason = _internal_error(error)
        is_broken = True
    return Yielded(rule, tuple(problems), tuple(skipped), reason, is_broken)


def seen_by(
    found: Yielded,
    pending: Container[str],
    profile: Profile,
    url: str | None,
    seen: list[Seen],
) -> Yielded:
    """Adds what a rule saw to ``seen``; what it yielded, with the error if that failed."""
    try:
        for problem in found.problems:
            if _is_of_no_consequence(problem, pending):
                continue
            finding = _finding(found.rule, problem, pending, profile, url)
            seen.append(Seen(found.rule, problem, finding))
    except TreeError as error:
        return replace(found, reason=str(error))
    except Exception as error:
        return replace(found, reason=_internal_error(error), is_broken=True)
    return found


def _is_of_no_consequence(problem: Problem, pending: Container[str]) -> bool:
    together = (*problem.unless_pending, problem.migration)
    return bool(problem.unless_pending) and all(path in pending for path in together)


def _internal_error(error: Exception) -> str:
    return f"stopped by an internal error ({described(error)}); please report it"


def _items(rule: Rule, head: Repository, change: Change | None) -> Iterator[Problem | Skipped]:
    if rule.reads_change:
        assert change is not None
        return cast("Callable[[Change], Iterator[Problem | Skipped]]", rule.check)(change)
    return cast("Callable[[Repository], Iterator[Problem | Skipped]]", rule.check)(head)


def _not_applicable(
    rule: Rule, head: Repository, change: Change | None, no_change: str
) -> str | None:
    if not rule.needs.met_by(head.dialects):
        return _UNREAD[rule.needs] if head.unread else rule.needs.value
    if rule.reads_change and change is None:
        return no_change
    return None


def by_cause(seen: Sequence[Seen]) -> Iterator[Cause]:
    """What was seen, cause by cause.

    A cause is named best by a rule that saw the change itself, then by the lower id; and never
    by one that saw a symptom of it alone.
    """
    named = {cause for one in seen for cause in one.problem.causes}
    ordered = sorted(
        seen, key=lambda s: (not _names_causes(s.rule), s.problem.symptom_of in named, s.rule.id)
    )
    claimed: dict[str, int] = {}
    kept: list[tuple[Seen, list[Seen]]] = []
    for item in ordered:
        causes = (item.problem.symptom_of, *item.problem.causes)
        owners = [claimed[cause] for cause in causes if cause in claimed]
        owner = next((o for o in owners if kept[o][0].rule is not item.rule), None)
        if owner is not None:
            kept[owner][1].append(item)
            continue
        kept.append((item, []))
        for cause in item.problem.causes:
            claimed.setdefault(cause, len(kept) - 1)
    for item, consequences in kept:
        yield Cause(item, tuple(consequences))


def _names_causes(rule: Rule) -> bool:
    """Whether a rule saw the change itself: one that compares dialects sees what follows."""
    return rule.reads_change and rule.needs is not Needs.TWO_DIALECTS


def _finding(
    rule: Rule, problem: Problem, pending: Container[str], profile: Profile, url: str | None
) -> Finding:
    severity, to_do = problem.severity or rule.severity, problem.remedy or rule.remedy
    if problem.migration is not None and problem.migration not in pending:
        severity, to_do = Severity.INFO, rule.landed_remedy
    elif rule.ci_remedy and profile.generator is Generator.CI:
        severity, to_do = Severity.INFO, rule.ci_remedy
    return Finding(
        path=problem.path,
        range=problem.range,
        rule=rule.id,
        name=rule.name,
        severity=severity,
        message=problem.message,
        remedy=remedy(to_do, profile),
        related=problem.related,
        url=f"{url.rstrip('/')}/rules/{rule.id}/" if url else None,
    )


def remedy(text: str | Line, profile: Profile) -> str:
    """A remedy with the profile's names filled in.

    Where a name is unknown the fallback stands; an unknown command is described. Where the CI
    generates the migrations, it is told what to do there, if that differs.
    """
    line = Line(text) if isinstance(text, str) else text
    unknown = {
        "generate": "`drizzle-kit generate` for every config",
        "generate_sqlite": "`drizzle-kit generate` for SQLite",
        "generate_postgresql": "`drizzle-kit generate` for PostgreSQL",
    }
    names = profile.names()
    by_ci = line.by_ci if line.by_ci and profile.generator is Generator.CI else ""
    for form in (by_ci or line.text, line.fallback):
        filled = fill(form, {n: names.get(n) or unknown.get(n) for n in names_in(form)})
        if filled:
            return filled
    raise ValueError(f"a remedy uses an unknown name, and has no fallback: {line.text}")
