"""A directory to work in, which is gone afterwards. After a kill the next run deletes it.

Each workshop holds a file ``lock``, which its process keeps locked for as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plexus_rules.lab.toolbox import Toolbox

_PREFIX = "plexus-rules-lab-"
_LOCK = "lock"


@contextmanager
def workshop(tools: Toolbox) -> Iterator[Path]:
    """A new directory, in and below which Node.js and Bun find what is installed for a line."""
    sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        with _held(root):
            (root / "node_modules").symlink_to(tools.modules, target_is_directory=True)
            (root / "package.json").write_text('{"private": true, "type": "module"}\n')
            yield root


def sweep(temporary: Path) -> None:
    """Deletes the workshops of this user whose processes are gone."""
    for lock in temporary.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):
            if lock.parent.lstat().st_uid != os.getuid() or lock.parent.is_symlink():
                continue
            with lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)


@contextmanager
def _held(root: Path) -> Iterator[None]:
    """Keeps the lock of a directory; it never lies there unlocked while its owner lives."""
    with (root / "lock.new").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        (root / "lock.new").rename(root / _LOCK)
        yield
