"""What a schema and its newest snapshot say differently, in words."""

from __future__ import annotations

from plexus_rules.drizzle.shapes.model import Aspect, Difference

_LONGEST = 60


def told(difference: Difference) -> str:
    """One difference of a schema, the first, and the newest snapshot, as a sentence."""
    subject, one, other = _subject(difference), difference.one, difference.other
    if difference.aspect is Aspect.ENUM and one is not None and other is not None:
        return _values_told(subject, one, other)
    if one is None and other is None:
        return f"{subject} differs"
    if _is_whole(difference.aspect):
        if other is None:
            in_brackets = f" ({_short(one)})" if difference.aspect is Aspect.COLUMN else ""
            return f"{subject}{in_brackets} is declared, and not in the newest snapshot"
        if one is None:
            return f"{subject} is in the newest snapshot, and not declared any more"
    says, kept = _short(one), _short(other)
    return f"{subject} is {says} in the schema, and {kept} in the newest snapshot"


def _values_told(subject: str, one: str, other: str) -> str:
    """Which values an enum has more in the schema, or else in the snapshot."""
    mine, theirs = (text.strip("()").split(", ") for text in (one, other))
    added = [value for value in mine if value not in theirs]
    gone = [value for value in theirs if value not in mine]
    if added:
        listed = _short(", ".join(added))
        return f"{listed} of {subject} is declared, and not in the newest snapshot"
    if gone:
        listed = _short(", ".join(gone))
        return f"{listed} of {subject} is in the newest snapshot, and not declared any more"
    return f"{subject} has its values in another order than in the newest snapshot"


def _is_whole(aspect: Aspect) -> bool:
    """Whether the part is there or not, rather than that something is said of it."""
    parts = (Aspect.TABLE, Aspect.COLUMN, Aspect.INDEX, Aspect.UNIQUE, Aspect.CHECK, Aspect.ENUM)
    return aspect in parts or aspect is Aspect.FOREIGN_KEY


def _subject(difference: Difference) -> str:
    table, part = difference.table, difference.part
    match difference.aspect:
        case Aspect.TABLE | Aspect.ENUM:
            return f"{difference.aspect.value} {table}"
        case Aspect.COLUMN:
            return f"column {table}.{part}"
        case Aspect.PRIMARY_KEY:
            return f"the primary key of table {table}"
        case Aspect.INDEX | Aspect.UNIQUE | Aspect.CHECK:
            return f"{difference.aspect.value} {part} of table {table}"
        case Aspect.FOREIGN_KEY:
            return f"the reference of {table}.{part}"
        case Aspect.NOT_NULL:
            return f"column {table}.{part}"
        case _:
            return f"the {difference.aspect.value} of column {table}.{part}"


def _short(text: str | None) -> str:
    line = "none" if text is None else " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
