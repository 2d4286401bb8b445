"""A migration that has landed is history: it is followed by a newer one, never edited."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.drizzle.causes import migration_cause
from plexus_rules.drizzle.change import Change, Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.snapshot import Snapshot
from plexus_rules.drizzle.text import first_difference
from plexus_rules.finding import WHOLE_FILE
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at, whole_file
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_SECOND_COLUMN_BOTH,
    SQUASH_BOTH,
)
from plexus_rules.trees import Delete, Move, Replace, TreeError

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"


def check(change: Change) -> Iterator[Problem | Skipped]:
    """Every landed migration whose SQL or snapshot the head edits, renames or deletes."""
    for pair in change.pairs:
        if pair.base is None or pair.head is None or pair.is_squashed:
            continue
        for entry in pair.landed:
            try:
                yield from _sql(pair, pair.base, pair.head, entry)
                yield from _snapshot(pair.base, pair.head, entry)
            except TreeError as error:
                yield Skipped(pair.head.sql_path(entry.tag), str(error))


def _sql(pair: Pair, base: Database, head: Database, entry: JournalEntry) -> Iterator[Problem]:
    tag, path = entry.tag, head.sql_path(entry.tag)
    causes: tuple[str, ...] = (migration_cause(head, tag),)
    if tag not in base.sql_tags:
        return
    if tag not in head.sql_tags:
        renamed = _renamed(base, head, tag)
        if renamed is None:
            yield whole_file(path, "this landed migration is deleted", causes=causes)
        else:
            causes = (*causes, migration_cause(head, renamed))
            message = f"this landed migration is renamed; it landed as {tag}.sql"
            yield whole_file(head.sql_path(renamed), message, causes=causes)
    elif base.tree.blob(base.sql_path(tag)) != head.tree.blob(path):
        place = first_difference(base.sql(tag), head.sql(tag))
        if place is not None:
            yield Problem(path, place, "this landed migration is edited", causes=causes)


def _renamed(base: Database, head: Database, tag: str) -> str | None:
    """The new name of a migration, if a file that the base does not have holds its SQL."""
    before = base.sql(tag).strip()
    fresh = (t for t in head.sql_tags if t not in base.sql_tags)
    return next((t for t in fresh if before and head.sql(t).strip() == before), None)


def _snapshot(base: Database, head: Database, entry: JournalEntry) -> Iterator[Problem]:
    before, after = base.snapshot_path(entry.tag), head.snapshot_path(entry.tag)
    causes = (migration_cause(head, entry.tag),)
    if not base.tree.is_file(before):
        return
    if not head.tree.is_file(after):
        if entry.tag in head.sql_tags:
            message = f"the snapshot of the landed migration {entry.tag} is deleted"
            yield whole_file(after, message, causes=causes)
    elif base.tree.blob(before) != head.tree.blob(after):
        old, new = base.snapshots[before], head.snapshots[after]
        if not isinstance(old, Snapshot) or not isinstance(new, Snapshot):
            return  # a snapshot that cannot be read is a finding of its own
        # `drizzle-kit up` rewrites old snapshots in the format of a newer version.
        if old.version == new.version and old.value != new.value:
            place = first_difference(base.tree.text(before), head.tree.text(after)) or WHOLE_FILE
            message = f"the snapshot of the landed migration {entry.tag} is edited"
            yield Problem(after, place, message, causes=causes)


RULE = Rule(
    id="PLX201",
    name="edited-migration",
    obligation=Obligation.NEVER,
    statement="Never edit, rename or delete a migration that has landed.",
    why=(
        claims.EDIT_NEVER_REACHES_OLD_DATABASES,
        claims.OLD_AND_NEW_DATABASES_DIVERGE,
        claims.NEXT_MIGRATION_FAILS_ON_OLD_DATABASES,
        claims.REBUILD_DROPS_UNKNOWN_COLUMNS,
    ),
    remedy="Restore the file as it landed, change the schema, and run {generate}.",
    line=lines.LANDED_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    source=("NEVER Edit Existing Migrations",),
    check=check,
    examples=(
        Bad(
            "A column is slipped into a landed migration",
            change=(
                Replace(
                    f"{_SQLITE}/0001_add_request_tokens.sql",
                    "ADD `tokens_output` integer DEFAULT 0 NOT NULL;",
                    "ADD `tokens_output` integer DEFAULT 0 NOT NULL;--> statement-breakpoint\n"
                    "ALTER TABLE `request_usage` ADD `tokens_cached` integer;",
                ),
            ),
            gives=(at(f"{_SQLITE}/0001_add_request_tokens.sql", line=2),),
        ),
        Bad(
            "A landed migration gets a better name",
            change=(
                Move(
                    f"{_POSTGRES}/0001_add_request_tokens.sql",
                    f"{_POSTGRES}/0001_request_tokens.sql",
                ),
                Replace(
                    f"{_POSTGRES}/meta/_journal.json",
                    "0001_add_request_tokens",
                    "0001_request_tokens",
                ),
            ),
            gives=(at(f"{_POSTGRES}/0001_request_tokens.sql"),),
            note="The file and its entry are renamed together: one cause, one finding.",
        ),
        Bad(
            "A landed migration is deleted and its entry stays",
            change=(Delete(f"{_SQLITE}/0001_add_request_tokens.sql"),),
            gives=(at(f"{_SQLITE}/0001_add_request_tokens.sql"),),
        ),
        Bad(
            "The snapshot of a landed migration is edited",
            change=(
                Replace(
                    f"{_SQLITE}/meta/0000_snapshot.json",
                    '"default": true',
                    '"default": false',
                ),
            ),
            gives=(at(f"{_SQLITE}/meta/0000_snapshot.json", line=97),),
        ),
        Good(
            "The column arrives in a migration of its own",
            change=(ADD_COLUMN_BOTH,),
        ),
        Good(
            "A pending migration is written anew",
            given=(ADD_COLUMN_BOTH,),
            change=(ADD_SECOND_COLUMN_BOTH,),
        ),
        Good(
            "A whole history is squashed",
            change=(SQUASH_BOTH,),
            note="Every landed migration goes at once, and none is left that could be skipped.",
        ),
    ),
)
