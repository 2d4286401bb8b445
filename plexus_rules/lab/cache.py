"""What the lab installs, once, in the user's cache: whole or not at all, one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Notify = Callable[[str], None]
_HALF_MADE = "new-"


def cache_directory() -> Path:
    """Where what is installed stays between runs: safe to delete."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plexus-rules"


def installed(name: str, what: str, install: Callable[[Path], None], notify: Notify) -> Path:
    """A directory of the cache, filled now where it is not there yet.

    Args:
        name: its name, which says what is in it.
        what: the same for a reader.
        install: fills an empty directory; what it raises leaves nothing behind.
        notify: is told that something is installed, or waited for.
    """
    home = cache_directory() / "lab" / name
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with _alone(home.parent, notify):
        if not home.is_dir():
            notify(f"Installing {what}, once, in {home}")
            for left in home.parent.glob(f"{_HALF_MADE}*"):
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(
                dir=home.parent, prefix=_HALF_MADE, ignore_cleanup_errors=True
            ) as made:
                new = Path(made) / "home"
                new.mkdir()
                install(new)
                new.rename(home)
    return home


@contextmanager
def _alone(directory: Path, notify: Notify) -> Iterator[None]:
    """Waits until no other process installs anything; a process that ends lets the next one in."""
    with (directory / "lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            notify("Another process is installing; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
