"""How the base project's history is made, and steps that are about histories."""

from __future__ import annotations

from plexus_rules import samples
from plexus_rules.samples.recipes.making import (
    BACKEND,
    FOLDERS,
    Generate,
    Recipe,
    generate,
    in_both,
)
from plexus_rules.trees.edits import Delete

_TOKENS = (
    "    tokensInput: integer('tokens_input').notNull().default(0),\n"
    "    tokensOutput: integer('tokens_output').notNull().default(0),\n"
)

#: The history of the base project. The edits lead from its schema back to that of the day.
BASE_HISTORY = (
    Recipe(
        None,
        day=0,
        edits=in_both("request-usage.ts", _TOKENS, ""),
        commands=generate("initial"),
    ),
    Recipe(None, day=7, commands=generate("add_request_tokens")),
)

HISTORIES = (
    Recipe(
        samples.CUSTOM_MIGRATION_BOTH,
        day=60,
        commands=(
            Generate(
                "sqlite",
                "name_models",
                sql="UPDATE `request_usage` SET `model` = 'unknown' WHERE `model` = '';\n",
            ),
            Generate(
                "postgresql",
                "name_models",
                sql='UPDATE "request_usage" SET "model" = \'unknown\' WHERE "model" = \'\';\n',
            ),
        ),
    ),
    Recipe(
        samples.EMPTY_CUSTOM_MIGRATION_BOTH,
        day=61,
        commands=tuple(Generate(dialect, "to_be_written", sql="") for dialect in samples.BOTH),
    ),
    Recipe(
        samples.SQUASH_BOTH,
        day=62,
        edits=tuple(Delete(f"{BACKEND}/{folder}") for folder in FOLDERS.values()),
        commands=generate("squashed"),
    ),
)
