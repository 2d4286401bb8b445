"""The SQL of a migration, cut as the migrator cuts it, and then into statements."""

from __future__ import annotations

from dataclasses import dataclass

from plexus_rules.finding import Range

BREAKPOINT = "--> statement-breakpoint"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        text: from its first token to its last, the semicolon left out.
        range: where that stands in the file.
        chunk: which part of the file it stands in, from 0: the migrator hands the database
            all between two breakpoints at once.
    """

    text: str
    range: Range
    chunk: int


def split(sql: str, dialect: str) -> tuple[Statement, ...]:
    """The statements of a migration, in order. Comments between them are left out.

    What a quoted text, a comment, a dollar-quoted body or the body of a trigger holds ends no
    statement. Text that never closes its quote is one statement to the end of its chunk.
    """
    raise NotImplementedError
