"""Where experiments are run: what is installed for a line, a directory to work in, a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock, local

from plexus_rules.lab.drivers import POSTGRES, SQLITE, Driver, Sessions
from plexus_rules.lab.kit import Kit
from plexus_rules.lab.lines import Line
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.workshop import workshop


class Bench:
    """What the experiments of one line of Drizzle share. It may be used from several threads.

    Attributes:
        line: the line of Drizzle.
        tools: what is installed for it.
        workshop: a directory of our own; projects and SQLite databases lie below it.
        kit: its drizzle-kit.
        server: the directory of the PostgreSQL server's socket.
    """

    def __init__(self, tools: Toolbox, workshop: Path, server: Path) -> None:
        self.line: Line = tools.line
        self.tools = tools
        self.workshop = workshop
        self.kit = Kit(tools, workshop)
        self.server = server
        self._numbers = count(1)
        self._lock = Lock()
        self._sessions: list[Sessions] = []
        self._mine = local()

    def directory(self) -> Path:
        """A new directory, from which Drizzle is found."""
        with self._lock:
            path = self.workshop / f"project-{next(self._numbers)}"
        path.mkdir()
        return path

    def database(self, driver: Driver) -> str:
        """The address of a new, empty database, as the sessions take it."""
        with self._lock:
            name = f"{self.line.name}_{next(self._numbers)}"
        if driver in SQLITE:
            return str(self.workshop / f"{name}.sqlite")
        made = self.sessions.ask(POSTGRES, f"{self.server}#postgres", sql=f"CREATE DATABASE {name}")
        assert not made.error, made.error
        return f"{self.server}#{name}"

    @property
    def sessions(self) -> Sessions:
        """This thread's process of Bun."""
        found: Sessions | None = getattr(self._mine, "sessions", None)
        if found is None:
            found = self._mine.sessions = Sessions(self.tools, self.workshop)
            with self._lock:
                self._sessions.append(found)
        return found

    def close(self) -> None:
        """Ends every process that it started."""
        for sessions in self._sessions:
            sessions.close()


@contextmanager
def bench(tools: Toolbox, server: Path) -> Iterator[Bench]:
    """A bench for a line of Drizzle; what it made is deleted, whatever ends the block."""
    with workshop(tools) as directory:
        made = Bench(tools, directory, server)
        try:
            yield made
        finally:
            made.close()
