"""How each kind of expression is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from plexus_rules.drizzle.static import functions
from plexus_rules.drizzle.static.calls import read_call, read_new
from plexus_rules.drizzle.static.module import expressions
from plexus_rules.drizzle.static.parts import all_texts, field, opaque, unknown_because
from plexus_rules.drizzle.static.values import Frame, Func, Items, Obj, TooMuch, Unknown, Value
from plexus_rules.drizzle.static.worlds import Impossible
from plexus_rules.drizzle.typescript import string_value

if TYPE_CHECKING:
    from tree_sitter import Node

    from plexus_rules.drizzle.static.evaluator import Evaluator

_Reader: TypeAlias = "Callable[[Evaluator, Node, Frame], Value]"

_LONGEST_LIST = 10_000


def _string(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    return string_value(frame.module.source, node)


def _template(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    whole = string_value(frame.module.source, node)
    if whole is not None:
        return whole
    parts: list[Value] = []
    for child in node.named_children:
        if child.type == "template_substitution":
            parts += [evaluator.evaluate(inner, frame) for inner in expressions(child)]
        elif child.type == "escape_sequence":
            return opaque(node, frame)
        else:
            parts.append(frame.module.source.text(child))
    texts = all_texts(evaluator, parts)
    return unknown_because(node, frame, texts) if isinstance(texts, Unknown) else "".join(texts)


def _number(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    try:
        return float(frame.module.source.text(node).replace("_", ""))
    except ValueError:
        return opaque(node, frame)


def _source_text(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    return frame.module.source.text(node)


def _constant(value: Value) -> _Reader:
    return lambda evaluator, node, frame: value


def _name(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    return evaluator.lookup(frame.module.source.text(node), frame)


def _object(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    return Obj(node, frame)


def _enum(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    return Obj(field(node, "body"), frame)


def _function(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    return Func(node, frame)


def _array(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    values: list[Value] = []
    for child in expressions(node):
        if child.type != "spread_element":
            values.append(evaluator.evaluate(child, frame))
            continue
        for inner in expressions(child):
            spread = evaluator.evaluate(inner, frame)
            if isinstance(spread, Unknown):
                values.append(spread)
            elif isinstance(spread, Items):
                values += spread.values
        if len(values) > _LONGEST_LIST:
            raise TooMuch("is too long to be read")
    return Items(tuple(values))


def _ternary(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    condition = evaluator.evaluate(field(node, "condition"), frame)
    branch = "consequence" if evaluator.truth(condition) else "alternative"
    return evaluator.evaluate(field(node, branch), frame)


def _unary(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    operator = frame.module.source.text(field(node, "operator"))
    if operator == "void":
        return None
    if operator == "!":
        return not evaluator.truth(evaluator.evaluate(field(node, "argument"), frame))
    return opaque(node, frame)


def _binary(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    operator = frame.module.source.text(field(node, "operator"))
    left_node, right_node = field(node, "left"), field(node, "right")
    if operator in ("??", "||"):
        return _alternative(evaluator, left_node, right_node, frame, operator)
    left = evaluator.evaluate(left_node, frame)
    match operator:
        case "&&":
            return evaluator.evaluate(right_node, frame) if evaluator.truth(left) else None
        case "===" | "==" | "!==" | "!=":
            right = evaluator.evaluate(right_node, frame)
            question = opaque(node, frame).subject.replace("!=", "==")
            return evaluator.equal(left, right, question) is operator.startswith("=")
        case "+":
            right = evaluator.evaluate(right_node, frame)
            if isinstance(left, float) and isinstance(right, float):
                return left + right
            texts = all_texts(evaluator, [left, right])
            if isinstance(texts, Unknown):
                return unknown_because(node, frame, texts)
            return "".join(texts)
    return opaque(node, frame)


def _alternative(
    evaluator: Evaluator, left_node: Node, right_node: Node, frame: Frame, operator: str
) -> Value:
    """What ``left ?? right`` or ``left || right`` gives."""
    try:
        left = evaluator.evaluate(left_node, frame)
    except Impossible:
        left = None
    if operator == "||" and not isinstance(left, Unknown) and not evaluator.truth(left):
        left = None
    value = evaluator.or_else(left, lambda: evaluator.evaluate(right_node, frame))
    if isinstance(left, Unknown) and isinstance(value, bool):
        # Two conditions: the right one counts where the left one does not hold.
        return evaluator.truth(left) or value
    return value


def _member(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    owner_node, source = field(node, "object"), frame.module.source
    name = source.text(field(node, "property"))
    if owner_node.type == "meta_property":
        place = functions.here(source.path, name)
        return place or evaluator.member(Unknown("import.meta", ""), name, frame.module)
    owner = evaluator.evaluate(owner_node, frame)
    if owner is None and node.child_by_field_name("optional_chain") is not None:
        return None
    return evaluator.member(owner, name, frame.module)


def _subscript(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    owner = evaluator.evaluate(field(node, "object"), frame)
    if owner is None and node.child_by_field_name("optional_chain") is not None:
        return None
    index = evaluator.evaluate(field(node, "index"), frame)
    if isinstance(index, Unknown) and isinstance(owner, Obj):
        # Each key is a variant of its own; that it is none of them is an error.
        keys, complete = evaluator.keys(owner)
        for key in keys:
            if evaluator.equal(index, key, key):
                return evaluator.member(owner, key, frame.module)
        if complete:
            raise Impossible
    index = evaluator.settled(index)
    if isinstance(index, str):
        return evaluator.member(owner, index, frame.module)
    if isinstance(index, float) and isinstance(owner, Items) and index.is_integer():
        position = int(index)
        return owner.values[position] if 0 <= position < len(owner.values) else None
    return opaque(node, frame)


#: For each kind of node what reads it. Any other kind gives an unknown value.
READERS: dict[str, _Reader] = {
    "array": _array,
    "arrow_function": _function,
    "binary_expression": _binary,
    "call_expression": read_call,
    "enum_declaration": _enum,
    "false": _constant(False),
    "function_declaration": _function,
    "function_expression": _function,
    "identifier": _name,
    "member_expression": _member,
    "new_expression": read_new,
    "null": _constant(None),
    "number": _number,
    "object": _object,
    "regex": _source_text,
    "shorthand_property_identifier": _name,
    "string": _string,
    "subscript_expression": _subscript,
    "template_string": _template,
    "ternary_expression": _ternary,
    "true": _constant(True),
    "unary_expression": _unary,
    "undefined": _constant(None),
}
