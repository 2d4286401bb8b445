"""Recorded steps and small edits, laid over files in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plexus_rules.samples.step import Step
from plexus_rules.samples.store import recorded
from plexus_rules.trees.edits import Edit, apply


def build(
    files: Mapping[str, bytes], changes: Iterable[Step | Edit], last: Step | None = None
) -> tuple[dict[str, bytes], Step | None]:
    """The files after recorded steps and edits, in order, and the last step among them.

    Args:
        files: by path; the files of the sample after ``last``, edited or not.
        changes: what is laid over them.
        last: the step that was laid over them last; None for the base project.

    Raises:
        ValueError: a step does not follow the step that it was recorded after, or an
            edit does not fit.
    """
    result = dict(files)
    for change in changes:
        if isinstance(change, Step):
            if change.after != last:
                raise ValueError(
                    f"step {change.name} was recorded after {change.after}, not {last}"
                )
            overlay = recorded(change)
            result = {p: d for p, d in result.items() if p not in overlay.deleted} | dict(
                overlay.files
            )
            last = change
        else:
            result = apply(result, [change])
    return result, last
