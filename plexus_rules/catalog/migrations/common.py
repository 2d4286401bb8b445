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


def made_again(database: Database, repository: Repository, tag: str, sql: str = "") -> str:
    """How a migration that has not landed is made anew, for a remedy: what goes, what is run.

    ``sql`` is the tag under which its SQL lies, if that is another one. A snapshot that
    migrations share belongs to the one that has landed.
    """
    path = database.snapshot_path(tag)
    shared = any(e.tag != tag and database.snapshot_path(e.tag) == path for e in database.entries)
    there = [database.sql_path(sql or tag), *(() if shared else (path,))]
    gone = [within(database, found) for found in there if database.tree.is_file(found)]
    gone.append(f"its entry in {within(database, database.journal_path)}")
    steps = f"delete {', '.join(gone[:-1])}{' and ' if gone[:-1] else ''}{gone[-1]}"
    if shared:
        steps += f", take {within(database, path)} from the target branch"
    return f"{steps}, and run {generate(database, repository)}"


def make_again(database: Database, repository: Repository, tag: str) -> str:
    """The same as a sentence."""
    text = made_again(database, repository, tag)
    return f"{text[:1].upper()}{text[1:]}."


def within(database: Database, path: str) -> str:
    """A path as seen from the migrations folder, for a remedy."""
    return literal(path.removeprefix(f"{database.out}/"))


def literal(text: str) -> str:
    """A text that stands in a remedy as it is."""
    return text.replace("{", "{{").replace("}", "}}")


def unknown_base(base: Database, head: Database) -> Skipped:
    """What a rule says of a change whose base has a journal that cannot be read."""
    reason = unjudged(base).reason.partition(", so ")[0]
    return Skipped(head.journal_path, f"in the base {reason}, so what has landed is not known")
