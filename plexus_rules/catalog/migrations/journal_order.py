"""The migrator goes by the journal's order and times: both must only ever grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.catalog.migrations.common import literal, made_again, unjudged
from plexus_rules.drizzle.causes import follows_cause, migration_cause, snapshot_cause
from plexus_rules.drizzle.database import Database, number
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Related
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_TIMESTAMP_PREFIX,
    ADD_ENUM_VALUE_PG,
    ADD_OTHER_COLUMN_BOTH,
    ADD_SECOND_COLUMN_BOTH,
)
from plexus_rules.trees import Replace, Write

_SQLITE = "packages/backend/drizzle/migrations"
_JOURNAL = f"{_SQLITE}/meta/_journal.json"

#: Clocks of developers' machines differ; a time this far ahead is no mistake of a hand.
_TOLERANCE_MS = 5 * 60 * 1000


class _Fault(Struct, frozen=True):
    """What is wrong with one value of an entry, and the other entries that have to do with it."""

    entry: JournalEntry
    key: str
    message: str
    related: tuple[Related, ...] = ()
    others: tuple[JournalEntry, ...] = ()


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Entries whose time, number or position does not follow on those before."""
    for database in repository.journaled:
        journal = database.journal
        if isinstance(journal, Journal):
            faults = [
                *_times(journal, repository),
                *_numbers(database, journal),
                *_positions(database, journal),
            ]
            for entry in dict.fromkeys(fault.entry for fault in faults):
                own = [fault for fault in faults if fault.entry is entry]
                yield _problem(repository, database, journal, own)
        elif database.exists:
            yield unjudged(database)


def _problem(
    repository: Repository, database: Database, journal: Journal, faults: Sequence[_Fault]
) -> Problem:
    """One problem for an entry: the gravest fault comes first, the others go with it."""
    first, *rest = faults
    related = [place for fault in faults for place in fault.related]
    related += [Related(journal.path, journal.range(f.entry, f.key), f.message) for f in rest]
    causes = [migration_cause(database, e.tag) for f in faults for e in (f.entry, *f.others)]
    numbered = [e for f in faults if f.key == "idx" for e in (f.entry, *f.others)]
    causes += [follows_cause(database, entry.tag) for entry in numbered]
    twins = [(f.others[0], f.entry) for f in faults if f.key == "tag"]
    causes += [snapshot_cause(database.snapshot_path(entry.tag)) for _, entry in twins]
    remedy = _again(repository, database, first.entry)
    if twins and twins[0][0].tag != twins[0][1].tag:
        remedy = _one_again(repository, database, *twins[0])
    return Problem(
        journal.path,
        journal.range(first.entry, first.key),
        first.message,
        related=tuple(related),
        causes=tuple(causes),
        remedy=remedy,
    )


def _again(repository: Repository, database: Database, entry: JournalEntry) -> str:
    return (
        f"If {literal(entry.tag)} has not landed: {made_again(database, repository, entry.tag)}. "
        "If it has: leave it, and bring what it skipped in a new migration."
    )


def _one_again(
    repository: Repository, database: Database, earlier: JournalEntry, later: JournalEntry
) -> str:
    """What to do about two migrations of one number: the one that came second is made anew."""
    return (
        f"If {literal(later.tag)} has not landed: {made_again(database, repository, later.tag)}. "
        f"If it has, and {literal(earlier.tag)} has not: do so with that one. If both have: leave "
        "them, and bring what was skipped in a new migration."
    )


def _times(journal: Journal, repository: Repository) -> Iterator[_Fault]:
    """Times that are not above the highest before them, and times in the future."""
    skipped: dict[JournalEntry, list[JournalEntry]] = {}
    newest: JournalEntry | None = None
    for entry in journal.entries:
        if newest is not None and entry.when <= newest.when:
            skipped.setdefault(newest, []).append(entry)
        else:
            newest = entry
    ahead = [entry for entry in journal.entries if repository.is_ahead(entry.when - _TOLERANCE_MS)]
    if ahead:
        first, *rest = ahead
        late = [e for entry in ahead for e in skipped.pop(entry, []) if e not in ahead]
        message = (
            f"the when of {first.tag} lies in the future: migrations generated before that time "
            "are skipped"
        )
        places = [_place(journal, e, f"the when of {e.tag} does, too") for e in rest]
        places += [_place(journal, e, f"{e.tag} is skipped") for e in late]
        yield _Fault(first, "when", message, tuple(places), (*rest, *late))
    for highest, (first, *rest) in skipped.items():
        more = f" and {len(rest)} more after it" if rest else ""
        message = (
            f"the when of {first.tag}{more} is not above that of {highest.tag}: a database that "
            f"has run {highest.tag} skips {'them' if rest else 'it'}"
        )
        places = [_place(journal, highest, f"the when of {highest.tag}")]
        places += [_place(journal, e, f"{e.tag} is skipped, too") for e in rest]
        yield _Fault(first, "when", message, tuple(places), tuple(rest))


def _place(journal: Journal, entry: JournalEntry, message: str) -> Related:
    return Related(journal.path, journal.range(entry, "when"), message)


def _numbers(database: Database, journal: Journal) -> Iterator[_Fault]:
    first: dict[str, JournalEntry] = {}
    for entry in journal.entries:
        earlier = first.setdefault(number(entry.tag) or entry.tag, entry)
        if earlier is entry:
            continue
        place = journal.range(earlier, "tag")
        related = (Related(journal.path, place, f"{earlier.tag} came first"),)
        if earlier.tag == entry.tag:
            message = f"{entry.tag} is listed twice: a fresh database runs it twice"
        else:
            message = (
                f"{entry.tag} has the number of {earlier.tag}, and so shares its snapshot file"
            )
        yield _Fault(entry, "tag", message, related, (earlier,))


def _positions(database: Database, journal: Journal) -> Iterator[_Fault]:
    """The first entry whose ``idx`` is not its position; and a next number that is taken."""
    wrong = next((e for e in journal.entries if e.idx != e.position), None)
    if wrong is not None:
        message = f"{wrong.tag} has idx {wrong.idx} at position {wrong.position}"
        yield _Fault(wrong, "idx", message)
    if not journal.entries or any(c.prefix not in (None, "index") for c in database.configs):
        return
    last = journal.entries[-1]
    used = f"{last.idx + 1:04}"
    taken = next((e for e in journal.entries if number(e.tag) == used), None)
    if taken is not None:
        message = (
            f"after the idx of {last.tag} the next migration gets the number {used}, and "
            f"overwrites the snapshot of {taken.tag}"
        )
        # What was taken out, or put in, is where the numbers part from the positions.
        parted = next((e for e in journal.entries if number(e.tag) != f"{e.idx:04}"), last)
        yield _Fault(last, "idx", message, others=(parted,))


RULE = Rule(
    id="PLX205",
    name="journal-order",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement="Never let the journal's times or numbers go back: each entry follows on all before.",
    why=(
        claims.OLDER_WHEN_IS_SKIPPED,
        claims.FUTURE_WHEN_BLOCKS_LATER,
        claims.MERGED_EARLIER_ENTRY_IS_SKIPPED,
        claims.DUPLICATE_NUMBER_OVERWRITES_SNAPSHOT,
        claims.MERGED_NUMBERS_REPEAT_A_CHANGE,
        claims.ORDER_OF_ARRAY_ON_FRESH_DATABASES,
    ),
    remedy=(
        "If the migration has not landed: delete its SQL, snapshot and entry, and run {generate}. "
        "If it has: leave it, and bring what it skipped in a new migration."
    ),
    line=lines.HANDMADE_MIGRATIONS,
    guides=(SCHEMA, *MIGRATIONS),
    source=("NEVER Manually Create Migration Files",),
    check=check,
    examples=(
        Bad(
            "A migration is older than the one before it",
            change=(
                ADD_COLUMN_BOTH,
                Replace(_JOURNAL, '"when": 1742029200000', '"when": 1740906000000'),
            ),
            gives=(at(_JOURNAL, line=22),),
        ),
        Bad(
            "Two branches are merged, and both keep the number 0002",
            given=(ADD_OTHER_COLUMN_BOTH,),
            change=(
                Write(
                    f"{_SQLITE}/0002_add_client_request_id.sql",
                    "ALTER TABLE `request_usage` ADD `client_request_id` text;",
                ),
                Replace(
                    _JOURNAL,
                    '"0002_add_finish_reason",\n      "breakpoints": true\n    }',
                    '"0002_add_finish_reason",\n      "breakpoints": true\n    },\n'
                    "    {\n"
                    '      "idx": 2,\n'
                    '      "version": "6",\n'
                    '      "when": 1742029200000,\n'
                    '      "tag": "0002_add_client_request_id",\n'
                    '      "breakpoints": true\n'
                    "    }",
                ),
            ),
            gives=(at(_JOURNAL, line=29),),
            note="Its time, its number and its idx are all wrong: one cause, one finding.",
        ),
        Bad(
            "A migration is renumbered, and its idx is not",
            given=(ADD_COLUMN_BOTH,),
            change=(ADD_SECOND_COLUMN_BOTH, Replace(_JOURNAL, '"idx": 3', '"idx": 2')),
            gives=(at(_JOURNAL, line=27),),
            note="The next migration would get the number 0003 once more.",
        ),
        Bad(
            "A migration is dated ahead, so that it runs last",
            change=(
                ADD_COLUMN_BOTH,
                Replace(_JOURNAL, '"when": 1742029200000', '"when": 4102444800000'),
            ),
            gives=(at(_JOURNAL, line=22),),
        ),
        Good(
            "The dialects have different numbers of migrations",
            given=(ADD_ENUM_VALUE_PG,),
            note="Each journal counts for itself.",
        ),
        Good(
            "Migrations are numbered by timestamp from now on",
            change=(ADD_COLUMN_TIMESTAMP_PREFIX,),
        ),
    ),
)
