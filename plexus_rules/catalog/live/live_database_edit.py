"""A live database is changed by migrations alone: never by hand, in whatever tool."""

from __future__ import annotations

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, ROOT, SCHEMA
from plexus_rules.rule import Obligation, Rule

RULE = Rule(
    id="PLX404",
    name="live-database-edit",
    since="0.1.0",
    obligation=Obligation.NEVER,
    statement=(
        "Never change the schema of a live database by hand, in a console or a client: every "
        "change is a migration."
    ),
    why=(claims.LIVE_CHANGE_FAILS_LATER, claims.UNKNOWN_CHANGE_IS_SILENT),
    remedy="Undo the change, make it in the schema, run {generate}, and let the migrator apply it.",
    line=lines.LIVE_DATABASE,
    guides=(SCHEMA, DATABASE_CODE, ROOT),
    source=("The ONLY Correct Migration Workflow", "Live Database Safety"),
    advised_because=(
        "What is typed into a console or clicked in a client leaves no trace in the repository, "
        "and a check connects to no database."
    ),
)
