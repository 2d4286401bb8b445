"""The database drivers that claims are tried on, and a process of Bun that uses them."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from msgspec import Struct

from plexus_rules.lab.toolbox import Toolbox

SESSION = Path(__file__).parent / "session.ts"
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT")


class Driver(Struct, frozen=True):
    """A way to a database.

    Attributes:
        name: as its makers call it.
        dialect: as a drizzle config calls it.
        title: the database and the driver, as a reader knows them.
        of: the drivers that it stands for, where it stands for several.
    """

    name: str
    dialect: str
    title: str
    of: tuple[Driver, ...] = ()


BUN = Driver("bun:sqlite", "sqlite", "SQLite (bun:sqlite)")
LIBSQL = Driver("libsql", "sqlite", "SQLite (libsql)")
POSTGRES = Driver("postgres-js", "postgresql", "PostgreSQL (postgres-js)")
SQLITE = (BUN, LIBSQL)
#: Every driver.
EACH = (BUN, LIBSQL, POSTGRES)
#: One for each dialect: for what drizzle-kit alone decides.
DIALECTS = (BUN, POSTGRES)
#: Both at once: for a project with both dialects. Its databases name the one that they are of.
BOTH = Driver("both", "", f"{BUN.title} and {POSTGRES.title}", DIALECTS)


class Answer(Struct, frozen=True):
    """What a database said.

    Attributes:
        value: rows, or what the code gave; None after a migration.
        error: what it refused with, its code first where it has one; empty where it did not.
    """

    value: Any = None
    error: str = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a statement.

        Raises:
            AssertionError: there are none, because the database refused.
        """
        assert isinstance(self.value, list), self.error
        return self.value


class SessionEnded(Exception):
    """The process that uses the drivers ended. The text is what it said last."""


class Sessions:
    """A process of Bun that opens a database, does one thing and closes it, for each request."""

    def __init__(self, tools: Toolbox, workshop: Path) -> None:
        script = workshop / SESSION.name
        if not script.exists():
            script.write_bytes(SESSION.read_bytes())
        self._lock = Lock()
        self._said = tempfile.TemporaryFile(  # noqa: SIM115 - closed with the process
            "w+", dir=workshop, encoding="utf-8", errors="replace"
        )
        self._process = subprocess.Popen(
            [tools.bun, "run", script],
            cwd=workshop,
            env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ} | {"TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            encoding="utf-8",
        )

    def ask(self, driver: Driver, url: str, on_connect: str = "", **what: str) -> Answer:
        """Does one thing: ``migrate`` a folder, run ``sql``, or ``code`` with a ``schema``.

        The connection is as the driver makes it, but for the statement ``on_connect``, which is
        run first.

        Raises:
            SessionEnded: the process is gone.
        """
        request = {"driver": driver.name, "url": url, "onConnect": on_connect, **what}
        process = self._process
        assert process.stdin
        assert process.stdout
        with self._lock:
            try:
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except BrokenPipeError:
                line = ""
        if not line:
            process.kill()
            self._said.seek(0)
            raise SessionEnded(self._said.read().strip() or "the process of Bun ended")
        answer = json.loads(line)
        if error := answer.get("error"):
            code = error["code"] if error["code"] not in ("", "ERR") else ""
            return Answer(error=f"{code} {error['message']}".strip())
        return Answer(answer.get("value"))

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()
        self._said.close()
