"""The files that a drizzle config's ``schema`` entries load, as drizzle-kit finds them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from functools import cache

from plexus_rules.trees import Tree, join, normal_path

_MAGIC = re.compile(r"[*?\[{]|[@+!]\(")
_CHOICE = re.compile(r"(.*?)([@?!])\(([^()]*)\)(.*)")
_REPETITION = re.compile(r"[*+]\(")
_TRANSLATED = re.compile(r"\(\?s:(.*)\)\\[Zz]", re.DOTALL)
_MOST_ALTERNATIVES = 256
_MOST_DIRECTORIES = 50_000


def schema_files(tree: Tree, entries: Iterable[str]) -> tuple[str, ...]:
    """The files that ``schema`` entries load, code or not, ignored by git or not.

    An entry is a path from the tree's root: a file, a directory, of which every file that lies
    directly in it is loaded, or a glob that matches either.
    """
    found: dict[str, None] = {}
    for entry in entries:
        found.update(dict.fromkeys(entry_files(tree, entry)))
    return tuple(found)


def entry_files(tree: Tree, entry: str) -> list[str]:
    """The files that one entry loads; none where it means nothing in the tree."""
    path = normal_path(entry)
    if path is None:
        return []
    if tree.is_file(path):
        return [path]
    if tree.is_directory(path):
        return [join(path, name) for name in tree.names(path)]
    found: set[str] = set()
    if _MAGIC.search(path) and is_readable(path):
        for pattern in _alternatives(path):
            found.update(_matches(tree, pattern.split("/")))
    return sorted(found)


def is_readable(entry: str) -> bool:
    """Whether an entry is no glob of the kind that is not supported here: ``+(a)``, ``*(a)``.

    Neither is more than one choice, ``!(a)`` or ``@(a|b)``, between two slashes.
    """
    parts = entry.split("/")
    return not _REPETITION.search(entry) and all(p.count("(") <= 1 for p in parts)


def _alternatives(pattern: str) -> list[str]:
    """A pattern with braces as patterns without: ``{a,b}.ts`` as ``a.ts`` and ``b.ts``."""
    pending = [pattern]
    found: list[str] = []
    while pending and len(pending) + len(found) <= _MOST_ALTERNATIVES:
        pattern = pending.pop()
        # The innermost pair holds no other, so its commas are its own.
        braces = re.search(r"\{([^{}]*)\}", pattern)
        if braces is None:
            found.append(pattern)
            continue
        before, after = pattern[: braces.start()], pattern[braces.end() :]
        pending += [before + option + after for option in braces[1].split(",")]
    return found


@cache
def _segment(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?s:{_expression(pattern)})")


def _expression(pattern: str) -> str:
    choice = _CHOICE.fullmatch(pattern)
    if choice is None:
        translated = _TRANSLATED.fullmatch(fnmatch.translate(pattern.replace("[^", "[!")))
        assert translated is not None
        return translated[1]
    before, kind, options, after = choice.groups()
    any_of = f"(?:{'|'.join(map(_expression, options.split('|')))})"
    rest = _expression(after)
    inner = {"@": any_of, "?": any_of + "?", "!": f"(?!{any_of}{rest}$).*?"}[kind]
    return _expression(before) + inner + rest


def _fits(pattern: str, name: str) -> bool:
    hidden = name.startswith(".") and not pattern.startswith(".")
    return not hidden and _segment(pattern).fullmatch(name) is not None


def _matches(tree: Tree, pattern: list[str]) -> Iterator[str]:
    """The files that a pattern without braces loads, segment by segment from the root."""
    pending: list[tuple[str, int]] = [("", 0)]
    seen = set(pending)
    while pending and len(seen) <= _MOST_DIRECTORIES:
        directory, at = pending.pop()
        segment, is_last = pattern[at], at + 1 == len(pattern)
        if segment == "**":
            matched = _directories_below(tree, directory)
        else:
            names = [name for name in tree.directories(directory) if _fits(segment, name)]
            matched = [join(directory, name) for name in names]
        if is_last:
            for path in matched:
                yield from (join(path, name) for name in tree.names(path))
            if segment != "**":
                yield from (join(directory, n) for n in tree.names(directory) if _fits(segment, n))
            continue
        for step in ((path, at + 1) for path in matched):
            if step not in seen:
                seen.add(step)
                pending.append(step)


def _directories_below(tree: Tree, directory: str) -> list[str]:
    """A directory and all below it; like drizzle-kit, no hidden one and none through a link."""
    found = {directory}
    for path in tree.files(directory):
        path = path.rpartition("/")[0]
        while path not in found and path:
            found.add(path)
            path = path.rpartition("/")[0]
    start = len(directory)
    return sorted(path for path in found if "/." not in "/" + path[start:].lstrip("/"))
