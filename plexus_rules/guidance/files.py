"""Writing generated files: whole or not at all, and only where something changed."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file in one move, so that a reader, or a crash, never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Writes files, each in one move, and none of them where one cannot be written.

    Everything is put beside its place first. Should a move fail after that, the files that
    were moved already get their old bytes back.

    Raises:
        OSError: a file cannot be written.
    """
    staged: dict[Path, Path] = {}
    before: dict[Path, Path | None] = {}
    try:
        for path, data in files.items():
            staged[path] = _stage(path, data)
        for path, temporary in staged.items():
            before[path] = _stage(path, path.read_bytes()) if path.exists() else None
            temporary.replace(path)
    except BaseException:
        for path, old in before.items():
            if staged[path].exists():
                continue
            if old is None:
                path.unlink(missing_ok=True)
            else:
                old.replace(path)
        raise
    finally:
        for left in (*staged.values(), *filter(None, before.values())):
            left.unlink(missing_ok=True)


def _stage(path: Path, data: bytes) -> Path:
    """Writes a file beside its place, with the mode that it has there."""
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def changed_files(root: Path, files: Mapping[str, str]) -> list[str]:
    """The paths whose file is missing or says something else."""
    return [path for path, text in files.items() if _current(root / path) != text.encode()]


def diff(root: Path, files: Mapping[str, str], paths: Iterable[str]) -> str:
    """What writing the files would change, as a unified diff."""
    return "".join(
        unified(path, _current(root / path), files[path].encode() if path in files else None)
        for path in paths
    )


def unified(path: str, before: bytes | None, after: bytes | None) -> str:
    """The change of one file as a unified diff; None where there is no file."""
    lines = difflib.unified_diff(
        _lines(before),
        _lines(after),
        "/dev/null" if before is None else f"a/{path}",
        "/dev/null" if after is None else f"b/{path}",
    )
    shown: list[str] = []
    for line in lines:
        ended = line.endswith("\n")
        shown.append(_UNPRINTABLE.sub(_escaped, line.removesuffix("\n")) + "\n")
        if not ended:
            shown.append("\\ No newline at end of file\n")
    return "".join(shown)


def _lines(data: bytes | None) -> list[str]:
    text = (data or b"").decode("utf-8", "replace")
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _escaped(match: re.Match[str]) -> str:
    # The carriage returns of a whole file would drown the change.
    return "" if match[0] == "\r" else f"\\x{ord(match[0]):02x}"


def _current(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
