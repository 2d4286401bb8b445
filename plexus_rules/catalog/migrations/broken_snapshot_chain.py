"""Each snapshot names the one before it: where the chain breaks, a merge went wrong."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import literal, made_again, unjudged
from plexus_rules.drizzle.causes import follows_cause, migration_cause, snapshot_cause
from plexus_rules.drizzle.chain import BrokenLink, broken_links
from plexus_rules.drizzle.database import Database, Unreadable
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.snapshot import NO_ID, Snapshot
from plexus_rules.finding import Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_SECOND_COLUMN_BOTH,
    CUSTOM_MIGRATION_BOTH,
    SQUASH_BOTH,
)
from plexus_rules.trees import Replace

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every snapshot that does not follow on the one before it."""
    for database in repository.journaled:
        if isinstance(database.journal, Journal):
            for link in broken_links(database):
                yield _problem(repository, database, link)
            for snapshot in database.snapshots.values():
                if isinstance(snapshot, Unreadable):
                    yield Skipped(snapshot.path, snapshot.reason)
        elif database.exists:
            yield unjudged(database)


def _problem(repository: Repository, database: Database, link: BrokenLink) -> Problem:
    key = "prevId" if link.twin is None else "id"
    tag, path = link.entry.tag, link.snapshot.path
    causes = [follows_cause(database, tag), snapshot_cause(path)]
    causes += [migration_cause(database, e.tag) for e in _sharing(database, path)]
    if link.parent is not None and not _sharing(database, link.parent.path):
        causes.append(snapshot_cause(link.parent.path))  # it has lost its entry
    return Problem(
        path,
        link.snapshot.range(key),
        _message(database, link),
        related=tuple(_related(link)),
        causes=tuple(causes),
        remedy=(
            f"If {literal(tag)} has not landed: {made_again(database, repository, tag)}. If it "
            "has: do so in a scratch copy, and take over only the new snapshot."
        ),
    )


def _sharing(database: Database, path: str) -> list[JournalEntry]:
    return [entry for entry in database.entries if database.snapshot_path(entry.tag) == path]


def _message(database: Database, link: BrokenLink) -> str:
    if link.twin is not None:
        return f"this snapshot has the id of {_name(link.twin)}: one is a copy of the other"
    if link.before is None:
        if link.entry.position == 0:
            return "this is the first snapshot, and its prevId is not all zeros"
        return f"the prevId of this snapshot names {_parent(link)}, which is not the one before it"
    after = f"the prevId of this snapshot names {_parent(link)}, not {_name(link.before)} before it"
    if link.parent is not None and _sharing(database, link.parent.path):
        return f"{after}: it was generated on another branch, without the changes of that one"
    return after


def _parent(link: BrokenLink) -> str:
    if link.parent is not None:
        return _name(link.parent)
    return "no snapshot at all" if link.snapshot.prev_id == NO_ID else "a snapshot that is not here"


def _related(link: BrokenLink) -> Iterator[Related]:
    if link.twin is not None:
        yield Related(link.twin.path, link.twin.range("id"), "the same id")
    elif link.before is not None:
        yield Related(link.before.path, link.before.range("id"), "the id that it should name")
        if link.parent is not None:
            yield Related(link.parent.path, link.parent.range("id"), "the id that it names")


def _name(snapshot: Snapshot) -> str:
    return snapshot.path.rpartition("/")[2]


RULE = Rule(
    id="PLX207",
    name="broken-snapshot-chain",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never break the chain of snapshots: each names the one before it as its `prevId`.",
    why=(
        claims.SHARED_PARENT_COLLIDES,
        claims.BROKEN_CHAIN_GOES_UNNOTICED,
        claims.MERGED_NUMBERS_REPEAT_A_CHANGE,
        claims.TAMPERED_SNAPSHOT_HIDES_CHANGE,
    ),
    remedy=(
        "If the migration has not landed: delete its SQL, snapshot and journal entry, and run "
        "{generate}. If it has: do so in a scratch copy, and take over only the new snapshot."
    ),
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    check=check,
    examples=(
        Bad(
            "Two branches are merged, and one migration is only renumbered",
            given=(ADD_COLUMN_BOTH,),
            change=(
                ADD_SECOND_COLUMN_BOTH,
                Replace(
                    f"{_SQLITE}/meta/0003_snapshot.json",
                    '"prevId": "8c578d1d-5255-56df-93ac-7be361e6b8ca"',
                    '"prevId": "e91cde33-3909-5a4e-8751-5e0adc908e5f"',
                ),
            ),
            gives=(at(f"{_SQLITE}/meta/0003_snapshot.json", line=5),),
            note="Both name 0001 as the one before: generate stops at that, and still exits 0.",
        ),
        Bad(
            "A snapshot is copied from the one before it",
            change=(
                ADD_COLUMN_BOTH,
                Replace(
                    f"{_POSTGRES}/meta/0002_snapshot.json",
                    '"id": "3eb2b1db-09a6-547f-8ba6-9471cb1afd6d",\n'
                    '  "prevId": "4db8322a-7f09-5f75-b131-c61d69458e44"',
                    '"id": "4db8322a-7f09-5f75-b131-c61d69458e44",\n'
                    '  "prevId": "85e8b06d-65e1-5722-ad7b-a7cd80c7fc56"',
                ),
            ),
            gives=(at(f"{_POSTGRES}/meta/0002_snapshot.json", line=2),),
        ),
        Bad(
            "A snapshot names one that is not here",
            change=(
                ADD_COLUMN_BOTH,
                Replace(
                    f"{_SQLITE}/meta/0002_snapshot.json",
                    '"prevId": "e91cde33-3909-5a4e-8751-5e0adc908e5f"',
                    '"prevId": "a4ff6842-902a-5e82-a90d-60f547c645a6"',
                ),
            ),
            gives=(at(f"{_SQLITE}/meta/0002_snapshot.json", line=5),),
            note="It was generated after one that did not come along; drizzle-kit is content.",
        ),
        Bad(
            "The first snapshot names one before it",
            change=(
                SQUASH_BOTH,
                Replace(
                    f"{_SQLITE}/meta/0000_snapshot.json",
                    '"prevId": "00000000-0000-0000-0000-000000000000"',
                    '"prevId": "a2696fe0-13bd-5f06-98eb-3308d18961cf"',
                ),
            ),
            gives=(at(f"{_SQLITE}/meta/0000_snapshot.json", line=5),),
        ),
        Good(
            "A custom migration has a snapshot of its own",
            change=(CUSTOM_MIGRATION_BOTH,),
            note="The schema in it is the same, its id is not.",
        ),
        Good(
            "The history starts with `drizzle-kit pull`",
            given=(
                Replace(
                    f"{_SQLITE}/meta/0000_snapshot.json",
                    '"id": "a2696fe0-13bd-5f06-98eb-3308d18961cf",\n'
                    '  "prevId": "00000000-0000-0000-0000-000000000000"',
                    '"id": "00000000-0000-0000-0000-000000000000",\n  "prevId": ""',
                ),
                Replace(
                    f"{_SQLITE}/meta/0001_snapshot.json",
                    '"prevId": "a2696fe0-13bd-5f06-98eb-3308d18961cf"',
                    '"prevId": "00000000-0000-0000-0000-000000000000"',
                ),
            ),
            change=(ADD_COLUMN_BOTH,),
            note="pull gives the first snapshot no id, and the second names that.",
        ),
    ),
)
