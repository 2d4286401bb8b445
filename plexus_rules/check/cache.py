"""What earlier checks said, kept in a directory that a person names.

An entry holds every question that a check asked of the checked directory, an id of each answer,
and what the check said. Where all of them are answered alike, and nothing else is different that
a check depends on, it would say the same: so it is not done again. Entries are read, never run;
one that is damaged, or not ours, is as good as none. The directory may be deleted at any time.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from plexus_rules import __version__
from plexus_rules.check.compared import Compared
from plexus_rules.trees import Base, GitError, NoBase, TreeError
from plexus_rules.trees.traced import TracedDirectory

#: So many entries are kept, and none that is larger.
MAX_ENTRIES = 32
MAX_ENTRY_BYTES = 4 * 1024 * 1024

_PREFIX, _SUFFIX = "plexus-rules-", ".json"
#: The packages that a finding may depend on, by what they are called where they come from.
_LIBRARIES = {
    "msgspec": "msgspec",
    "pyyaml": "yaml",
    "sqloxide": "sqloxide",
    "tree_sitter": "tree_sitter",
    "tree_sitter_json": "tree_sitter_json",
    "tree_sitter_typescript": "tree_sitter_typescript",
}


class Answer(Struct, frozen=True):
    """What a check said: on stdout, in lines on stderr, and by its exit status."""

    output: str
    notes: tuple[str, ...]
    status: int


class _Entry(Struct, frozen=True):
    """An answer, and when it holds. Times are in milliseconds since 1970."""

    answers: dict[str, str]
    answer: Answer
    since: int
    until: int | None


class Cache:
    """What is kept for one kind of check of one directory.

    Args:
        directory: where entries lie. It is made when the first one is kept.
        tree: the directory to check.
        about: all that a check depends on, beside the files of that directory.
    """

    def __init__(self, directory: Path, tree: TracedDirectory, about: Mapping[str, object]) -> None:
        self.tree = tree
        self._directory = directory
        key = msgspec.json.encode([_program(), about], order="sorted")
        self._path = directory / f"{_PREFIX}{hashlib.sha256(key).hexdigest()}{_SUFFIX}"

    def find(self, now: int) -> Answer | None:
        """What a check would say now; None where that is not known."""
        entry = self._read() if is_own(self._directory) else None
        if entry is None or now < entry.since or (entry.until is not None and now >= entry.until):
            return None
        if not self.tree.asked_again(entry.answers):
            return None
        with suppress(OSError):
            os.utime(self._path)
        return entry.answer

    def _read(self) -> _Entry | None:
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_ENTRY_BYTES + 1)
            checksum, _, text = data.partition(b"\n")
            if checksum != _checksum(text):
                return None
            return msgspec.json.decode(text, type=_Entry)
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
            return None

    def keep(self, answer: Answer, now: int, until: int | None) -> None:
        """Keeps what a check said, which holds until some time.

        Raises:
            OSError: the directory cannot be written, or is not the user's own.
        """
        if not is_own(self._directory):
            raise PermissionError(errno.EPERM, "it belongs to another user, and is not used")
        if not self.tree.is_steady:
            return  # somebody was at work: nothing is known of what was there all the time
        text = msgspec.json.encode(_Entry(self.tree.answers, answer, now, until))
        data = _checksum(text) + b"\n" + text
        if len(data) > MAX_ENTRY_BYTES:
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        made = self._path.with_suffix(f".{os.getpid()}.tmp")
        try:
            made.write_bytes(data)
            made.replace(self._path)
        finally:
            with suppress(OSError):
                made.unlink()
        self._forget()

    def _forget(self) -> None:
        """Removes the entries that were not used for the longest time, where there are many."""
        entries = [path for path in self._directory.iterdir() if path.name.startswith(_PREFIX)]
        for path in sorted(entries, key=_last_used, reverse=True)[MAX_ENTRIES:]:
            with suppress(OSError):
                path.unlink()


def open_cache(
    directory: Path, path: Path, compared: Compared, about: Mapping[str, object]
) -> Cache | None:
    """The cache for checks of a directory; None where that cannot be read.

    Args:
        directory: where the entries lie.
        path: the directory to check.
        compared: what git says of it.
        about: all else that what is said depends on, beside the files to check.
    """
    try:
        tree = TracedDirectory(path)
    except TreeError:
        return None
    git, base = compared.git, compared.base
    where = str(git) if isinstance(git, GitError) else [git.prefix, git.is_shallow]
    what = asdict(base) if isinstance(base, Base | NoBase) else str(base)
    said = {**about, "git": where, "base": what, "name": tree.root.name}
    return Cache(directory, tree, said)


def is_own(directory: Path) -> bool:
    """Whether a directory is the user's, or not there yet: what others wrote is not believed."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        return directory.stat().st_uid == os.geteuid()
    except OSError:
        return True


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0


def _checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def _program() -> dict[str, object]:
    """What tells this program from another version of it."""
    return {
        "version": __version__,
        "python": sys.version,
        "modules": _modules(Path(__file__).parent.parent),
        "libraries": [_versions(*names) for names in _LIBRARIES.items()],
    }


def _modules(package: Path) -> str:
    """An id of the source of this package."""
    digest = hashlib.sha256()
    for directory, below, names in os.walk(package):
        below[:] = sorted(name for name in below if name not in ("__pycache__", "base", "steps"))
        for name in sorted(name for name in names if name.endswith(".py")):
            text = Path(directory, name).read_bytes()
            digest.update(f"{directory[len(str(package)) :]}/{name}:{len(text)}:".encode())
            digest.update(text)
    return digest.hexdigest()


def _versions(library: str, package: str) -> list[str]:
    """The version of a library, as its directory of metadata is called."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    beside = (path.name.lower() for path in Path(spec.origin).parent.parent.iterdir())
    return sorted(name for name in beside if name.startswith(f"{library}-"))
