"""The program: ``plexus-rules``, or ``python -m plexus_rules``."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress


def main() -> None:
    """Runs the command that the command line names, and ends the process."""
    command, *words = sys.argv[1:] or [""]
    if command == "check":
        from plexus_rules.check.ahead import looking_early

        # What is made here holds no circles, and lives as long as the command.
        gc.disable()
        with looking_early(words):
            status = _status()
    elif command == "audit":
        status = _status()
    else:
        from plexus_rules.cli import main as program

        program()
        return
    with suppress(OSError):
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    # To take all of its memory apart takes a process longer than some rules do.
    os._exit(status)


def _status() -> int:
    """Runs a command; the status that it ends with."""
    from plexus_rules.cli import main as program

    try:
        program()
    except SystemExit as ended:
        if isinstance(ended.code, int):
            return ended.code
        raise
    return 0


if __name__ == "__main__":
    main()
