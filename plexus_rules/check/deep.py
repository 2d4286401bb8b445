"""A real PostgreSQL for ``check --deep``: started for it, and always stopped.

The SQL of a repository is run as a role without any right but to its own database: it reads and
writes no file, starts no program and reaches no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from plexus_rules.drizzle.replay.engine import Refused
from plexus_rules.drizzle.replay.private_server import NoServer, Server, private_server

if TYPE_CHECKING:
    from pg8000.native import Connection  # type: ignore[import-untyped]

__all__ = ["NoServer", "PostgresEngine", "PostgresSession", "postgres"]

_ROLE = "replay"
_STATEMENT_SECONDS = 10


@contextmanager
def postgres() -> Iterator[PostgresEngine]:
    """A server, for as long as the block runs.

    Raises:
        NoServer: the extra is not installed, or the server does not start.
    """
    with private_server() as server:
        engine = PostgresEngine(server)
        try:
            yield engine
        finally:
            engine.close()


class PostgresEngine:
    """The server that is up."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._sessions: list[PostgresSession] = []
        self._names = count(1)
        owner = self._connect(server.owner, "postgres")
        owner.run(f"CREATE ROLE {_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION")
        owner.run(f"ALTER ROLE {_ROLE} SET statement_timeout = '{_STATEMENT_SECONDS}s'")
        owner.run("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        owner.close()

    def session(self) -> PostgresSession:
        """Connects to a new, empty database, as a role that owns nothing else."""
        name = f"replay_{next(self._names)}"
        owner = self._connect(self._server.owner, "postgres")
        owner.run(f"CREATE DATABASE {name} OWNER {_ROLE}")
        owner.run(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        owner.close()
        session = PostgresSession(self._connect(_ROLE, name))
        self._sessions.append(session)
        return session

    def close(self) -> None:
        """Ends all sessions."""
        for session in self._sessions:
            session.close()

    def _connect(self, user: str, database: str) -> Connection:
        return self._server.connect(user, database, 2 * _STATEMENT_SECONDS)


class PostgresSession:
    """A connection to a database of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, sql: str) -> list[list[Any]]:
        """Runs a statement; its rows.

        Raises:
            Refused: the server refuses it, or it takes too long.
        """
        from pg8000.exceptions import (  # type: ignore[import-untyped]
            DatabaseError,
            InterfaceError,
        )

        try:
            return list(self._connection.run(sql) or ())
        except DatabaseError as error:
            said = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
            raise Refused(str(said.get("C", "")), str(said.get("M", error))) from None
        except (InterfaceError, OSError, ValueError) as error:
            raise Refused("", str(error) or "the server does not answer") from None

    def close(self) -> None:
        """Ends it."""
        with suppress(Exception):
            self._connection.close()
