"""Packages from npm, in the user's cache: what a lock file pins, and nothing else.

No install script of a package is run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from plexus_rules.lab.cache import Notify, installed
from plexus_rules.lab.node import NodeJs, NoToolbox

_TIMEOUT = 600
_SHOWN = 2_000


def npm_packages(
    name: str,
    what: str,
    directory: Path,
    nodejs: NodeJs,
    notify: Notify,
    *,
    finish: Callable[[Path], None] = lambda _: None,
    recipe: bytes = b"",
) -> Path:
    """The ``node_modules`` that a lock file describes; installed now where it is not yet.

    Args:
        name: says what they are, in the cache.
        what: the same for a reader.
        directory: where package.json and package-lock.json lie.
        nodejs: what npm runs on.
        notify: is told that something is installed, or waited for.
        finish: is given the new ``node_modules``, to do what npm leaves undone.
        recipe: says what ``finish`` does; another one installs everything anew.

    Raises:
        NoToolbox: npm could not install, or ``finish`` found something missing.
    """
    lock = (directory / "package-lock.json").read_bytes()
    pinned = hashlib.sha256(lock + recipe).hexdigest()[:16]

    def install(new: Path) -> None:
        shutil.copytree(directory, new, dirs_exist_ok=True)
        _npm_ci(new, what, nodejs)
        finish(new / "node_modules")

    return installed(f"{name}-{pinned}", what, install, notify) / "node_modules"


def _npm_ci(new: Path, what: str, nodejs: NodeJs) -> None:
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
        raise NoToolbox(f"npm did not install {what} within {_TIMEOUT} seconds") from None
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()[-_SHOWN:]
        raise NoToolbox(
            f"npm could not install {what}:\n{said}\n"
            "Run this once where the npm registry can be reached."
        )
