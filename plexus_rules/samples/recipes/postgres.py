"""Steps about what only PostgreSQL has: enums, typed columns, row-level security."""

from __future__ import annotations

from plexus_rules import samples
from plexus_rules.samples.recipes.making import (
    POSTGRES_SCHEMA,
    SQLITE_SCHEMA,
    USAGE_TEST,
    Generate,
    Recipe,
    generate,
    generate_postgres,
)
from plexus_rules.trees.edits import Replace

_USAGE = f"{POSTGRES_SCHEMA}/request-usage.ts"
_KEYS = f"{POSTGRES_SCHEMA}/api-keys.ts"
_ADD_MISTRAL = Replace(f"{POSTGRES_SCHEMA}/enums.ts", "'gemini'", "'gemini', 'mistral'")
_KIND = "  kind: {0}('kind').notNull(),\n"
_IS_STREAMED = "integer('is_streamed').notNull()"

POSTGRES = (
    Recipe(
        samples.ADD_ENUM_VALUE_PG,
        day=50,
        edits=(_ADD_MISTRAL,),
        commands=generate_postgres("add_mistral"),
    ),
    Recipe(
        samples.USE_ENUM_VALUE_PG,
        day=51,
        commands=(
            Generate(
                "postgresql",
                "mark_mistral",
                sql='UPDATE "providers" SET "kind" = \'mistral\' WHERE "slug" = \'mistral\';\n',
            ),
        ),
    ),
    Recipe(
        samples.ADD_COLUMN_WITH_NEW_ENUM_VALUE_BOTH,
        day=55,
        edits=(
            _ADD_MISTRAL,
            Replace(
                f"{POSTGRES_SCHEMA}/providers.ts",
                _KIND.format("providerKind"),
                _KIND.format("providerKind")
                + "  fallback: providerKind('fallback').default('mistral'),\n",
            ),
            Replace(
                f"{SQLITE_SCHEMA}/providers.ts",
                _KIND.format("text"),
                _KIND.format("text") + "  fallback: text('fallback').default('mistral'),\n",
            ),
        ),
        commands=generate("add_fallback"),
    ),
    Recipe(
        samples.CHANGE_VARCHAR_LENGTH_PG,
        day=52,
        edits=(Replace(_KEYS, "length: 100", "length: 200"),),
        commands=generate_postgres("lengthen_key_name"),
    ),
    Recipe(
        samples.ENABLE_RLS_PG,
        day=53,
        edits=(Replace(_KEYS, ".notNull(),\n});", ".notNull(),\n}).enableRLS();"),),
        commands=generate_postgres("protect_api_keys"),
    ),
    Recipe(
        samples.INT_TO_BOOLEAN_PG,
        day=54,
        edits=(
            Replace(_USAGE, _IS_STREAMED, "boolean('is_streamed').notNull()"),
            Replace(_USAGE, "{ bigint, index,", "{ bigint, boolean, index,"),
            Replace(
                f"{SQLITE_SCHEMA}/request-usage.ts",
                _IS_STREAMED,
                "integer('is_streamed', { mode: 'boolean' }).notNull()",
            ),
            Replace(USAGE_TEST, "isStreamed: 1", "isStreamed: true"),
        ),
        commands=generate_postgres("make_streamed_boolean"),
    ),
)
