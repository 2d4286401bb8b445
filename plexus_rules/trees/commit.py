"""The files of one commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from plexus_rules.trees.base import LEAVES, FileRefused, Kept, ListedTree, NotAFile, join
from plexus_rules.trees.ignore import MAX_IGNORE_BYTES, Ignores

if TYPE_CHECKING:
    from plexus_rules.trees.git import GitRepository

#: The mode of a symbolic link.
LINK = "120000"
_REGULAR = ("100644", "100755")
_MOST_LINKS = 40
_LONGEST_LINK = 4096


class Blob(NamedTuple):
    """The mode and the id of an entry of a tree."""

    mode: str
    id: str


class GitTree(ListedTree):
    """The files of one commit, below a directory of the repository.

    Links are followed as in a directory; ``node_modules`` does not exist here, nor does
    what a submodule holds.
    """

    knows_blobs = True

    def __init__(self, repository: GitRepository, commit: str, prefix: str = "") -> None:
        self.repository = repository
        self.commit = commit
        self._below = prefix.rstrip("/")
        self._submodules: set[str] = set()
        self._kept = Kept()
        self._followed: dict[str, str | None] = {}
        self._passed_over: dict[str, str] = {}

    @property
    def passed_over(self) -> Mapping[str, str]:
        return self._passed_over

    def pass_over(self, passed_over: Mapping[str, str]) -> None:
        """Notes what somebody else asked of the same files, and could not look into."""
        self._passed_over = {**passed_over, **self._passed_over}

    def _listed(self, treeish: str, *arguments: str) -> Iterator[tuple[str, str, str, str]]:
        """Mode, type, id and path of what a tree lists."""
        for line in self.repository.run("ls-tree", "-z", "--full-tree", treeish, *arguments).split(
            "\0"
        ):
            about, _, path = line.partition("\t")
            if about and is_kept(path):
                mode, kind, name = about.split()
                yield mode, kind, name, path

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        treeish = self.commit
        if self._below:
            found = [e for e in self._listed(self.commit, "--", self._below) if e[1] == "tree"]
            if not found:
                return {}  # the directory does not exist in this commit
            treeish = found[0][2]
        blobs: dict[str, Blob] = {}
        for mode, kind, name, path in self._listed(treeish, "-r"):
            if kind == "blob":
                blobs[path] = Blob(mode, name)
            else:
                self._submodules.add(path)
        return blobs

    def _paths(self) -> frozenset[str]:
        return frozenset(self._blobs)

    @cached_property
    def _links(self) -> frozenset[str]:
        return frozenset(path for path, blob in self._blobs.items() if blob.mode == LINK)

    def _real(self, path: str) -> str | None:
        """The path behind all links on the way; None where one leaves the root, or circles."""
        if not self._links:
            return path
        if path not in self._followed:
            self._followed[path] = self._follow(path)
        return self._followed[path]

    def _follow(self, path: str) -> str | None:
        real, followed = "", 0
        pending = path.split("/")[::-1]
        while pending:
            part = pending.pop()
            if part == "..":
                if not real:
                    return None
                real = real.rpartition("/")[0]
            elif part not in ("", "."):
                real = join(real, part)
            if real in self._links:
                target = self._link(real)
                followed += 1
                if target is None or followed > _MOST_LINKS:
                    return None
                real = real.rpartition("/")[0]
                pending += reversed(target.split("/"))
        return real

    def _link(self, path: str) -> str | None:
        """Where a link leads, relative to its directory."""
        try:
            data = self.repository.blob(self._blobs[path].id, path)
        except FileRefused:
            return None
        absolute = data.startswith(b"/")
        return None if absolute or len(data) > _LONGEST_LINK else data.decode("utf-8", "replace")

    @cached_property
    def _kinds(self) -> dict[str, dict[str, bool | None]]:
        """For each directory, which of its links are directories; None for one that is refused."""
        found: dict[str, dict[str, bool | None]] = {}
        for link in self._links:
            directory, _, name = link.rpartition("/")
            real = self._real(link)
            is_directory = real in self._entries
            known = is_directory or real in self._blobs
            found.setdefault(directory, {})[name] = is_directory if known else None
        return found

    def _directory(self, path: str) -> str | None:
        """The real path of a directory, if there is one; noted where the way to it is barred."""
        real = self._real(path)
        if real is None:
            self._passed_over.setdefault(path, LEAVES)
        elif self._submodules:
            parts = real.split("/")
            for end in range(1, len(parts) + 1):
                if (above := "/".join(parts[:end])) in self._submodules:
                    self._passed_over.setdefault(above, "a submodule, which has a history apart")
        return real if real in self._entries else None

    def names(self, directory: str) -> list[str]:
        real = self._directory(directory)
        if real is None:
            return []
        links = self._kinds.get(real, {})
        return [name for name in super().names(real) if links.get(name, False) is False]

    def directories(self, directory: str) -> list[str]:
        real = self._directory(directory)
        if real is None:
            return []
        linked = [name for name, kind in self._kinds.get(real, {}).items() if kind]
        return sorted([*super().directories(real), *linked])

    def _walked(self, directory: str) -> list[str]:
        real = self._directory(directory)
        names = super().directories(real) if real is not None else []
        return [join(directory, name) for name in names]

    def is_file(self, path: str) -> bool:
        directory, _, name = path.rpartition("/")
        real = self._directory(directory)
        if real is None or join(real, name) not in self._blobs:
            return False
        return not self._kinds.get(real, {}).get(name)

    def is_directory(self, path: str) -> bool:
        real = self._real(path)
        return real is not None and real in self._entries

    def _blob(self, path: str) -> Blob:
        real = self._real(path)
        if real is None or real not in self._blobs:
            raise NotAFile(f"{path}: {LEAVES}")
        return self._blobs[real]

    def _read(self, path: str) -> bytes:
        blob = self._blob(path).id
        return self._kept.get(blob, lambda: self.repository.blob(blob, path))

    def blob(self, path: str) -> str:
        if self.is_file(path) and len(self._blob(path).id) == 40:
            return self._blob(path).id
        return super().blob(path)

    def _ignores_above(self) -> Ignores:
        """The ``.gitignore`` files from the commit's top down to the root."""
        ignores = Ignores()
        if not self._below:
            return ignores
        parts = self._below.split("/")
        files = [join("/".join(parts[:end]), ".gitignore") for end in range(len(parts))]
        for mode, _, name, path in self._listed(self.commit, "--", *files):
            if mode not in _REGULAR:
                continue
            data = self.repository.blob(name, path)
            if len(data) <= MAX_IGNORE_BYTES:
                way = self._below[len(path) - len(".gitignore") :] + "/"
                ignores = ignores.above(way, data.decode("utf-8", "replace"))
        return ignores


def is_kept(path: str) -> bool:
    """Whether a path of a commit belongs to its files: installed packages do not."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return "node_modules" not in path.split("/")
