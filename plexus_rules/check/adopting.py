"""Makes the findings of a check the known ones, so that only new ones are reported."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.check.baseline import (
    BaselineError,
    baseline_place,
    new_baseline,
    write_baseline,
)
from plexus_rules.check.path import CannotCheck, Outcome, Request, check_path


class Adopted(Struct, frozen=True):
    """What was written.

    Attributes:
        path: the file.
        known: how many findings stand in it.
        added: how many of them are new in it.
        removed: how many it had before, and has no more.
    """

    path: Path
    known: int
    added: int
    removed: int


def adopt(request: Request) -> tuple[Outcome, Adopted]:
    """Checks a directory, and writes its baseline: all that was found.

    What an earlier baseline has and this check did not judge stays in it.

    Raises:
        CannotCheck: as :func:`check_path`; the check is incomplete; or the file cannot be written.
        UnknownRule: as :func:`check_path`.
    """
    outcome = check_path(replace(request, is_adopting=True))
    report = outcome.report
    if report.incomplete:
        reasons = "; ".join(report.incomplete)
        raise CannotCheck(f"no baseline is written, for the check is incomplete: {reasons}")
    whole = replace(report, findings=tuple(sorted((*report.findings, *report.known))))
    old = outcome.baseline or ()
    new = new_baseline(whole, old, outcome.tree, outcome.rules)
    try:
        path = request.baseline or baseline_place(outcome.tree, outcome.settings.baseline)
        write_baseline(path, new)
    except BaselineError as error:
        raise CannotCheck(str(error)) from None
    before, after = {known.key for known in old}, {known.key for known in new}
    return outcome, Adopted(path, len(new), len(after - before), len(before - after))
