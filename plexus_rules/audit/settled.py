"""What a project has settled, applied to its history: as it stands in the newest commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from plexus_rules.catalog.live.raw_ddl import RULE as RAW_DDL
from plexus_rules.catalog.selection import select_rules
from plexus_rules.check.levels import with_levels
from plexus_rules.check.report import Report, Waived
from plexus_rules.check.settings import Settings
from plexus_rules.check.waivers import Waiving
from plexus_rules.drizzle.change import Change
from plexus_rules.finding import Finding
from plexus_rules.rule import Rule
from plexus_rules.trees import Tree


def chosen_rules(
    rules: Sequence[Rule], settings: Settings, select: str | None, ignore: str | None
) -> tuple[Rule, ...]:
    """The rules to run, at the levels of the settings. Who selects some wants no others.

    Raises:
        UnknownRule: one is named that does not exist, or none is left.
    """
    if select is None:
        select = settings.select
        ignore = ",".join(filter(None, (settings.ignore, ignore)))
    return with_levels(select_rules(rules, select, ignore), settings.levels)


class Settled(Struct, frozen=True):
    """Lets pass what the newest settings waive, and what a comment waives where it came."""

    settings: Settings
    rules: Sequence[Rule]
    all_rules: Sequence[Rule]

    def split(
        self, findings: Iterable[Finding], tree: Tree, changes: Sequence[Change]
    ) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
        """The findings of a commit that are told, and those that are waived.

        Raises:
            TreeError: a file of the commit cannot be read.
        """
        places = self.settings.raw_ddl
        left = tuple(
            finding
            for finding in findings
            if finding.rule != RAW_DDL.id or not any(place.fits(finding.path) for place in places)
        )
        waiving = Waiving(
            waivers=self.settings.waivers,
            rules=self.rules,
            all_rules=self.all_rules,
            tree=tree,
            landed=lambda: _landed(changes),
        )
        report = waiving.apply(Report(None, left, ()))
        return report.findings, report.waived


def _landed(changes: Sequence[Change]) -> Collection[str]:
    """The paths that the SQL of landed migrations has in a commit."""
    return frozenset(
        pair.head.sql_path(pair.renamed.get(entry.tag, entry.tag))
        for change in changes
        for pair in change.pairs
        if pair.head is not None
        for entry in pair.landed
    )
