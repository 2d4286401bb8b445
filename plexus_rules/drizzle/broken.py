"""Source files that cannot be parsed: what they declare is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plexus_rules.drizzle.typescript import SourceFile, parse
from plexus_rules.finding import Range

if TYPE_CHECKING:
    from tree_sitter import Node

_CONFLICT = re.compile(rb"^(?:<{7}|>{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_IMPORT_CALL = re.compile(rb"""\bimport\((?:[^()'"`\n]|"[^"\n]*+"|'[^'\n]*+'){0,500}+\)""")
#: What the grammar takes for an error in valid code, by the statement that it stands in.
_GAPS = {"export_statement": "type", "import_statement": "defer"}


def broken_at(source: SourceFile) -> tuple[Range, str] | None:
    """Where a file has conflict markers, or else its first syntax error, and which it is.

    Valid code that the grammar cannot read is no error: types that are imported in place,
    ``export type *``, ``in`` and ``out`` of type parameters, a ``&`` in the text of JSX.
    """
    if not source.root.has_error:
        return None
    marker = _CONFLICT.search(source.data)
    if marker is not None:
        return source.span(*marker.span()), "conflict markers, so the file cannot be parsed"
    plain = _IMPORT_CALL.sub(lambda call: b"x" * len(call[0]), source.data)
    node = _first_error(source, parse(source.path, plain).root)
    return None if node is None else (source.range(node), "a syntax error")


def _first_error(source: SourceFile, root: Node) -> Node | None:
    """The first error that holds no other one."""
    # A node is asked for its parent only by a search from the root: it is kept instead.
    pending: list[tuple[Node, Node | None]] = [(root, None)]
    outer: Node | None = None
    while pending:
        node, parent = pending.pop()
        is_error = node.is_error or node.is_missing
        if is_error and parent is not None and _is_gap(source, node, parent):
            continue
        within = [child for child in node.children if child.has_error or child.is_missing]
        if is_error and not within:
            return node
        outer = outer or (node if is_error else None)
        pending += [(child, node) for child in reversed(within)]
    return outer


def _is_gap(source: SourceFile, node: Node, parent: Node) -> bool:
    if node.is_missing:
        return False
    if parent.type in ("jsx_element", "type_parameters"):
        return node.start_point[0] == node.end_point[0]
    return _GAPS.get(parent.type) == source.text(node)
