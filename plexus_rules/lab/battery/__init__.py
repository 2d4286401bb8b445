"""Broken states and sound repositories: what a check must report, and what it must let pass.

Each is data: how its files are made out of the samples, and the findings that it must give.
"""

from plexus_rules.lab.battery.broken import BROKEN, UNSEEN
from plexus_rules.lab.battery.merges import RIGHT_MERGES, WRONG_MERGES
from plexus_rules.lab.battery.model import NOW, Found, State
from plexus_rules.lab.battery.sound import SOUND

#: Every state.
STATES: tuple[State, ...] = (*BROKEN, *WRONG_MERGES, *RIGHT_MERGES, *SOUND)

__all__ = [
    "BROKEN",
    "NOW",
    "RIGHT_MERGES",
    "SOUND",
    "STATES",
    "UNSEEN",
    "WRONG_MERGES",
    "Found",
    "State",
]
