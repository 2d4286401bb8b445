"""When two texts of SQL mean the same type, or the same expression."""

from __future__ import annotations

from plexus_rules.drizzle.shapes.expressions import same_meaning
from plexus_rules.drizzle.shapes.types import normal_type


def same_type(dialect: str, one: str, other: str) -> bool:
    """Whether two spellings of a column's type mean one type."""
    return one == other or normal_type(dialect, one) == normal_type(dialect, other)


def same_expression(dialect: str, one: str | None, other: str | None) -> bool:
    """Whether two spellings of a default, a check or another expression mean the same.

    A literal means the same with a cast and without: the column's type is what counts. So does
    a column with its table's name and without.
    """
    if one == other:
        return True
    return one is not None and other is not None and same_meaning(dialect, one, other)
