"""What the journal has said of a landed migration, databases have gone by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import make_again, unjudged, unknown_base
from plexus_rules.drizzle.causes import follows_cause, migration_cause, snapshot_cause
from plexus_rules.drizzle.change import Change, Pair
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.journal import Journal, JournalEntry, runs
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Range, Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import ADD_COLUMN_BOTH, ADD_SECOND_COLUMN_BOTH, SQUASH_BOTH
from plexus_rules.trees import Move, Replace, Write

_SQLITE = "packages/backend/drizzle/migrations"
_POSTGRES = "packages/backend/drizzle/migrations_pg"
_JOURNAL = f"{_SQLITE}/meta/_journal.json"


def check(change: Change) -> Iterator[Problem | Skipped]:
    """What the head does to the entries that its base's journals have."""
    for pair in change.pairs:
        base, head = pair.base, pair.head
        if base is None or head is None or pair.is_squashed or not base.exists:
            continue
        if not isinstance(base.journal, Journal):
            yield unknown_base(base, head)
        elif isinstance(head.journal, Journal):
            yield from _Comparison(change.head, pair, head, head.journal).problems()
        elif head.exists:
            yield unjudged(head)


class _Comparison:
    """The landed entries of one journal, and what has become of them."""

    def __init__(
        self, repository: Repository, pair: Pair, head: Database, journal: Journal
    ) -> None:
        self.repository = repository
        self.pair = pair
        self.head = head
        self.journal = journal
        by_tag = {entry.tag: entry for entry in reversed(journal.entries)}
        #: Each landed entry that is still there, and as what, in the order in which they landed.
        self.kept: list[tuple[JournalEntry, JournalEntry]] = [
            (entry, by_tag[tag])
            for entry in pair.landed
            if (tag := pair.renamed_entries.get(entry.tag, entry.tag)) in by_tag
        ]

    def problems(self) -> Iterator[Problem]:
        yield from self._removed()
        yield from self._renamed()
        yield from self._inserted()
        yield from self._reordered()
        yield from self._changed("when", [(o, n) for o, n in self.kept if o.when != n.when])
        yield from self._changed(
            "idx", [(o, n) for o, n in self.kept if self._is_misnumbered(o, n)]
        )
        changed = [(o, n) for o, n in self.kept if o.breakpoints != n.breakpoints]
        yield from self._changed("breakpoints", changed)

    def _problem(
        self,
        place: Range,
        message: str,
        tags: Iterable[str],
        followers: Iterable[JournalEntry | None] = (),
        related: Iterable[Related] = (),
        more: Iterable[str] = (),
        remedy: str | None = None,
    ) -> Problem:
        causes = [migration_cause(self.head, tag) for tag in tags]
        causes += [follows_cause(self.head, entry.tag) for entry in followers if entry]
        all_causes = (*causes, *more)
        path = self.journal.path
        return Problem(path, place, message, tuple(related), all_causes, remedy=remedy)

    def _removed(self) -> Iterator[Problem]:
        kept = {entry for entry, _ in self.kept}
        for run in runs(entry for entry in self.pair.landed if entry not in kept):
            follower = self.pair.follower(run[-1])
            near = follower or self.journal.entries[-1]
            tags = [entry.tag for entry in run]
            message = f"the landed entry {tags[0]} is removed"
            if len(tags) > 1:
                message = f"{len(tags)} landed entries are removed, {tags[0]} to {tags[-1]}"
            yield self._problem(self.journal.range(near, "tag"), message, tags, [follower])

    def _renamed(self) -> Iterator[Problem]:
        became = {old: new for old, new in self.kept if old.tag != new.tag}
        for run in runs(became):
            (old, new), *rest = [(entry, became[entry]) for entry in run]
            yield self._problem(
                self.journal.range(new, "tag"),
                f"the landed entry {old.tag} is renamed to {new.tag}",
                [tag for entry in run for tag in (entry.tag, became[entry].tag)],
                related=(
                    self._related(n, "tag", f"{o.tag} is renamed to {n.tag}") for o, n in rest
                ),
            )

    def _inserted(self) -> Iterator[Problem]:
        landed = {new for _, new in self.kept}
        highest = max((old.when for old, _ in self.kept), default=0)
        last = max((entry.position for entry in landed), default=-1)
        for run in runs(e for e in self.journal.entries[:last] if e not in landed):
            follower = self.journal.entries[run[-1].position + 1]
            tags = [entry.tag for entry in run]
            names = tags[0] if len(tags) == 1 else f"{tags[0]} to {tags[-1]}"
            message = f"{names} is inserted before {follower.tag}, which has landed"
            if run[0].when <= highest:
                message += ": databases that have run the landed migrations skip it"
            else:
                message += ": fresh databases run it before, all others after"
            later = [e for e in self.journal.entries[run[-1].position :] if e.when <= run[-1].when]
            tags += [entry.tag for entry in later]
            # Renumbering the landed one, or writing over its snapshot, is one act with it.
            more = [snapshot_cause(self.head.snapshot_path(entry.tag)) for entry in run]
            if follower.tag in self.pair.renamed_entries.values():
                more.append(migration_cause(self.head, follower.tag))
            yield self._problem(
                self.journal.range(run[0], "tag"),
                message,
                tags,
                [follower],
                more=more,
                remedy=None if run[1:] else make_again(self.head, self.repository, run[0].tag),
            )

    def _reordered(self) -> Iterator[Problem]:
        """The entries that stand after one that landed later than they did."""
        order = {new: old.position for old, new in self.kept}
        highest: JournalEntry | None = None
        late: list[tuple[JournalEntry, JournalEntry]] = []
        for entry in self.journal.entries:
            if entry not in order:
                continue
            if highest is not None and order[entry] < order[highest]:
                late.append((entry, highest))
            else:
                highest = entry
        if late:
            (entry, before), *rest = late
            place, where = entry, f"behind {before.tag}"
            if rest and all(b is before for _, b in rest):
                place, where = before, f"before {entry.tag}"
            moved = {e for pair in late for e in pair}
            landed = self.pair.landed
            previous = dict(zip(landed[1:], landed, strict=False))
            followers = [
                new
                for old, new in self.kept
                if _tag(previous.get(old)) != _tag(self._previous(new))
            ]
            yield self._problem(
                self.journal.range(place, "tag"),
                f"the landed entry {place.tag} is moved {where}",
                [e.tag for e in self.journal.entries if e in moved],
                followers,
                (self._related(e, "tag", f"{e.tag} stands behind {b.tag}") for e, b in rest),
            )

    def _changed(
        self, key: str, changed: list[tuple[JournalEntry, JournalEntry]]
    ) -> Iterator[Problem]:
        if not changed:
            return
        (old, new), *rest = changed
        more = f" and of {len(rest)} more" if rest else ""
        before = getattr(old, key) if key != "breakpoints" else str(old.breakpoints).lower()
        message = f"the {key} of the landed entry {new.tag}{more} is changed"
        if not rest:
            message += f"; it landed as {before}"
        yield self._problem(
            self.journal.range(new, key),
            message,
            [n.tag for _, n in changed],
            [n for _, n in changed] if key == "idx" else (),
            (self._related(n, key, f"the {key} of {n.tag} is changed, too") for _, n in rest),
        )

    def _is_misnumbered(self, old: JournalEntry, new: JournalEntry) -> bool:
        """Whether an ``idx`` is changed, and not only put right where its position is another."""
        return old.idx != new.idx and new.idx != new.position

    def _previous(self, entry: JournalEntry) -> JournalEntry | None:
        return self.journal.entries[entry.position - 1] if entry.position else None

    def _related(self, entry: JournalEntry, key: str, message: str) -> Related:
        return Related(self.journal.path, self.journal.range(entry, key), message)


def _tag(entry: JournalEntry | None) -> str:
    return entry.tag if entry else ""


_SECOND_ENTRY = """    {
      "idx": 1,
      "version": "6",
      "when": 1741424400000,
      "tag": "0001_add_request_tokens",
      "breakpoints": true
    }"""
_THIRD_ENTRY = """    {
      "idx": 2,
      "version": "6",
      "when": 1742029200000,
      "tag": "0002_add_client_request_id",
      "breakpoints": true
    }"""
_PG_SNAPSHOTS = (f"{_POSTGRES}/meta/0000_snapshot.json", f"{_POSTGRES}/meta/0001_snapshot.json")

RULE = Rule(
    id="PLX204",
    name="edited-journal",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never change, remove or reorder the journal entry of a landed migration.",
    why=(
        claims.REMOVED_ENTRY_IS_FORGOTTEN,
        claims.WHEN_ALONE_IS_COMPARED,
        claims.RAISED_WHEN_RUNS_AGAIN,
        claims.OLDER_WHEN_IS_SKIPPED,
        claims.ORDER_OF_ARRAY_ON_FRESH_DATABASES,
    ),
    remedy="Restore the journal as it landed; a new entry comes from {generate} alone.",
    line=lines.LANDED_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    source=("NEVER Manually Create Migration Files", "The ONLY Correct Migration Workflow"),
    check=check,
    examples=(
        Bad(
            "The newest entry is removed",
            given=(ADD_COLUMN_BOTH,),
            change=(Replace(_JOURNAL, f",\n{_THIRD_ENTRY}", ""),),
            gives=(at(_JOURNAL, line=16),),
            note="Its SQL and snapshot, which no entry lists now, belong to the same cause.",
        ),
        Bad(
            "An entry is removed from the middle, and the rest renumbered",
            given=(ADD_COLUMN_BOTH,),
            change=(
                Replace(_JOURNAL, f"{_SECOND_ENTRY},\n", ""),
                Replace(_JOURNAL, '"idx": 2', '"idx": 1'),
            ),
            gives=(at(_JOURNAL, line=16),),
        ),
        Bad(
            "A landed migration is dated anew, to run once more",
            change=(Replace(_JOURNAL, '"when": 1741424400000', '"when": 1742029200000'),),
            gives=(at(_JOURNAL, line=15),),
        ),
        Bad(
            "Two landed migrations change places",
            given=(ADD_COLUMN_BOTH,),
            change=(
                Replace(
                    _JOURNAL,
                    f"{_SECOND_ENTRY},\n{_THIRD_ENTRY}",
                    f"{_THIRD_ENTRY},\n{_SECOND_ENTRY}",
                ),
                Replace(_JOURNAL, '"idx": 2', '"idx": 10'),
                Replace(_JOURNAL, '"idx": 1,', '"idx": 2,'),
                Replace(_JOURNAL, '"idx": 10', '"idx": 1'),
            ),
            gives=(at(_JOURNAL, line=23),),
            note="That the times and snapshots do not follow any more is a consequence.",
        ),
        Bad(
            "A new migration is put before landed ones",
            change=(
                Write(f"{_SQLITE}/0000_pragmas.sql", "PRAGMA journal_mode = WAL;\n"),
                Replace(
                    _JOURNAL,
                    _SECOND_ENTRY,
                    _SECOND_ENTRY.replace("1741424400000", "1740906000000").replace(
                        "0001_add_request_tokens", "0000_pragmas"
                    )
                    + ",\n"
                    + _SECOND_ENTRY.replace('"idx": 1', '"idx": 2'),
                ),
            ),
            gives=(at(_JOURNAL, line=16),),
            note="Databases that have run 0001 skip it: only fresh ones get it.",
        ),
        Bad(
            "A landed entry gets another number",
            change=(Replace(_JOURNAL, '"idx": 1', '"idx": 2'),),
            gives=(at(_JOURNAL, line=13),),
        ),
        Bad(
            "An entry says that its SQL has no breakpoints",
            change=(
                Replace(
                    _JOURNAL,
                    '"0000_initial",\n      "breakpoints": true',
                    '"0000_initial",\n      "breakpoints": false',
                ),
            ),
            gives=(at(_JOURNAL, line=10),),
        ),
        Good(
            "New entries come after the landed ones",
            given=(ADD_COLUMN_BOTH,),
            change=(ADD_SECOND_COLUMN_BOTH,),
        ),
        Good(
            "`drizzle-kit up` brings an old history to a newer version",
            given=(
                *(Replace(path, '"version": "7"', '"version": "6"') for path in _PG_SNAPSHOTS),
                Replace(
                    f"{_POSTGRES}/meta/_journal.json", '"7",\n  "dialect"', '"6",\n  "dialect"'
                ),
            ),
            change=(
                *(Replace(path, '"version": "6"', '"version": "7"') for path in _PG_SNAPSHOTS),
                Replace(
                    f"{_POSTGRES}/meta/_journal.json", '"6",\n  "dialect"', '"7",\n  "dialect"'
                ),
            ),
        ),
        Good(
            "The migrations folder is moved whole, and its config renamed",
            change=(
                Move(_POSTGRES, "packages/backend/drizzle/postgres/migrations"),
                Move(
                    "packages/backend/drizzle.config.pg.ts",
                    "packages/backend/drizzle.config.postgres.ts",
                ),
                Replace(
                    "packages/backend/drizzle.config.postgres.ts",
                    "./drizzle/migrations_pg",
                    "./drizzle/postgres/migrations",
                ),
            ),
        ),
        Good(
            "A whole history is squashed",
            change=(SQUASH_BOTH,),
            note="No landed entry is left that the others could be compared with.",
        ),
    ),
)
