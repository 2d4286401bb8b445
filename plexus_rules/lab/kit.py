"""Runs drizzle-kit in a directory of its own. The same command on the same files runs once."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from threading import Lock

from msgspec import Struct

from plexus_rules.lab.terminal import Keys, run_at_terminal
from plexus_rules.lab.toolbox import Toolbox

_TIMEOUT = 120
#: Settings of the person who runs this must not reach drizzle-kit.
_ENVIRONMENT = ("PATH", "HOME")

Files = dict[str, bytes]
_Key = tuple[tuple[str, ...], str, Keys | None, tuple[tuple[str, bytes], ...]]


class Said(Struct, frozen=True):
    """What a command did.

    Attributes:
        exit: its exit status.
        text: what it said on both streams.
        files: every file of the project afterwards.
        root: the directory that it ran in: a path to be replaced in the text.
    """

    exit: int
    text: str
    files: Files
    root: str


class Kit:
    """An installed drizzle-kit. It may be used from several threads.

    Args:
        tools: what is installed for a line of Drizzle.
        workshop: a directory whose ``node_modules`` is that of the line: projects lie below it.
    """

    def __init__(self, tools: Toolbox, workshop: Path) -> None:
        self._tools = tools
        self._workshop = workshop
        # What drizzle-kit's loaders keep for later must not outlive the workshop.
        temporary = workshop / "temporary"
        temporary.mkdir(exist_ok=True)
        self._environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
        self._environment["TMPDIR"] = str(temporary)
        self._done: dict[_Key, Future[Said]] = {}
        self._lock = Lock()

    def run(
        self,
        files: Mapping[str, bytes],
        arguments: tuple[str, ...],
        place: str = ".",
        program: Path | None = None,
        remember: bool = True,
        keys: Keys | None = None,
    ) -> Said:
        """One command on a copy of these files, from one of its directories.

        ``program`` is one that Node.js runs; drizzle-kit, where none is named. ``remember`` is
        False for a command that reads or changes a database: it runs each time.
        With ``keys`` it runs at a terminal, and they are pressed there; else there is none.
        """
        command = (str(program or self._tools.kit), *arguments)
        if not remember:
            return self._run(files, command, place, keys)
        key = (command, place, keys, tuple(sorted(files.items())))
        with self._lock:
            known = self._done.get(key)
            if known is None:
                promised = self._done[key] = Future[Said]()
        if known is not None:
            return known.result()
        try:
            promised.set_result(self._run(files, command, place, keys))
        except BaseException as error:
            promised.set_exception(error)
        return promised.result()

    def _run(
        self, files: Mapping[str, bytes], command: tuple[str, ...], place: str, keys: Keys | None
    ) -> Said:
        with tempfile.TemporaryDirectory(dir=self._workshop, prefix="kit-") as name:
            root = Path(name)
            write_files(root, files)
            line = [str(self._tools.node), *command]
            if keys is not None:
                exit_, text = run_at_terminal(line, root / place, self._environment, keys, _TIMEOUT)
                return Said(exit_, text, read_files(root), name)
            done = subprocess.run(
                line,
                cwd=root / place,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_TIMEOUT,
                check=False,
            )
            text = done.stdout.decode(errors="replace")
            return Said(done.returncode, text, read_files(root), name)


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Writes files below a directory."""
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def read_files(root: Path) -> Files:
    """Every file below a directory, by its path from there."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
