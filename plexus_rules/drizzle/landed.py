"""Where the files of a landed migration say something else than they did."""

from __future__ import annotations

from plexus_rules.drizzle.chain import broken_links
from plexus_rules.drizzle.database import Database, sql_text
from plexus_rules.drizzle.shapes.model import Difference
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.drizzle.text import first_difference
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import NotAFile, TreeError


def sql_edit(base: Database, before: str, head: Database, after: str) -> Range | None:
    """The first edit of a migration's SQL, under its tags before and after; None without one.

    Line ends are no edit.

    Raises:
        TreeError: a file cannot be read.
    """
    old, new = base.sql_path(before), head.sql_path(after)
    if base.tree.blob(old) == head.tree.blob(new):
        return None
    if base.tree.read(old).splitlines() == head.tree.read(new).splitlines():
        return None
    return first_difference(sql_text(base.tree, old), sql_text(head.tree, new)) or WHOLE_FILE


def snapshot_edit(base: Database, head: Database, tag: str) -> Range | None:
    """The first edit of a migration's snapshot; None without one, or where one is not there.

    Layout is no edit, nor is what `drizzle-kit up` does, nor a chain that was broken at this
    snapshot and no longer is.

    Raises:
        TreeError: a file cannot be read.
    """
    if not (base.has_snapshot(tag) and head.has_snapshot(tag)):
        return None
    before, after = base.snapshot_path(tag), head.snapshot_path(tag)
    if base.tree.blob(before) == head.tree.blob(after):
        return None
    old, new = base.snapshot(before), head.snapshot(after)
    if not isinstance(old, Snapshot) or not isinstance(new, Snapshot):
        return None
    if _say_the_same(old, new) or (_is_broken(base, old) and not _is_broken(head, new)):
        return None
    return first_difference(base.tree.text(before), head.tree.text(after)) or WHOLE_FILE


def is_replaced(base: Database, before: str, head: Database, after: str) -> bool:
    """Whether a file can be read in the base, and what the head has in its place is no file."""
    try:
        base.tree.read(before)
    except TreeError:
        return False
    try:
        head.tree.read(after)
    except NotAFile:
        return True
    except TreeError:
        return False
    return False


def taken_back(base: Database, head: Database) -> tuple[Difference, ...]:
    """What the newest snapshots of a base and its head disagree about; none where one is unread."""
    from plexus_rules.drizzle.shapes.compare import differences
    from plexus_rules.drizzle.shapes.snapshots import shape_of

    before, after = base.newest_snapshot, head.newest_snapshot
    if before is None or after is None:
        return ()
    old, new = (shape_of(head.dialect, snapshot.value) for snapshot in (before, after))
    return tuple(differences(old, new))


def _say_the_same(old: Snapshot, new: Snapshot) -> bool:
    if int(old.version) < int(new.version):  # `drizzle-kit up` writes much of it anew
        return old.columns() == new.columns()
    return old.data.splitlines() == new.data.splitlines() or old.value == new.value


def _is_broken(database: Database, snapshot: Snapshot) -> bool:
    return any(link.snapshot == snapshot for link in broken_links(database))
