"""What PLX208 says of a difference between what SQL gives and what a snapshot says."""

from __future__ import annotations

from plexus_rules.drizzle.shapes.model import Aspect, Difference

_NOUNS = {
    Aspect.TABLE: "table",
    Aspect.COLUMN: "column",
    Aspect.PRIMARY_KEY: "primary key",
    Aspect.INDEX: "index",
    Aspect.UNIQUE: "unique constraint",
    Aspect.FOREIGN_KEY: "reference",
    Aspect.CHECK: "check",
    Aspect.ENUM: "enum",
}
#: What a column is or is not: its value says all, as ``nullable`` does.
_STATES = (Aspect.NOT_NULL, Aspect.AUTOINCREMENT)


def told(difference: Difference) -> str:
    """A difference in one sentence. ``one`` is what the SQL gives."""
    one, other, aspect = difference.one, difference.other, difference.aspect
    subject = _subject(difference)
    if aspect in _NOUNS and other is None:
        return f"the SQL leaves {subject}{_described(difference, one)}, and the snapshot has none"
    if aspect in _NOUNS and one is None:
        return f"the snapshot has {subject}{_described(difference, other)}, and the SQL makes none"
    if aspect in _STATES:
        leaves, says = one or f"without {aspect.value}", other or f"no {aspect.value}"
        return f"the SQL leaves {subject} {leaves}, and the snapshot says {says}"
    return f"the SQL gives {subject} {_value(one)}, and the snapshot says {_value(other)}"


def _subject(difference: Difference) -> str:
    """The thing that differs, as the middle of a sentence."""
    aspect, table, part = difference.aspect, difference.table, difference.part
    if aspect in (Aspect.TABLE, Aspect.ENUM):
        return f"the {_NOUNS[aspect]} {table}"
    if aspect is Aspect.COLUMN:
        return f"the column {table}.{part}"
    if aspect is Aspect.FOREIGN_KEY:
        return f"the reference of {table} ({part})"
    if aspect in _NOUNS:
        return f"the {_NOUNS[aspect]}{f' {part}' if part else ''} of {table}"
    if aspect in _STATES:
        return f"{table}.{part}"
    return f"{table}.{part} the {aspect.value}"


def _described(difference: Difference, value: str | None) -> str:
    if difference.aspect is Aspect.TABLE or not value:
        return ""
    return f" ({value})"


def _value(value: str | None) -> str:
    return "none" if value is None else value
