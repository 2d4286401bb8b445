"""Landed SQL and snapshots that are not there any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plexus_rules.catalog.migrations.landed.put_back import put_back, restored
from plexus_rules.drizzle.causes import (
    follows_cause,
    made_cause,
    migration_cause,
    snapshot_cause,
)
from plexus_rules.drizzle.change import Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import runs
from plexus_rules.drizzle.landed import taken_back
from plexus_rules.finding import WHOLE_FILE, Related
from plexus_rules.rule import Problem, whole_file


def deleted_migrations(pair: Pair, base: Database, head: Database) -> Iterator[Problem]:
    """Landed migrations without their SQL, one problem for all that follow on each other."""
    gone = [
        entry
        for entry in pair.landed
        if base.has_sql(entry.tag) and not head.has_sql(entry.tag) and entry.tag not in pair.renamed
    ]
    listed = {entry.tag for entry in head.entries}
    for run in runs(gone):
        first, *rest = run
        tags = [tag for e in run for tag in {e.tag, pair.renamed_entries.get(e.tag, e.tag)}]
        causes = [migration_cause(head, tag) for tag in tags]
        causes += [snapshot_cause(head.snapshot_path(entry.tag)) for entry in run]
        follower = pair.follower(run[-1])
        if run[-1].tag not in listed and follower is not None:
            causes.append(follows_cause(head, follower.tag))
        if run[-1] is pair.landed[-1]:
            # What the migration made, and the schema still declares, is for it to make again.
            made = taken_back(base, head)
            causes += [made_cause(head, d.table, d.part, d.aspect) for d in made]
        yield whole_file(
            head.sql_path(first.tag),
            f"this landed migration is deleted{_more(rest)}",
            related=tuple(
                Related(head.sql_path(e.tag), WHOLE_FILE, "is deleted, too") for e in rest
            ),
            causes=tuple(causes),
            remedy=put_back(pair, base, head, run, edited=False),
        )


def deleted_snapshots(pair: Pair, base: Database, head: Database) -> Iterator[Problem]:
    """Snapshots of landed migrations that are there otherwise, likewise."""
    listed = {entry.tag for entry in head.entries}
    gone = [
        entry
        for entry in pair.landed
        if entry.tag in listed
        and head.has_sql(entry.tag)
        and base.has_snapshot(entry.tag)
        and not head.has_snapshot(entry.tag)
    ]
    for first, *rest in runs(gone):
        paths = list(dict.fromkeys(head.snapshot_path(entry.tag) for entry in (first, *rest)))
        causes = [snapshot_cause(path) for path in paths]
        if not rest:
            causes.append(migration_cause(head, first.tag))
        yield whole_file(
            paths[0],
            f"the snapshot of the landed migration {first.tag} is deleted{_more(paths[1:])}",
            related=tuple(Related(path, WHOLE_FILE, "is deleted, too") for path in paths[1:]),
            causes=tuple(causes),
            remedy=restored(head, paths),
        )


def _more(rest: Sequence[object]) -> str:
    return f", and {len(rest)} more after it" if rest else ""
