"""Runs a server for somebody, and ends it when that one is gone, however it went.

A program of its own, which needs nothing but the standard library: ``python -I -S keeper.py``. The
first line of its input, in JSON, says what to run (see :mod:`.private_server`). It answers with
one line: the directory that it has made and the server's process, or an error. The end of its
input is the end of the server: a process that is killed closes it as surely as one that says so.
Last of all the directory is deleted.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_SET_UP_SECONDS = 60
_START_SECONDS = 60
_STOP_SECONDS = 10


def main() -> None:
    """Does what the first line says, until there is no more."""
    line = sys.stdin.readline()
    if not line:
        return
    orders: dict[str, Any] = json.loads(line)
    home = Path(tempfile.mkdtemp(prefix="plexus-rules-", dir=orders["within"]))
    server: subprocess.Popen[bytes] | None = None
    try:
        options = {
            "cwd": home,
            "env": orders["environment"],
            "stdin": subprocess.DEVNULL,
            **orders["user"],
        }
        if "user" in options:
            os.chown(home, options["user"], -1)
        try:
            _set_up(_filled(orders["set_up"], home), options)
            with (home / "log").open("wb") as log:
                command = _filled(orders["server"], home)
                server = subprocess.Popen(command, stdout=log, stderr=log, **options)
            _await(server, home)
        except (OSError, subprocess.SubprocessError) as error:
            _say({"error": getattr(error, "strerror", None) or str(error)})
            return
        except ValueError as error:
            _say({"refused": str(error)})
            return
        _say({"home": str(home), "process": server.pid})
        sys.stdin.read()
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)


def _filled(command: list[str], home: Path) -> list[str]:
    return [part.replace("{home}", str(home)) for part in command]


def _set_up(command: list[str], options: dict[str, Any]) -> None:
    done = subprocess.run(
        command, capture_output=True, check=False, timeout=_SET_UP_SECONDS, **options
    )
    if done.returncode != 0:
        raise ValueError(done.stderr.decode(errors="replace").strip())


def _await(server: subprocess.Popen[bytes], home: Path) -> None:
    """Waits until connections are taken; PostgreSQL writes that into its lock file."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            if "ready" in (home / "data" / "postmaster.pid").read_text(encoding="utf-8"):
                return
        except FileNotFoundError:
            pass  # not yet
        time.sleep(0.01)
    raise ValueError((home / "log").read_text(encoding="utf-8", errors="replace").strip())


def _say(answer: dict[str, Any]) -> None:
    try:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # nobody waits for it any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    main()
