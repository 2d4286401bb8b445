"""What had landed of the migrations that a commit changed: on the main line, and in a tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from plexus_rules.drizzle.causes import migration_cause, snapshot_cause
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Problem
from plexus_rules.trees import GitRepository, join


class Landed(Struct, frozen=True):
    """A migration that a parent's journal lists.

    Attributes:
        dialect: of its database.
        tag: its name in the journal.
        when: its time there.
        path: where its SQL belongs.
        folders: its migrations folder, before and after.
    """

    dialect: str
    tag: str
    when: int
    path: str
    folders: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """Whether a path lies in its migrations folder."""
        return any(path.startswith(f"{folder}/") for folder in self.folders)


class LandedMigrations:
    """The migrations that the journals of a parent list.

    Args:
        change: what a commit changed in the parent; None where it has none.
    """

    def __init__(self, change: Change | None) -> None:
        self._by_sql: dict[str, Landed] = {}
        self._by_snapshot: dict[str, Landed] = {}
        for pair in change.pairs if change is not None else ():
            if pair.base is not None:
                both = (pair.base, pair.head or pair.base)
                folders = tuple(database.out or "" for database in both)
                for entry in pair.landed:
                    path = pair.base.sql_path(entry.tag)
                    landed = Landed(pair.base.dialect, entry.tag, entry.when, path, folders)
                    for database in both:
                        self._by_sql[migration_cause(database, entry.tag)] = landed
                        snapshot = database.snapshot_path(entry.tag)
                        self._by_snapshot[snapshot_cause(snapshot)] = landed

    def of(self, problem: Problem) -> list[Landed]:
        """Those whose files a problem is about. Migrations of one number share a snapshot."""
        for known in (self._by_sql, self._by_snapshot):
            found = dict.fromkeys(known[cause] for cause in problem.causes if cause in known)
            if found:
                return [one for one in found if one.holds(problem.path)]
        return []


def landed_there(landed: Iterable[Landed], trunk: Repository) -> list[Landed]:
    """Those of some migrations that are in a journal of another commit, too."""
    known = {(d.dialect, e.tag, e.when) for d in trunk.journaled for e in d.entries}
    return [one for one in landed if (one.dialect, one.tag, one.when) in known]


class Releases:
    """The tags of a line of commits, and when each path came to the line.

    Args:
        line: the commits, in order.
        tags: the tags of each.
        prefix: the directory that is read, with a ``/`` at its end, or ``""``.
        goes_on: whether there is more of the line before its first commit.
    """

    def __init__(
        self,
        line: Sequence[str],
        tags: Mapping[str, Sequence[str]],
        prefix: str = "",
        goes_on: bool = False,
    ) -> None:
        self._numbers = {commit: number for number, commit in enumerate(line)}
        self._tagged = [
            (number, tag) for number, commit in enumerate(line) for tag in tags.get(commit, ())
        ]
        self._came: dict[str, int] = {}
        self._prefix = prefix.rstrip("/")
        self._goes_on = goes_on

    def note(self, commit: str, paths: Iterable[str]) -> None:
        """Notes the paths that came with a commit of the line."""
        number = self._numbers.get(commit)
        if number is not None:
            for path in paths:
                self._came.setdefault(path, number)

    def shipped(self, landed: Iterable[Landed], before: str) -> tuple[str, ...]:
        """The first and the newest tag before a commit of the line that hold a migration."""
        end = self._numbers.get(before, 0)
        earliest = 0 if self._goes_on else end
        paths = (join(self._prefix, one.path) for one in landed)
        starts = [self._came.get(path, earliest) for path in paths]
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
