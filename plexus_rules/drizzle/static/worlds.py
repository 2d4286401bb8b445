"""What a config may meet when it runs: one assumed answer to every question it asks.

A config asks about things that are only known when it runs: "is ``process.env.DB`` equal
to 'sqlite'?". Reading it starts in an empty world. At the first question without an answer
the reading stops, and starts anew in two worlds, one for each answer. All questions about
one subject are answered together, so properties that hang on one condition stay together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct, field

_Result = TypeVar("_Result")

#: A subject and the text that it is compared with; None asks whether it is truthy.
Question = tuple[str, str | None]

#: No more variants than this are read from one config.
MAX_WORLDS = 16

_MAX_READINGS = 8 * MAX_WORLDS


class Undecided(Exception):
    """A question that the world has no answer to."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


class Impossible(Exception):
    """The config ends with an error in this world, so that nothing comes of it."""


class World(Struct, frozen=True):
    """The answers that are assumed."""

    answers: Mapping[Question, bool] = field(default_factory=dict)

    def known(self, subject: str) -> str | None:
        """The text that the subject is assumed to be equal to, if there is one."""
        for (asked, text), answer in self.answers.items():
            if answer and asked == subject and text is not None:
                return text
        return None

    def excludes(self, subject: str, text: str) -> bool:
        """Whether the subject is assumed to be something else than this text."""
        return self.answers.get((subject, text)) is False

    def equals(self, subject: str, text: str) -> bool:
        """Whether the subject equals the text.

        Raises:
            Undecided: nothing is assumed about it yet.
        """
        known = self.known(subject)
        if known is not None:
            return known == text
        if self.answers.get((subject, None)) is False and text:
            return False
        return self._answer((subject, text))

    def truthy(self, subject: str) -> bool:
        """Whether the subject is truthy.

        Raises:
            Undecided: nothing is assumed about it yet.
        """
        known = self.known(subject)
        return bool(known) if known is not None else self._answer((subject, None))

    def _answer(self, question: Question) -> bool:
        if question not in self.answers:
            raise Undecided(question)
        return self.answers[question]

    def answered(self, question: Question, answer: bool) -> World:
        """This world, with one more answer."""
        return World({**self.answers, question: answer})


def in_every_world(read: Callable[[World], _Result]) -> tuple[list[_Result], bool]:
    """What the reading gives in every world that it asks for, and whether these are all."""
    results: list[_Result] = []
    pending = [World()]
    readings = 0
    while pending:
        if len(results) == MAX_WORLDS or readings == _MAX_READINGS:
            return results, False
        world = pending.pop()
        readings += 1
        try:
            results.append(read(world))
        except Undecided as undecided:
            # The last is read first: "yes" goes before "no", as the source has it.
            pending += [world.answered(undecided.question, answer) for answer in (False, True)]
        except Impossible:
            continue
    return results, True
