"""Runs the checks of rules, and makes findings of the problems that they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from plexus_rules.check.report import Project, Report, unsupported
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding, NotRun, Related
from plexus_rules.profile import Profile
from plexus_rules.rule import Needs, Problem, Rule, Skipped, fill
from plexus_rules.trees import TreeError


@dataclass(frozen=True, slots=True)
class _Seen:
    """A problem, and the rule that saw it."""

    rule: Rule
    problem: Problem


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
    seen: list[_Seen] = []
    not_run: list[NotRun] = []
    incomplete: list[str] = []
    checked = [rule for rule in rules if rule.check is not None]
    for rule in checked:
        reason = _not_applicable(rule, head, change, no_change)
        if reason is not None:
            not_run.append(NotRun(rule.id, ".", reason))
            continue
        try:
            for item in _items(rule, head, change):
                if isinstance(item, Skipped):
                    not_run.append(NotRun(rule.id, item.path, item.reason))
                else:
                    seen.append(_Seen(rule, item))
        except TreeError as error:
            not_run.append(NotRun(rule.id, ".", str(error)))
        except Exception as error:  # one broken rule must not hide what the others find
            what = (
                f"stopped by an internal error ({type(error).__name__}: {error}); please report it"
            )
            not_run.append(NotRun(rule.id, ".", what))
            incomplete.append(f"{rule.id} {what}")
    return Report(
        base=base,
        findings=tuple(sorted(_findings(seen, profile, url))),
        projects=tuple(Project.of(database) for database in head.databases),
        not_run=tuple(sorted(set(not_run))),
        unsupported=unsupported(head),
        rules=len(checked) - sum(entry.path == "." for entry in set(not_run)),
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
        return rule.needs.value
    if rule.reads_change and change is None:
        return no_change
    return None


def _findings(seen: Sequence[_Seen], profile: Profile, url: str | None) -> Iterator[Finding]:
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
        finding = _finding(item, profile, url)
        more = [
            Related(c.problem.path, c.problem.range, f"{c.problem.message} ({c.rule.id})")
            for c in consequences
        ]
        # The last cause to be known is the gravest: an error's consequence stays an error.
        gravest = min(
            (c.problem.severity or c.rule.severity for c in (item, *consequences)), key=_grave
        )
        yield replace(finding, related=(*finding.related, *dict.fromkeys(more)), severity=gravest)


def _grave(severity: object) -> int:
    return ("error", "warning", "info").index(str(severity))


def _finding(item: _Seen, profile: Profile, url: str | None) -> Finding:
    rule, problem = item.rule, item.problem
    return Finding(
        path=problem.path,
        range=problem.range,
        rule=rule.id,
        name=rule.name,
        severity=problem.severity or rule.severity,
        message=problem.message,
        remedy=remedy(problem.remedy or rule.remedy, profile),
        related=problem.related,
        url=f"{url.rstrip('/')}/rules/{rule.id}/" if url else None,
    )


def remedy(text: str, profile: Profile) -> str:
    """A remedy with the profile's names filled in; a name that is unknown is described."""
    unknown = {
        "generate": "`drizzle-kit generate` for every config",
        "generate_sqlite": "`drizzle-kit generate` for SQLite",
        "generate_postgresql": "`drizzle-kit generate` for PostgreSQL",
        "schema_dir": "the schema directory",
        "package": "the package",
        "get_schema": "the function of the database client that gives the tables",
        "client": "the database client",
        "types_module": "the module of row types",
        "parent_index": "the parent index",
    }
    known = {name: value for name, value in profile.names().items() if value is not None}
    filled = fill(text, unknown | known)
    if filled is None:
        raise ValueError(f"a remedy uses an unknown name: {text}")
    return filled
