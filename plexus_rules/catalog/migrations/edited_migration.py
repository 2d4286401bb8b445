"""A migration that has landed is history: it is followed by a newer one, never edited."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import make_again, unknown_base
from plexus_rules.catalog.migrations.landed.deleted import deleted_migrations, deleted_snapshots
from plexus_rules.catalog.migrations.landed.put_back import put_back, restored
from plexus_rules.drizzle.causes import migration_cause, snapshot_cause
from plexus_rules.drizzle.change import Change, Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal, runs
from plexus_rules.drizzle.landed import is_replaced, snapshot_edit, sql_edit
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, Range, Related, Severity
from plexus_rules.rule import (
    Bad,
    Correction,
    Good,
    Obligation,
    Problem,
    Rule,
    Skipped,
    at,
    whole_file,
)
from plexus_rules.samples import ADD_COLUMN_BOTH, ADD_SECOND_COLUMN_BOTH, SQUASH_BOTH
from plexus_rules.trees import Delete, Move, Replace, TreeError, Write

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_TAG, _NEW = "0001_add_request_tokens", "0002_add_client_request_id"
_LANDED = f"{_SQLITE}/{_TAG}.sql"
_SNAPSHOT = f"{_SQLITE}/meta/0000_snapshot.json"

_FIRST_ID = '"prevId": "e91cde33-3909-5a4e-8751-5e0adc908e5f"'
_UNKNOWN_ID = '"prevId": "5b3a7f0e-2f0c-4f0e-9a51-0f6f6d3f7c11"'
_ENTRY = """
    {
      "idx": 2,
      "version": "6",
      "when": 1742029200000,
      "tag": "0002_add_client_request_id",
      "breakpoints": true
    },"""


def check(change: Change) -> Iterator[Problem | Skipped]:
    """Every landed migration whose SQL or snapshot the head edits, renames or deletes."""
    for pair in change.pairs:
        base, head = pair.base, pair.head
        if base is None or head is None or not base.exists:
            continue
        if pair.is_squashed:
            if pair.is_emptied and not head.tree.is_file(head.out or ""):
                yield _emptied(pair, head)
            continue
        if isinstance(base.journal, Journal):
            yield from deleted_migrations(pair, base, head)
            yield from _renamed(pair, base, head)
            yield from _edited(change.head, pair, base, head)
            yield from deleted_snapshots(pair, base, head)
        else:
            yield unknown_base(base, head)


def _emptied(pair: Pair, head: Database) -> Problem:
    return whole_file(
        head.journal_path,
        f"the whole landed history is deleted ({len(pair.landed)} migrations), and none stands in "
        "its place",
        severity=Severity.WARNING,
        remedy="Restore the folder; or, if this is a squash, put the new history into the same "
        "change: {generate}.",
    )


def _renamed(pair: Pair, base: Database, head: Database) -> Iterator[Problem | Skipped]:
    for run in runs(entry for entry in pair.landed if entry.tag in pair.renamed):
        places: list[tuple[str, Range, str]] = []
        causes: list[str] = []
        edits = 0
        for entry in run:
            new = pair.renamed[entry.tag]
            edit = None
            try:
                edit = sql_edit(base, entry.tag, head, new)
            except TreeError as error:
                yield Skipped(head.sql_path(new), str(error))
            edits += edit is not None
            edited = ", and edited" if edit else ""
            message = f"is renamed{edited}; it landed as {entry.tag}.sql"
            places.append((head.sql_path(new), edit or WHOLE_FILE, message))
            for tag in (entry.tag, new):
                causes += [migration_cause(head, tag), snapshot_cause(head.snapshot_path(tag))]
        (path, place, message), *rest = places
        yield Problem(
            path,
            place,
            f"this landed migration {message}",
            related=tuple(Related(p, r, f"this one, too, {m}") for p, r, m in rest),
            causes=tuple(causes),
            remedy=put_back(pair, base, head, run, edited=edits > 0),
        )


def _edited(
    repository: Repository, pair: Pair, base: Database, head: Database
) -> Iterator[Problem | Skipped]:
    listed = {entry.tag for entry in head.entries}
    compared: set[str] = set()
    for entry in pair.landed:
        tag, path, sql = entry.tag, head.snapshot_path(entry.tag), head.sql_path(entry.tag)
        if not (base.has_sql(tag) and head.has_sql(tag)):
            continue
        cause = migration_cause(head, tag)
        try:
            place = sql_edit(base, tag, head, tag)
            if place is not None:
                yield Problem(sql, place, "this landed migration is edited", causes=(cause,))
        except TreeError as error:
            causes = (cause, snapshot_cause(path))
            what = "this landed migration"
            yield _replaced(base, head, base.sql_path(tag), sql, what, causes, error)
        # A snapshot without its entry is gone; migrations of one number share one.
        if tag not in listed or path in compared:
            continue
        compared.add(path)
        causes, what = (cause, snapshot_cause(path)), f"the snapshot of the landed migration {tag}"
        try:
            place = snapshot_edit(base, head, tag)
            if place is not None:
                remedy = _overwritten_by(repository, pair, head, path)
                yield Problem(path, place, f"{what} is edited", causes=causes, remedy=remedy)
        except TreeError as error:
            yield _replaced(base, head, base.snapshot_path(tag), path, what, causes, error)


def _replaced(
    base: Database,
    head: Database,
    before: str,
    path: str,
    what: str,
    causes: tuple[str, ...],
    error: TreeError,
) -> Problem | Skipped:
    """A problem where something else stands in place of a file; else why that cannot be read."""
    if not is_replaced(base, before, head, path):
        return Skipped(path, str(error))
    message = (
        f"in place of {what} stands a link that leaves the checked directory or leads nowhere, "
        "or something that is no file"
    )
    return whole_file(path, message, causes=causes, remedy=restored(head, [path]))


def _overwritten_by(repository: Repository, pair: Pair, head: Database, path: str) -> str:
    """What to do where a pending migration has the number, and so the snapshot, of a landed one."""
    found = next((e.tag for e in pair.pending if head.snapshot_path(e.tag) == path), None)
    return restored(head, [path]) if found is None else make_again(head, repository, found)


RULE = Rule(
    id="PLX201",
    name="edited-migration",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never edit, rename or delete a migration that has landed.",
    why=(
        claims.EDIT_NEVER_REACHES_OLD_DATABASES,
        claims.OLD_AND_NEW_DATABASES_DIVERGE,
        claims.NEXT_MIGRATION_FAILS_ON_OLD_DATABASES,
        claims.REBUILD_DROPS_UNKNOWN_COLUMNS,
        claims.MISSING_SQL_STOPS_START_UP,
        claims.RENAMED_RUNS_AGAIN_ON_V1,
    ),
    remedy="Restore the file as it landed, change the schema, and run {generate}.",
    line=lines.LANDED_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    source=("NEVER Edit Existing Migrations",),
    corrects=(
        Correction(
            "an edit breaks production databases: their history is out of sync",
            "most often nothing fails at once: the edit never reaches them, silently",
            (claims.EDIT_NEVER_REACHES_OLD_DATABASES, claims.OLD_AND_NEW_DATABASES_DIVERGE),
        ),
        Correction(
            "an edit can lose or corrupt data",
            "by way of a later rebuild, which copies only what the edited history knows",
            (claims.REBUILD_DROPS_UNKNOWN_COLUMNS,),
        ),
    ),
    unseen=(
        "What a snapshot says beyond its tables and columns, where `drizzle-kit up` rewrote it; "
        "a snapshot that was replaced to mend a broken chain; and what a history that replaces "
        "the whole landed one (a squash) does to databases that ran it."
    ),
    check=check,
    examples=(
        Bad(
            "A column is slipped into a landed migration",
            change=(
                Replace(
                    _LANDED,
                    "ADD `tokens_output` integer DEFAULT 0 NOT NULL;",
                    "ADD `tokens_output` integer DEFAULT 0 NOT NULL;--> statement-breakpoint\n"
                    "ALTER TABLE `request_usage` ADD `tokens_cached` integer;",
                ),
            ),
            gives=(at(_LANDED, line=2),),
        ),
        Bad(
            "A landed migration gets a better name",
            change=(
                Move(f"{_POSTGRES}/{_TAG}.sql", f"{_POSTGRES}/0001_request_tokens.sql"),
                Replace(f"{_POSTGRES}/meta/_journal.json", _TAG, "0001_request_tokens"),
            ),
            gives=(at(f"{_POSTGRES}/0001_request_tokens.sql"),),
            note="The file and its entry are renamed together: one cause, one finding.",
        ),
        Bad(
            "A landed migration gets another number",
            given=(ADD_COLUMN_BOTH,),
            change=(
                Move(f"{_SQLITE}/{_NEW}.sql", f"{_SQLITE}/0003_add_client_request_id.sql"),
                Move(f"{_SQLITE}/meta/0002_snapshot.json", f"{_SQLITE}/meta/0003_snapshot.json"),
                Replace(
                    f"{_SQLITE}/meta/_journal.json",
                    '"idx": 2,\n      "version": "6",\n      "when": 1742029200000,\n'
                    '      "tag": "0002',
                    '"idx": 3,\n      "version": "6",\n      "when": 1742029200000,\n'
                    '      "tag": "0003',
                ),
            ),
            gives=(at(f"{_SQLITE}/0003_add_client_request_id.sql"),),
        ),
        Bad(
            "A landed migration is taken back",
            given=(ADD_COLUMN_BOTH, ADD_SECOND_COLUMN_BOTH),
            change=(
                Delete(f"{_SQLITE}/{_NEW}.sql"),
                Delete(f"{_SQLITE}/meta/0002_snapshot.json"),
                Replace(f"{_SQLITE}/meta/_journal.json", _ENTRY, ""),
            ),
            gives=(at(f"{_SQLITE}/{_NEW}.sql"),),
            note="The entry that is gone, and the one that now follows on nothing, go with it.",
        ),
        Bad(
            "A landed migration is deleted and its entry stays",
            change=(Delete(_LANDED),),
            gives=(at(_LANDED),),
        ),
        Bad(
            "Landed snapshots are deleted to save space",
            change=(
                Delete(f"{_POSTGRES}/meta/0000_snapshot.json"),
                Delete(f"{_POSTGRES}/meta/0001_snapshot.json"),
            ),
            gives=(at(f"{_POSTGRES}/meta/0000_snapshot.json"),),
        ),
        Bad(
            "The snapshot of a landed migration is edited",
            change=(Replace(_SNAPSHOT, '"default": true', '"default": false'),),
            gives=(at(_SNAPSHOT, line=97),),
        ),
        Bad(
            "A whole history is deleted, and none stands in its place",
            change=(Delete(_SQLITE),),
            gives=(at(f"{_SQLITE}/meta/_journal.json"),),
        ),
        Good(
            "The column arrives in a migration of its own",
            change=(ADD_COLUMN_BOTH,),
        ),
        Good(
            "A pending migration gets a better name",
            change=(
                ADD_COLUMN_BOTH,
                Move(f"{_POSTGRES}/{_NEW}.sql", f"{_POSTGRES}/0002_trace_requests.sql"),
                Replace(f"{_POSTGRES}/meta/_journal.json", _NEW, "0002_trace_requests"),
            ),
            note="No other database has run it yet.",
        ),
        Good(
            "An editor changes the line ends of a landed migration",
            change=(
                Write(
                    _LANDED,
                    "ALTER TABLE `request_usage` ADD `tokens_input` integer DEFAULT 0 NOT NULL;"
                    "--> statement-breakpoint\r\n"
                    "ALTER TABLE `request_usage` ADD `tokens_output` integer DEFAULT 0 NOT NULL;"
                    "\r\n",
                ),
            ),
        ),
        Good(
            "A formatter lays out a landed snapshot anew",
            change=(
                Replace(
                    f"{_SQLITE}/meta/0001_snapshot.json",
                    '{\n  "version": "6",\n  "dialect": "sqlite",',
                    '{"version": "6", "dialect": "sqlite",',
                ),
            ),
            note="JSON is compared by what it says.",
        ),
        Good(
            "A lost snapshot is brought back",
            given=(Move(f"{_SQLITE}/meta/0001_snapshot.json", "0001_snapshot.json"),),
            change=(Move("0001_snapshot.json", f"{_SQLITE}/meta/0001_snapshot.json"),),
        ),
        Good(
            "A snapshot is replaced to mend the chain",
            given=(
                ADD_COLUMN_BOTH,
                Replace(f"{_SQLITE}/meta/0002_snapshot.json", _FIRST_ID, _UNKNOWN_ID),
            ),
            change=(Replace(f"{_SQLITE}/meta/0002_snapshot.json", _UNKNOWN_ID, _FIRST_ID),),
        ),
        Good(
            "A whole history is squashed",
            change=(SQUASH_BOTH,),
            note="A deliberate new beginning: databases that ran the old history need a plan.",
        ),
    ),
)
