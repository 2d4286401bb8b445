"""Which commits are judged, in which order, and against which parents."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from plexus_rules.trees import GitError, GitRepository
from plexus_rules.trees.changes import Commit, read_commits


class BadRange(Exception):
    """A range that names no commits. The text says why, and what helps."""


class Span(Struct, frozen=True):
    """The ends of what is judged: all that led to ``tip``, without what led to ``start``."""

    tip: str
    start: str | None = None


class Place(Struct, frozen=True):
    """A commit to judge.

    Attributes:
        commit: its full id.
        parents: the commits that it is judged against; none for one that begins the history.
        time: the latest time that a commit on the way here was made, in seconds since 1970.
        is_main: whether it is on the first-parent line.
        trunk: for one inside a merged branch, the commit of the line that it was merged onto.
        on_line: the commit of the line with which it came there: itself, or a merge.
    """

    commit: str
    parents: tuple[str, ...]
    time: int
    is_main: bool = True
    trunk: str | None = None
    on_line: str = ""


def find_span(repository: GitRepository, text: str | None) -> Span | None:
    """The ends that a range names, by default all of HEAD; None where there is no commit yet.

    Raises:
        BadRange: it is none, or a revision in it is none.
    """
    if text is None:
        tip = repository.commit("HEAD")
        return Span(tip) if tip else None
    start, dots, end = text.partition("..")
    if not dots or not start or end.startswith("."):
        raise BadRange(f"--range {text}: name two revisions, such as v1.0..main")
    return Span(_named(repository, end or "HEAD", text), _named(repository, start, text))


def _named(repository: GitRepository, revision: str, text: str) -> str:
    commit = repository.commit(revision)
    if commit is None:
        hint = "; this clone is shallow, and may lack it" if repository.is_shallow else ""
        raise BadRange(f"--range {text}: {revision} names no commit here{hint}")
    return commit


def main_line(repository: GitRepository, span: Span) -> list[Place]:
    """The commits of the first-parent line, each against its first parent."""
    places: list[Place] = []
    latest = 0
    for commit in read_commits(repository, span.tip, span.start):
        latest = max(latest, commit.time)
        places.append(Place(commit.id, commit.parents[:1], latest, on_line=commit.id))
    return places


def whole_history(repository: GitRepository, span: Span) -> list[Place]:
    """All commits, each against all of its parents.

    Those of a merged branch stand before the merge, and after what it was merged onto.
    """
    commits = {c.id: c for c in read_commits(repository, span.tip, span.start, full=True)}
    line = [c.id for c in read_commits(repository, span.tip, span.start) if c.id in commits]
    order = {commit: number for number, commit in enumerate(commits)}
    placed: dict[str, Place] = {}

    def place(commit: Commit, merge: str, trunk: str | None) -> None:
        times = (placed[parent].time for parent in commit.parents if parent in placed)
        is_main, latest = commit.id == merge, max((commit.time, *times))
        placed[commit.id] = Place(commit.id, commit.parents, latest, is_main, trunk, merge)

    mains = set(line)
    for commit in line:
        parents = commits[commit].parents
        trunk = parents[0] if parents else None
        for inner in sorted(_inside(commits, parents[1:], placed, mains), key=order.__getitem__):
            place(commits[inner], commit, trunk)
        place(commits[commit], commit, None)
    return list(placed.values())


def _inside(
    commits: dict[str, Commit],
    tips: Sequence[str],
    placed: dict[str, Place],
    mains: set[str],
) -> set[str]:
    """The commits that some lead back to, as far as they have no place yet."""
    found: set[str] = set()
    pending = list(tips)
    while pending:
        commit = pending.pop()
        if commit in commits and not (commit in placed or commit in found or commit in mains):
            found.add(commit)
            pending += commits[commit].parents
    return found


def read_places(repository: GitRepository, span: Span, *, full: bool) -> list[Place]:
    """The commits to judge.

    Raises:
        GitError: git cannot read the history.
    """
    try:
        return (whole_history if full else main_line)(repository, span)
    except ValueError as error:
        raise GitError(f"git told a history that cannot be read: {error}") from None
