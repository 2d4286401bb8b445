"""What the lab installs, once, in the user's cache: whole or not at all, one process at a time.

Beside what is installed lies a list of it, which is compared each time before it is used: what
is damaged is installed again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from plexus_rules.drizzle.replay.signals import ended_by_signals

Notify = Callable[[str], None]
_HALF_MADE = "new-"
#: Holds the size in bytes of each file, by its path; of a symbolic link, that of its own.
_LIST = "installed.json"


class NoToolbox(Exception):
    """What the experiments need is not there, and cannot be installed. The text says why."""


def cache_directory() -> Path:
    """Where what is installed stays between runs: safe to delete.

    Raises:
        NoToolbox: there is no such place.
    """
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():  # another one is not valid, and to be ignored
        return named / "plexus-rules"
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    if not home.is_absolute():
        raise NoToolbox(f"HOME names no directory to keep a cache in; {_REMEDY}")
    return home / ".cache" / "plexus-rules"


_REMEDY = "set XDG_CACHE_HOME to the full path of a directory of yours that can be written"


def machine() -> bytes:
    """Names the kind of this machine: a home may be shared with one that needs other programs."""
    about = os.uname()
    return f"{about.sysname} {about.machine}".encode()


def installed(name: str, what: str, install: Callable[[Path], None], notify: Notify) -> Path:
    """A directory of the cache, filled now where it is not there yet, or not whole.

    Args:
        name: its name, which says what is in it.
        what: the same for a reader.
        install: fills an empty directory; what it raises leaves nothing behind.
        notify: is told that something is installed, or waited for.

    Raises:
        NoToolbox: the cache cannot be used, or what ``install`` raised.
    """
    home = cache_directory() / "lab" / name
    wrong = damage(home)
    if not wrong:
        return home
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with ended_by_signals(), _alone(home.parent, notify):
            if wrong := damage(home):
                _install(home, what, wrong, install, notify)
    except OSError as error:
        where = error.filename or home
        reason = (error.strerror or str(error)).lower()
        told = f"{where}: {reason}: {what} cannot be installed there; {_REMEDY}"
        if os.path.lexists(home):
            told = f"{home} is not as it was installed: {wrong}\n{told}"
        raise NoToolbox(told) from None
    return home


def _install(
    home: Path, what: str, wrong: str, install: Callable[[Path], None], notify: Notify
) -> None:
    is_there = os.path.lexists(home)
    if is_there:
        notify(f"{home} is not as it was installed: {wrong}")
    notify(f"Installing {what}, {'anew' if is_there else 'once'}, in {home}")
    for left in home.parent.glob(f"{_HALF_MADE}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        dir=home.parent, prefix=_HALF_MADE, ignore_cleanup_errors=True
    ) as made:
        new = Path(made) / "home"
        new.mkdir()
        install(new)
        (new / _LIST).write_bytes(msgspec.json.encode(_sizes(new)))
        if is_there:
            home.rename(Path(made) / "damaged")
        new.rename(home)


def damage(home: Path) -> str:
    """The first thing that is not as it was installed; empty where everything is."""
    try:
        listed = msgspec.json.decode((home / _LIST).read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return f"{_LIST} is missing, or damaged"
    for path, size in listed.items():
        try:
            found = os.lstat(f"{home}/{path}").st_size
        except OSError:
            return f"{path} is missing"
        if found != size:
            return f"{path} has {found} bytes, not {size}"
    return ""


def _sizes(home: Path) -> dict[str, int]:
    """The size of every file and symbolic link below a directory."""
    return {
        path.relative_to(home).as_posix(): path.lstat().st_size
        for path in sorted(home.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }


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
