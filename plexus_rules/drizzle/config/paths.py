"""Where the paths of a config lead in the tree.

drizzle-kit takes them relative to the directory that it runs in. That is mostly the
package's, sometimes the config's own or the root: what is found there tells.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from plexus_rules.drizzle.config.files import Candidate
from plexus_rules.drizzle.config.values import Described, Unread
from plexus_rules.drizzle.static.functions import ROOT, is_absolute
from plexus_rules.trees import Tree, normal_path

_OUTSIDE = (
    "leads to '{path}', outside of the checked directory; run the check from a directory "
    "that holds it"
)
_LONGEST_QUOTE = 80
_GLOB = re.compile(r"[*?{\[!(]")


class Placed(Struct, frozen=True):
    """The paths of a config, relative to the root of the tree."""

    schema: tuple[str, ...] | None
    out: str | None
    unread: tuple[Unread, ...]


def place(tree: Tree, candidate: Candidate, described: Described) -> Placed:
    """Looks up the paths of a config."""
    base = _base(tree, candidate, described)
    unread: list[Unread] = []
    out = None if described.out is None else locate(described.out, base)
    if out is None and described.out is not None and described.out_given is not None:
        unread.append(described.out_given.unread("out", _outside(described.out)))
    entries = {entry: locate(entry, base) for entry in described.schema or ()}
    if described.schema_given is not None:
        unread += [
            described.schema_given.unread("schema", _outside(entry))
            for entry, path in entries.items()
            if path is None
        ]
    schema = tuple(dict.fromkeys(path for path in entries.values() if path is not None))
    return Placed(schema or None, out, tuple(unread))


def _outside(path: str) -> str:
    if path.startswith(ROOT):
        path = posixpath.normpath(path.removeprefix(ROOT).lstrip("/"))
    return _OUTSIDE.format(
        path=path if len(path) <= _LONGEST_QUOTE else path[:_LONGEST_QUOTE] + "…"
    )


def locate(path: str, base: str) -> str | None:
    """A path of a config, relative to the root of the tree; None where it leaves the tree."""
    path = path.replace("\\", "/")
    if path.startswith(ROOT):
        return normal_path(path.removeprefix(ROOT).lstrip("/"))
    if is_absolute(path):
        return None
    return normal_path(posixpath.join(base, path))


def _base(tree: Tree, candidate: Candidate, described: Described) -> str:
    """The directory that drizzle-kit runs in."""
    bases = list(dict.fromkeys(_bases(tree, candidate)))
    out, schema = described.out, described.schema
    if out is not None and not is_absolute(out):
        for base in bases:
            if _holds_migrations(tree, locate(out, base)):
                return base
    for base in bases:
        if any(exists(tree, locate(entry, base)) for entry in schema or ()):
            return base
    return bases[0]


def _bases(tree: Tree, candidate: Candidate) -> Iterator[str]:
    yield from candidate.run_in
    own = posixpath.dirname(candidate.path)
    directory = own
    while directory and not tree.is_file(f"{directory}/package.json"):
        directory = posixpath.dirname(directory)
    yield from (directory, own, "")


def _holds_migrations(tree: Tree, folder: str | None) -> bool:
    if folder is None:
        return False
    if tree.is_file(posixpath.join(folder, "meta/_journal.json")):
        return True
    if any(name.endswith(".sql") for name in tree.names(folder)):
        return True
    inside = (posixpath.join(folder, name) for name in tree.directories(folder))
    return any(tree.is_file(f"{directory}/migration.sql") for directory in inside)


def exists(tree: Tree, entry: str | None) -> bool:
    """Whether there is a file or directory at a path, or where a glob starts."""
    if entry is None:
        return False
    glob = _GLOB.search(entry)
    if glob is None:
        return tree.is_file(entry) or tree.is_directory(entry)
    start = entry[: glob.start()].rpartition("/")[0]
    return tree.is_directory(start)
