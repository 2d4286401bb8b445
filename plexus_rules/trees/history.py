"""The files of each commit of a line of history.

They follow from those of its parent and from what it changed: no tree is ever listed again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property

from plexus_rules.trees.base import Kept, join
from plexus_rules.trees.changes import Changed
from plexus_rules.trees.commit import LINK, GitTree, is_kept
from plexus_rules.trees.git import GitRepository
from plexus_rules.trees.ignore import Ignores

_SUBMODULE = "160000"
_IGNORE = ".gitignore"


class Recent(Kept):
    """Files that were read lately: a line of history has more than there is room for."""

    def get(self, key: str, read: Callable[[], bytes]) -> bytes:
        data = self._files.pop(key, None)
        if data is None:
            data = read()
            self._room -= len(data)
        self._files[key] = data
        while self._room < 0 and len(self._files) > 1:
            self._room += len(self._files.pop(next(iter(self._files))))
        return data


class HistoryTree(GitTree):
    """The files of one commit of a line, made of those of its parent.

    Attributes:
        changed: the paths that the commit changed, below the directory that is read; None for
            the first of a line.
        listed: those of them that were not there before, or are not there now.
    """

    changed: frozenset[str] | None = None
    listed: frozenset[str] = frozenset()
    _made_of: object = None
    _same_ignores: bool = False

    @classmethod
    def first(cls, repository: GitRepository, commit: str | None) -> HistoryTree:
        """The files of the commit where a line begins; none at all before a first commit."""
        tree = cls(repository, commit or "", repository.prefix)
        tree._kept = Recent()
        if commit is None:
            tree.__dict__.update(_blobs={}, _above=Ignores())
        return tree

    def after(self, commit: str, changes: Iterable[Changed]) -> HistoryTree:
        """The files after a commit, given what it changed in these."""
        new = HistoryTree(self.repository, commit, self._below)
        blobs = dict(self._blobs)
        new._kept = self._kept
        new._submodules = set(self._submodules)
        own = list(self._own(changes))
        listed: set[str] = set()
        for change in sorted(own, key=lambda change: change.blob is not None):
            path, blob = change.path, change.blob
            new._submodules.discard(path)
            if blob is not None and blob.mode == _SUBMODULE:
                new._submodules.add(path)
                blob = None
            if (path in blobs) != (blob is not None):
                listed.add(path)
            if blob is not None:
                blobs[path] = blob
            else:
                blobs.pop(path, None)
        new.__dict__["_blobs"] = blobs
        new.changed = frozenset(change.path for change in own)
        new._made_of = self._serial
        new.listed = frozenset(listed)
        self._pass_on(new, any(_name(change.path) == _IGNORE for change in changes))
        return new

    @cached_property
    def _serial(self) -> object:
        return object()

    def unlike(self, other: HistoryTree) -> tuple[frozenset[str], frozenset[str]]:
        """The paths that differ from those of another tree; and those that only one has."""
        if self.changed is not None and self._made_of is other._serial:
            return self.changed, self.listed
        here, there = self._blobs, other._blobs
        changed = {path for path, _ in here.items() ^ there.items()}
        return frozenset(changed), frozenset(p for p in changed if (p in here) != (p in there))

    def sources_unlike(
        self, other: HistoryTree, listed: Iterable[str]
    ) -> tuple[Iterable[str], Iterable[str]]:
        """The sources that another tree lacks, and those that only that has."""
        if self._same_ignores and self._made_of is other._serial:
            came = [p for p in listed if self.is_source(p) and not other.is_source(p)]
            return came, [p for p in listed if other.is_source(p) and not self.is_source(p)]
        here, there = frozenset(self.sources), frozenset(other.sources)
        return here - there, there - here

    def is_source(self, path: str) -> bool:
        """Whether a path is among the sources."""
        at = bisect_left(self.sources, path)
        return at < len(self.sources) and self.sources[at] == path

    def real(self, path: str) -> str:
        """The path behind all links on the way; itself where they lead nowhere."""
        real = path if self.is_straight(path) else self._real(path)
        return path if real is None else real

    @cached_property
    def _crossings(self) -> tuple[str, ...]:
        return tuple(f"{path}/" for path in (*self._links, *self._submodules))

    def is_straight(self, path: str) -> bool:
        """Whether no link and no submodule is on the way to a path, nor at its end."""
        known = self._straight.get(path)
        if known is None:
            known = self._straight[path] = not f"{path}/".startswith(self._crossings)
        return known

    @cached_property
    def _straight(self) -> dict[str, bool]:
        return {}

    def is_file(self, path: str) -> bool:
        return path in self._blobs if self.is_straight(path) else super().is_file(path)

    def is_directory(self, path: str) -> bool:
        return path in self._entries if self.is_straight(path) else super().is_directory(path)

    @property
    def crossed(self) -> frozenset[str]:
        """The links and the submodules."""
        return self._links | self._submodules

    def links_like(self, before: HistoryTree) -> bool:
        """Whether links and submodules are, and lead, where they are and led before."""
        if self._links != before._links or self._submodules != before._submodules:
            return False
        same = all(self._blobs[link] == before._blobs[link] for link in self._links)
        return same and (not self._links or self._kinds == before._kinds)

    def blob(self, path: str) -> str:
        return self._blob(path).id if self.is_file(path) else super().blob(path)

    def _own(self, changes: Iterable[Changed]) -> Iterator[Changed]:
        """The changes below the directory that is read, with paths relative to it."""
        start = len(self._below) + 1 if self._below else 0
        for change in changes:
            if start and not change.path.startswith(f"{self._below}/"):
                continue
            path = change.path[start:]
            if is_kept(path):
                yield Changed(path, change.blob, change.is_new)

    def _pass_on(self, new: HistoryTree, is_ignored_anew: bool) -> None:
        """Gives the next tree what can be said of it by what was said of this one."""
        links = self._links
        if links.isdisjoint(new.changed or ()):
            blobs = (new._blobs.get(path) for path in new.changed or ())
            if not any(blob is not None and blob.mode == LINK for blob in blobs):
                new.__dict__["_links"] = links
                new._followed = self._followed
                if new._submodules == self._submodules:
                    new.__dict__["_crossings"] = self._crossings
                    new.__dict__["_straight"] = self._straight
        is_ignored_anew = is_ignored_anew or any(_name(link) == _IGNORE for link in links)
        if not is_ignored_anew and "_links" in new.__dict__:
            for name in ("_above", "_ignores"):
                if name in self.__dict__:
                    new.__dict__[name] = self.__dict__[name]
        if not new.listed:
            for name in ("_entries", "_listing"):
                if name in self.__dict__:
                    new.__dict__[name] = self.__dict__[name]
        elif "_entries" in self.__dict__:
            new.__dict__["_entries"] = _entries_after(self._entries, new.listed, new._blobs)
        if "sources" in self.__dict__ and not is_ignored_anew and "_links" in new.__dict__:
            new._same_ignores = not links
            if new.listed:
                new.__dict__["sources"] = self._sources_of(new)
            else:
                new.__dict__["sources"] = self.sources

    def _sources_of(self, new: HistoryTree) -> tuple[str, ...]:
        """The sources of a tree with the same ``.gitignore`` files and links."""
        found = list(self.sources)
        moved = {link for link in self._links if self._is_named(link) or new._is_named(link)}
        for path in sorted(new.listed | moved):
            at = bisect_left(found, path)
            was = at < len(found) and found[at] == path
            now = new._is_named(path) and not new._is_excluded(path)
            if was and not now:
                del found[at]
            elif now and not was:
                found.insert(at, path)
        return tuple(found)

    def _is_named(self, path: str) -> bool:
        """Whether a directory names this file among its own: not a link that leads nowhere."""
        directory, _, name = path.rpartition("/")
        is_plain = self._kinds.get(directory, {}).get(name, False) is False
        return path in self._blobs and is_plain

    @cached_property
    def _above(self) -> Ignores:
        return super()._ignores_above()

    def _ignores_above(self) -> Ignores:
        return self._above

    def _is_excluded(self, path: str) -> bool:
        """Whether a ``.gitignore`` excludes a path, or a directory that it lies in."""
        directory = path.rpartition("/")[0]
        ignores = self._ignores_in(directory)
        return ignores is None or ignores.exclude(path, False)

    def _ignores_in(self, directory: str) -> Ignores | None:
        """What holds for the entries of a directory; None where it is excluded itself."""
        ignores: Ignores | None = self._ignores_above()
        at = ""
        for part in ("", *directory.split("/")) if directory else ("",):
            at = join(at, part) if part else at
            if at not in self._ignores:
                if ignores is not None and at and ignores.exclude(at, True):
                    ignores = None
                if ignores is not None and self._is_named(join(at, _IGNORE)):
                    ignores = ignores.below(at, self._ignore_text(at))
                self._ignores[at] = ignores
            ignores = self._ignores[at]
        return ignores

    @cached_property
    def _ignores(self) -> dict[str, Ignores | None]:
        return {}


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _entries_after(
    before: dict[str, dict[str, bool]], listed: Iterable[str], blobs: Container[str]
) -> dict[str, dict[str, bool]]:
    """The entries of all directories, after some paths came or went."""
    entries = dict(before)
    own: set[str] = set()

    def at(directory: str) -> dict[str, bool]:
        if directory not in own:
            own.add(directory)
            entries[directory] = dict(entries.get(directory, ()))
        return entries[directory]

    for path in sorted(listed, key=lambda path: path in blobs):
        directory, _, name = path.rpartition("/")
        if path in blobs:
            is_directory = False
            while name and at(directory).get(name) is not is_directory:
                at(directory)[name] = is_directory
                is_directory = True
                directory, _, name = directory.rpartition("/")
        else:
            at(directory).pop(name, None)
            while directory and not entries[directory]:
                del entries[directory]
                own.discard(directory)
                directory, _, name = directory.rpartition("/")
                at(directory).pop(name, None)
    return entries
