"""What a real server is to a replay: it is started and stopped elsewhere."""

from __future__ import annotations

from typing import Any, Protocol


class Refused(Exception):
    """The server refused a statement. The text is its own; ``code`` is its SQLSTATE."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Session(Protocol):
    """A connection to a database of its own, without any right beyond it."""

    def run(self, sql: str) -> list[list[Any]]:
        """Runs a statement; its rows.

        Raises:
            Refused: the server refuses it, or it takes too long.
        """

    def close(self) -> None:
        """Ends it."""


class Engine(Protocol):
    """A server that is up."""

    def session(self) -> Session:
        """Connects to a new, empty database."""
