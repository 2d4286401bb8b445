"""What a check found, what it could not check, and what that means for the exit status."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.database import Database, Layout
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding, NotRun, Severity, Unsupported


class Project(Struct, frozen=True):
    """One database, as the report lists it. Paths are relative to the checked directory."""

    dialect: str
    config: str
    schema: tuple[str, ...]
    migrations: str | None
    layout: str

    @classmethod
    def of(cls, database: Database) -> Project:
        """The entry for a database."""
        return cls(
            dialect=database.dialect,
            config=database.config,
            schema=database.schema or (),
            migrations=database.out,
            layout=database.layout.value,
        )


class Waived(Struct, frozen=True):
    """A finding that a person has let pass, why, and where that is written.

    ``line`` counts from 1; it is 0 where it is not known.
    """

    finding: Finding
    reason: str
    file: str
    line: int


class Stale(Struct, frozen=True):
    """A waiver, or a known finding, that holds for nothing any more.

    ``line`` counts from 1; it is 0 where it is not known.
    """

    path: str
    line: int
    reason: str


class Report(Struct, frozen=True):
    """The outcome of one check.

    Attributes:
        base: the commit that was compared with; None where there was none.
        findings: sorted by place; without what is waived, or known from the baseline.
        projects: the databases that were found.
        not_run: rules, or parts of them, that could not be checked.
        unsupported: places that were recognised, or named, and that no rule could read.
        rules: how many rules ran.
        incomplete: why the check as a whole does not count as done; empty where it does.
        waived: the findings that the project lets pass.
        known: the findings that stand in its baseline.
        stale: waivers, and entries of the baseline, that can be removed.
    """

    base: str | None
    findings: tuple[Finding, ...]
    projects: tuple[Project, ...]
    not_run: tuple[NotRun, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    rules: int = 0
    incomplete: tuple[str, ...] = ()
    waived: tuple[Waived, ...] = ()
    known: tuple[Finding, ...] = ()
    stale: tuple[Stale, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def exit_status(self) -> int:
        """1 with an error, else 2 where the check could not be done, else 0."""
        if self.count(Severity.ERROR):
            return 1
        return 2 if self.incomplete else 0


class Unread(Struct, frozen=True):
    """What the configs of a repository name, and could not be read.

    Attributes:
        parts: what no rule could read, and why.
        files: the migrations folders that are files.
    """

    parts: tuple[Unsupported, ...]
    files: tuple[str, ...]

    @classmethod
    def of(cls, repository: Repository) -> Unread:
        """Reads the configs of a repository."""
        parts = (
            Unsupported(unread.path, f"line {unread.range.line}: {unread.reason}")
            for unread in repository.unread
        )
        outs = (database.out for database in repository.databases)
        return cls(tuple(parts), tuple(out for out in outs if out and repository.tree.is_file(out)))

    def with_passed_over(self, passed_over: Mapping[str, str]) -> list[Unsupported]:
        """All that could not be read, in the tree as well."""
        reason = "the config names this as its migrations folder: it is a file"
        found = [Unsupported(path, reason) for path in self.files if path not in passed_over]
        more = [Unsupported(path, reason) for path, reason in passed_over.items()]
        return [*self.parts, *found, *more]


def unsupported(
    head: Repository, base: Repository | None = None, in_base: Unread | None = None
) -> tuple[Unsupported, ...]:
    """What was recognised, or asked for, and could not be read by any rule.

    ``in_base`` is what could not be read in the base, where that is known.
    """
    found = [
        Unsupported(database.out or database.config, _folders(database))
        for database in head.databases
        if database.folders
    ]
    unread = Unread.of(head).with_passed_over(head.tree.passed_over)
    found += unread
    if base is not None:
        of_base = in_base or Unread.of(base)
        news = [e for e in of_base.with_passed_over(base.tree.passed_over) if e not in unread]
        found += [replace(entry, reason=f"in the base commit, {entry.reason}") for entry in news]
    return tuple(sorted(set(found)))


def _folders(database: Database) -> str:
    if database.layout is Layout.FOLDERS:
        return (
            "the migrations are laid out in a folder each (drizzle-kit 1.x), which is not "
            "supported yet: they were not checked"
        )
    first, *rest = database.folders
    more = f" and {len(rest)} more" if rest else ""
    return f"{first}{more}: laid out as drizzle-kit 1.x does, beside a journal, and not checked"
