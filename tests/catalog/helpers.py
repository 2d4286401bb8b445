"""Runs single rules on small repositories in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plexus_rules.catalog import all_rules
from plexus_rules.check import Report, check_change
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import PLEXUS
from plexus_rules.samples import Step, base
from plexus_rules.samples.building import build
from plexus_rules.trees import Edit, MemoryTree, Tree

Files = Mapping[str, str | bytes]


def repository(files: Files | Tree) -> Repository:
    """A repository of some files, read at the time of the gallery."""
    if not isinstance(files, Tree):
        files = MemoryTree({p: t.encode() if isinstance(t, str) else t for p, t in files.items()})
    return Repository(files, NOW)


def check(rules: str, files: Files | Tree, before: Files | Tree | None = None) -> Report:
    """What some rules (ids, by space) say of files; ``before`` is what had landed, if not these."""
    wanted = [rule for rule in all_rules() if rule.id in rules.split()]
    assert len(wanted) == len(rules.split())
    head = repository(files)
    change = Change(head if before is None else repository(before), head)
    return check_change(change, wanted, PLEXUS)


def sample(*changes: Step | Edit, on: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files of the sample project after recorded steps and edits."""
    return build(base() if on is None else on, changes, None)[0]


def places(report: Report) -> list[tuple[str, int]]:
    """Path and line of every finding."""
    return [(finding.path, finding.range.line) for finding in report.findings]


def messages(report: Report) -> list[str]:
    """The message of every finding."""
    return [finding.message for finding in report.findings]


def skipped(report: Report) -> list[tuple[str, str]]:
    """Path and reason of every part that was not judged; no part may fail."""
    assert not report.incomplete
    return [(part.path, part.reason) for part in report.not_run]


def table(core: str, name: str, columns: Iterable[str] = ("id", "name")) -> str:
    """A module that exports one table of text columns, built with a core: ``sqlite``, ``pg``."""
    listed = ", ".join(f"{column}: text('{column}')" for column in columns)
    return (
        f"import {{ {core}Table, text }} from 'drizzle-orm/{core}-core';\n"
        f"export const {name} = {core}Table('{name}', {{ {listed} }});\n"
    )


def config(dialect: str, schema: str, out: str) -> str:
    """A drizzle config."""
    return (
        "import { defineConfig } from 'drizzle-kit';\n"
        f"export default defineConfig({{ dialect: '{dialect}', schema: '{schema}', "
        f"out: '{out}' }});\n"
    )
