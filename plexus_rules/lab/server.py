"""The PostgreSQL server that experiments use: on a socket in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plexus_rules.drizzle.replay.private_server import NoServer, check_available, private_server
from plexus_rules.lab.toolbox import NoToolbox


def available() -> None:
    """Asks, before anything is installed, whether there is a server to start.

    Raises:
        NoToolbox: there is no PostgreSQL. The text says how to get one.
    """
    try:
        check_available()
    except NoServer as error:
        raise NoToolbox(str(error)) from None


@contextmanager
def server() -> Iterator[Path]:
    """The directory of the socket of a server, which runs as long as the block.

    Raises:
        NoToolbox: there is no PostgreSQL. The text says how to get one.
    """
    try:
        with private_server() as started:
            yield started.directory
    except NoServer as error:
        raise NoToolbox(str(error)) from None
