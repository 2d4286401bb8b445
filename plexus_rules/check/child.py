"""A child process that works beside this one, and what it says."""

from __future__ import annotations

import mmap
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: No result is larger. What is not used of it takes no memory.
_MOST_BYTES = 64 * 1024 * 1024
_SIZE = 8


def can_run_beside() -> bool:
    """Whether a second process may run, and there is a processor for it."""
    if not hasattr(os, "fork"):
        return False
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


@contextmanager
def child(work: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """Works in a child process; gives a function that waits for the result, empty if it failed.

    A process that is forked meanwhile may wait for it as well: so it comes in shared memory, and
    nothing is written to the pipe, whose end tells that the child has ended.
    """
    room = mmap.mmap(-1, _MOST_BYTES)
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(reading)
            result = work()
            room[_SIZE : _SIZE + len(result)] = result
            room[:_SIZE] = len(result).to_bytes(_SIZE, "big")
            os.close(writing)  # now: a process takes its time to end
        finally:
            os._exit(0)
    os.close(writing)

    def wait() -> bytes:
        os.read(reading, 1)
        return room[_SIZE : _SIZE + int.from_bytes(room[:_SIZE], "big")]

    try:
        yield wait
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(reading)
