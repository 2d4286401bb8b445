"""By which environment variable, and which of its values, a module chooses the dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from plexus_rules.drizzle.typescript import SourceFile, string_value, walk
from plexus_rules.profile.dialects import dialect_of, dialect_of_url

if TYPE_CHECKING:
    from tree_sitter import Node

_ENVIRONMENT = re.compile(r"(?:process|Bun|import\.meta)\.env")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_ADDRESS = re.compile(r"(?:^|_)(?:URL|URI|DSN|CONNECTION(?:_STRING)?)$")
_EQUAL = frozenset({"===", "==", "!==", "!="})
#: A longer expression does not choose a dialect.
_LONGEST = 300


class Selection(Struct, frozen=True):
    """What selects each dialect, such as ``PLEXUS_DB_TYPE=postgres``.

    Attributes:
        settings: the setting, by dialect.
        default: the dialect that is used where the variable is absent; None if unknown.
    """

    settings: dict[str, str]
    default: str | None = None


class _Seen(Struct):
    """What the expressions of a module say."""

    #: The values that a variable is compared with, by variable and dialect.
    compared: dict[str, dict[str, str]] = field(default_factory=dict)
    #: The value that stands in for a variable that is absent.
    defaults: dict[str, str] = field(default_factory=dict)
    #: How the addresses of a dialect start.
    prefixes: dict[str, str] = field(default_factory=dict)
    #: Every variable that is read.
    variables: dict[str, None] = field(default_factory=dict)
    #: Any word for each dialect.
    words: dict[str, str] = field(default_factory=dict)


def selection(source: SourceFile) -> Selection | None:
    """What a module says; None where it does not choose by an environment variable."""
    seen = _read(source)
    for variable, values in seen.compared.items():
        default = dialect_of(seen.defaults.get(variable, ""))
        if default is not None:
            values.setdefault(default, seen.defaults[variable])
        for dialect, word in seen.words.items():
            # Compared with one of two dialects: the other is what is left.
            values.setdefault(dialect, word)
        return Selection({d: f"{variable}={word}" for d, word in values.items()}, default)
    addresses = [variable for variable in seen.variables if _ADDRESS.search(variable)]
    if seen.prefixes and len(addresses) == 1:
        found = {d: f"{addresses[0]}={prefix}…" for d, prefix in seen.prefixes.items()}
        return Selection(found)
    return None


def _read(source: SourceFile) -> _Seen:
    seen = _Seen()
    bound: dict[str, str] = {}
    nodes = [node for node in walk(source.root) if _is_short(node) or "switch" in node.type]
    for node in nodes:
        variable = _variable(source, node)
        if variable is not None:
            seen.variables.setdefault(variable)
        if node.type in ("variable_declarator", "assignment_expression"):
            _bind(source, node, bound, seen)
        elif node.type == "string" and (word := string_value(source, node)):
            dialect = dialect_of(word)
            if dialect is not None:
                seen.words.setdefault(dialect, word)
    for node in nodes:
        if node.type == "binary_expression":
            _compared(source, node, bound, seen)
        elif node.type == "switch_statement":
            _switched(source, node, bound, seen)
        elif node.type == "call_expression":
            _tested(source, node, seen)
    return seen


def _is_short(node: Node) -> bool:
    return node.end_byte - node.start_byte <= _LONGEST


def _variable(source: SourceFile, node: Node) -> str | None:
    """The environment variable that an expression reads, where it is just that."""
    if node.type == "member_expression":
        name = node.child_by_field_name("property")
        text = source.text(name) if name is not None else None
    elif node.type == "subscript_expression":
        index = node.child_by_field_name("index")
        text = string_value(source, index) if index is not None else None
    else:
        return None
    of = node.child_by_field_name("object")
    if of is None or not text or not _ENVIRONMENT.fullmatch(source.text(of)):
        return None
    return text if _VARIABLE.fullmatch(text) else None


def _variable_in(source: SourceFile, node: Node, bound: dict[str, str]) -> str | None:
    """The one variable that an expression stands for, by itself or by a name bound to it."""
    found: set[str] = set()
    for part in walk(node):
        variable = _variable(source, part)
        if variable is None and part.type == "identifier":
            variable = bound.get(source.text(part))
        if variable is not None:
            found.add(variable)
    return found.pop() if len(found) == 1 else None


def _bind(source: SourceFile, node: Node, bound: dict[str, str], seen: _Seen) -> None:
    name = node.child_by_field_name("name") or node.child_by_field_name("left")
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if name is None or value is None:
        return
    if name.type == "object_pattern" and _ENVIRONMENT.fullmatch(source.text(value)):
        for part in name.named_children:
            if part.type == "shorthand_property_identifier_pattern":
                variable = source.text(part)
                bound.setdefault(variable, variable)
                seen.variables.setdefault(variable)
    elif name.type == "identifier" and not any(_operator(n) in _EQUAL for n in walk(value)):
        found = _variable_in(source, value, bound)
        if found is not None and not any(n.type.endswith("function") for n in walk(value)):
            bound.setdefault(source.text(name), found)
            _note_default(source, value, found, seen)


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    return operator.type if operator is not None else ""


def _note_default(source: SourceFile, value: Node, variable: str, seen: _Seen) -> None:
    """Notes the dialect of ``process.env.X ?? 'sqlite'``."""
    for part in walk(value):
        if _operator(part) in ("??", "||"):
            right = part.child_by_field_name("right")
            word = string_value(source, right) if right is not None else None
            if word and dialect_of(word):
                seen.defaults.setdefault(variable, word)


def _compared(source: SourceFile, node: Node, bound: dict[str, str], seen: _Seen) -> None:
    if _operator(node) not in _EQUAL:
        return
    sides = [node.child_by_field_name(side) for side in ("left", "right")]
    for subject, other in (sides, reversed(sides)):
        word = string_value(source, other) if other is not None else None
        if subject is None or not word:
            continue
        dialect, variable = dialect_of(word), _variable_in(source, subject, bound)
        if dialect is not None and variable is not None:
            seen.compared.setdefault(variable, {}).setdefault(dialect, word)
            _note_default(source, subject, variable, seen)
            _note_alternative(source, node, variable, seen)
        elif source.text(subject).endswith(".protocol") and dialect_of_url(word):
            seen.prefixes.setdefault(dialect_of_url(word) or "", f"{word}//")


def _note_alternative(source: SourceFile, node: Node, variable: str, seen: _Seen) -> None:
    """Notes the dialect of ``process.env.X === 'postgres' ? 'postgres' : 'sqlite'``."""
    choice = node.parent
    if choice is None or choice.type != "ternary_expression":
        return
    side = "alternative" if _operator(node) in ("===", "==") else "consequence"
    other = choice.child_by_field_name(side)
    word = string_value(source, other) if other is not None else None
    if word and dialect_of(word):
        seen.defaults.setdefault(variable, word)


def _switched(source: SourceFile, node: Node, bound: dict[str, str], seen: _Seen) -> None:
    subject, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    if subject is None or body is None or not _is_short(subject):
        return
    variable = _variable_in(source, subject, bound)
    if variable is None:
        return
    for case in body.named_children:
        value = case.child_by_field_name("value")
        word = string_value(source, value) if value is not None else None
        dialect = dialect_of(word) if word else None
        if word and dialect:
            seen.compared.setdefault(variable, {}).setdefault(dialect, word)


def _tested(source: SourceFile, node: Node, seen: _Seen) -> None:
    """Notes ``url.startsWith('postgres://')``."""
    function, arguments = (node.child_by_field_name(name) for name in ("function", "arguments"))
    if function is None or arguments is None or function.type != "member_expression":
        return
    method = function.child_by_field_name("property")
    if method is None or source.text(method) != "startsWith":
        return
    for argument in arguments.named_children[:1]:
        word = string_value(source, argument) or ""
        prefix = f"{word}://" if dialect_of(word) else word
        dialect = dialect_of_url(prefix)
        if dialect is not None:
            seen.prefixes.setdefault(dialect, prefix)
