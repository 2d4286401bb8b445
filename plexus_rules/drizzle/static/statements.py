"""Statements, as far as they decide a value: choices, assignments and returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.static.module import (
    Change,
    change,
    changed_names,
    declarations,
    expressions,
)
from plexus_rules.drizzle.static.parts import field
from plexus_rules.drizzle.static.values import Found, Frame, Items, Obj, Unknown, Value
from plexus_rules.drizzle.static.worlds import Impossible

if TYPE_CHECKING:
    from tree_sitter import Node

    from plexus_rules.drizzle.static.evaluator import Evaluator


class _Returned(Struct, frozen=True):
    value: Value


class _Broken:
    """A ``break`` was met."""


_End = _Returned | _Broken | None


def body_value(evaluator: Evaluator, body: Node, frame: Frame) -> Value:
    """What a function with this body returns."""
    end = _Run(evaluator, frame).block(body)
    return end.value if isinstance(end, _Returned) else None


def value_after_changes(evaluator: Evaluator, name: str, frame: Frame) -> Value:
    """The value of a variable of a module's top level, after all that changes it."""
    run = _Run(evaluator, frame, only=name)
    for statement in frame.module.changing[name]:
        run.statement(statement)
    return frame.values[name]


def _ends_in_error(frame: Frame, statement: Node) -> bool:
    node: Node | None = statement
    while node is not None and node.type == "statement_block":
        node = next(reversed(expressions(node)), None)
    text = "" if node is None else frame.module.source.text(node)
    return text.startswith(("throw ", "process.exit("))


class _Run:
    """Runs the statements of one frame; ``only`` restricts which name they change."""

    def __init__(self, evaluator: Evaluator, frame: Frame, only: str | None = None) -> None:
        self.evaluator = evaluator
        self.frame = frame
        self.only = only

    def block(self, block: Node) -> _End:
        if self.only is None:
            source = self.frame.module.source
            self.frame.declared.update(declarations(source, block.named_children))
        return self.statements(block.named_children)

    def statements(self, statements: Iterable[Node]) -> _End:
        for statement in statements:
            end = self.statement(statement)
            if end is not None:
                return end
        return None

    def statement(self, statement: Node) -> _End:
        with self.evaluator.budget.deeper():
            if statement.has_error:
                self._skip(statement)
                return None
            match statement.type:
                case "return_statement":
                    value = next(iter(expressions(statement)), None)
                    return _Returned(value and self.evaluator.evaluate(value, self.frame))
                case "break_statement":
                    return _Broken()
                case "throw_statement":
                    raise Impossible
                case "statement_block":
                    return self.block(statement)
                case "if_statement":
                    return self._if(statement)
                case "else_clause":
                    return self.statements(expressions(statement))
                case "switch_statement":
                    return self._switch(statement)
                case "try_statement":
                    return self.block(field(statement, "body"))
                case "expression_statement":
                    self._expression(statement)
                case _:
                    self._skip(statement)
        return None

    def _if(self, statement: Node) -> _End:
        condition, consequence = field(statement, "condition"), field(statement, "consequence")
        alternative = statement.child_by_field_name("alternative")
        if alternative is None and _ends_in_error(self.frame, consequence):
            # A guard: what it refuses is nothing that a check could look at.
            return None
        if self.evaluator.truth(self.evaluator.evaluate(condition, self.frame)):
            return self.statement(consequence)
        return None if alternative is None else self.statement(alternative)

    def _switch(self, statement: Node) -> _End:
        subject = field(statement, "value")
        cases = expressions(field(statement, "body"))
        for case in cases[self._chosen_case(subject, cases) :]:
            end = self.statements(case.children_by_field_name("body"))
            if end is not None:
                return None if isinstance(end, _Broken) else end
        return None

    def _chosen_case(self, subject: Node, cases: list[Node]) -> int:
        evaluator, text = self.evaluator, self.frame.module.source.text
        value = evaluator.evaluate(subject, self.frame)
        default = len(cases)
        for position, case in enumerate(cases):
            label = case.child_by_field_name("value")
            if label is None:
                default = position
            elif evaluator.equal(
                value, evaluator.evaluate(label, self.frame), f"{text(subject)}==={text(label)}"
            ):
                return position
        return default

    def _expression(self, statement: Node) -> None:
        source = self.frame.module.source
        for node in expressions(statement):
            changed = change(source, node)
            if changed is not None:
                self._change(changed)
            elif source.text(node).startswith("process.exit("):
                raise Impossible

    def _change(self, changed: Change) -> None:
        name, frame = changed.name, self.frame
        if name not in frame.declared or self.only not in (None, name):
            return
        if changed.key is not None:
            owner = self.evaluator.lookup(name, frame)
            if isinstance(owner, Obj):
                value = self.evaluator.evaluate(changed.value, frame)
                found = Found(value, changed.value, frame.module)
                frame.values[name] = replace(owner, assigned={**owner.assigned, changed.key: found})
        elif changed.operator == "=":
            frame.values[name] = self.evaluator.evaluate(changed.value, frame)
        elif changed.operator == "push":
            owner = self.evaluator.lookup(name, frame)
            if isinstance(owner, Items):
                added = [self.evaluator.evaluate(n, frame) for n in expressions(changed.value)]
                frame.values[name] = Items((*owner.values, *added))
        else:
            frame.values[name] = _lost(name)

    def _skip(self, statement: Node) -> None:
        """Passes over a statement that is not read: what it changes is known no more."""
        if statement.type.endswith("_declaration"):
            return
        for name in changed_names(self.frame.module.source, statement):
            if name in self.frame.declared and self.only in (None, name):
                self.frame.values[name] = _lost(name)


def _lost(name: str) -> Unknown:
    return Unknown(name, f"depends on `{name}`, which is changed in a way that cannot be followed")
