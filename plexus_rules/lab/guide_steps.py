"""The numbered steps of a guide, read off the page as its reader would."""

from __future__ import annotations

import re

from msgspec import Struct

_STEP = re.compile(r"\d+\. \*\*(.+?)\.\*\* ?(.*)")
_FENCE = re.compile(r" *```(?:sh)?")


class GuideStep(Struct, frozen=True):
    """One step.

    Attributes:
        title: its words in bold, without the full stop.
        text: what follows on the line.
        commands: the lines of its code block.
    """

    title: str
    text: str
    commands: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What its text names in backticks."""
        return tuple(re.findall(r"`([^`]+)`", self.text))

    @property
    def command_lines(self) -> tuple[str, ...]:
        """The commands, each to be run from the root: with the ``cd`` that stand before it."""
        moves = [line for line in self.commands if line.startswith("cd ")]
        return tuple(
            " && ".join((*moves, line)) for line in self.commands if not line.startswith("cd ")
        )


def guide_steps(page: str, title: str) -> tuple[GuideStep, ...]:
    """The steps of the section with this title; none where the page has no such section."""
    _, _, after = page.partition(f"\n## {title}\n")
    found: list[GuideStep] = []
    in_fence = False
    commands: list[str] = []
    for line in after.partition("\n## ")[0].splitlines():
        if _FENCE.fullmatch(line):
            in_fence = not in_fence
        elif in_fence:
            commands.append(line.strip())
        elif step := _STEP.fullmatch(line):
            found.append(GuideStep(step[1], step[2]))
            commands = []
        if found and not in_fence and commands:
            found[-1] = GuideStep(found[-1].title, found[-1].text, tuple(commands))
    return tuple(found)
