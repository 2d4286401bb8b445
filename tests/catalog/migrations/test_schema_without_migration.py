"""A schema against its newest snapshot."""

from __future__ import annotations

from plexus_rules.profile import PLEXUS
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_SCHEMA_ONLY,
    ADD_COLUMN_SQLITE_ONLY_GENERATED,
    ALL_STEPS,
    NEITHER,
    Step,
)
from plexus_rules.trees import Append, Delete, Replace, Write
from tests.catalog.helpers import check, messages, places, sample, skipped

SCHEMA = "packages/backend/drizzle/schema"
SQLITE = "packages/backend/drizzle/migrations"
PROVIDERS = f"{SCHEMA}/sqlite/providers.ts"


def test_after_generate_the_schema_and_the_snapshot_agree() -> None:
    for step in ALL_STEPS:
        if step.dialects != NEITHER:
            found = check("PLX210", sample(*_with_those_before(step)))
            ours = [m for m in messages(found) if not _is_left_out(step.name, m)]
            assert ours == [], step.name


def _with_those_before(step: Step) -> list[Step]:
    return [*(_with_those_before(step.after) if step.after else []), step]


def _is_left_out(step: str, message: str) -> bool:
    """Whether a step leaves this dialect out on purpose."""
    left_out = {
        "add_column_sqlite_only_generated": "PostgreSQL: column request_usage.client_request_id",
        "add_column_pg_only_generated": "SQLite: column request_usage.client_request_id",
    }
    return step in left_out and message.startswith(left_out[step])


def test_what_is_declared_and_not_generated_is_told_for_each_dialect() -> None:
    found = check("PLX210", sample(ADD_COLUMN_SCHEMA_ONLY))
    assert places(found) == [
        (f"{SCHEMA}/postgres/request-usage.ts", 14),
        (f"{SCHEMA}/sqlite/request-usage.ts", 14),
    ]
    assert messages(found)[1] == (
        "SQLite: column request_usage.client_request_id (text) is declared, and not in the newest "
        "snapshot"
    )


def test_the_remedy_names_the_dialect_that_needs_a_migration() -> None:
    (found,) = check("PLX210", sample(ADD_COLUMN_SQLITE_ONLY_GENERATED)).findings
    command = PLEXUS.names()["generate_postgresql"]
    assert command is not None
    assert command in found.remedy


def test_a_table_has_one_finding_with_its_other_differences_as_related_places() -> None:
    files = sample(
        Replace(PROVIDERS, "text('name').notNull()", "text('name')"),
        Replace(PROVIDERS, "text('slug')", "text('handle')"),
    )
    (found,) = check("PLX210", files).findings
    assert "4 more of this table" in found.message
    told = [related.message for related in found.related]
    assert "column providers.name is nullable in the schema, and NOT NULL in the newest" in told[0]
    assert told[-1] == "the newest snapshot"


def test_a_renamed_reference_or_index_is_seen() -> None:
    files = sample(Replace(PROVIDERS, "'provider_models_provider_idx'", "'other_idx'"))
    (message,) = messages(check("PLX210", files))
    assert message.startswith("SQLite: index other_idx of table provider_models is declared")


def test_what_cannot_be_read_is_named_and_gives_no_finding() -> None:
    files = sample(
        Replace(PROVIDERS, "  name: text('name').notNull(),\n", "  ...named('name'),\n"),
        Append(PROVIDERS, "import { named } from 'columns';\n"),
    )
    found = check("PLX210", files)
    assert found.findings == ()
    assert skipped(found) == [
        (
            PROVIDERS,
            "line 6: what `...named('name')` adds cannot be read; table providers is compared with "
            "the newest snapshot without that",
        )
    ]


def test_tables_that_cannot_be_read_for_one_reason_are_named_together() -> None:
    spread = "\n  ...named('name'),\n"
    files = sample(
        Replace(PROVIDERS, "\n  name: text('name').notNull(),\n", spread),
        Replace(PROVIDERS, "\n    model: text('model').notNull(),\n", spread),
        Append(PROVIDERS, "import { named } from 'columns';\n"),
    )
    assert skipped(check("PLX210", files)) == [
        (
            PROVIDERS,
            "lines 6 and 18: what `...named('name')` adds cannot be read; 2 tables (providers and "
            "provider_models) are compared with the newest snapshot without that",
        )
    ]


def test_a_table_is_not_missing_where_an_export_cannot_be_read() -> None:
    files = sample(
        Delete(f"{SCHEMA}/sqlite/api-keys.ts"),
        Replace(f"{SCHEMA}/index.ts", "'./sqlite/api-keys'", "'@project/schema'"),
        Replace(f"{SCHEMA}/sqlite/index.ts", "export * from './api-keys';\n", ""),
    )
    found = check("PLX210", files)
    assert found.findings == ()
    assert [path for path, _ in skipped(found)] == [f"{SCHEMA}/index.ts"]


def test_a_database_without_migrations_is_not_judged() -> None:
    files = {p: t for p, t in sample().items() if not p.startswith(f"{SQLITE}/")}
    found = check("PLX210", files)
    assert found.findings == ()
    assert skipped(found) == [
        (
            "packages/backend/drizzle.config.ts",
            "there is no migration yet, so there is nothing to compare the schema with",
        )
    ]


def test_a_newest_snapshot_that_is_missing_is_for_another_rule() -> None:
    found = check("PLX210", sample(ADD_COLUMN_BOTH, Delete(f"{SQLITE}/meta/0002_snapshot.json")))
    assert found.findings == ()
    assert len(skipped(found)) == 1


def test_sql_by_hand_for_a_change_is_the_cause_of_it() -> None:
    files = sample(
        ADD_COLUMN_SQLITE_ONLY_GENERATED,
        Write(
            "packages/backend/drizzle/migrations_pg/0002_by_hand.sql",
            'ALTER TABLE "request_usage" ADD COLUMN "client_request_id" text;\n',
        ),
    )
    (found,) = check("PLX202 PLX210", files).findings
    assert found.rule == "PLX202"


def test_values_of_an_enum_that_cannot_be_read_are_named() -> None:
    enums = f"{SCHEMA}/postgres/enums.ts"
    found = check("PLX210", sample(Replace(enums, "[", "[...more, ")))
    assert messages(found) == []
    ((path, reason),) = skipped(found)
    assert path == enums
    assert reason.endswith("cannot be read, and are not compared")
