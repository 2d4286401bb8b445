"""What had landed of the migrations that a commit changed: on the main line, and in a tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from plexus_rules.drizzle.causes import migration_cause, snapshot_cause
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import GitRepository, join


class Landed(Struct, frozen=True):
    """A migration that a parent's journal lists.

    Attributes:
        dialect: of its database.
        tag: its name in the journal.
        when: its time there.
        path: where its SQL belongs.
    """

    dialect: str
    tag: str
    when: int
    path: str


def landed_by_cause(change: Change) -> dict[str, Landed]:
    """The landed migrations, by the causes that a problem of theirs names."""
    found: dict[str, Landed] = {}
    for pair in change.pairs:
        base, head = pair.base, pair.head
        if base is None:
            continue
        for entry in pair.landed:
            landed = Landed(base.dialect, entry.tag, entry.when, base.sql_path(entry.tag))
            for database in (base, head or base):
                found[migration_cause(database, entry.tag)] = landed
                found[snapshot_cause(database.snapshot_path(entry.tag))] = landed
    return found


def has_landed(landed: Iterable[Landed], trunk: Repository) -> bool:
    """Whether any of some migrations is in a journal of another commit."""
    known = {(d.dialect, e.tag, e.when) for d in trunk.journaled for e in d.entries}
    return any((one.dialect, one.tag, one.when) in known for one in landed)


class Releases:
    """The tags of a line of commits, and when each path came to the line.

    Args:
        line: the commits, in order.
        tags: the tags of each.
        prefix: the directory that is read, with a ``/`` at its end, or ``""``.
    """

    def __init__(
        self, line: Sequence[str], tags: Mapping[str, Sequence[str]], prefix: str = ""
    ) -> None:
        self._numbers = {commit: number for number, commit in enumerate(line)}
        self._tagged = [
            (number, tag) for number, commit in enumerate(line) for tag in tags.get(commit, ())
        ]
        self._came: dict[str, int] = {}
        self._prefix = prefix

    def note(self, commit: str, paths: Iterable[str]) -> None:
        """Notes the paths that came with a commit of the line."""
        number = self._numbers.get(commit)
        if number is not None:
            for path in paths:
                self._came.setdefault(path, number)

    def shipped(self, landed: Iterable[Landed], before: str) -> tuple[str, ...]:
        """The first and the newest tag before a commit of the line that hold a migration."""
        end = self._numbers.get(before, 0)
        starts = [self._came.get(join(self._prefix.rstrip("/"), one.path), 0) for one in landed]
        if not starts:
            return ()
        tags = [tag for number, tag in self._tagged if min(starts) <= number < end]
        return tuple(dict.fromkeys((tags[0], tags[-1]))) if tags else ()


def read_tags(repository: GitRepository) -> dict[str, list[str]]:
    """The names of the tags of each commit that has one, sorted."""
    form = "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:strip=2)"
    found: dict[str, list[str]] = {}
    for line in (repository.ask("for-each-ref", form, "refs/tags") or "").split("\n"):
        parts = line.split(" ", 4)
        if len(parts) == 5:
            kind, own, inner_kind, inner, name = parts
            commit = own if kind == "commit" else inner if inner_kind == "commit" else None
            if commit:
                found.setdefault(commit, []).append(name)
    return {commit: sorted(names) for commit, names in found.items()}
