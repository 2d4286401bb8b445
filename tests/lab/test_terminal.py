"""A command at a terminal, where keys are pressed when it asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plexus_rules.lab.terminal import ENTER, Keys, run_at_terminal

_ASKS = """
import sys
print(sys.stdin.isatty() and sys.stdout.isatty())
print("it was", repr(input("colour? ")))
sys.exit(3)
"""


def _run(code: str, place: Path, keys: Keys, timeout: float = 30) -> tuple[int, str]:
    return run_at_terminal([sys.executable, "-c", code], place, {}, keys, timeout)


def test_keys_are_pressed_when_it_asks(tmp_path: Path) -> None:
    exit_, said = _run(_ASKS, tmp_path, Keys("colour?", f"red{ENTER}"))
    assert exit_ == 3
    assert "it was 'red'" in said


def test_command_has_a_terminal(tmp_path: Path) -> None:
    _, said = _run(_ASKS, tmp_path, Keys("colour?", ENTER))
    assert said.startswith("True")


def test_command_that_asks_nothing_ends_by_itself(tmp_path: Path) -> None:
    assert _run("print('done')", tmp_path, Keys("colour?", ENTER)) == (0, "done\r\n")


def test_command_that_asks_something_else_is_ended(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        _run(_ASKS, tmp_path, Keys("size?", ENTER), timeout=0.2)
