"""What PLX208 says of a statement that fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plexus_rules.drizzle.replay.outcome import Failure

if TYPE_CHECKING:
    from plexus_rules.drizzle.replay.alone import Alone

_IN_TRANSACTION = "25001"
#: An enum's value is used before it is committed.
_UNCOMMITTED = "55P04"
_TYPING = frozenset({"22P02", "42601"})

_ENUM = re.compile(r"enum type (.+)\Z")
#: The codes of what depends on how far a database is, or on what runs the migration.
DEPENDENT = frozenset({_IN_TRANSACTION, _UNCOMMITTED})

LANDED = (
    "Where it has run, the database was new or something other than Drizzle's migrator ran it; "
    "every other database stops before it. Mend the statement in place, and waive PLX201 for it "
    "with that reason."
)
_TAKE_OUT = "Take it out of the migration, and run it by itself."
_INDEX = (
    "Before it lands: take CONCURRENTLY out of the statement; the snapshot stays as it is. Where "
    "the table is too big to be locked, make the index by hand beforehand under the same name, and "
    "write IF NOT EXISTS (IF EXISTS for a DROP). Where only a migrator without a transaction runs "
    "it, as that of neon-http, waive this finding with that reason."
)
_SPLIT = (
    "Before it lands: leave only what adds the value in this migration. What uses it comes with a "
    "migration of a later release."
)


def message(failure: Failure) -> str:
    """What happens, and where."""
    if failure.code == _IN_TRANSACTION:
        return _refused(failure.reason)
    if failure.code == _UNCOMMITTED:
        return (
            "on a database that has run the migrations before this one, this statement fails: "
            f"{failure.reason}, for this migration adds it, and runs in one transaction (55P04)"
        )
    which = "every" if failure.code in _TYPING else "a fresh"
    return f"on {which} database this statement fails: {failure.reason}"


def enum_of(failure: Failure) -> str | None:
    """The name of the enum whose new value is used too early, if that is what fails."""
    found = _ENUM.search(failure.reason) if failure.code == _UNCOMMITTED else None
    return found[1] if found else None


def _refused(reason: str) -> str:
    return f"Drizzle's migrator runs every migration in a transaction, and there {reason} (25001)"


def refused(found: Alone) -> str:
    """What is said of a statement that PostgreSQL runs by itself only."""
    return _refused(f"{found.command} cannot run")


def apart(found: Alone) -> str:
    """What to do about such a statement."""
    return f"Before it lands: {_lower(_TAKE_OUT)}" if found.instead is None else _INDEX


def remedy(failure: Failure) -> str:
    """What to do. Whether drizzle-kit wrote the statement cannot be told: both cases are."""
    if failure.code == _IN_TRANSACTION:
        return f"Before it lands: {_lower(_TAKE_OUT)}"
    if failure.code == _UNCOMMITTED:
        return _SPLIT
    return (
        f"Before it lands: mend the statement by hand{_hint(failure)}, so that all comes to what "
        "the snapshot says. Generating again helps only where somebody edited what drizzle-kit "
        "wrote: then delete the SQL, the snapshot and the journal entry, and run {generate}. If it "
        "has landed: no fresh database gets past it; mend it in place, and waive PLX201 for it "
        "with that reason."
    )


def _hint(failure: Failure) -> str:
    if failure.code in _TYPING:
        return " (inside a text each ' is written twice)"
    if "does not exist" in failure.reason or "no such " in failure.reason:
        return " (take it out, if it drops what is gone already)"
    return ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
