"""The two lines of Drizzle that claims are tried on, and what is installed for each.

The versions stand in ``packages/LINE/package.json`` alone; the lock file beside it pins what
those need in turn.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

from msgspec import Struct

#: What is pinned, for each line and for Node.js.
PACKAGES = Path(__file__).parent / "packages"


class Line(Struct, frozen=True, dict=True):
    """One line of Drizzle.

    Attributes:
        name: ``v0`` or ``v1``, as claims name it.
    """

    name: str

    @property
    def directory(self) -> Path:
        """Where its package.json and package-lock.json lie."""
        return PACKAGES / self.name

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of each package that is installed by name."""
        package = json.loads((self.directory / "package.json").read_bytes())
        found: dict[str, str] = package["dependencies"]
        return dict(sorted(found.items()))


V0, V1 = Line("v0"), Line("v1")
LINES = {line.name: line for line in (V0, V1)}
