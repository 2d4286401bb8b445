"""The migrator goes by the journal's order and times: both must only ever grow."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.drizzle.causes import journal_cause, migration_cause
from plexus_rules.drizzle.database import Database, number
from plexus_rules.drizzle.journal import Journal, JournalEntry
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Related
from plexus_rules.rule import Bad, Obligation, Problem, Rule, Skipped, at
from plexus_rules.samples import ADD_COLUMN_BOTH
from plexus_rules.trees import Replace

_JOURNAL = "packages/backend/drizzle/migrations/meta/_journal.json"

#: Clocks of developers' machines differ; a time this far ahead is no mistake of a hand.
_TOLERANCE_MS = 5 * 60 * 1000


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Entries whose position, number or time does not follow on those before."""
    for database in repository.journaled:
        if isinstance(database.journal, Journal):
            yield from _positions(database, database.journal)
            yield from _numbers(database, database.journal)
            yield from _times(database, database.journal, repository.now)


def _positions(database: Database, journal: Journal) -> Iterator[Problem]:
    """The first entry whose ``idx`` is not its position: later ones only follow from it."""
    for entry in journal.entries:
        if entry.idx != entry.position:
            message = f"{entry.tag} has idx {entry.idx} at position {entry.position}"
            causes = (journal_cause(database), migration_cause(database, entry.tag))
            yield Problem(journal.path, journal.range(entry, "idx"), message, causes=causes)
            return


def _numbers(database: Database, journal: Journal) -> Iterator[Problem]:
    first: dict[str, JournalEntry] = {}
    for entry in journal.entries:
        used = number(entry.tag) or entry.tag
        earlier = first.setdefault(used, entry)
        if earlier is not entry:
            message = (
                f"{entry.tag} has the number of {earlier.tag}, and so shares its snapshot file"
            )
            related = Related(
                journal.path, journal.range(earlier, "tag"), f"{earlier.tag} came first"
            )
            causes = (migration_cause(database, entry.tag), journal_cause(database))
            place = journal.range(entry, "tag")
            yield Problem(journal.path, place, message, related=(related,), causes=causes)


def _times(database: Database, journal: Journal, now: int) -> Iterator[Problem]:
    newest: JournalEntry | None = None
    for entry in journal.entries:
        place = journal.range(entry, "when") if newest and entry.when <= newest.when else None
        if newest is not None and place is not None:
            message = (
                f"the when of {entry.tag} is not above that of {newest.tag}: a database that has "
                f"run {newest.tag} skips {entry.tag}"
            )
            related = Related(journal.path, journal.range(newest, "when"), f"when of {newest.tag}")
            causes = (migration_cause(database, entry.tag),)
            yield Problem(journal.path, place, message, related=(related,), causes=causes)
        else:
            newest = entry
        if entry.when > now + _TOLERANCE_MS:
            message = (
                f"the when of {entry.tag} lies in the future: migrations generated before that "
                "time are skipped"
            )
            causes = (migration_cause(database, entry.tag),)
            yield Problem(journal.path, journal.range(entry, "when"), message, causes=causes)


RULE = Rule(
    id="PLX205",
    name="journal-order",
    obligation=Obligation.NEVER,
    statement="Never let the journal's numbers or times go back: an entry follows on all before it.",
    why=(
        claims.OLDER_WHEN_IS_SKIPPED,
        claims.FUTURE_WHEN_BLOCKS_LATER,
        claims.DUPLICATE_NUMBER_OVERWRITES_SNAPSHOT,
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
    ),
)
