"""How running a statement ends when it does not do what it says."""

from __future__ import annotations

from msgspec import Struct

from plexus_rules.finding import Range


class Failure(Struct, frozen=True):
    """The statement does not fit the schema: on a database like this it fails.

    ``reason`` says why; ``code`` is its SQLSTATE, where a server said so.
    """

    reason: str
    range: Range | None = None
    code: str = ""


class Unable(Struct, frozen=True):
    """The statement cannot be run here, whatever it does elsewhere. ``reason``: why."""

    reason: str
    range: Range | None = None
