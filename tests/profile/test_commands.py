"""The commands that generate: the project's own script, or drizzle-kit's."""

from __future__ import annotations

import json

import pytest

from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile import Profile, read_profile
from plexus_rules.trees import MemoryTree

SQLITE = "export default { dialect: 'sqlite', schema: './a.ts', out: './out/a' };"
POSTGRES = "export default { dialect: 'postgresql', schema: './b.ts', out: './out/b' };"
BARE = (
    "npx drizzle-kit generate --config drizzle.config.lite.ts",
    "npx drizzle-kit generate --config drizzle.config.pg.ts",
)


def package(**scripts: str) -> str:
    return json.dumps({"scripts": scripts})


def profile_of(root: str = "{}", app: str = "{}", **more: str) -> Profile:
    tree = {
        "package.json": root,
        "package-lock.json": "{}",
        "app/package.json": app,
        "app/drizzle.config.lite.ts": SQLITE,
        "app/drizzle.config.pg.ts": POSTGRES,
        **{path.replace("__", "/").replace("_", "."): text for path, text in more.items()},
    }
    memory = MemoryTree({path: text.encode() for path, text in tree.items()})
    return read_profile(Repository(memory, now=0))


LITE = "drizzle-kit generate --config drizzle.config.lite.ts"
PG = "drizzle-kit generate --config=drizzle.config.pg.ts"


@pytest.mark.parametrize(
    "script",
    [
        f"{LITE} && {PG}",
        f"npm run lite; npx {PG}",
        "npm run lite && npm run pg",
        "run-s lite pg",
        'concurrently "npm:lite" "npm run pg"',
        "bash generate.sh",
        "bun run generate.ts",
        "tsx ./generate.ts",
    ],
)
def test_own_script_is_named_where_it_generates_for_every_database(script: str) -> None:
    profile = profile_of(
        app=package(**{"db:generate": script, "lite": LITE, "pg": PG}),
        app__generate_sh=f"set -e\n{LITE}\n{PG}\n",
        app__generate_ts=f"await $`{LITE} --name ${{x}}`;\nawait $`{PG}`;",
    )
    assert profile.generate == ("npm run db:generate",)
    assert [d.generate for d in profile.databases] == 2 * ["npm run db:generate"]
    assert profile.package == "app"
    assert profile.generate_custom == ()


@pytest.mark.parametrize(
    "script",
    [
        "cd app && npm run db:generate",
        "npm run db:generate --prefix app",
        "npm run db:generate --workspace app",
        "pnpm --filter app db:generate",
        "node scripts/generate.ts",
    ],
)
def test_own_script_of_the_root_is_preferred(script: str) -> None:
    profile = profile_of(
        root=package(**{"generate-migrations": script}),
        app=package(**{"db:generate": f"{LITE} && {PG}"}),
        scripts__generate_ts="await $`cd app && npm run db:generate`;",
    )
    assert profile.generate == ("npm run generate-migrations",)
    assert profile.package == ""


@pytest.mark.parametrize(
    "code",
    [
        f"await $`cd app && {LITE} && {PG}`;",
        f"execSync('{LITE}', {{ cwd: 'app' }}); execSync('cd app && {PG}');",
        "for (const d of ['lite', 'pg']) "
        "await $`cd app && drizzle-kit generate --config drizzle.config.${d}.ts`;",
    ],
)
def test_own_script_may_be_code(code: str) -> None:
    profile = profile_of(
        root=package(**{"generate-migrations": "tsx generate.ts"}), generate_ts=code
    )
    assert profile.generate == ("npm run generate-migrations",)


def test_scripts_for_one_database_each_are_named_one_by_one() -> None:
    profile = profile_of(app=package(**{"generate:lite": LITE, "generate:pg": PG}))
    assert profile.generate == ("npm run generate:lite", "npm run generate:pg")


def test_a_script_for_one_database_only_leaves_the_other_its_bare_command() -> None:
    profile = profile_of(app=package(**{"generate:lite": LITE}))
    assert profile.generate == ("npm run generate:lite", BARE[1])


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("dev", f"{LITE} && {PG} && vite"),
        ("prebuild", f"{LITE} && {PG}"),
        ("db:generate", f"{LITE} && {PG} && drizzle-kit migrate"),
        ("db:generate", f"{LITE} --custom && {PG} --custom"),
        ("db:generate", "echo drizzle-kit generate"),
        ("db:generate", "npm run db:generate"),
        ("generate", "graphql-codegen"),
    ],
)
def test_a_script_that_does_other_things_is_not_named(name: str, script: str) -> None:
    profile = profile_of(app=package(**{name: script}))
    assert profile.generate == BARE
    assert profile.generate_custom == tuple(f"{command} --custom" for command in BARE)


def one_config(**scripts: str) -> Profile:
    text = (
        "const pg = { dialect: 'postgresql', schema: './b.ts', out: './out/b' };\n"
        "const lite = { dialect: 'sqlite', schema: './a.ts', out: './out/a' };\n"
        "export default process.env.DB === 'pg' ? pg : lite;\n"
    )
    tree = {"package.json": package(**scripts), "drizzle.config.ts": text}
    memory = MemoryTree({path: text.encode() for path, text in tree.items()})
    return read_profile(Repository(memory, now=0))


def test_one_config_for_two_dialects_is_told_which_by_its_variable() -> None:
    profile = one_config()
    assert set(profile.generate) == {
        "DB=pg npx drizzle-kit generate",
        "DB=sqlite npx drizzle-kit generate",
    }


def test_a_script_that_sets_no_variable_generates_for_one_of_two_dialects() -> None:
    assert (
        "npm run db:generate" not in one_config(**{"db:generate": "drizzle-kit generate"}).generate
    )
    both = "DB=pg drizzle-kit generate && cross-env DB=sqlite drizzle-kit generate"
    assert one_config(**{"db:generate": both}).generate == ("npm run db:generate",)


def test_a_script_of_a_name_that_says_more_is_preferred() -> None:
    both = f"{LITE} && {PG}"
    profile = profile_of(
        app=package(gen=both, **{"db:generate": both, "generate:everything": both})
    )
    assert profile.generate == ("npm run db:generate",)
