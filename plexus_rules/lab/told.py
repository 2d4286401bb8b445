"""What experiments gave, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from plexus_rules.lab.evidence import Evidence, OnLine, Tried, Verdict
from plexus_rules.lab.transcript import transcript

Style = Callable[[str, str], str]

_STYLES = {
    Verdict.HOLDS: "good",
    Verdict.IN_PART: "warning",
    Verdict.FAILS: "error",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.UNKNOWN: "error",
}
_WIDE = max(len(verdict.value) for verdict in Verdict)


def table(found: Sequence[Evidence], style: Style, steps: bool) -> str:
    """A row for each claim and line, with what decided; then how many of each verdict."""
    lines: list[str] = []
    for evidence in found:
        lines.append(style(evidence.claim, "rule"))
        for name, on in evidence.lines.items():
            lines += _rows(name, on, style)
            if steps:
                for run in on.tried:
                    lines += ["", f"    {name}, {run.on}", *_indented(transcript(run)), ""]
    return "\n".join([*lines, "", *_counts(found)]) + "\n"


def _rows(name: str, on: OnLine, style: Style) -> Iterator[str]:
    verdict = on.verdict.value
    shown = style(f"{verdict:<{_WIDE}}", _STYLES[on.verdict])
    stated = "" if on.stated else "  (not stated for this line)"
    head, *more = list(_deciding(on)) or [""]
    yield f"  {name}  {shown}  {head}{stated}".rstrip()
    yield from (f"      {'':<{_WIDE}}  {line}" for line in more)


def _deciding(on: OnLine) -> Iterator[str]:
    """What decided: where it does not hold, what was not so; otherwise what all runs showed."""
    for run in on.stopped:
        yield f"{run.on}: could not be tried: {run.because}"
    if on.verdict is Verdict.UNKNOWN:
        return
    if on.verdict is Verdict.NOT_APPLICABLE:
        yield from dict.fromkeys(run.because for run in on.tried if not run.stopped)
    elif on.verdict is Verdict.HOLDS:
        yield from dict.fromkeys(
            f"{decision.says}{_shown(run, decision.after)}"
            for run in on.tried
            for decision in run.decisions[-1:]
        )
    else:
        for run in on.tried:
            for decision in run.decisions:
                if not decision.so:
                    yield f"{run.on}: not so: {decision.says}{_shown(run, decision.after)}"


def _shown(run: Tried, after: int) -> str:
    """The last line of the step that shows it."""
    output = run.steps[after - 1].output if after else ()
    return f" [{output[-1]}]" if output else ""


def _counts(found: Iterable[Evidence]) -> Iterator[str]:
    by_line: dict[str, list[OnLine]] = {}
    for evidence in found:
        for name, on in evidence.lines.items():
            by_line.setdefault(name, []).append(on)
    for name, all_ in by_line.items():
        counts = ((sum(on.verdict is verdict for on in all_), verdict.value) for verdict in Verdict)
        said = ", ".join(f"{number} {value}" for number, value in counts if number)
        against = sum(on.contradicts for on in all_)
        claims = "claim" if len(all_) == 1 else "claims"
        yield f"{name}: {len(all_)} {claims}: {said}; {against} against what is stated"


def _indented(text: str) -> Iterator[str]:
    return (f"      {line}" for line in text.splitlines())
