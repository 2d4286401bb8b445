"""Every call of drizzle-kit in a tree."""

from __future__ import annotations

from plexus_rules.drizzle.scripts.commands import Command
from plexus_rules.drizzle.scripts.files import Scripts
from plexus_rules.trees import Tree


def find_commands(tree: Tree, scripts: Scripts | None = None) -> tuple[Command, ...]:
    """Every call of drizzle-kit that a program would make, in order of place."""
    scripts = scripts or Scripts(tree)
    found: dict[tuple[object, ...], Command] = {}
    for path in scripts.mentioning():
        for command in scripts.commands(path):
            found.setdefault((path, command.range, command.action, command.config), command)
    return tuple(sorted(found.values(), key=lambda c: (c.path, c.range, c.action)))
