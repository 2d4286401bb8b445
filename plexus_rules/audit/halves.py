"""A long history is walked in two halves at a time, by two processes.

The second half begins with what is there in the middle. Which of that it ended is put together
with what the first half knows of it. Where that cannot be done, one process walks all.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from plexus_rules.audit.faults import Faults, Key, Record
from plexus_rules.audit.walk import Walked

#: A shorter history is not worth a second process.
FEWEST = 300
#: A commit takes the longer the more there is by then: where a repository grows evenly, half of
#: the work is done after the square root of one half of its commits, which is 0.71. Some more is
#: for the first half, since the second one begins with all the files that are there by then.
_MIDDLE = 0.74


class Half(Struct, frozen=True):
    """What the walk of the second half found, and what became of the faults of the middle."""

    found: Walked
    ended_by: Mapping[Key, str | None]


def middle(count: int, jobs: int) -> int | None:
    """Where to part a history of so many commits; None where one process walks all."""
    can_fork = jobs > 1 and hasattr(os, "fork")
    return int(count * _MIDDLE) if can_fork and count >= FEWEST else None


class Elsewhere:
    """A second process that walks the second half.

    Args:
        walk: walks it; it must use no process that was started before.
    """

    def __init__(self, walk: Callable[[], Half]) -> None:
        self._reader, writer = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            status = 1
            try:
                os.close(self._reader)
                with os.fdopen(writer, "wb") as pipe:
                    pickle.dump(walk(), pipe)
                status = 0
            finally:
                os._exit(status)
        os.close(writer)

    def result(self) -> Half | None:
        """What it found; None where it failed. It is waited for."""
        with os.fdopen(self._reader, "rb") as pipe:
            data = pipe.read()
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        # The bytes are this program's own.
        found: Half | None = pickle.loads(data) if status == 0 else None
        return found

    def stop(self) -> None:
        """Ends it, if it is not done."""
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            os.close(self._reader)


def put_together(first: Walked, faults: Faults, half: Half, order: Sequence[str]) -> Walked | None:
    """What both halves found; None where they do not agree on what is there in the middle.

    Args:
        first: what the first half found.
        faults: what is there at its end.
        half: what the second half found.
        order: the commits of both.
    """
    if faults.keys() != half.ended_by.keys():
        return None
    numbers = {commit: number for number, commit in enumerate(order)}

    def last(ends: Sequence[str | None]) -> str | None:
        named = [end for end in ends if end is not None]
        return max(named, key=numbers.__getitem__) if len(named) == len(ends) else None

    ends: dict[int, list[str | None]] = {}
    for key, fault in faults.items():
        if fault.alone is None:
            ends.setdefault(id(fault.record), []).append(half.ended_by[key])
    for key, fault in faults.items():
        record, own = fault.record, half.ended_by[key]
        if record is None or record.is_event:
            continue
        ended_by = last(ends.get(id(record), ()))
        if fault.alone is None:
            record.ended_by = ended_by
        elif ended_by is not None and (own is None or numbers[own] > numbers[ended_by]):
            first.records.append(Record(fault.alone, record.commit, ended_by=own))
    first.add(half.found)
    return first
