"""What a state of the battery is, and the pieces that states are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from plexus_rules.samples import Step, base, recorded
from plexus_rules.samples.building import build
from plexus_rules.trees import Edit, Write

BACKEND = "packages/backend"
SCHEMA = f"{BACKEND}/drizzle/schema"
SQLITE = f"{BACKEND}/drizzle/migrations"
POSTGRES = f"{BACKEND}/drizzle/migrations_pg"
JOURNAL = f"{SQLITE}/meta/_journal.json"
PG_JOURNAL = f"{POSTGRES}/meta/_journal.json"
CONFIG = f"{BACKEND}/drizzle.config.ts"
PG_CONFIG = f"{BACKEND}/drizzle.config.pg.ts"
#: The time at which every state is checked: later than every recorded migration.
NOW = 1_790_000_000_000

Changes = tuple[Step | Edit, ...]
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A finding that a state must give: the rule's id, and the file that it names."""

    rule: str
    path: str


@dataclass(frozen=True)
class State:
    """One repository before and after, and every finding that the check must give.

    Attributes:
        name: a short name that stays.
        title: what was done, in one sentence.
        before: what has landed: steps and edits over the base project, in order.
        after: what is checked, in the same form. Where both are the same, nothing has changed.
        gives: every error and every warning; none for a sound repository.
        note: why it is broken though nothing fails at once, or sound though it looks broken.
    """

    name: str
    title: str
    before: Changes
    after: Changes
    gives: tuple[Found, ...] = ()
    note: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.gives

    @cached_property
    def files_before(self) -> dict[str, bytes]:
        """Every file of the repository before, by its path."""
        return build(base(), self.before)[0]

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Every file of the repository after, by its path."""
        return build(base(), self.after)[0]


def changed(
    name: str,
    title: str,
    *made: Step | Edit,
    given: Changes = (),
    gives: tuple[Found, ...] = (),
    note: str = "",
) -> State:
    """A state whose ``after`` goes on from what is given."""
    return State(name, title, given, (*given, *made), gives, note)


def landed(
    name: str, title: str, *made: Step | Edit, gives: tuple[Found, ...] = (), note: str = ""
) -> State:
    """A state that has landed as it is: nothing has changed since."""
    return State(name, title, made, made, gives, note)


@cache
def _text(step: Step | None, path: str) -> str:
    return (base() if step is None else recorded(step).files)[path].decode()


def taken(step: Step, path: str, to: str | None = None) -> Write:
    """A file as a step left it, written to its path or to another."""
    return Write(to or path, _text(step, path))


def snapshot(step: Step | None, path: str, to: str | None = None, **changes: object) -> Write:
    """A snapshot of the base project, or of a step, with other values at its top."""
    value = json.loads(_text(step, path)) | changes
    return Write(to or path, json.dumps(value, indent=2))


def value_of(step: Step | None, path: str, key: str) -> Any:
    """A value at the top of a snapshot."""
    return json.loads(_text(step, path))[key]


def entries(step: Step | None, path: str = JOURNAL) -> list[Entry]:
    """The entries of a journal, of the base project or as a step left it."""
    found: list[Entry] = json.loads(_text(step, path))["entries"]
    return found


def journal(listed: Iterable[Entry], path: str = JOURNAL) -> Write:
    """A journal with these entries, laid out as drizzle-kit does."""
    value = json.loads(_text(None, path)) | {"entries": list(listed)}
    return Write(path, json.dumps(value, indent=2))


def conflicting(ours: str, theirs: str) -> str:
    """What git leaves where two branches say different things."""
    return f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> finish-reason\n"
