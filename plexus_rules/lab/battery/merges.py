"""Two branches that each made a migration 0002, and the ways in which they are merged.

The target added ``client_request_id``, the branch ``finish_reason``. PostgreSQL's migrations are
merged as they should be; what is wrong is done to SQLite's.
"""

from __future__ import annotations

from plexus_rules.lab.battery.model import (
    JOURNAL,
    POSTGRES,
    SQLITE,
    Changes,
    Found,
    State,
    conflicting,
    entries,
    journal,
    snapshot,
    taken,
    value_of,
)
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_OTHER_COLUMN_BOTH,
    MERGE_OTHER_COLUMN_BOTH,
    recorded,
)
from plexus_rules.trees import Delete, Edit, Write

_TARGET = f"{SQLITE}/0002_add_client_request_id.sql"
_BRANCH = f"{SQLITE}/0002_add_finish_reason.sql"
_MERGED = f"{SQLITE}/0003_add_finish_reason.sql"
_SECOND, _THIRD = f"{SQLITE}/meta/0002_snapshot.json", f"{SQLITE}/meta/0003_snapshot.json"

_LANDED = entries(None)
_TARGET_ENTRY = entries(ADD_COLUMN_BOTH)[-1]
_BRANCH_ENTRY = entries(ADD_OTHER_COLUMN_BOTH)[-1]
_RENUMBERED_ENTRY = {**_BRANCH_ENTRY, "idx": 3, "tag": "0003_add_finish_reason"}
_TARGET_ID, _BRANCH_ID = (
    value_of(step, _SECOND, "id") for step in (ADD_COLUMN_BOTH, ADD_OTHER_COLUMN_BOTH)
)
_PARENT_ID = value_of(ADD_COLUMN_BOTH, _SECOND, "prevId")

_BRANCH_SQL = taken(ADD_OTHER_COLUMN_BOTH, _BRANCH)
_BRANCH_SNAPSHOT = taken(ADD_OTHER_COLUMN_BOTH, _SECOND)
_RENUMBERED_SQL = taken(ADD_OTHER_COLUMN_BOTH, _BRANCH, _MERGED)
_RENUMBERED_SNAPSHOT = taken(ADD_OTHER_COLUMN_BOTH, _SECOND, _THIRD)
_BOTH_ENTRIES = journal([*_LANDED, _TARGET_ENTRY, _BRANCH_ENTRY])
_RENUMBERED_ENTRIES = journal([*_LANDED, _TARGET_ENTRY, _RENUMBERED_ENTRY])

_RIGHT: Changes = (ADD_COLUMN_BOTH, MERGE_OTHER_COLUMN_BOTH)
#: The right merge, without anything of SQLite's third migration.
_STARTED: Changes = (*_RIGHT, Delete(_MERGED), Delete(_THIRD))

#: To the target PostgreSQL's part is right; to the branch it renames a migration.
_RENAMED_IN_POSTGRES = Found("PLX201", f"{POSTGRES}/0003_add_finish_reason.sql")


def _merge(
    name: str,
    title: str,
    *edits: Edit,
    target: Found,
    fork: Found,
    branch: Found | tuple[Found, ...],
    note: str = "",
) -> tuple[State, ...]:
    """One wrong merge, compared with the target, with the branch, and with their merge base."""
    after = (*_STARTED, *edits)
    seen = branch if isinstance(branch, tuple) else (branch,)
    return (
        State(f"merge-{name}", title, (ADD_COLUMN_BOTH,), after, (target,), note),
        State(f"merge-{name}-from-fork", f"{title} (from the merge base)", (), after, (fork,)),
        State(
            f"merge-{name}-from-branch",
            f"{title} (from the branch)",
            (ADD_OTHER_COLUMN_BOTH,),
            after,
            (*seen, _RENAMED_IN_POSTGRES),
        ),
    )


def _texts(path: str) -> tuple[str, str]:
    both = (recorded(step).files[path] for step in (ADD_COLUMN_BOTH, ADD_OTHER_COLUMN_BOTH))
    ours, theirs = (f"{data.decode()}\n" for data in both)
    return ours, theirs


_NUMBER_TWICE = Found("PLX205", JOURNAL)
_OVERWRITTEN = Found("PLX201", _SECOND)
_EDITED_JOURNAL = Found("PLX204", JOURNAL)
_RENAMED = Found("PLX201", _MERGED)
_CHAIN = Found("PLX207", _THIRD)
_UNREADABLE = Found("PLX211", JOURNAL)

RIGHT_MERGES = (
    State(
        "right-merge",
        "The target's migrations are kept, and the branch's is generated again",
        (ADD_COLUMN_BOTH,),
        _RIGHT,
    ),
    State(
        "right-merge-from-fork",
        "The right merge, compared with the merge base",
        (),
        _RIGHT,
    ),
)

WRONG_MERGES = (
    *_merge(
        "target-snapshot",
        "Both entries are kept, and the target's snapshot",
        _BRANCH_SQL,
        _BOTH_ENTRIES,
        target=_NUMBER_TWICE,
        fork=_NUMBER_TWICE,
        branch=_OVERWRITTEN,
        note="generate then makes the branch's column a second time.",
    ),
    *_merge(
        "branch-snapshot",
        "Both entries are kept, and the branch's snapshot",
        _BRANCH_SQL,
        _BRANCH_SNAPSHOT,
        _BOTH_ENTRIES,
        target=_OVERWRITTEN,
        fork=_NUMBER_TWICE,
        branch=_EDITED_JOURNAL,
        note="generate then makes the target's column a second time.",
    ),
    *_merge(
        "branch-first",
        "Both entries are kept, the branch's before the target's",
        _BRANCH_SQL,
        journal([*_LANDED, _BRANCH_ENTRY, _TARGET_ENTRY]),
        target=_EDITED_JOURNAL,
        fork=_NUMBER_TWICE,
        branch=_OVERWRITTEN,
        note="A database that is at the target already skips the branch's migration.",
    ),
    *_merge(
        "united-snapshot",
        "Both entries are kept, and one snapshot is made by hand to hold both columns",
        _BRANCH_SQL,
        snapshot(MERGE_OTHER_COLUMN_BOTH, _THIRD, _SECOND, id=_TARGET_ID, prevId=_PARENT_ID),
        _BOTH_ENTRIES,
        target=_OVERWRITTEN,
        fork=_NUMBER_TWICE,
        branch=_OVERWRITTEN,
    ),
    *_merge(
        "same-parent",
        "The branch's migration is renumbered, and its snapshot follows on the same one",
        _RENUMBERED_SQL,
        _RENUMBERED_SNAPSHOT,
        _RENUMBERED_ENTRIES,
        target=_CHAIN,
        fork=_CHAIN,
        branch=_RENAMED,
        note="drizzle-kit reports a collision of the two, and generate still exits 0.",
    ),
    *_merge(
        "chain-by-hand",
        "The branch's migration is renumbered, and its snapshot names the target's",
        _RENUMBERED_SQL,
        snapshot(ADD_OTHER_COLUMN_BOTH, _SECOND, _THIRD, prevId=_TARGET_ID),
        _RENUMBERED_ENTRIES,
        target=Found("PLX208", _THIRD),
        fork=Found("PLX208", _THIRD),
        branch=_RENAMED,
        note="The snapshot lacks the target's column: generate makes it a second time.",
    ),
    *_merge(
        "snapshot-forgotten",
        "The branch's migration is renumbered without its snapshot",
        _RENUMBERED_SQL,
        _RENUMBERED_ENTRIES,
        target=Found("PLX206", JOURNAL),
        fork=Found("PLX206", JOURNAL),
        branch=_RENAMED,
    ),
    *_merge(
        "idx-forgotten",
        "The branch's migration is renumbered, and its idx is not",
        _RENUMBERED_SQL,
        _RENUMBERED_SNAPSHOT,
        journal([*_LANDED, _TARGET_ENTRY, {**_RENUMBERED_ENTRY, "idx": 2}]),
        target=_NUMBER_TWICE,
        fork=_NUMBER_TWICE,
        branch=_RENAMED,
    ),
    *_merge(
        "sql-renumbered",
        "Only the SQL of the branch's migration is renumbered",
        _RENUMBERED_SQL,
        _BOTH_ENTRIES,
        target=Found("PLX202", _MERGED),
        fork=Found("PLX202", _MERGED),
        branch=_RENAMED,
    ),
    *_merge(
        "branch-entry-lost",
        "The branch's entry is lost",
        _BRANCH_SQL,
        journal([*_LANDED, _TARGET_ENTRY]),
        target=Found("PLX202", _BRANCH),
        fork=Found("PLX202", _BRANCH),
        branch=_EDITED_JOURNAL,
    ),
    *_merge(
        "target-entry-lost",
        "The target's entry is lost",
        _BRANCH_SQL,
        _BRANCH_SNAPSHOT,
        journal([*_LANDED, _BRANCH_ENTRY]),
        target=_EDITED_JOURNAL,
        fork=Found("PLX202", _TARGET),
        branch=Found("PLX202", _TARGET),
    ),
    *_merge(
        "branch-sql-lost",
        "The branch's SQL is lost, and its entry kept",
        _BOTH_ENTRIES,
        target=Found("PLX203", JOURNAL),
        fork=Found("PLX203", JOURNAL),
        branch=Found("PLX201", _BRANCH),
    ),
    *_merge(
        "renumbered-sql-lost",
        "The branch's migration is renumbered, and its SQL lost",
        _RENUMBERED_SNAPSHOT,
        _RENUMBERED_ENTRIES,
        target=Found("PLX203", JOURNAL),
        fork=Found("PLX203", JOURNAL),
        branch=Found("PLX201", _BRANCH),
    ),
    *_merge(
        "target-sql-lost",
        "The target's SQL is lost, and its entry kept",
        _BRANCH_SQL,
        Delete(_TARGET),
        _BOTH_ENTRIES,
        target=Found("PLX201", _TARGET),
        fork=Found("PLX203", JOURNAL),
        branch=(_OVERWRITTEN, Found("PLX203", JOURNAL)),
    ),
    *_merge(
        "older-when",
        "The branch's migration comes last, and is the older one",
        _RENUMBERED_SQL,
        snapshot(MERGE_OTHER_COLUMN_BOTH, _THIRD, id=_BRANCH_ID),
        journal([*_LANDED, _TARGET_ENTRY, {**_RENUMBERED_ENTRY, "when": 1741942800000}]),
        target=_NUMBER_TWICE,
        fork=_NUMBER_TWICE,
        branch=_RENAMED,
        note="A database that is at the target already skips it.",
    ),
    *_merge(
        "conflict-in-journal",
        "The conflict is left in the journal",
        _BRANCH_SQL,
        Write(JOURNAL, conflicting(*_texts(JOURNAL))),
        target=_UNREADABLE,
        fork=_UNREADABLE,
        branch=_UNREADABLE,
    ),
    *_merge(
        "conflict-in-snapshot",
        "The conflict is left in the snapshot, and both entries are kept",
        _BRANCH_SQL,
        Write(_SECOND, conflicting(*_texts(_SECOND))),
        _BOTH_ENTRIES,
        target=_NUMBER_TWICE,
        fork=_NUMBER_TWICE,
        branch=_EDITED_JOURNAL,
    ),
)
