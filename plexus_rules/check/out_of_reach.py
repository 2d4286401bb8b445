"""What a check has to know, and is not allowed to look into."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.check.report import Report
from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.families import is_below
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import FileRefused, TreeError


def out_of_reach(head: Repository, report: Report) -> Iterator[str]:
    """The files of migrations and schemas that are there, and were refused."""
    passed_over = head.tree.passed_over
    for path in dict.fromkeys([*passed_over, *(entry.path for entry in report.not_run)]):
        if any(_belongs_to(path, database, head) for database in head.databases):
            if path in passed_over:
                yield f"{path}: {passed_over[path]}"
            else:
                yield from _refusal(path, head)


def _belongs_to(path: str, database: Database, head: Repository) -> bool:
    """Whether a file or directory is one of a database's migrations, or of its schema."""
    if database.out is not None and is_below(path, database.out):
        return True
    schema = head.tables(database)
    return path in schema.files or any(part.path == path for part in schema.broken)


def _refusal(path: str, head: Repository) -> Iterator[str]:
    try:
        head.tree.read(path)
        for database in head.databases:
            if database.out is not None and path.endswith(".sql") and is_below(path, database.out):
                database.sql(path.removeprefix(f"{database.out}/").removesuffix(".sql"))
    except FileRefused as error:
        yield str(error)
    except TreeError:
        return  # it is not there, which is for the rules to judge
