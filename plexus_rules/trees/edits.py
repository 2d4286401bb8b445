"""Small edits of a set of files, as examples and recorded steps use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct


class EditError(ValueError):
    """An edit does not fit the files that it is applied to."""


class Write(Struct, frozen=True):
    """Write a file, new or not, as UTF-8."""

    path: str
    text: str


class Replace(Struct, frozen=True):
    """Replace a text that stands exactly once in a file."""

    path: str
    old: str
    new: str


class Append(Struct, frozen=True):
    """Add a text at the end of a file."""

    path: str
    text: str


class Delete(Struct, frozen=True):
    """Delete a file, or everything below a directory."""

    path: str


class Move(Struct, frozen=True):
    """Move a file, or everything below a directory."""

    path: str
    to: str


Edit = Write | Replace | Append | Delete | Move


def _below(files: Mapping[str, bytes], path: str) -> list[str]:
    found = [p for p in files if p == path or p.startswith(path + "/")]
    if not found:
        raise EditError(f"{path}: no such file or directory to edit")
    return found


def _text(files: Mapping[str, bytes], path: str) -> str:
    if path not in files:
        raise EditError(f"{path}: no such file to edit")
    return files[path].decode()


def apply(files: Mapping[str, bytes], edits: Iterable[Edit]) -> dict[str, bytes]:
    """The files after the edits, in their order.

    Raises:
        EditError: a file to edit is missing, or the text to replace does not stand there once.
    """
    result = dict(files)
    for edit in edits:
        match edit:
            case Write(path, text):
                result[path] = text.encode()
            case Append(path, text):
                result[path] = (_text(result, path) + text).encode()
            case Replace(path, old, new):
                before = _text(result, path)
                if before.count(old) != 1:
                    raise EditError(f"{path}: {old!r} stands {before.count(old)} times, not once")
                result[path] = before.replace(old, new).encode()
            case Delete(path):
                for found in _below(result, path):
                    del result[found]
            case Move(path, to):
                for found in _below(result, path):
                    result[to + found[len(path) :]] = result.pop(found)
    return result
