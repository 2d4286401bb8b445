"""TypeScript and JavaScript as syntax trees. Nothing is ever evaluated or imported."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

#: Endings of the files that are read as TypeScript or JavaScript.
SUFFIXES = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx")

#: A larger source file is taken for generated code and not parsed.
MAX_SOURCE_BYTES = 2 * 1024 * 1024


@cache
def _parser(tsx: bool) -> Parser:
    # Imported here: many commands need no grammar.
    from tree_sitter import Language, Parser

    from plexus_rules.drizzle.grammars import grammar

    languages = grammar("tree_sitter_typescript")
    language = languages.language_tsx() if tsx else languages.language_typescript()
    return Parser(Language(language))


class SourceFile:
    """A parsed file. A broken file is parsed as far as it goes."""

    __slots__ = ("_has_other_than_ascii", "_lines", "_starts", "data", "path", "root")

    def __init__(self, path: str, data: bytes, root: Node) -> None:
        self.path = path
        self.data = data
        self.root = root
        self._has_other_than_ascii = not data.isascii()
        self._lines: list[bytes] = []
        self._starts: list[int] = []

    def text(self, node: Node) -> str:
        """The source text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def range(self, node: Node) -> Range:
        """Where a node stands, in lines and characters."""
        start, end = node.start_point, node.end_point
        return Range(
            start[0] + 1,
            self._column(start[0], start[1]),
            end[0] + 1,
            self._column(end[0], end[1]),
        )

    def span(self, start: int, end: int) -> Range:
        """Where the text between two bytes stands, in lines and characters."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(match.end() for match in re.finditer(b"\n", self.data))
        places: list[int] = []
        for byte in (start, end):
            row = bisect_right(self._starts, byte) - 1
            places += (row + 1, self._column(row, byte - self._starts[row]))
        return Range(*places)

    def _column(self, row: int, byte_column: int) -> int:
        if not self._has_other_than_ascii:
            return byte_column + 1
        if not self._lines:
            self._lines.extend(self.data.split(b"\n"))
        line = self._lines[row] if row < len(self._lines) else b""
        return len(line[:byte_column].decode("utf-8", "replace")) + 1


def parse(path: str, data: bytes) -> SourceFile:
    """Parses a file; the ending of its path picks the grammar. Never fails on bad source."""
    data = data.removeprefix(b"\xef\xbb\xbf")[:MAX_SOURCE_BYTES]
    tsx = path.endswith((".tsx", ".jsx", ".js", ".mjs", ".cjs"))
    tree = _tree(_parser(tsx), data) or _tree(_parser(not tsx), data)
    # Where neither grammar comes to an end, the file is one syntax error.
    return SourceFile(path, data, (tree or _parser(False).parse(b")")).root_node)


def _tree(parser: Parser, data: bytes) -> Tree | None:
    """The syntax tree; None where the parser does not come to an end.

    Broken JSX can send the grammar round for ever (tree-sitter-typescript#323). Its reports
    of progress are counted: the largest honest source makes one for every 60 bytes.
    """
    left = 500 + len(data) // 40

    def is_too_long(offset: int, has_error: bool) -> bool:
        nonlocal left
        left -= 1
        return left < 0

    try:
        return parser.parse(
            lambda offset, point: data[offset : offset + 65_536], progress_callback=is_too_long
        )
    except ValueError:
        parser.reset()
        return None


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in source order, without recursion."""
    cursor = node.walk()
    depth = 0
    while True:
        current = cursor.node
        if current is not None:
            yield current
        if cursor.goto_first_child():
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if depth == 0:
                return
            cursor.goto_parent()
            depth -= 1


def holding(root: Node, offsets: Sequence[int]) -> Iterator[tuple[Node, list[Node]]]:
    """The nodes in which one of some sorted offsets lies, each before those within it.

    Each comes with the nodes above it, outermost first, in a list that changes later on.
    """
    cursor = root.walk()
    above: list[Node] = []
    node, done = root, root.start_byte
    index = bisect_left(offsets, done)
    if index < len(offsets) and offsets[index] < root.end_byte:
        yield root, above
    while True:
        index = bisect_left(offsets, done)
        wanted = offsets[index] if index < len(offsets) else node.end_byte
        if wanted < node.end_byte and cursor.goto_first_child_for_byte(wanted) is not None:
            child = cursor.node
            assert child is not None
            if child.start_byte <= wanted:
                above.append(node)
                node, done = child, child.start_byte
                yield node, above
            else:  # it lies between two children
                cursor.goto_parent()
                done = child.start_byte
        elif above:
            cursor.goto_parent()
            node, done = above.pop(), node.end_byte
        else:
            return


def string_value(source: SourceFile, node: Node) -> str | None:
    """The value of a string literal, or of a template literal without substitutions."""
    if node.type not in ("string", "template_string"):
        return None
    parts: list[str] = []
    for child in node.children:
        if child.type == "template_substitution":
            return None
        if child.type in ("string_fragment", "template_chars"):
            parts.append(source.text(child))
        elif child.type == "escape_sequence":
            parts.append(unescape(source.text(child)))
    if node.type == "template_string" and not parts:
        return source.text(node)[1:-1]
    return "".join(parts)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


def unescape(text: str) -> str:
    """The character that an escape sequence stands for; none for a line end."""
    body = text[1:]
    try:
        if body[:1] not in ("u", "x"):
            return _ESCAPES.get(body, body)
        code = int(body[1:].strip("{}"), 16)
        # Half of a surrogate pair cannot be printed.
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    except (ValueError, OverflowError):
        return text
