"""What is said of tables of which a part cannot be read: once for each file and reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.rule import Skipped

if TYPE_CHECKING:
    from plexus_rules.drizzle.columns import UnreadPart

#: So many lines, and tables, are named; more are counted.
_MOST_NAMED = 3


class Missed(Struct, frozen=True):
    """A part that cannot be read, and the table that it belongs to."""

    part: UnreadPart
    table: str
    more: str = ""


def told_together(missed: Iterable[Missed], one: str, many: str) -> Iterator[Skipped]:
    """One line for all parts of a file that cannot be read for one reason.

    ``one`` says what is not judged of ``{table}``; ``many`` of ``{tables}``, which is their
    number and the names of the first. One helper may make every table of a schema.
    """
    groups: dict[tuple[str, str], list[Missed]] = {}
    for each in dict.fromkeys(missed):
        groups.setdefault((each.part.path, f"{each.part.reason}{each.more}"), []).append(each)
    for (path, reason), found in groups.items():
        numbers = sorted({each.part.range.line for each in found})
        tables = list(dict.fromkeys(each.table for each in found))
        if len(tables) == 1:
            what = one.format(table=tables[0])
        else:
            what = many.format(tables=f"{len(tables)} tables ({first_of(tables)})")
        yield Skipped(path, f"{told_lines(numbers)}: {reason}; {what}")


def told_lines(numbers: Sequence[int]) -> str:
    """Lines of a file, the first of them by their numbers."""
    noun = "line" if len(numbers) == 1 else "lines"
    return f"{noun} {first_of([str(number) for number in numbers])}"


def first_of(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    if len(names) <= _MOST_NAMED + 1:
        *first, last = names
        return f"{', '.join(first)} and {last}" if first else last
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
