"""Runs an installer that cannot outlive this process, however that ends: also where it is killed.

This module is a small program, too, which needs nothing but the standard library. It runs its
arguments as a command, and ends them at the end of its input: that ends with the process that
holds the other end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_SHOWN = 2_000


def run_leashed(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], seconds: float
) -> str | None:
    """Runs a command, with nothing on its stdin.

    Returns:
        None where it did its work, else what it said last, or how it ended.

    Raises:
        subprocess.TimeoutExpired: it took longer than so many seconds, and was ended.
    """
    ours, theirs = os.pipe()[::-1]
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, *command],
            cwd=directory,
            env=environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C must not end the program that ends the others.
            start_new_session=True,
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    with process:
        try:
            output, _ = process.communicate(timeout=seconds)
        finally:
            os.close(ours)
    if process.returncode == 0:
        return None
    said = output.decode(errors="replace").strip()[-_SHOWN:]
    return said or f"it said nothing, and ended with status {process.returncode}"


def main(command: Sequence[str]) -> int:
    """Runs a command until it ends, or this program's input does. The status is that of it."""
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        sys.stdout.write(f"{command[0]}: {error.strerror}\n")
        return 127

    def end_with_input() -> None:
        sys.stdin.buffer.read()
        os.killpg(0, signal.SIGKILL)  # with all that the command has started, and this program

    threading.Thread(target=end_with_input, daemon=True).start()
    status = child.wait()
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # not waiting for the thread that reads
