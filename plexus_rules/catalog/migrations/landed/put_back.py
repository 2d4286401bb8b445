"""How landed migrations are put back, for a remedy: what is renamed, what is restored."""

from __future__ import annotations

from collections.abc import Sequence

from plexus_rules.catalog.migrations.common import within
from plexus_rules.drizzle.change import Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import JournalEntry
from plexus_rules.drizzle.landed import snapshot_edit
from plexus_rules.trees import TreeError

#: What is said where a landed migration was to do something else.
INSTEAD = "For what is to be different, change the schema, and run {generate}."


def put_back(
    pair: Pair, base: Database, head: Database, run: Sequence[JournalEntry], *, edited: bool
) -> str:
    """What puts landed migrations back whose SQL is not where it was.

    ``edited`` is whether a file that is renamed has other SQL as well.
    """
    moves: dict[str, str] = {}
    losses: dict[str, None] = {}
    for entry in run:
        new = pair.renamed.get(entry.tag)
        sql = head.sql_path(entry.tag)
        if new is None:
            losses[within(head, sql)] = None
        else:
            moves[within(head, head.sql_path(new))] = within(head, sql)
            if edited:
                losses["its SQL"] = None
        _put_back_snapshot(base, head, entry, new, moves, losses)
    listed = {(entry.tag, entry.idx, entry.when) for entry in head.entries}
    unlisted = [e for e in run if (e.tag, e.idx, e.when) not in listed]
    if unlisted:
        its = "its entry" if len(run) == 1 else "their entries"
        losses[f"{its} in {within(head, head.journal_path)}"] = None
    if len(run) > 1:
        paths = [*moves.values(), *losses]
        kinds = [
            *(["SQL files"] if any(path.endswith(".sql") for path in paths) else []),
            *(["snapshots"] if any(path.endswith("_snapshot.json") for path in paths) else []),
            *(["journal entries"] if unlisted else []),
        ]
        names = ", under their old names" if moves else ""
        steps = f"Restore these {len(run)} migrations as they landed{names}: {_listed(kinds)}."
    else:
        steps = _steps(moves, losses)
    return f"{steps} {INSTEAD}" if edited or not moves else steps


def restored(head: Database, paths: Sequence[str]) -> str:
    """What puts snapshots back, and nothing else is wrong with their migrations."""
    if len(paths) > 1:
        return f"Restore these {len(paths)} snapshots as they landed."
    return f"Restore {within(head, paths[0])} as it landed."


def _put_back_snapshot(
    base: Database,
    head: Database,
    entry: JournalEntry,
    new: str | None,
    moves: dict[str, str],
    losses: dict[str, None],
) -> None:
    path = head.snapshot_path(entry.tag)
    if not base.tree.is_file(base.snapshot_path(entry.tag)):
        return
    if head.tree.is_file(path):
        try:
            is_edited = snapshot_edit(base, head, entry.tag) is not None
        except TreeError:
            return
        if is_edited:
            losses[within(head, path)] = None
    elif new is not None and head.tree.is_file(head.snapshot_path(new)):
        moves[within(head, head.snapshot_path(new))] = within(head, path)
    else:
        losses[within(head, path)] = None


def _steps(moves: dict[str, str], losses: dict[str, None]) -> str:
    sentences = []
    if moves:
        renames = [f"{new} back to {old}" for new, old in moves.items()]
        sentences.append(f"rename {_listed(renames)}")
    if losses:
        they = "they" if len(losses) > 1 else "it"
        sentences.append(f"restore {_listed(list(losses))} as {they} landed")
    text = ", and ".join(sentences)
    return f"{text[:1].upper()}{text[1:]}."


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
