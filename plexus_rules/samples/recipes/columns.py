"""Steps that add or drop a column."""

from __future__ import annotations

from plexus_rules import samples
from plexus_rules.samples.recipes.making import (
    USAGE_TEST,
    Recipe,
    generate,
    in_both,
    in_configs,
    usage_columns,
)
from plexus_rules.samples.step import POSTGRES, SQLITE
from plexus_rules.trees.edits import Replace

_CLIENT_REQUEST_ID = "clientRequestId: text('client_request_id'),"
_FINISH_REASON = "finishReason: text('finish_reason'),"
_CLIENT_ADDRESS = "clientAddress: text('client_address'),"
_ADD_COLUMN = usage_columns(_CLIENT_REQUEST_ID)

COLUMNS = (
    Recipe(
        samples.ADD_COLUMN_BOTH,
        day=14,
        edits=_ADD_COLUMN,
        commands=generate("add_client_request_id"),
    ),
    Recipe(
        samples.ADD_SECOND_COLUMN_BOTH,
        day=21,
        edits=usage_columns(_CLIENT_ADDRESS, after=_CLIENT_REQUEST_ID),
        commands=generate("add_client_address"),
    ),
    Recipe(
        samples.ADD_OTHER_COLUMN_BOTH,
        day=15,
        edits=usage_columns(_FINISH_REASON),
        commands=generate("add_finish_reason"),
    ),
    Recipe(
        samples.MERGE_OTHER_COLUMN_BOTH,
        day=26,
        edits=usage_columns(_FINISH_REASON, after=_CLIENT_REQUEST_ID),
        commands=generate("add_finish_reason"),
    ),
    Recipe(
        samples.ADD_COLUMN_SQLITE_ONLY_GENERATED,
        day=16,
        edits=_ADD_COLUMN,
        commands=generate("add_client_request_id", SQLITE),
    ),
    Recipe(
        samples.ADD_COLUMN_PG_ONLY_GENERATED,
        day=17,
        edits=_ADD_COLUMN,
        commands=generate("add_client_request_id", POSTGRES),
    ),
    Recipe(
        samples.ADD_COLUMN_ONE_DIALECT,
        day=18,
        edits=_ADD_COLUMN[:1],
        commands=generate("add_client_request_id", SQLITE),
    ),
    Recipe(samples.ADD_COLUMN_SCHEMA_ONLY, day=19, edits=_ADD_COLUMN),
    Recipe(
        samples.ADD_COLUMN_TIMESTAMP_PREFIX,
        day=20,
        edits=(*_ADD_COLUMN, *in_configs("migrations: { prefix: 'timestamp' },")),
        commands=generate("add_client_request_id"),
    ),
    Recipe(
        samples.ADD_COLUMNS_WITHOUT_BREAKPOINTS_BOTH,
        day=22,
        edits=(
            *usage_columns(_CLIENT_REQUEST_ID, _CLIENT_ADDRESS),
            *in_configs("breakpoints: false,"),
        ),
        commands=generate("add_client_columns"),
    ),
    Recipe(
        samples.ADD_REQUIRED_COLUMN_BOTH,
        day=23,
        edits=(
            *usage_columns("region: text('region').notNull(),"),
            Replace(USAGE_TEST, "isStreamed: 1", "isStreamed: 1, region: 'eu'"),
        ),
        commands=generate("add_region"),
    ),
    Recipe(
        samples.ADD_REQUIRED_COLUMN_WITH_DEFAULT_BOTH,
        day=24,
        edits=usage_columns("region: text('region').notNull().default('unknown'),"),
        commands=generate("add_region"),
    ),
    Recipe(
        samples.DROP_COLUMN_BOTH,
        day=25,
        edits=in_both("api-keys.ts", "  note: text('note'),\n", ""),
        commands=generate("drop_key_note"),
    ),
)
