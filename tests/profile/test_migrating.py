"""Who runs the migrations: the application when it starts, or a command."""

from __future__ import annotations

import json

import pytest

from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile import Profile, parse_settings, read_profile, with_settings
from plexus_rules.samples import files
from plexus_rules.trees import MemoryTree
from tests.profile.test_reading import ONE, TWO, profile_of

FROM = "from 'drizzle-orm/node-postgres/migrator';"
RUN = (
    f"import {{ migrate }} {FROM}\n"
    "export async function runMigrations() {\n"
    "  await migrate(db, { migrationsFolder: 'drizzle' });\n}\n"
)
START = "import { runMigrations } from './db/migrate';\nawait runMigrations();\n"
APP = {"src/db/migrate.ts": RUN, "src/index.ts": START}


def with_files(more: dict[str, str], **scripts: str) -> Profile:
    return profile_of(ONE | {"package.json": json.dumps({"scripts": scripts})} | more)


@pytest.mark.parametrize(
    "more",
    [
        APP,
        {
            "src/db/migrate.ts": "export async function runMigrations() {\n"
            "  await (db as any).dialect.migrate(migrations, (db as any).session, {});\n}\n"
            "import { drizzle } from 'drizzle-orm/bun-sqlite';\n",
            "src/index.ts": START,
        },
        {
            "src/db/migrate.ts": "export const runMigrations = async () => {\n"
            "  const { migrate } = await import('drizzle-orm/pglite/migrator');\n"
            "  await migrate(db, {});\n};\n",
            "src/index.ts": "const { runMigrations } = await import('./db/migrate');\n",
        },
        {
            "src/db/migrate.js": "const m = require('drizzle-orm/better-sqlite3/migrator');\n"
            "m.migrate(db, {});\n",
            "src/index.js": "require('./db/migrate');\n",
        },
        {"src/index.ts": f"import {{ migrate as up }} {FROM}\nawait up(db, {{}});\n"},
        {
            "src/db/migrate.ts": RUN,
            "src/db/all.ts": "export * from './migrate';\n",
            "src/index.ts": "import { runMigrations } from './db/all';\nrunMigrations();\n",
        },
    ],
    ids=["function", "dialect", "dynamic", "require", "alias", "passed-on"],
)
def test_an_application_that_runs_them_when_it_starts(more: dict[str, str]) -> None:
    profile = with_files(more)
    assert profile.migrates_at_start
    assert profile.migrate == ()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"src/db/migrate.ts": RUN},
        {"src/db/migrate.ts": f"import {{ migrate }} {FROM}\nawait migrate(db, {{}});\n"},
        {"src/index.ts": f"import {{ migrate }} {FROM}\n// migrate(db)\n"},
        {"src/index.ts": f"import type {{ migrate }} {FROM}\nknex.migrate();\n"},
        {"src/index.ts": "import { sql } from 'drizzle-orm';\n// db.dialect.migrate(all)\n"},
        {"src/db/migrate.ts": RUN, "src/a.test.ts": START},
        {"src/db/migrate.ts": RUN, "scripts/up.ts": START.replace("./db", "../src/db")},
        {"src/db/migrate.ts": RUN, "src/cli/up.ts": START.replace("./db", "../db")},
        {"src/db/migrate.ts": RUN, "src/index.ts": "import { other } from './db/migrate';\n"},
        {"src/db/migrate.ts": RUN, "src/index.ts": "import type * as m from './db/migrate';\n"},
        {
            "src/db/migrate.ts": RUN,
            "src/all.ts": "import { runMigrations } from './db/migrate';\n"
            "export { runMigrations };\n",
        },
    ],
)
def test_where_in_doubt_nothing_runs_them(more: dict[str, str]) -> None:
    profile = with_files(more)
    assert not profile.migrates_at_start
    assert profile.migrate == ("npx drizzle-kit migrate",)


def test_a_file_that_a_script_runs_by_hand_is_no_start() -> None:
    up = {"src/db/up.ts": f"import {{ migrate }} {FROM}\nawait migrate(db, {{}});\n"}
    profile = with_files(up, **{"db:migrate": "tsx src/db/up.ts"})
    assert not profile.migrates_at_start
    assert profile.migrate == ("npm run db:migrate",)


def test_the_sample_runs_them() -> None:
    profile = read_profile(Repository(MemoryTree(files()), now=0))
    assert profile.migrates_at_start
    assert profile.migrate == ()


@pytest.mark.parametrize(
    ("scripts", "command"),
    [
        ({"db:migrate": "drizzle-kit migrate"}, "npm run db:migrate"),
        ({"migrate": "dotenv -- npx drizzle-kit migrate"}, "npm run migrate"),
        ({"start": "drizzle-kit migrate && node ."}, "npx drizzle-kit migrate"),
        ({"db:push": "drizzle-kit push"}, "npx drizzle-kit migrate"),
        ({"db:all": "drizzle-kit generate && drizzle-kit migrate"}, "npx drizzle-kit migrate"),
    ],
)
def test_the_own_script_applies_them(scripts: dict[str, str], command: str) -> None:
    assert with_files({}, **scripts).migrate == (command,)


def test_every_database_has_its_command() -> None:
    bare = "npx drizzle-kit migrate"
    assert profile_of(TWO).migrate == (bare, f"{bare} --config drizzle.pg.config.ts")
    pg = "drizzle-kit migrate --config drizzle.pg.config.ts"
    scripts = {"db:migrate:pg": pg, "db:migrate": f"drizzle-kit migrate && {pg}"}
    both = {"package.json": json.dumps({"scripts": scripts})}
    assert profile_of(TWO | both).migrate == ("npm run db:migrate",)


def test_a_script_of_another_package_runs_there() -> None:
    app = {f"app/{path}": text for path, text in ONE.items()}
    root = {
        "package.json": json.dumps({"scripts": {"db:migrate": "cd app && drizzle-kit migrate"}})
    }
    profile = profile_of(app | root)
    assert profile.package == "app"
    assert profile.migrate == ("(cd .. && npm run db:migrate)",)


def test_another_tool_that_applies_the_folder_is_not_spoken_for() -> None:
    config = ONE["drizzle.config.ts"].replace("./drizzle", "./supabase/migrations")
    assert with_files({"drizzle.config.ts": config}).migrate == ()


def test_it_can_be_given() -> None:
    settings = parse_settings(["migrates_at_start=yes", "migrate=make db"])
    profile = with_settings(with_files({}), settings)
    assert profile.migrates_at_start
    assert profile.migrate == ("make db",)
    with pytest.raises(ValueError, match="'perhaps' is neither yes nor no"):
        with_settings(profile, {"migrates_at_start": "perhaps"})
