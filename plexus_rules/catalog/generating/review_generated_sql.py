"""What drizzle-kit generated is read before it is committed."""

from __future__ import annotations

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import MIGRATIONS, SCHEMA
from plexus_rules.rule import Obligation, Rule

RULE = Rule(
    id="PLX602",
    name="review-generated-sql",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    statement=(
        "Always read the SQL that was generated, and see its entry in the journal, before "
        "committing."
    ),
    why=(
        claims.GENERATED_SQL_CAN_BE_WRONG,
        claims.KIT_DROPS_CONSTRAINT_OF_DROPPED_TABLE,
        claims.UNJOURNALED_NEVER_RUNS,
    ),
    remedy=(
        "Open the new SQL of every dialect: look for dropped tables and columns, for rebuilt "
        "tables and for NOT NULL without a default. See that `meta/_journal.json` lists it."
    ),
    line=lines.REVIEW_AND_COMMIT,
    guides=(SCHEMA, *MIGRATIONS),
    source=("The ONLY Correct Migration Workflow",),
    advised_because=(
        "Reading leaves no trace, and whether a change of the rows is meant is known to its author "
        "alone."
    ),
)
