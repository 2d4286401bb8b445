"""The scripts of packages, as they stand in each package.json."""

from __future__ import annotations

from msgspec import Struct

from plexus_rules.drizzle.json_text import Malformed, parse_json
from plexus_rules.drizzle.packages import is_package
from plexus_rules.trees import Tree, TreeError


class Script(Struct, frozen=True):
    """One script of a package.json."""

    path: str
    name: str
    text: str


def scripts_of(path: str, data: bytes) -> tuple[Script, ...] | Malformed:
    """The scripts of a package.json, in their order."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    scripts = value.get("scripts") if isinstance(value, dict) else None
    found = scripts.items() if isinstance(scripts, dict) else ()
    return tuple(Script(path, name, text) for name, text in found if isinstance(text, str))


def scripts_at(tree: Tree, path: str) -> tuple[Script, ...]:
    """The scripts of a package.json of a tree; none where it cannot be read."""
    try:
        found = scripts_of(path, tree.read(path))
    except TreeError:
        return ()
    return () if isinstance(found, Malformed) else found


def find_scripts(tree: Tree) -> tuple[Script, ...]:
    """Every script of every package.json among the sources."""
    found = tree.scan(is_package, scripts_at, "scripts")
    return tuple(script for scripts in found.values() for script in scripts)
