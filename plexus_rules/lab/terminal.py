"""Runs a command at a terminal, and presses keys when it asks."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

DOWN, ENTER = "\x1b[B", "\r"
_NAMES = {DOWN: "↓", ENTER: "Enter"}


class Keys(Struct, frozen=True):
    """What is pressed, once.

    Attributes:
        asked: a text that the command shows when it waits for them.
        pressed: the keys, as a terminal sends them.
    """

    asked: str
    pressed: str

    @property
    def named(self) -> str:
        """The keys as a reader knows them."""
        text = self.pressed
        for key, name in _NAMES.items():
            text = text.replace(key, f" {name} ")
        return " ".join(text.split())


def run_at_terminal(
    command: Sequence[str | Path],
    place: Path,
    environment: Mapping[str, str],
    keys: Keys,
    timeout: float,
) -> tuple[int, str]:
    """The exit status of a command, and all that it wrote to its terminal.

    Raises:
        subprocess.TimeoutExpired: it did not end in ``timeout`` seconds; it has been ended.
    """
    import pty

    ours, its = pty.openpty()
    process = subprocess.Popen(
        command, cwd=place, env=environment, stdin=its, stdout=its, stderr=its
    )
    os.close(its)
    said, pressed, until = b"", False, time.monotonic() + timeout
    try:
        while select.select([ours], [], [], max(0.0, until - time.monotonic()))[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                more = b""
            if not more:
                break
            said += more
            if not pressed and keys.asked.encode() in said:
                os.write(ours, keys.pressed.encode())
                pressed = True
        status = process.wait(max(0.0, until - time.monotonic()))
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return status, said.decode(errors="replace")
