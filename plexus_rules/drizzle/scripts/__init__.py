"""The drizzle-kit commands that scripts, workflows, hooks and container files run."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.drizzle.packages import is_package
from plexus_rules.drizzle.scripts.commands import COMPUTED, Command
from plexus_rules.drizzle.scripts.files import Scripts, UnreadScript
from plexus_rules.drizzle.scripts.json_files import Script, scripts_at
from plexus_rules.drizzle.scripts.shell import simple_commands as read_simple_commands
from plexus_rules.drizzle.scripts.words import HOLE, Simple
from plexus_rules.trees import Tree

__all__ = [
    "COMPUTED",
    "HOLE",
    "Command",
    "Script",
    "Scripts",
    "Simple",
    "UnreadScript",
    "find_commands",
    "find_scripts",
    "simple_commands",
]


def find_scripts(tree: Tree) -> tuple[Script, ...]:
    """Every script of every package.json among the sources."""
    found = tree.scan(is_package, scripts_at, "scripts")
    return tuple(script for scripts in found.values() for script in scripts)


def find_commands(tree: Tree, scripts: Scripts | None = None) -> tuple[Command, ...]:
    """Every call of drizzle-kit that a program would make, in order of place."""
    scripts = scripts or Scripts(tree)
    found: dict[tuple[object, ...], Command] = {}
    for path in scripts.mentioning():
        for command in scripts.commands(path):
            found.setdefault((path, command.range, command.action, command.config), command)
    return tuple(sorted(found.values(), key=lambda c: (c.path, c.range, c.action)))


def simple_commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command of a shell text, what it sets before them included."""
    for simple in read_simple_commands(text):
        yield [*simple.assignments, *simple.texts]
