"""One operation of a migration, and the tables as they stand right before it."""

from __future__ import annotations

import re
from enum import Enum, auto

from msgspec import Struct

from plexus_rules.catalog.sql.effects.tables import Tables
from plexus_rules.drizzle.sql.operations import Operation
from plexus_rules.finding import Range

_WORD = re.compile(r"\w+")


class Question(Enum):
    """What is asked about a migration."""

    REFERENCES = auto()
    COPIES = auto()
    REQUIRED = auto()
    LOSSES = auto()


class Moment(Struct, frozen=True):
    """One operation, with its statement's text and place. ``tables`` change after it."""

    step: int
    operation: Operation
    text: str
    range: Range
    tables: Tables


class Doubt(Struct, frozen=True):
    """What could not be judged about a migration, and why."""

    question: Question
    range: Range
    reason: str


def words(text: str) -> frozenset[str]:
    """The words of a statement, in lower case: names among them, quoted or not."""
    return frozenset(_WORD.findall(text.lower()))


def words_of(name: str) -> list[str]:
    """The words that a statement holds which names a table or a column."""
    return _WORD.findall(name.lower().rpartition(".")[2])
