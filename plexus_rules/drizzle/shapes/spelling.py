"""When two texts of SQL mean the same type, or the same expression."""

from __future__ import annotations


def same_type(dialect: str, one: str, other: str) -> bool:
    """Whether two spellings of a column's type mean one type."""
    return _plain(one) == _plain(other)


def same_expression(dialect: str, one: str | None, other: str | None) -> bool:
    """Whether two spellings of a default, a check or another expression mean the same."""
    if one is None or other is None:
        return one is other
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()
