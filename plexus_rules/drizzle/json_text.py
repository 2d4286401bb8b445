"""JSON with positions: what a file says, and where it says it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from plexus_rules.finding import WHOLE_FILE, Range

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

_CONFLICT = re.compile(rb"^(?:<<<<<<<|>>>>>>>)(?: |\r?$)", re.MULTILINE)
_MARK = b"\xef\xbb\xbf"
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Malformed:
    """A file that does not say what it should: where, and what is wrong with it."""

    path: str
    range: Range
    reason: str


def parse_json(path: str, data: bytes) -> Any | Malformed:
    """The value of a JSON file, or what is wrong with it."""
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


@cache
def _parser() -> Parser:
    # Imported here: positions are wanted only where something is wrong.
    import tree_sitter_json
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_json.language()))


@lru_cache(maxsize=4)
def _tree(data: bytes) -> Tree:
    return _parser().parse(data)


def locate(data: bytes, keys: Iterable[str | int]) -> Range:
    """Where the value at the end of a chain of keys and positions stands.

    Where the chain leads nowhere, the range of the last value that it reached.
    """
    node: Node = _tree(data).root_node
    if node.named_children:
        node = node.named_children[0]
    for key in keys:
        found = _child(node, key)
        if found is None:
            break
        node = found
    return _range(data, node)


def _child(node: Node, key: str | int) -> Node | None:
    if isinstance(key, int):
        items = [child for child in node.named_children if child.type != "comment"]
        return items[key] if node.type == "array" and key < len(items) else None
    for pair in node.named_children if node.type == "object" else ():
        name = pair.child_by_field_name("key")
        if name is not None and name.text == json.dumps(key).encode():
            return pair.child_by_field_name("value")
    return None


def _range(data: bytes, node: Node) -> Range:
    start, end = _point(data, node.start_byte), _point(data, node.end_byte)
    return Range(start.line, start.column, end.line, end.column)
