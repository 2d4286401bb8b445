"""Writing generated files: whole or not at all, and only where something changed."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file in one move, so that a reader, or a crash, never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def changed_files(root: Path, files: Mapping[str, str]) -> list[str]:
    """The paths whose file is missing or says something else."""
    return [path for path, text in files.items() if _current(root / path) != text.encode()]


def diff(root: Path, files: Mapping[str, str], paths: Iterable[str]) -> str:
    """What writing the files would change, as a unified diff."""
    lines: list[str] = []
    for path in paths:
        before = (_current(root / path) or b"").decode("utf-8", "replace")
        lines += difflib.unified_diff(
            before.splitlines(keepends=True),
            files.get(path, "").splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}" if path in files else "/dev/null",
        )
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def _current(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
