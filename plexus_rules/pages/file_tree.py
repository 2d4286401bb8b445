"""Changed files as a tree of directories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct


class Branch(Struct, frozen=True):
    """One line of a tree: how deep it stands, a directory (``src/db/``) or a file, and a word.

    ``verb`` says what happened to a file; it is empty for a directory.
    """

    depth: int
    name: str
    verb: str = ""


def file_tree(verbs: Mapping[str, str]) -> tuple[Branch, ...]:
    """The tree of some files, by path. A directory with one entry stands on the entry's line."""
    return tuple(_branches(dict(sorted(verbs.items())), 0))


def _branches(verbs: Mapping[str, str], depth: int) -> Iterator[Branch]:
    groups: dict[str, dict[str, str]] = {}
    for path, verb in verbs.items():
        top, slash, rest = path.partition("/")
        groups.setdefault(top + slash, {})[rest] = verb
    for top, below in groups.items():
        if not top.endswith("/"):
            yield Branch(depth, top, below[""])
            continue
        first, *others = _branches(below, depth + 1)
        if any(branch.depth == first.depth for branch in others):
            yield Branch(depth, top)
            yield from (first, *others)
        else:
            yield Branch(depth, top + first.name, first.verb)
            yield from (Branch(b.depth - 1, b.name, b.verb) for b in others)
