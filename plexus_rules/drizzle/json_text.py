"""JSON with positions: what a file says, and where it says it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, Struct
from msgspec.json import decode

from plexus_rules.finding import WHOLE_FILE, Range

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_CONFLICT = re.compile(rb"^(?:<<<<<<<|>>>>>>>)(?: |\r?$)", re.MULTILINE)
_MARK = b"\xef\xbb\xbf"
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


class Malformed(Struct, frozen=True):
    """A file that does not say what it should: where, and what is wrong with it."""

    path: str
    range: Range
    reason: str


def parse_json(path: str, data: bytes) -> Any | Malformed:
    """The value of a JSON file, or what is wrong with it."""
    with suppress(MsgspecError, ValueError, RecursionError):
        return decode(data)
    # What the fast parser refuses is read again by the one that says where and why.
    try:
        return json.loads(data.removeprefix(_MARK).decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        return Malformed(path, WHOLE_FILE, "is nested too deeply to be read")
    except ValueError as error:
        return _malformed(path, data, error)


def _malformed(path: str, data: bytes, error: ValueError) -> Malformed:
    """Why a file is not JSON, in words that help more than those of the parser."""
    if not data.strip():
        return Malformed(path, WHOLE_FILE, "is empty")
    if data.startswith(_LFS_POINTER):
        return Malformed(path, WHOLE_FILE, "is a Git LFS pointer, not the file that it stands for")
    conflict = _CONFLICT.search(data)
    if conflict:
        return Malformed(path, _point(data, conflict.start()), "has unresolved conflict markers")
    if isinstance(error, UnicodeDecodeError):
        return Malformed(path, _point(data, error.start), "is not UTF-8 text")
    if isinstance(error, json.JSONDecodeError):
        place = Range(error.lineno, error.colno, error.lineno, error.colno + 1)
        return Malformed(path, place, f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}")
    return Malformed(path, WHOLE_FILE, f"is not JSON: {error}")


def has_mark(data: bytes) -> bool:
    """Whether a file starts with a byte order mark. JavaScript's ``JSON.parse`` refuses it."""
    return data.startswith(_MARK)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON value")


def _point(data: bytes, offset: int) -> Range:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8", "replace")) + 1
    return Range(line, column, line, column + 1)


def span_range(data: bytes, start: int, end: int) -> Range:
    """The text between two bytes of a file, in lines and characters."""
    one, other = _point(data, start), _point(data, end)
    return Range(one.line, one.column, other.line, other.column)


@cache
def _parser() -> Parser:
    # Imported here: positions are wanted only where something is wrong.
    from tree_sitter import Language, Parser

    from plexus_rules.drizzle.grammars import grammar

    return Parser(Language(grammar("tree_sitter_json").language()))


@lru_cache(maxsize=4)
def _tree(data: bytes) -> _Places:
    return _Places(data)


class _Places:
    """Where the values of one file stand. What lies in a list or an object is looked up once."""

    def __init__(self, data: bytes) -> None:
        self._lines = data.split(b"\n")
        self._tree = _parser().parse(data)
        root = self._tree.root_node
        self.root = root.named_children[0] if root.named_children else root
        self._children: dict[int, dict[str | int, Node]] = {}

    def child(self, node: Node, key: str | int) -> Node | None:
        """The value under a key of an object, or at a position of a list."""
        if node.id not in self._children:
            self._children[node.id] = dict(_children(node))
        return self._children[node.id].get(key)

    def range(self, node: Node) -> Range:
        (first, start), (last, end) = node.start_point, node.end_point
        return Range(first + 1, self._column(first, start), last + 1, self._column(last, end))

    def _column(self, row: int, offset: int) -> int:
        return len(self._lines[row][:offset].decode("utf-8", "replace")) + 1


def locate(data: bytes, keys: Iterable[str | int]) -> Range:
    """Where the value at the end of a chain of keys and positions stands.

    Where the chain leads nowhere, the range of the last value that it reached.
    """
    places = _tree(data)
    node = places.root
    for key in keys:
        found = places.child(node, key)
        if found is None:
            break
        node = found
    return places.range(node)


def _children(node: Node) -> Iterator[tuple[str | int, Node]]:
    if node.type == "array":
        yield from enumerate(c for c in node.named_children if c.type != "comment")
    for pair in node.named_children if node.type == "object" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and key.text is not None and value is not None:
            with suppress(ValueError):
                yield str(json.loads(key.text)), value
