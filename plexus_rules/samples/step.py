"""What a step is: a change of the sample project that the real drizzle-kit took part in."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

#: The names that drizzle configs and journals use.
Dialect = Literal["sqlite", "postgresql"]

SQLITE: tuple[Dialect, ...] = ("sqlite",)
POSTGRES: tuple[Dialect, ...] = ("postgresql",)
BOTH: tuple[Dialect, ...] = SQLITE + POSTGRES
NEITHER: tuple[Dialect, ...] = ()


class Step(Struct, frozen=True):
    """A recorded change of the sample project.

    Attributes:
        name: the directory that it is recorded in.
        title: what it does, in a few words.
        after: the step that it was recorded after; None for the base project.
        dialects: those that it has a new migration for.
    """

    name: str
    title: str
    after: Step | None = None
    dialects: tuple[Dialect, ...] = BOTH

    @property
    def history(self) -> tuple[Step, ...]:
        """Every step from the base project on, this one last."""
        return (*(self.after.history if self.after else ()), self)

    def __str__(self) -> str:
        return self.name
