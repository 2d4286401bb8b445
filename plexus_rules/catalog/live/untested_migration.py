"""A migration meets real rows for the first time in staging, not in production."""

from __future__ import annotations

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.rule import Obligation, Rule

RULE = Rule(
    id="PLX403",
    name="untested-migration",
    since="0.1.0",
    obligation=Obligation.ALWAYS,
    statement="Always test migrations in development or staging before they run in production.",
    why=(claims.EMPTY_DATABASE_HIDES_SKIPS, claims.GENERATED_SQL_CAN_BE_WRONG),
    remedy=(
        "Start the application on a copy of a database that has run the earlier migrations and has "
        "rows, see no error, and look at the rows."
    ),
    line=lines.TEST_FIRST,
    guides=(SCHEMA,),
    source=("The ONLY Correct Migration Workflow", "Live Database Safety"),
    advised_because=(
        "The files of a repository do not say which databases a migration has run on, nor what "
        "rows they had."
    ),
)
