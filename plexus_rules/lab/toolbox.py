"""Installs what the experiments run, once for each line of Drizzle, in the user's cache.

Everything comes from npm, by the lock files of this package; no install script of a package is
run. Node.js comes from the machine, or from PyPI (see :mod:`.node`).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from msgspec import Struct

from plexus_rules.lab.cache import Notify, NoToolbox
from plexus_rules.lab.leash import run_leashed
from plexus_rules.lab.lines import Line
from plexus_rules.lab.node import node_js
from plexus_rules.lab.npm import npm_packages, settled

__all__ = ["NoToolbox", "Notify", "Toolbox", "toolbox"]

#: To be changed with what is done after npm, so that everything is installed anew.
_RECIPE = b"3"
_TIMEOUT = 120
#: Each program is tried once, after it was installed: with what drizzle-kit and the drivers load.
_ESBUILD = """
for (const place of process.argv.slice(1))
  require(place).transformSync("const a: number = 1", { loader: "ts" });
"""
_DRIVERS = """
import { Database } from "bun:sqlite";
import { createClient } from "@libsql/client";
import postgres from "postgres";
new Database(":memory:").query("SELECT 1").all();
await createClient({ url: ":memory:" }).execute("SELECT 1");
if (typeof postgres !== "function") throw new Error("postgres is no function");
"""


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
    what = f"what line {line.name} of Drizzle needs"

    def finish(modules: Path) -> None:
        _link_bun(modules)
        _try(Toolbox(line, nodejs.node, modules))

    modules = npm_packages(
        line.name, what, line.directory, nodejs, notify, finish=finish, recipe=_RECIPE
    )
    return Toolbox(line, nodejs.node, modules)


def _try(tools: Toolbox) -> None:
    """Runs each of its programs.

    Raises:
        NoToolbox: one does not work on this machine.
    """
    node, home = str(tools.node), tools.modules.parent
    esbuilds = [str(path.parent) for path in sorted(home.glob("**/esbuild/package.json"))]
    for name, command in {
        "esbuild": (node, "-e", _ESBUILD, *esbuilds),
        "drizzle-kit": (node, str(tools.kit), "--version"),
        "TypeScript": (node, str(tools.tsc), "--version"),
        "Bun with its drivers": (str(tools.bun), "-e", _DRIVERS),
    }.items():
        try:
            said = run_leashed(command, home, settled(os.environ), _TIMEOUT)
        except subprocess.TimeoutExpired:
            said = f"no answer within {_TIMEOUT} seconds"
        if said:
            raise NoToolbox(f"npm installed {name}, and it does not work on this machine:\n{said}")


def _link_bun(modules: Path) -> None:
    """Does what Bun's own install script would: its commands lead to its program."""
    programs = [path for path in sorted(modules.glob("@oven/bun-*/bin/bun")) if path.is_file()]
    if not programs:
        raise NoToolbox("npm has no Bun for this machine")
    for name in ("bun", "bunx"):
        command = modules / ".bin" / name
        command.unlink(missing_ok=True)
        command.symlink_to(Path("..") / programs[0].relative_to(modules))
