"""How each kind of expression is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from plexus_rules.drizzle import static_calls as calls
from plexus_rules.drizzle.static_module import expressions, plain
from plexus_rules.drizzle.static_values import Frame, Func, Items, Obj, Unknown, Value
from plexus_rules.drizzle.typescript import string_value

if TYPE_CHECKING:
    from tree_sitter import Node

    from plexus_rules.drizzle.static import Evaluator

_Reader: TypeAlias = "Callable[[Evaluator, Node, Frame], Value]"

_LONGEST_QUOTE = 60
_SAME = ("Object.freeze", "String")


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


def _unknown_because(node: Node, frame: Frame, part: Unknown) -> Unknown:
    """An expression that is unknown because a part of it is."""
    return replace(opaque(node, frame), reason=part.reason)


def _field(node: Node, name: str) -> Node:
    """A part that the grammar promises: broken source never comes here."""
    part = node.child_by_field_name(name)
    assert part is not None, f"{node.type} without {name}"
    return part


def _texts(evaluator: Evaluator, values: list[Value]) -> list[str] | Unknown:
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
    return texts


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
    texts = _texts(evaluator, parts)
    return _unknown_because(node, frame, texts) if isinstance(texts, Unknown) else "".join(texts)


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
    return Obj(_field(node, "body"), frame)


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
    return Items(tuple(values))


def _ternary(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    condition = evaluator.evaluate(_field(node, "condition"), frame)
    branch = "consequence" if evaluator.truth(condition) else "alternative"
    return evaluator.evaluate(_field(node, branch), frame)


def _unary(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    operator = frame.module.source.text(_field(node, "operator"))
    if operator == "void":
        return None
    if operator == "!":
        return not evaluator.truth(evaluator.evaluate(_field(node, "argument"), frame))
    return opaque(node, frame)


def _binary(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    operator = frame.module.source.text(_field(node, "operator"))
    left_node, right_node = _field(node, "left"), _field(node, "right")
    left = evaluator.evaluate(left_node, frame)
    match operator:
        case "??":
            return evaluator.or_else(left, lambda: evaluator.evaluate(right_node, frame))
        case "||":
            known = left if isinstance(left, Unknown) or evaluator.truth(left) else None
            return evaluator.or_else(known, lambda: evaluator.evaluate(right_node, frame))
        case "&&":
            return evaluator.evaluate(right_node, frame) if evaluator.truth(left) else None
        case "===" | "==" | "!==" | "!=":
            right = evaluator.evaluate(right_node, frame)
            question = opaque(node, frame).subject.replace("!=", "==")
            return evaluator.equal(left, right, question) is operator.startswith("=")
        case "+":
            texts = _texts(evaluator, [left, evaluator.evaluate(right_node, frame)])
            if isinstance(texts, Unknown):
                return _unknown_because(node, frame, texts)
            return "".join(texts)
    return opaque(node, frame)


def _member(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    owner_node, source = _field(node, "object"), frame.module.source
    name = source.text(_field(node, "property"))
    if owner_node.type == "meta_property":
        place = calls.here(source.path, name)
        return place or evaluator.member(Unknown("import.meta", ""), name, frame.module)
    owner = evaluator.evaluate(owner_node, frame)
    if owner is None and node.child_by_field_name("optional_chain") is not None:
        return None
    return evaluator.member(owner, name, frame.module)


def _subscript(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    owner = evaluator.evaluate(_field(node, "object"), frame)
    if owner is None and node.child_by_field_name("optional_chain") is not None:
        return None
    index = evaluator.evaluate(_field(node, "index"), frame)
    if isinstance(index, Unknown) and isinstance(owner, Obj):
        # Each key is a variant of its own. What is no key gives nothing.
        for key in evaluator.keys(owner):
            if evaluator.equal(index, key, key):
                return evaluator.member(owner, key, frame.module)
    index = evaluator.settled(index)
    if isinstance(index, Unknown) and isinstance(owner, Obj):
        return None
    if isinstance(index, str):
        return evaluator.member(owner, index, frame.module)
    if isinstance(index, float) and isinstance(owner, Items) and index.is_integer():
        position = int(index)
        return owner.values[position] if 0 <= position < len(owner.values) else None
    return opaque(node, frame)


def _new(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    if frame.module.source.text(_field(node, "constructor")) == "URL":
        texts = _texts(evaluator, _arguments(evaluator, node, frame))
        path = None if isinstance(texts, Unknown) else calls.url(texts)
        if path is not None:
            return path
    return opaque(node, frame)


def _arguments(evaluator: Evaluator, node: Node, frame: Frame) -> list[Value]:
    return [evaluator.evaluate(one, frame) for one in _argument_nodes(node)]


def _argument_nodes(node: Node) -> list[Node]:
    arguments = node.child_by_field_name("arguments")
    return [] if arguments is None or arguments.type != "arguments" else expressions(arguments)


def _call(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    callee = plain(_field(node, "function"))
    source = frame.module.source
    if callee.type == "import" or source.text(callee) == "require":
        texts = _texts(evaluator, _arguments(evaluator, node, frame))
        if isinstance(texts, list) and texts:
            return evaluator.imported(frame.module, texts[0], "*")
        return opaque(node, frame)
    owner_node = callee.child_by_field_name("object")
    if callee.type == "member_expression" and owner_node and owner_node.type != "meta_property":
        owner = evaluator.evaluate(owner_node, frame)
        if owner is None and callee.child_by_field_name("optional_chain") is not None:
            return None
        name = source.text(_field(callee, "property"))
        found = _method(evaluator, node, frame, owner, name)
        if found is not None:
            return found
        function = evaluator.member(owner, name, frame.module)
    else:
        function = evaluator.evaluate(callee, frame)
    if isinstance(function, Func):
        label = frame.label + source.text(_field(node, "arguments"))
        return evaluator.call(function, _arguments(evaluator, node, frame), label)
    if isinstance(function, Unknown):
        return _known_function(evaluator, node, frame, function)
    return opaque(node, frame)


def _method(evaluator: Evaluator, node: Node, frame: Frame, owner: Value, name: str) -> Value:
    """The result of a method of a text or a list; None where it is not one that is read."""
    if isinstance(owner, Unknown):
        known = evaluator.world.known(owner.subject)
        if known is None and name in calls.SAME_TEXT:
            return owner
        owner = known
    if isinstance(owner, str):
        texts = _texts(evaluator, _arguments(evaluator, node, frame))
        return None if isinstance(texts, Unknown) else calls.text_method(owner, name, texts)
    if not isinstance(owner, Items) or name not in ("filter", "join", "map"):
        return None
    argument = next(iter(_arguments(evaluator, node, frame)), None)
    if name == "map" and isinstance(argument, Func):
        mapped = [evaluator.call(argument, [value], f"{value}") for value in owner.values]
        return Items(tuple(mapped))
    if name == "filter" and isinstance(argument, Unknown) and argument.subject == "Boolean":
        return Items(tuple(value for value in owner.values if evaluator.truth(value)))
    if name == "join" and isinstance(argument, str):
        texts = _texts(evaluator, list(owner.values))
        return texts if isinstance(texts, Unknown) else argument.join(texts)
    return None


def _known_function(evaluator: Evaluator, node: Node, frame: Frame, function: Unknown) -> Value:
    """The result of a function that is not of this source."""
    if function.subject == "process.cwd":
        return "."
    nodes = _argument_nodes(node)
    is_config = function.origin == calls.DEFINE_CONFIG
    if nodes and (is_config or function.subject in _SAME):
        value = evaluator.evaluate(nodes[0], frame)
        return replace(value, defined=True) if is_config and isinstance(value, Obj) else value
    if nodes and function.subject == "Boolean":
        return evaluator.truth(evaluator.evaluate(nodes[0], frame))
    unknown = opaque(node, frame)
    text_function = calls.text_function(function.origin) if function.origin else None
    if text_function is not None:
        texts = _texts(evaluator, _arguments(evaluator, node, frame))
        if isinstance(texts, Unknown):
            return replace(unknown, reason=texts.reason)
        return text_function(texts) or unknown
    if function.subject:
        # The same method of the same subject gives the same, whatever name it has here.
        arguments = frame.module.source.text(_field(node, "arguments"))
        return replace(unknown, subject=function.subject + arguments)
    return unknown


#: For each kind of node what reads it. Any other kind gives an unknown value.
READERS: dict[str, _Reader] = {
    "array": _array,
    "arrow_function": _function,
    "binary_expression": _binary,
    "call_expression": _call,
    "enum_declaration": _enum,
    "false": _constant(False),
    "function_declaration": _function,
    "function_expression": _function,
    "identifier": _name,
    "member_expression": _member,
    "new_expression": _new,
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
