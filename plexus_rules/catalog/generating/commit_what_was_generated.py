"""SQL, snapshots and journal travel in one commit, with the schema that they come from."""

from __future__ import annotations

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.rule import Line, Obligation, Rule

RULE = Rule(
    id="PLX603",
    name="commit-what-was-generated",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    statement="Always commit a migration's SQL, snapshots and journal together, never a part.",
    why=(claims.PARTIAL_COMMIT_BREAKS_OTHERS, claims.GUIDE_ENDS_WITH_BOTH_MIGRATED),
    remedy=Line(
        "Add the SQL, the snapshots and the journals of every dialect to the commit that changes "
        "the schema. Where the CI generates them after the merge, leave all of them out.",
        by_ci="Leave the SQL, the snapshots and the journals of every dialect out: the CI "
        "generates and commits them after the merge.",
    ),
    line=lines.REVIEW_AND_COMMIT,
    guides=(SCHEMA, *MIGRATIONS),
    source=("The ONLY Correct Migration Workflow",),
    advised_because=(
        "A check sees files, not which of them will travel together. What is left out is found "
        "where it shows: PLX202, PLX203, PLX206 and PLX209."
    ),
)
