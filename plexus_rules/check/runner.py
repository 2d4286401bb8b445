"""Runs the checks of rules, and makes findings of the problems that they yield."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from plexus_rules.check.report import Project, Report, unsupported
from plexus_rules.check.unexpected import described
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding, NotRun, Related, Severity
from plexus_rules.profile import Profile
from plexus_rules.profile.model import Generator
from plexus_rules.rule import Line, Needs, Problem, Rule, Skipped, fill, names_in
from plexus_rules.trees import TreeError

_GRAVEST_FIRST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a rule saw: its problem, and the finding that this is if it stands alone."""

    rule: Rule
    problem: Problem
    finding: Finding


def check_change(
    change: Change,
    rules: Iterable[Rule],
    profile: Profile,
    base: str | None = None,
    url: str | None = None,
) -> Report:
    """Runs rules on a change: state rules on its head, change rules on both sides."""
    return _run(change.head, change, rules, profile, base, url, "")


def check_repository(
    repository: Repository,
    rules: Iterable[Rule],
    profile: Profile,
    reason: str,
    url: str | None = None,
) -> Report:
    """Runs the state rules; each change rule is listed as not run, for the reason given."""
    return _run(repository, None, rules, profile, None, url, reason)


def _run(
    head: Repository,
    change: Change | None,
    rules: Iterable[Rule],
    profile: Profile,
    base: str | None,
    url: str | None,
    no_change: str,
) -> Report:
    pending = _pending(change)
    seen: list[_Seen] = []
    not_run: set[NotRun] = set()
    incomplete: list[str] = []
    ran = 0
    reads_base = False
    for rule in rules:
        if rule.check is None:
            continue
        reason = _not_applicable(rule, head, change, no_change)
        try:
            for item in _items(rule, head, change) if reason is None else ():
                if isinstance(item, Skipped):
                    not_run.add(NotRun(rule.id, item.path, item.reason))
                else:
                    seen.append(_Seen(rule, item, _finding(rule, item, pending, profile, url)))
        except TreeError as error:
            reason = str(error)
        except RecursionError:
            reason = "a file is nested too deeply for this rule"
        except Exception as error:  # one broken rule must not hide what the others find
            reason = f"stopped by an internal error ({described(error)}); please report it"
            incomplete.append(f"{rule.id} {reason}")
        reads_base = reads_base or rule.reads_change
        if reason is None:
            ran += 1
        else:
            not_run.add(NotRun(rule.id, ".", reason))
    return Report(
        base=base,
        findings=tuple(sorted(set(_findings(seen)))),
        projects=tuple(Project.of(database) for database in head.databases),
        not_run=tuple(sorted(not_run)),
        unsupported=unsupported(head, change.base if change and reads_base else None),
        rules=ran,
        incomplete=tuple(incomplete),
    )


def _items(rule: Rule, head: Repository, change: Change | None) -> Iterator[Problem | Skipped]:
    if rule.reads_change:
        assert change is not None
        return cast("Callable[[Change], Iterator[Problem | Skipped]]", rule.check)(change)
    return cast("Callable[[Repository], Iterator[Problem | Skipped]]", rule.check)(head)


def _not_applicable(
    rule: Rule, head: Repository, change: Change | None, no_change: str
) -> str | None:
    if rule.needs is Needs.TWO_DIALECTS and len(head.dialects) < 2:
        if head.unread:
            return "fewer than two dialects could be read off the configs; this rule compares two"
        return rule.needs.value
    if rule.reads_change and change is None:
        return no_change
    return None


def _findings(seen: Sequence[_Seen]) -> Iterator[Finding]:
    """One finding for each cause: what other rules see of it becomes a related place.

    The cause is named best by a rule that saw the change itself, then by the lower id.
    """
    ordered = sorted(seen, key=lambda s: (not s.rule.reads_change, s.rule.id))
    claimed: dict[str, int] = {}
    kept: list[tuple[_Seen, list[_Seen]]] = []
    for item in ordered:
        owners = [claimed[cause] for cause in item.problem.causes if cause in claimed]
        owner = next((o for o in owners if kept[o][0].rule is not item.rule), None)
        if owner is not None:
            kept[owner][1].append(item)
            continue
        kept.append((item, []))
        for cause in item.problem.causes:
            claimed.setdefault(cause, len(kept) - 1)
    for item, consequences in kept:
        more = [
            Related(c.problem.path, c.problem.range, f"{c.problem.message} ({c.rule.id})")
            for c in consequences
        ]
        # The last cause to be known is the gravest: an error's consequence stays an error.
        gravest = min((c.finding.severity for c in (item, *consequences)), key=_GRAVEST_FIRST.index)
        related = tuple(dict.fromkeys((*item.finding.related, *more)))
        yield replace(item.finding, related=related, severity=gravest)


def _pending(change: Change | None) -> frozenset[str]:
    """The paths of the SQL of all pending migrations; none where there is no base."""
    return frozenset(
        pair.head.sql_path(entry.tag)
        for pair in (change.pairs if change else ())
        if pair.head is not None
        for entry in pair.pending
    )


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
    by_ci = line.by_ci if profile.generator is Generator.CI else ""
    for form in (by_ci or line.text, line.fallback):
        filled = fill(form, {n: names.get(n) or unknown.get(n) for n in names_in(form)})
        if filled:
            return filled
    raise ValueError(f"a remedy uses an unknown name, and has no fallback: {line.text}")
