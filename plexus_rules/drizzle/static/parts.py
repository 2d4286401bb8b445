"""What the readers of expressions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from plexus_rules.drizzle.static.values import Frame, TooMuch, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from plexus_rules.drizzle.static.evaluator import Evaluator

_LONGEST_QUOTE = 60
_LONGEST_TEXT = 10_000


def opaque(node: Node, frame: Frame) -> Unknown:
    """A value that only running the program would give."""
    text = " ".join(frame.module.source.text(node).split())
    function = node.child_by_field_name("function")
    if node.type == "call_expression" and function is not None:
        callee = " ".join(frame.module.source.text(function).split())
        what = f"computed by {_shortened(callee)}()"
    else:
        what = f"`{_shortened(text)}`"
    return Unknown(frame.label + text, f"is {what}, which cannot be read without running it")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def unknown_because(node: Node, frame: Frame, part: Unknown) -> Unknown:
    """An expression that is unknown because a part of it is."""
    return replace(opaque(node, frame), reason=part.reason)


def field(node: Node, name: str) -> Node:
    """A part that the grammar promises: broken source never comes here."""
    part = node.child_by_field_name(name)
    assert part is not None, f"{node.type} without {name}"
    return part


def all_texts(evaluator: Evaluator, values: list[Value]) -> list[str] | Unknown:
    """The texts of values, or the first of them that is unknown."""
    texts: list[str] = []
    for value in values:
        value = evaluator.settled(value)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, float):
            value = f"{value:g}"
        if not isinstance(value, str):
            return Unknown("", "is built from something that is no text")
        texts.append(value)
    if sum(map(len, texts)) > _LONGEST_TEXT:
        raise TooMuch("is too long to be read")
    return texts
