"""Source files are looked at ahead, by another process: nothing of what is told depends on it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check import ahead as module
from plexus_rules.check.ahead import looking_ahead, looking_early
from plexus_rules.check.path import Outcome, Request, check_path
from plexus_rules.drizzle.modules import Glanced, Modules
from plexus_rules.gallery.run import NOW
from plexus_rules.lab.battery import BROKEN
from plexus_rules.trees import DirectoryTree
from tests.checkouts import Checkout, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is one process here")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "can_run_beside", lambda: True)


def looked(root: Path) -> Mapping[str, Glanced]:
    with looking_ahead(root) as glances:
        return glances()


def check(root: Path, *, beside: bool, is_ahead: bool) -> Outcome:
    with looking_ahead(root) as glances:
        ahead = glances if is_ahead else dict
        request = Request(root, all_rules(), environ={}, now=NOW, beside=beside, ahead=ahead)
        return check_path(request)


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside"])
@pytest.mark.parametrize("state", BROKEN[::6], ids=lambda state: state.name)
def test_the_report_is_the_same(tmp_path: Path, state: object, beside: bool) -> None:
    root = Checkout.new(tmp_path).root
    write(root, state.files)  # type: ignore[attr-defined]
    one, other = (check(root, beside=beside, is_ahead=value).report for value in (True, False))
    assert one == other


def test_every_source_file_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {"a.ts": b"import './b'", "b.tsx": b"", "c.md": b"import './a'"})
    modules = Modules(DirectoryTree(tmp_path))
    assert looked(tmp_path) == {path: (modules.glance(path), ()) for path in ("a.ts", "b.tsx")}


def test_what_cannot_be_read_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_bytes(b"import './b'\n" * 200_000)
    (_, problems), there = looked(tmp_path)["a.ts"], Modules(DirectoryTree(tmp_path))
    there.glance("a.ts")
    assert list(problems) == there.problems == [("a.ts", "a.ts: only its first 2 MiB are read")]


def test_what_was_told_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, {"a.ts": b"import './b'"})
    told = looked(tmp_path)
    (tmp_path / "a.ts").unlink()
    modules = Modules(DirectoryTree(tmp_path), ahead=lambda: told)
    assert modules.specifiers("a.ts") == {"./b"}


def test_two_processes_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.ts": b"import './b'"})
    with looking_ahead(tmp_path) as glances:
        other = os.fork()
        if other == 0:
            os._exit(0 if glances().keys() == {"a.ts"} else 1)
        assert glances().keys() == {"a.ts"}
        assert os.waitpid(other, 0)[1] == 0


def test_nothing_is_told_of_what_is_no_directory(tmp_path: Path) -> None:
    assert looked(tmp_path / "a") == {}


def test_nothing_is_told_where_the_other_process_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.ts": b""})
    monkeypatch.setattr(module, "_look", lambda path: 1 / 0)
    assert looked(tmp_path) == {}


def test_there_is_no_other_process_on_one_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "can_run_beside", lambda: False)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
    assert looked(tmp_path) == {}


def test_the_other_process_ends_with_this_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(path: str) -> bytes:
        while True:
            pass

    monkeypatch.setattr(module, "_look", endless)
    with pytest.raises(KeyboardInterrupt), looking_ahead(tmp_path):
        raise KeyboardInterrupt
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("words", [["{}"], ["{}", "--base", "main"]], ids=" ".join)
def test_what_is_begun_early_is_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    write(tmp_path, {"a.ts": b"import './b'"})
    with looking_early([word.format(tmp_path) for word in words]):
        monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
        assert set(looked(tmp_path)) == {"a.ts"}


def test_a_check_without_a_path_is_begun_early_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.ts": b""})
    monkeypatch.chdir(tmp_path)
    with looking_early(["--strict"]):
        monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
        assert set(looked(Path())) == {"a.ts"}


def test_what_another_directory_tells_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.ts": b"", "other/b.ts": b""})
    with looking_early([str(tmp_path / "other")]):
        assert set(looked(tmp_path / "one")) == {"a.ts"}


def test_what_may_be_the_value_of_an_option_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
    with looking_early(["--base", str(tmp_path)]):
        pass


@pytest.mark.parametrize("words", [["--cache", "."], ["--cache=."]], ids=" ".join)
def test_nothing_is_begun_early_where_much_may_be_known(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was started"))
    with looking_early(words):
        pass


def test_what_was_begun_early_ends_with_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_look", lambda path: os.read(os.pipe()[0], 1))
    with looking_early([str(tmp_path)]):
        pass
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
