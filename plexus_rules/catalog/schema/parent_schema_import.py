"""The index above the dialects' directories gives one dialect's tables, whatever is in use."""

from __future__ import annotations

from collections.abc import Iterator

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import DATABASE_CODE, SCHEMA
from plexus_rules.drizzle.repository import Repository
from plexus_rules.rule import Bad, Good, Needs, Obligation, Problem, Rule, Skipped, at
from plexus_rules.trees import Write

_SRC = "packages/backend/src"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every import, of whatever form, that ends at the parent index."""
    parent = repository.parent_index
    if parent is None:
        return
    for found in repository.modules.importers(lambda path: path == parent):
        kind = "the types of " if found.type_only else ""
        message = f"this imports {kind}the parent index {parent}, which does not choose by dialect"
        yield Problem(found.path, found.range, message)


RULE = Rule(
    id="PLX111",
    name="parent-schema-import",
    obligation=Obligation.NEVER,
    statement="Never import the parent schema index in code: it does not choose by dialect.",
    why=(claims.PARENT_INDEX_IS_SQLITE,),
    remedy=(
        "Take the tables from {get_schema}() of {client}; in a module of one dialect, import "
        "that dialect's own schema."
    ),
    line=lines.PARENT_INDEX,
    guides=(SCHEMA, DATABASE_CODE),
    source=("Always Use the Correct Schema",),
    needs=Needs.TWO_DIALECTS,
    check=check,
    examples=(
        Bad(
            "A service imports the parent index",
            change=(
                Write(
                    f"{_SRC}/services/usage-report.ts",
                    "import { requestUsage } from '../../drizzle/schema';\n\n"
                    "export const table = requestUsage;\n",
                ),
            ),
            gives=(at(f"{_SRC}/services/usage-report.ts", line=1),),
        ),
        Good("The client chooses the tables of the dialect in use"),
    ),
)
