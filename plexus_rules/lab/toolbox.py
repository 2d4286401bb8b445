"""Installs what the experiments run, once for each line of Drizzle, in the user's cache.

Everything comes from npm, by the lock files of this package; no install script of a package is
run. Node.js comes from the machine, or from PyPI (see :mod:`.node`).
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from plexus_rules.lab.cache import Notify
from plexus_rules.lab.lines import Line
from plexus_rules.lab.node import NoToolbox, node_js
from plexus_rules.lab.npm import npm_packages

__all__ = ["NoToolbox", "Notify", "Toolbox", "toolbox"]

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
    what = f"what line {line.name} of Drizzle needs"
    modules = npm_packages(
        line.name, what, line.directory, nodejs, notify, finish=_link_bun, recipe=_RECIPE
    )
    return Toolbox(line, nodejs.node, modules)


def _link_bun(modules: Path) -> None:
    """Does what Bun's own install script would: its commands lead to its program."""
    programs = [path for path in sorted(modules.glob("@oven/bun-*/bin/bun")) if path.is_file()]
    if not programs:
        raise NoToolbox("npm has no Bun for this machine")
    for name in ("bun", "bunx"):
        command = modules / ".bin" / name
        command.unlink(missing_ok=True)
        command.symlink_to(Path("..") / programs[0].relative_to(modules))
