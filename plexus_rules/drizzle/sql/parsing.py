"""Reads statements as operations, with sqlparser-rs (``sqloxide``)."""

from __future__ import annotations

from collections.abc import Iterable

from plexus_rules.drizzle.sql.operations import Located
from plexus_rules.drizzle.sql.statements import Statement


def parse(statements: Iterable[Statement], dialect: str) -> tuple[Located, ...]:
    """What the statements do, in order. One that cannot be parsed is ``Unparsed``."""
    raise NotImplementedError
