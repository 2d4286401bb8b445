"""Reads expressions as values, in one world."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from plexus_rules.drizzle.static.expressions import READERS
from plexus_rules.drizzle.static.functions import DEFINE_CONFIG, PATH_MODULES, here
from plexus_rules.drizzle.static.module import (
    Module,
    bindings,
    expressions,
    key_text,
    may_hold,
    parameters,
    plain,
    property_key,
)
from plexus_rules.drizzle.static.parts import field, opaque
from plexus_rules.drizzle.static.statements import body_value, value_after_changes
from plexus_rules.drizzle.static.values import (
    Budget,
    Declaration,
    Found,
    Frame,
    Func,
    Items,
    Obj,
    Unknown,
    Value,
)
from plexus_rules.drizzle.static.worlds import Impossible, World

if TYPE_CHECKING:
    from tree_sitter import Node

#: The module that a file imports by a relative path; None where it is not to be had.
Load = Callable[[Module, str], Module | None]

_ENVIRONMENT = "process.env"
_ENVIRONMENTS = frozenset({"Bun.env", "Deno.env", "import.meta.env"})


class Evaluator:
    """Reads expressions in one world."""

    def __init__(self, world: World, load: Load, budget: Budget) -> None:
        self.world = world
        self.budget = budget
        self._load = load
        self._frames: dict[Module, Frame] = {}

    def frame(self, module: Module) -> Frame:
        """The top level of a module."""
        if module not in self._frames:
            self._frames[module] = Frame(module, declared=module.declared)
        return self._frames[module]

    def exported(self, module: Module, name: str) -> Value:
        """The value of an export of a module."""
        export = module.export(name)
        if export is None:
            return Unknown(name, f"is not exported by '{module.source.path}'")
        if export.origin is not None:
            return self.imported(module, export.origin, export.name or name)
        if export.name is not None:
            return self.lookup(export.name, self.frame(module))
        return self.evaluate(export.node, self.frame(module))

    def evaluate(self, node: Node, frame: Frame) -> Value:
        """The value of an expression.

        Raises:
            TooMuch: it is nested too deeply, or there is too much of it.
            Undecided, Impossible: see `worlds`.
        """
        with self.budget.deeper():
            if node.has_error:
                return Unknown("", "stands in a part of the file that has a syntax error")
            node = plain(node)
            read = READERS.get(node.type)
            return opaque(node, frame) if read is None else read(self, node, frame)

    # Names

    def lookup(self, name: str, frame: Frame) -> Value:
        """The value that a name stands for."""
        home: Frame | None = frame
        while home is not None and name not in home.values and name not in home.declared:
            home = home.parent
        if home is None:
            return self._global(name, frame.module)
        if name not in home.values:
            if name in home.busy:
                return Unknown(name, f"depends on `{name}`, which refers to itself")
            home.busy.add(name)
            try:
                home.values[name] = self._declared(home.declared[name], home)
                if home.parent is None and name in home.module.changing:
                    home.values[name] = value_after_changes(self, name, home)
            finally:
                home.busy.discard(name)
        return home.values[name]

    def _declared(self, declaration: Declaration, frame: Frame) -> Value:
        value = declaration.argument
        if declaration.expression is not None:
            value = self.evaluate(declaration.expression, frame)
        if declaration.key is not None:
            value = self.member(value, declaration.key, frame.module)
        default = declaration.default
        if default is not None:
            return self.or_else(value, lambda: self.evaluate(default, frame))
        return value

    def _global(self, name: str, module: Module) -> Value:
        if name in module.imports:
            return self.imported(module, *module.imports[name])
        if name == "defineConfig":
            return Unknown(name, "", origin=DEFINE_CONFIG)
        place = here(module.source.path, name) if name.startswith("__") else None
        return place or Unknown(name, f"uses `{name}`, which this file does not declare")

    def imported(self, module: Module, origin: str, name: str) -> Value:
        """What is imported from another module; only a sibling's own values are followed."""
        if origin in ("process", "node:process"):
            process = Unknown("process", f"comes from '{origin}'")
            whole = name in ("*", "default")
            return process if whole else self.member(process, name, module)
        what = f"'{origin}'" if name == "*" else f"`{name}`, imported from '{origin}'"
        unknown = Unknown(
            f"{origin}#{name}", f"comes from {what}, which is not read", origin=(origin, name)
        )
        if not origin.startswith(".") or module.imported or name == "*":
            return unknown
        other = self._load(module, origin)
        return unknown if other is None else self.exported(other, name)

    # Questions

    def truth(self, value: Value) -> bool:
        """Whether a value is truthy."""
        if isinstance(value, Unknown):
            return True if value.default else self.world.truthy(value.subject)
        return bool(value) or isinstance(value, Items)

    def equal(self, left: Value, right: Value, question: str) -> bool:
        """Whether two values are equal; the question names what else cannot be told."""
        if not isinstance(left, Unknown):
            left, right = right, left
        if not isinstance(left, Unknown):
            return left is right if isinstance(left, Obj | Func) else left == right
        if isinstance(right, str):
            return self.world.equals(left.subject, right)
        if right is None or isinstance(right, bool):
            return self.truth(left) is bool(right)
        return self.world.truthy(question)

    def settled(self, value: Value) -> Value:
        """The value, with what the world or a default says in place of an unknown one."""
        if not isinstance(value, Unknown):
            return value
        known = self.world.known(value.subject)
        if known is not None:
            return known
        default = value.default
        if default is None or self.world.excludes(value.subject, default):
            return value
        return default

    def or_else(self, value: Value, otherwise: Callable[[], Value]) -> Value:
        """What ``value ?? otherwise`` gives: a readable default stands in for an unknown value."""
        if not isinstance(value, Unknown):
            return otherwise() if value is None else value
        if value.default or self.world.known(value.subject) is not None:
            return value
        default = otherwise()
        if isinstance(default, Unknown):
            return replace(value, default=default.default)
        return replace(value, default=default) if isinstance(default, str) else default

    # Parts of values

    def member(self, value: Value, name: str, module: Module) -> Value:
        """The value of ``value.name``."""
        if isinstance(value, Obj):
            found = self.find(value, name)
            return None if found is None else found.value
        if value is None:
            raise Impossible
        if isinstance(value, Unknown):
            return self._member_of_unknown(value, name, module)
        if isinstance(value, str) and name in ("href", "pathname"):
            return value
        return Unknown("", f"is `.{name}` of something else than an object")

    def _member_of_unknown(self, value: Unknown, name: str, module: Module) -> Value:
        if value.origin is not None and value.origin[0] in PATH_MODULES and name == "sep":
            return "/"
        if value.origin is not None and value.origin[1] == "*":
            return self.imported(module, value.origin[0], name)
        subject = f"{value.subject}.{name}"
        if subject in _ENVIRONMENTS:
            subject = _ENVIRONMENT
        reason = value.reason
        if subject.startswith(_ENVIRONMENT):
            reason = f"is taken from `{subject}`, which is only known when the command runs"
        return Unknown(
            subject, reason, origin=None if value.origin is None else (value.origin[0], name)
        )

    def find(self, obj: Obj, name: str) -> Found | None:
        """A property of an object, its spreads included; None where it has none."""
        if name in obj.assigned:
            return obj.assigned[name]
        spread: Found | None = None
        with self.budget.deeper():
            for part in reversed(expressions(obj.node)):
                found = self._part(part, name, obj.frame)
                if found is not None and found.certain:
                    return found
                spread = spread or found
        return spread

    def _part(self, part: Node, name: str, frame: Frame) -> Found | None:
        self.budget.spend()
        module = frame.module
        if part.type == "spread_element":
            spread = expressions(part)[0] if expressions(part) else None
            return None if spread is None else self._spread(spread, name, frame)
        if self._key(part, frame) != name:
            return None
        value = part.child_by_field_name("value")
        if value is not None:
            return Found(self.evaluate(value, frame), value, module)
        if part.type == "shorthand_property_identifier":
            return Found(self.lookup(name, frame), part, module)
        return Found(opaque(part, frame), part, module)

    def _spread(self, node: Node, name: str, frame: Frame) -> Found | None:
        if not may_hold(frame.module.source, node, name):
            return None
        value = self.evaluate(node, frame)
        if isinstance(value, Obj):
            return self.find(value, name)
        if isinstance(value, Unknown):
            return Found(value, node, frame.module, certain=False)
        return None

    def keys(self, obj: Obj) -> tuple[list[str], bool]:
        """The names of the properties of an object, and whether these are all."""
        keys: list[str] = []
        complete = True
        with self.budget.deeper():
            for part in expressions(obj.node):
                found, whole = self._keys_of_part(part, obj.frame)
                keys += found
                complete = complete and whole
        return keys, complete

    def _keys_of_part(self, part: Node, frame: Frame) -> tuple[list[str], bool]:
        if part.type == "spread_element":
            spread = self.evaluate(expressions(part)[0], frame)
            return self.keys(spread) if isinstance(spread, Obj) else ([], False)
        key = self._key(part, frame)
        return ([], False) if key is None else ([key], True)

    def _key(self, part: Node, frame: Frame) -> str | None:
        key = property_key(part)
        text = key_text(frame.module.source, key)
        if text is None and expressions(key):
            computed = self.settled(self.evaluate(expressions(key)[0], frame))
            return computed if isinstance(computed, str) else None
        return text

    # Functions

    def call(self, function: Func, arguments: list[Value], label: str) -> Value:
        """What a function of the source gives."""
        frame = Frame(function.frame.module, function.frame, label=label)
        source = frame.module.source
        for position, parameter in enumerate(parameters(function.node)):
            pattern = parameter.child_by_field_name("pattern") or parameter
            argument = arguments[position] if position < len(arguments) else None
            default = parameter.child_by_field_name("value")
            for name, declaration in bindings(source, pattern, None, argument):
                if declaration.key is None:
                    declaration = replace(declaration, default=default)
                frame.declared[name] = declaration
        body = field(function.node, "body")
        if body.type == "statement_block":
            return body_value(self, body, frame)
        return self.evaluate(body, frame)
