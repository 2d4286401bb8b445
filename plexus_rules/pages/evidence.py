"""What the pages show of claims, and of what was recorded when they were tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from plexus_rules.lab.evidence import Evidence, OnLine, Tried, Verdict
from plexus_rules.lab.transcript import transcript
from plexus_rules.rule import Claim, Rule

#: A mark and words: never the mark alone.
_MARKS = {
    Verdict.HOLDS: "✓",
    Verdict.IN_PART: "◐",
    Verdict.FAILS: "✗",
    Verdict.NOT_APPLICABLE: "○",
    Verdict.UNKNOWN: "?",
}
#: The program or database, and where its version stands, by what was recorded.
_DATABASES = (
    ("SQLite of bun", "SQLite {} (bun:sqlite of Bun {})", "bun"),
    ("SQLite of libsql", "SQLite {} (@libsql/client {})", "@libsql/client"),
    ("PostgreSQL", "PostgreSQL {} (postgres-js {})", "postgres"),
)


class RunView(Struct, frozen=True):
    """One run of an experiment: on what, what came of it, and what was done."""

    on: str
    verdict: str
    text: str


class LineView(Struct, frozen=True):
    """What a claim's experiment gave on one line of Drizzle."""

    name: str
    stated: bool
    verdict: str
    with_: str
    runs: tuple[RunView, ...]


class ClaimView(Struct, frozen=True):
    """A claim, the rules that rest on it, and its evidence.

    ``shown`` is the shortest run on the first line for which the claim is stated; None where
    nothing is recorded.
    """

    claim: Claim
    rules: tuple[Rule, ...]
    lines: tuple[LineView, ...]
    shown: RunView | None
    shown_with: str


def claim_views(rules: Sequence[Rule], evidence: Mapping[str, Evidence]) -> dict[str, ClaimView]:
    """Every claim that a rule rests on, by its id, in the order of the rules."""
    claims = {claim.id: claim for rule in rules for claim in rule.why}
    return {
        name: _view(claim, [rule for rule in rules if claim in rule.why], evidence.get(name))
        for name, claim in claims.items()
    }


def _view(claim: Claim, rules: Sequence[Rule], evidence: Evidence | None) -> ClaimView:
    lines = evidence.lines if evidence else {}
    stated = [on for on in lines.values() if on.stated and on.verdict is not Verdict.NOT_APPLICABLE]
    runs = [run for run in stated[0].tried if run.decisions] if stated else []
    shown = min(runs, key=lambda run: len(transcript(run)), default=None)
    return ClaimView(
        claim=claim,
        rules=tuple(rules),
        lines=tuple(_line(name, on) for name, on in lines.items()),
        shown=_run(shown) if shown else None,
        shown_with=_with(stated[0], shown.on) if stated and shown else "",
    )


def _line(name: str, on: OnLine) -> LineView:
    runs = tuple(map(_run, on.tried))
    return LineView(name, on.stated, _marked(on.verdict), _with(on), runs)


def _run(run: Tried) -> RunView:
    return RunView(run.on, _marked(run.verdict), transcript(run))


def _marked(verdict: Verdict) -> str:
    return f"{_MARKS[verdict]} {verdict.value}"


def _with(on: OnLine, only: str = "") -> str:
    """What took part, with its versions; ``only`` the database of one run."""
    return ", ".join(_versions(on.versions, only))


def _versions(versions: Mapping[str, str], only: str) -> Iterator[str]:
    for name in ("drizzle-kit", "drizzle-orm", "typescript"):
        if name in versions:
            yield f"{name} {versions[name]}"
    for database, text, driver in _DATABASES:
        shown = text.format(versions.get(database), versions.get(driver))
        if database in versions and (not only or _names(only, shown)):
            yield shown


def _names(on: str, shown: str) -> bool:
    """Whether a database's text is that of the run ``on``: they share the driver's name."""
    driver = on.partition("(")[2].rstrip(")")
    return driver in shown
