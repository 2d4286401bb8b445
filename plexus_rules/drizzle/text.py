"""Places in plain text."""

from __future__ import annotations

from plexus_rules.finding import Range


def first_difference(before: str, after: str) -> Range | None:
    """The first line of ``after`` that differs; None where only line ends do.

    Where ``after`` only lacks lines, the place is its last line.
    """
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return None
    for number, line in enumerate(new, start=1):
        if number > len(old) or old[number - 1] != line:
            return Range.of_line(number, line)
    return Range.of_line(max(len(new), 1), new[-1] if new else "")
