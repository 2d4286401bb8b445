"""How calls are read: of functions of the source, and of those few that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from plexus_rules.drizzle.static import functions
from plexus_rules.drizzle.static.module import expressions, plain
from plexus_rules.drizzle.static.parts import all_texts, field, opaque
from plexus_rules.drizzle.static.values import Frame, Func, Items, Obj, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from plexus_rules.drizzle.static.evaluator import Evaluator

_SAME = ("Object.freeze", "String")


def read_new(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    """What ``new`` gives: a URL beside the file is read as its path."""
    if frame.module.source.text(field(node, "constructor")) == "URL":
        texts = all_texts(evaluator, _arguments(evaluator, node, frame))
        path = None if isinstance(texts, Unknown) else functions.url(texts)
        if path is not None:
            return path
    return opaque(node, frame)


def _arguments(evaluator: Evaluator, node: Node, frame: Frame) -> list[Value]:
    return [evaluator.evaluate(one, frame) for one in _argument_nodes(node)]


def _argument_nodes(node: Node) -> list[Node]:
    arguments = node.child_by_field_name("arguments")
    return [] if arguments is None or arguments.type != "arguments" else expressions(arguments)


def read_call(evaluator: Evaluator, node: Node, frame: Frame) -> Value:
    """What a call gives."""
    callee = plain(field(node, "function"))
    source = frame.module.source
    if callee.type == "import" or source.text(callee) == "require":
        texts = all_texts(evaluator, _arguments(evaluator, node, frame))
        if isinstance(texts, list) and texts:
            return evaluator.imported(frame.module, texts[0], "*")
        return opaque(node, frame)
    owner_node = callee.child_by_field_name("object")
    if callee.type == "member_expression" and owner_node and owner_node.type != "meta_property":
        owner = evaluator.evaluate(owner_node, frame)
        if owner is None and callee.child_by_field_name("optional_chain") is not None:
            return None
        name = source.text(field(callee, "property"))
        found = _method(evaluator, node, frame, owner, name)
        if found is not None:
            return found
        function = evaluator.member(owner, name, frame.module)
    else:
        function = evaluator.evaluate(callee, frame)
    if isinstance(function, Func):
        label = frame.label + source.text(field(node, "arguments"))
        return evaluator.call(function, _arguments(evaluator, node, frame), label)
    if isinstance(function, Unknown):
        return _known_function(evaluator, node, frame, function)
    return opaque(node, frame)


def _method(evaluator: Evaluator, node: Node, frame: Frame, owner: Value, name: str) -> Value:
    """The result of a method of a text or a list; None where it is not one that is read."""
    if isinstance(owner, Unknown):
        known = evaluator.world.known(owner.subject)
        if known is None and name in functions.SAME_TEXT:
            return owner
        owner = known
    if isinstance(owner, str):
        texts = all_texts(evaluator, _arguments(evaluator, node, frame))
        if isinstance(texts, Unknown):
            return None
        if name == "split" and texts and texts[0]:
            return Items(tuple(owner.split(texts[0])))
        return functions.text_method(owner, name, texts)
    if not isinstance(owner, Items) or name not in ("filter", "join", "map"):
        return None
    argument = next(iter(_arguments(evaluator, node, frame)), None)
    if name == "map" and isinstance(argument, Func):
        mapped = [evaluator.call(argument, [value], f"{value}") for value in owner.values]
        return Items(tuple(mapped))
    if name == "filter" and isinstance(argument, Unknown) and argument.subject == "Boolean":
        return Items(tuple(value for value in owner.values if evaluator.truth(value)))
    if name == "join" and isinstance(argument, str):
        texts = all_texts(evaluator, list(owner.values))
        return texts if isinstance(texts, Unknown) else argument.join(texts)
    return None


def _known_function(evaluator: Evaluator, node: Node, frame: Frame, function: Unknown) -> Value:
    """The result of a function that is not of this source."""
    if function.subject == "process.cwd":
        return "."
    nodes = _argument_nodes(node)
    is_config = function.origin == functions.DEFINE_CONFIG
    if nodes and (is_config or function.subject in _SAME):
        value = evaluator.evaluate(nodes[0], frame)
        return replace(value, defined=True) if is_config and isinstance(value, Obj) else value
    if nodes and function.subject == "Boolean":
        return evaluator.truth(evaluator.evaluate(nodes[0], frame))
    unknown = opaque(node, frame)
    text_function = functions.text_function(function.origin) if function.origin else None
    if text_function is not None:
        texts = all_texts(evaluator, _arguments(evaluator, node, frame))
        if isinstance(texts, Unknown):
            return replace(unknown, reason=texts.reason)
        return text_function(texts) or unknown
    if function.subject:
        # The same method of the same subject gives the same, whatever name it has here.
        arguments = frame.module.source.text(field(node, "arguments"))
        return replace(unknown, subject=function.subject + arguments)
    return unknown
