"""A run of an experiment as a text that a person can follow, and do again."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.lab.evidence import Step, Tried

#: What stands before a step, by its kind.
_MARKS = {
    "edit": "edit",
    "delete": "delete",
    "kit": "$",
    "connect": ">",
    "migrate": ">",
    "sql": ">",
    "code": ">",
}
_EACH_TIME = "on each connection"


def transcript(run: Tried) -> str:
    """Each step with what came of it, and each decision below the step that shows it."""
    return "\n".join(_lines(run))


def _lines(run: Tried) -> Iterator[str]:
    for number, step in enumerate(run.steps, start=1):
        yield from _step(step)
        for decision in run.decisions:
            if decision.after == number:
                yield f"{'✓' if decision.so else '✗'} {decision.says}"
    if run.because:
        yield run.because


def _step(step: Step) -> Iterator[str]:
    said = (step.where, _EACH_TIME if step.kind == "connect" else "")
    where = f"  ({'; '.join(filter(None, said))})" if any(said) else ""
    failed = f"  (exit {step.exit})" if step.exit else ""
    first, *rest = step.text.splitlines() or [""]
    yield f"{_MARKS.get(step.kind, '$')} {first}{where}{failed}"
    yield from (f"  {line}" for line in rest)
    yield from (f"  {line}" for line in step.output)
