"""Installs what the experiments run, once for each line of Drizzle, in the user's cache.

Everything comes from npm, by the lock files of this package; no install script of a package is
run. Node.js comes from the machine, or from PyPI (see :mod:`.node`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

from msgspec import Struct

from plexus_rules.lab.cache import Notify, installed
from plexus_rules.lab.lines import Line
from plexus_rules.lab.node import NodeJs, NoToolbox, node_js

__all__ = ["NoToolbox", "Notify", "Toolbox", "toolbox"]

_TIMEOUT = 600
_SHOWN = 2_000
#: To be changed with what is done after npm, so that everything is installed anew.
_RECIPE = b"2"


class Toolbox(Struct, frozen=True):
    """What runs on one line of Drizzle.

    Attributes:
        line: the line.
        node: the Node.js that runs drizzle-kit.
        modules: the ``node_modules`` with Drizzle, Bun and the drivers.
    """

    line: Line
    node: Path
    modules: Path

    @property
    def bun(self) -> Path:
        """The Bun that runs the drivers."""
        return self.modules / ".bin" / "bun"

    @property
    def tsc(self) -> Path:
        """The program of TypeScript's compiler."""
        return self.modules / "typescript" / "bin" / "tsc"

    @property
    def kit(self) -> Path:
        """The program of drizzle-kit."""
        return self.modules / "drizzle-kit" / "bin.cjs"


def toolbox(line: Line, notify: Notify = lambda _: None) -> Toolbox:
    """What runs on this line; installed now where it is not yet.

    Raises:
        NoToolbox: Node.js is missing and cannot be installed, or npm could not install.
    """
    nodejs = node_js(notify)
    lock = (line.directory / "package-lock.json").read_bytes()
    name = f"{line.name}-{hashlib.sha256(lock + _RECIPE).hexdigest()[:16]}"
    what = f"what line {line.name} of Drizzle needs"
    home = installed(name, what, partial(_install, line, nodejs), notify)
    return Toolbox(line, nodejs.node, home / "node_modules")


def _install(line: Line, nodejs: NodeJs, new: Path) -> None:
    shutil.copytree(line.directory, new, dirs_exist_ok=True)
    path = os.pathsep.join((str(nodejs.node.parent), os.environ.get("PATH", os.defpath)))
    try:
        done = subprocess.run(
            [*nodejs.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=new,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoToolbox(f"npm did not install {line.name} within {_TIMEOUT} seconds") from None
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()[-_SHOWN:]
        raise NoToolbox(
            f"npm could not install what line {line.name} needs:\n{said}\n"
            "Run this once where the npm registry can be reached."
        )
    _link_bun(new / "node_modules")


def _link_bun(modules: Path) -> None:
    """Does what Bun's own install script would: its commands lead to its program."""
    programs = [path for path in sorted(modules.glob("@oven/bun-*/bin/bun")) if path.is_file()]
    if not programs:
        raise NoToolbox("npm has no Bun for this machine")
    for name in ("bun", "bunx"):
        command = modules / ".bin" / name
        command.unlink(missing_ok=True)
        command.symlink_to(Path("..") / programs[0].relative_to(modules))
