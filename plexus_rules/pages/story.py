"""One true story for the first page: a schema edit that passes every check and empties a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.catalog import claims
from plexus_rules.lab.evidence import Evidence, Step, Tried
from plexus_rules.lab.side_by_side import Comparison
from plexus_rules.lab.transcript import transcript
from plexus_rules.pages.views import ExampleView, RuleView

#: The rule that tells, and the claim whose record shows what happens.
RULE = "PLX301"
CLAIM = claims.PRAGMA_DOES_NOTHING_IN_TRANSACTION
LINE = "v0"


class Story(Struct, frozen=True):
    """What is shown.

    Attributes:
        done: what the migration of a real database said, and what was left; empty where nothing
            is recorded.
        kit: what ``drizzle-kit check`` says of the same change of the sample; empty where nothing
            is recorded.
        kit_version: of drizzle-kit.
        example: the change of the sample, with what our check says.
    """

    done: str
    kit: str
    kit_version: str
    example: ExampleView


def story(
    views: Sequence[RuleView], evidence: Mapping[str, Evidence], comparison: Comparison | None
) -> Story:
    """The story, as far as it is recorded."""
    (view,) = (view for view in views if view.rule.id == RULE)
    recorded = evidence.get(CLAIM.id)
    run = recorded.lines[LINE].tried[0] if recorded and LINE in recorded.lines else None
    return Story(
        done=transcript(_told(run)) if run else "",
        kit=_kit_check(comparison),
        kit_version=comparison.drizzle_kit if comparison else "",
        example=view.bad[0],
    )


def _told(run: Tried) -> Tried:
    """Of a run: the first rows that are looked at, and the last migration before them.

    With what is set on each connection to their database: that decides what is found there.
    """
    looked = next(number for number, step in enumerate(run.steps) if _looks(step, run, number))
    where = run.steps[looked].where
    before = [step for step in run.steps[:looked] if step.where in ("", where)]
    migrated = [step for step in before if step.kind == "migrate"][-1]
    connected = [step for step in before if step.kind == "connect"][-1:]
    told = (*connected, migrated, run.steps[looked])
    return Tried(on=run.on, steps=tuple(map(_unnamed, told)))


def _looks(step: Step, run: Tried, number: int) -> bool:
    return step.kind == "sql" and any(decision.after == number + 1 for decision in run.decisions)


def _unnamed(step: Step) -> Step:
    """A step without the name of its database."""
    return replace(step, where="")


def _kit_check(comparison: Comparison | None) -> str:
    """What drizzle-kit said of the first state in which our check found the rule's breach."""
    for state in comparison.states if comparison else ():
        if any(found.rule == RULE for found in state.found) and not state.kit_noticed:
            said = [line for run in state.kit for line in (f"$ {run.command}", *run.output)]
            return "\n".join(said)
    return ""
