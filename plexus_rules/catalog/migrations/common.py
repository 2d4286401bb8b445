"""What rules of this topic share: histories that cannot be judged, and the command that mends."""

from __future__ import annotations

from plexus_rules.drizzle.database import Database, Unreadable
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Skipped


def unjudged(database: Database) -> Skipped:
    """What a rule says of a history whose journal cannot be read."""
    match database.journal:
        case Unreadable(reason=reason):
            why = reason
        case Malformed(reason=reason):
            why = f"the journal {reason}"
        case _:
            why = "there is no journal"
    return Skipped(database.journal_path, f"{why}, so the migrations are not known")


def generate(database: Database, repository: Repository) -> str:
    """The command that generates for one database, for a remedy."""
    same = [d for d in repository.databases if d.dialect == database.dialect]
    if len(same) == 1 and database.dialect in ("sqlite", "postgresql"):
        return f"{{generate_{database.dialect}}}"
    return f"`drizzle-kit generate` with {literal(database.config)}"


def literal(text: str) -> str:
    """A text that stands in a remedy as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def unknown_base(base: Database, head: Database) -> Skipped:
    """What a rule says of a change whose base has a journal that cannot be read."""
    reason = unjudged(base).reason.partition(", so ")[0]
    return Skipped(head.journal_path, f"in the base {reason}, so what has landed is not known")
