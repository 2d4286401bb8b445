"""Steps that add, drop, index or rebuild a table."""

from __future__ import annotations

from plexus_rules import samples
from plexus_rules.samples.recipes.making import (
    POSTGRES_SCHEMA,
    SCHEMA,
    SQLITE_SCHEMA,
    TYPES,
    Recipe,
    generate,
    in_both,
    usage_columns,
)
from plexus_rules.samples.step import SQLITE
from plexus_rules.trees.edits import Append, Delete, Replace, Write

_PARENT = f"{SCHEMA}/index.ts"
_SQLITE_QUOTAS = """\
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const quotas = sqliteTable('quotas', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  model: text('model').notNull().unique(),
  dailyTokens: integer('daily_tokens').notNull(),
});
"""
_POSTGRES_QUOTAS = """\
import { bigint, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const quotas = pgTable('quotas', {
  id: serial('id').primaryKey(),
  model: text('model').notNull().unique(),
  dailyTokens: bigint('daily_tokens', { mode: 'number' }).notNull(),
});
"""
_QUOTA_TYPES = """
export type Quota = InferSelectModel<typeof schema.quotas>;
export type NewQuota = InferInsertModel<typeof schema.quotas>;
"""
_USAGE_EXPORT = "export * from './sqlite/request-usage';\n"
_KEYS_EXPORT = "export * from './sqlite/api-keys';\n"
_KEYS_TYPE = "export type ApiKey = InferSelectModel<typeof schema.apiKeys>;\n"
_NEW_KEYS_TYPE = "export type NewApiKey = InferInsertModel<typeof schema.apiKeys>;\n"

TABLES = (
    Recipe(
        samples.ADD_TABLE_BOTH,
        day=30,
        edits=(
            Write(f"{SQLITE_SCHEMA}/quotas.ts", _SQLITE_QUOTAS),
            Write(f"{POSTGRES_SCHEMA}/quotas.ts", _POSTGRES_QUOTAS),
            Append(f"{SQLITE_SCHEMA}/index.ts", "export * from './quotas';\n"),
            Append(f"{POSTGRES_SCHEMA}/index.ts", "export * from './quotas';\n"),
            Replace(_PARENT, _USAGE_EXPORT, f"{_USAGE_EXPORT}export * from './sqlite/quotas';\n"),
            Append(_PARENT, "export { quotas as pgQuotas } from './postgres/quotas';\n"),
            Append(TYPES, _QUOTA_TYPES),
        ),
        commands=generate("add_quotas"),
    ),
    Recipe(
        samples.DROP_TABLE_BOTH,
        day=31,
        edits=(
            Delete(f"{SQLITE_SCHEMA}/api-keys.ts"),
            Delete(f"{POSTGRES_SCHEMA}/api-keys.ts"),
            *in_both("index.ts", "export * from './api-keys';\n", ""),
            Replace(_PARENT, _KEYS_EXPORT, ""),
            Replace(_PARENT, "export { apiKeys as pgApiKeys } from './postgres/api-keys';\n", ""),
            Replace(TYPES, _KEYS_TYPE, ""),
            Replace(TYPES, _NEW_KEYS_TYPE, ""),
        ),
        commands=generate("drop_api_keys"),
    ),
    Recipe(
        samples.UNEXPORT_TABLE_SQLITE,
        day=32,
        edits=(Replace(_PARENT, _KEYS_EXPORT, ""),),
        commands=generate("tidy_exports", SQLITE),
    ),
    Recipe(
        samples.ADD_INDEX_BOTH,
        day=33,
        edits=in_both(
            "request-usage.ts",
            "[index('request_usage_date_idx').on(table.date)]",
            "[\n"
            "    index('request_usage_date_idx').on(table.date),\n"
            "    index('request_usage_model_idx').on(table.model),\n"
            "  ]",
        ),
        commands=generate("add_usage_model_index"),
    ),
    Recipe(
        samples.ADD_CONSTRAINT_INDEX_ONLY,
        day=34,
        edits=(
            *in_both(
                "providers.ts",
                "[index('provider_models_provider_idx').on(table.providerId)]",
                "[\n"
                "    index('provider_models_provider_idx').on(table.providerId),\n"
                "    unique('provider_models_unique').on(table.providerId, table.model),\n"
                "  ]",
            ),
            *in_both("providers.ts", "text } from", "text, unique } from"),
        ),
        commands=generate("make_provider_models_unique"),
    ),
)

_REQUIRED_PROVIDER = "provider: text('provider').notNull(),"
_OPTIONAL_PROVIDER = "provider: text('provider'),"
_RELAX_PROVIDER = in_both("request-usage.ts", _REQUIRED_PROVIDER, _OPTIONAL_PROVIDER)
_ADD_ACCOUNT = usage_columns("account: text('account'),")

REBUILDS = (
    Recipe(
        samples.REBUILD_PARENT_SQLITE,
        day=40,
        edits=in_both("providers.ts", ".default(true)", ".default(false)"),
        commands=generate("disable_new_providers"),
    ),
    Recipe(
        samples.REBUILD_LEAF_SQLITE,
        day=41,
        edits=_RELAX_PROVIDER,
        commands=generate("allow_no_provider"),
    ),
    Recipe(
        samples.ADD_COLUMN_AFTER_REBUILD_BOTH,
        day=42,
        edits=_ADD_ACCOUNT,
        commands=generate("add_account"),
    ),
    Recipe(
        samples.REBUILD_CHILD_WITH_NEW_COLUMN_SQLITE,
        day=43,
        edits=(*_RELAX_PROVIDER, *_ADD_ACCOUNT),
        commands=generate("allow_no_provider"),
    ),
    Recipe(
        samples.REQUIRE_COLUMN_BOTH,
        day=44,
        edits=in_both("api-keys.ts", "note: text('note'),", "note: text('note').notNull(),"),
        commands=generate("require_key_note"),
    ),
)
