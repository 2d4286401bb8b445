"""Rules for tests of the guides: the catalogue's own change more often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plexus_rules.catalog.guides import DATABASE_CODE, MIGRATIONS, SCHEMA
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Bad, Claim, Line, Obligation, Problem, Rule, Skipped


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Finds nothing."""
    yield from ()


def rule(rule_id: str, line: Line | str, **given: Any) -> Rule:
    """A rule that a guide can carry."""
    checked: dict[str, Any] = {"check": check, "examples": (Bad("An example"),)}
    if "advised_because" in given:
        checked = {}
    return Rule(
        **{
            "id": rule_id,
            "name": rule_id.lower(),
            "since": "0.1.0",
            "obligation": Obligation.NEVER,
            "statement": "Never.",
            "why": (Claim("made-up", "It is made up."),),
            "remedy": "Run {generate}.",
            "line": Line(line) if isinstance(line, str) else line,
            "guides": (SCHEMA,),
            **checked,
            **given,
        }
    )


LANDED = Line("Edit a landed migration.")
RULES = (
    rule("PLX111", Line("Import `{parent_index}`.", fallback="Import the parent index.")),
    rule("PLX201", LANDED, guides=(SCHEMA, *MIGRATIONS)),
    rule("PLX204", LANDED, guides=(SCHEMA, *MIGRATIONS), unseen="Much."),
    rule(
        "PLX501",
        "Row types of `{types_module}`.",
        obligation=Obligation.PREFER,
        guides=(SCHEMA, DATABASE_CODE),
    ),
    rule(
        "PLX603",
        Line("Commit all that was generated.", by_ci="Commit the schema alone."),
        obligation=Obligation.ALWAYS,
        advised_because="It is.",
    ),
)
