"""A process that is told to end undoes first what it has begun."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any


class _Stopped(BaseException):
    """The process is told to end."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Makes a signal that ends the process an exception, so that what the block holds is undone.

    The process then ends by that signal.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise _Stopped(number)

    before: dict[int, Any] = {}
    with suppress(ValueError):  # only the main thread may
        for number in (signal.SIGTERM, signal.SIGHUP):
            before[number] = signal.signal(number, end)
    stopped: int | None = None
    try:
        yield
    except _Stopped as error:
        stopped = int(error.args[0])
    finally:
        for signaled, handler in before.items():
            signal.signal(signaled, handler)
    if stopped is not None:
        os.kill(os.getpid(), stopped)
