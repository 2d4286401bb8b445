"""What a guide names, held against the checkout."""

from __future__ import annotations

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.drizzle.repository import Repository
from plexus_rules.guidance import guide_pages
from plexus_rules.guidance.named import missing_names
from plexus_rules.profile import PLEXUS
from plexus_rules.samples import files
from plexus_rules.trees import MemoryTree

SAMPLE = Repository(
    MemoryTree({**files(), "packages/backend/package.json": b'{"scripts": {"gen": "x"}}'}), now=0
)


@pytest.mark.parametrize(
    "span",
    [
        "PLX201",
        "PLX201~",
        "plexus-rules check",
        "packages/backend/drizzle.config.ts",
        "drizzle.config.ts",
        "packages/backend/drizzle/schema/",
        "sqlite/",
        "index.ts",
        "meta/_journal.json",
        "0001_add_request_tokens.sql",
        "packages/backend/drizzle/migrations/XXXX_name.sql",
        "packages/*/drizzle",
        "getSchema()",
        "getSchema",
        "InferSelectModel",
        "drizzle-orm",
        "drizzle-orm/sqlite-core",
        "postgres",
        "PLEXUS_DB_TYPE=postgres",
        "PLEXUS_DB_TYPE",
        "ON DELETE CASCADE",
        "NOT NULL",
        "CASCADE",
        "drizzle-kit generate --custom",
        "bunx drizzle-kit generate",
        "bunx drizzle-kit generate --config drizzle.config.pg.ts",
        "(cd packages/backend && bunx drizzle-kit generate)",
        "bun run gen",
        "bun run test",
        "cd packages/backend",
    ],
)
def test_what_is_there(span: str) -> None:
    assert missing_names(f"Text `{span}`.", SAMPLE, "packages/backend/drizzle/schema") == []


@pytest.mark.parametrize(
    "span",
    [
        "packages/backend/drizzle.config.mysql.ts",
        "drizzle.config.mysql.ts",
        "packages/backend/drizzle.config.ts/",
        "mysql/",
        "../../x.ts",
        "nowhere/*/drizzle",
        "getTables()",
        "getTables",
        "drizzleTables",
        "DB_TYPE=postgres",
        "DB_TYPE",
        "DB=postgres",
        "bunx drizzle-kit generate --config drizzle.config.mysql.ts",
        "bun run generate-migrations",
        "npm run generate-migrations",
        "node scripts/generate.ts",
        "cd packages/frontend",
        "DB_TYPE=pg bunx drizzle-kit generate",
        "mysql2/promise",
    ],
)
def test_what_is_not_there(span: str) -> None:
    found = missing_names(f"Text `{span}`.", SAMPLE, "packages/backend/drizzle/schema")
    assert found == [span]


def test_fenced_commands_run_one_after_the_other() -> None:
    script = "```sh\ncd packages/backend\nbunx drizzle-kit generate\nbun run gen\n```\n"
    assert missing_names(script, SAMPLE) == []
    assert missing_names(script.replace("cd packages/backend\n", ""), SAMPLE) == [
        "bunx drizzle-kit generate",
        "bun run gen",
    ]
    assert missing_names("```sh\n(cd packages && ls)\n(cd packages && ls)\n```", SAMPLE) == []


def test_guides_that_are_planned_can_be_named() -> None:
    text = "See `packages/AGENTS.md`."
    assert missing_names(text, SAMPLE) == ["packages/AGENTS.md"]
    assert missing_names(text, SAMPLE, planned=["packages/AGENTS.md"]) == []


def test_every_line_of_the_catalogue_names_what_the_sample_has() -> None:
    pages = guide_pages(all_rules(), PLEXUS)
    planned = [page.path for page in pages]
    for page in pages:
        here = page.path.rpartition("/")[0]
        assert missing_names(page.text, SAMPLE, here, planned) == []
