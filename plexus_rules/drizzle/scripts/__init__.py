"""The drizzle-kit commands that scripts, workflows, hooks and container files run."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.scripts.commands import COMPUTED, Command, command_of
from plexus_rules.drizzle.scripts.files import Scripts, UnreadScript, starting_directory
from plexus_rules.drizzle.scripts.json_files import Script, scripts_of
from plexus_rules.drizzle.scripts.shell import simple_commands as read_simple_commands
from plexus_rules.drizzle.scripts.words import HOLE, Simple
from plexus_rules.trees import Tree, TreeError

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
    found: list[Script] = []
    for path in tree.sources:
        if path == "package.json" or path.endswith("/package.json"):
            try:
                scripts = scripts_of(path, tree.read(path))
            except TreeError:
                continue
            found += () if isinstance(scripts, Malformed) else scripts
    return tuple(found)


def find_commands(tree: Tree, scripts: Scripts | None = None) -> tuple[Command, ...]:
    """Every call of drizzle-kit that a program would make, in order of place."""
    scripts = scripts or Scripts(tree)
    found: dict[tuple[object, ...], Command] = {}
    for path in scripts.mentioning():
        for call in scripts.calls(path, starting_directory(path)):
            command = command_of(call)
            # The bare name is a command only where more words can be appended to it.
            if command is not None and (command.action or command.script):
                found.setdefault((path, command.range, command.action, command.config), command)
    return tuple(sorted(found.values(), key=lambda c: (c.path, c.range, c.action)))


def simple_commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command of a shell text, what it sets before them included."""
    for simple in read_simple_commands(text):
        yield [*simple.assignments, *simple.texts]
