"""The lab's cache: damage is found and mended, and what cannot be written is said with a remedy."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plexus_rules.lab.cache import NoToolbox, cache_directory, damage, installed

#: Installs something that waits, until the process is told to end.
INSTALLS = """
import time
from plexus_rules.lab.cache import installed
def wait(new):
    print(new.parent, flush=True)
    time.sleep(60)
installed("x-1", "x", wait, lambda _: None)
"""
REMEDY = "set XDG_CACHE_HOME to the full path of a directory of yours that can be written"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "plexus-rules" / "lab"


def fill(new: Path) -> None:
    (new / "below").mkdir()
    (new / "below" / "program").write_text("whole")
    (new / "link").symlink_to("below/program")


def install(said: list[str] | None = None) -> Path:
    return installed("x-1", "x", fill, lambda _: None if said is None else said.append(_))


def remove(home: Path) -> None:
    (home / "below" / "program").unlink()


def cut(home: Path) -> None:
    (home / "below" / "program").write_text("who")


def empty(home: Path) -> None:
    remove(home)
    (home / "below").rmdir()


def unlink(home: Path) -> None:
    (home / "link").unlink()


def unlist(home: Path) -> None:
    (home / "installed.json").write_text("{")


class TestDamage:
    @pytest.mark.parametrize(
        ("harm", "found"),
        [
            (remove, "below/program is missing"),
            (cut, "below/program has 3 bytes, not 5"),
            (empty, "below/program is missing"),
            (unlink, "link is missing"),
            (unlist, "installed.json is missing, or damaged"),
        ],
    )
    def test_is_said_and_mended(self, harm: Callable[[Path], None], found: str) -> None:
        home = install()
        harm(home)
        said: list[str] = []
        assert install(said) == home
        assert said == [
            f"{home} is not as it was installed: {found}",
            f"Installing x, anew, in {home}",
        ]
        assert damage(home) == ""
        assert (home / "link").read_text() == "whole"

    def test_that_cannot_be_mended_stays_for_the_next_run(self, cache: Path) -> None:
        home = install()
        remove(home)

        def fail(new: Path) -> None:
            raise NoToolbox("no")

        with pytest.raises(NoToolbox, match="no"):
            installed("x-1", "x", fail, lambda _: None)
        assert damage(home) == "below/program is missing"
        assert sorted(path.name for path in cache.iterdir()) == ["lock", "x-1"]

    def test_is_not_what_was_added(self) -> None:
        home = install()
        (home / "made by a program").touch()
        said: list[str] = []
        install(said)
        assert said == []


class TestTrouble:
    def test_names_the_place_the_reason_and_a_remedy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        says = f"{tmp_path}/file/plexus-rules/lab: not a directory: x cannot be installed there; "
        with pytest.raises(NoToolbox, match=f"^{re.escape(says + REMEDY)}$"):
            install()

    def test_with_mending_says_what_is_damaged(self, cache: Path) -> None:
        home = install()
        remove(home)
        (cache / "lock").unlink()
        (cache / "lock").mkdir()
        with pytest.raises(NoToolbox) as refused:
            install()
        damaged, trouble = str(refused.value).split("\n")
        assert damaged == f"{home} is not as it was installed: below/program is missing"
        assert trouble == f"{cache}/lock: is a directory: x cannot be installed there; {REMEDY}"

    def test_without_a_home_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", "relative")
        says = f"HOME names no directory to keep a cache in; {REMEDY}"
        with pytest.raises(NoToolbox, match=f"^{re.escape(says)}$"):
            install()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    def test_a_process_that_is_told_to_end_leaves_nothing_behind(
        self, number: int, cache: Path
    ) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", INSTALLS],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout
        assert Path(process.stdout.readline().strip()).is_dir()
        process.send_signal(number)
        process.communicate(timeout=60)
        assert process.returncode == -number
        assert [path.name for path in cache.iterdir()] == ["lock"]


class TestPlace:
    def test_is_where_the_user_keeps_caches(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert cache_directory() == tmp_path / "plexus-rules"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert cache_directory() == tmp_path / ".cache" / "plexus-rules"

    @pytest.mark.parametrize("named", ["", "relative", "./cache"])
    def test_a_relative_one_is_ignored(
        self, named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
        monkeypatch.setenv("HOME", str(tmp_path))
        assert cache_directory() == tmp_path / ".cache" / "plexus-rules"
