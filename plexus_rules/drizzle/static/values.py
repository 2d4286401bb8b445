"""The values that expressions are read as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

if TYPE_CHECKING:
    from tree_sitter import Node

    from plexus_rules.drizzle.static.module import Module


class Unknown(Struct, frozen=True):
    """A value that is only known when the program runs.

    Attributes:
        subject: what it is called in questions; equal subjects are equal values.
        reason: why it is unknown, as the end of a sentence: "is computed by f()".
        default: the text that stands in where the program gets no value.
        origin: the module and the name in it, where the value is imported from there.
    """

    subject: str
    reason: str
    default: str | None = None
    origin: tuple[str, str] | None = None


class Obj(Struct, frozen=True, eq=False):
    """An object literal or an enum. Its properties are read when they are asked for.

    Attributes:
        node: the literal.
        frame: what its expressions see.
        assigned: properties that later statements set.
        defined: whether it went through drizzle-kit's ``defineConfig``.
    """

    node: Node
    frame: Frame
    assigned: Mapping[str, Found] = field(default_factory=dict)
    defined: bool = False


class Func(Struct, frozen=True, eq=False):
    """A function of the source."""

    node: Node
    frame: Frame


class Items(Struct, frozen=True):
    """A list."""

    values: tuple[Value, ...]


#: None stands for ``undefined`` and ``null``.
Value: TypeAlias = "str | bool | float | Items | Obj | Func | Unknown | None"


class Found(Struct, frozen=True, eq=False):
    """A property of an object: its value, and the place that gives it.

    ``certain`` is False where only an unknown object that is spread may hold it.
    """

    value: Value
    node: Node
    module: Module
    certain: bool = True


class Declaration(Struct, frozen=True):
    """What a name stands for: an expression, or the argument of a call.

    ``key`` picks a part of it, as in ``const { key } = value``; ``default`` is used
    where that is undefined.
    """

    expression: Node | None = None
    argument: Value = None
    key: str | None = None
    default: Node | None = None


class Frame(Struct, eq=False):
    """The names that an expression sees: those of a call or a module, then its parent's."""

    module: Module
    parent: Frame | None = None
    label: str = ""
    declared: dict[str, Declaration] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)


class TooMuch(Exception):
    """The source asks for more work than an honest config does. The text ends a sentence."""


class Budget(Struct):
    """The work that is left for one config; all its worlds share it."""

    steps: int = 50_000
    depth: int = 48

    def spend(self) -> None:
        """One step.

        Raises:
            TooMuch: none is left.
        """
        if not self.steps:
            raise TooMuch("takes too many steps to be read")
        self.steps -= 1

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One step, and everything that it takes in turn.

        Raises:
            TooMuch: nothing is left.
        """
        self.spend()
        if not self.depth:
            raise TooMuch("is nested too deeply to be read")
        self.depth -= 1
        try:
            yield
        finally:
            self.depth += 1
