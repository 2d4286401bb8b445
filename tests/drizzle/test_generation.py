"""Which databases scripts and files generate for, through everything that they start."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from plexus_rules.drizzle.generation import Generation, Unit
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import MemoryTree

LITE = "drizzle-kit generate"
PG = "drizzle-kit generate --config drizzle.config.pg.ts"
CONFIGS = {
    "app/drizzle.config.ts": "export default {dialect:'sqlite',schema:'a.ts',out:'lite'}",
    "app/drizzle.config.pg.ts": "export default {dialect:'postgresql',schema:'b.ts',out:'pg'}",
}


def package(name: str = "x", **scripts: str) -> str:
    return json.dumps({"name": name, "scripts": scripts})


def repository(
    root: Mapping[str, str] | None = None,
    app: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
) -> Repository:
    tree = {
        "package.json": package("root", **(root or {})),
        "app/package.json": package("@x/app", **(app or {})),
        **CONFIGS,
        **(files or {}),
    }
    return Repository(MemoryTree({path: text.encode() for path, text in tree.items()}), now=0)


def of(found: Repository, script: str = "", path: str = "package.json") -> Generation:
    everything = (*found.generations.scripts, *found.generations.files)
    return next(g for g in everything if g.unit == Unit(path, script))


def dialects(generation: Generation) -> list[str]:
    return [database.dialect for database in generation.databases]


@pytest.mark.parametrize(
    "script",
    [
        "cd app && bun run gen",
        "npm run gen --prefix app",
        "npm run gen -w app",
        "npm --prefix=app run gen",
        "bun run --cwd app gen",
        "bun --cwd app gen",
        "pnpm -C app gen",
        "pnpm --filter @x/app gen",
        "pnpm --filter './app' run gen",
        "pnpm -r gen",
        "yarn --cwd app gen",
        "yarn workspace @x/app gen",
        "turbo run gen --filter=@x/app",
        "npx turbo gen",
        "cd app && run-s gen",
        "cd app && npm-run-all ge*",
        "cd app && npx concurrently 'npm:gen'",
        "cd app && node --run gen",
        "dotenv -e .env -- bun run --cwd app gen",
        "sh -c 'cd app && bun gen'",
        "cd app && bun gen.js",
        "node gen",
        "node --import tsx gen.ts",
        "npx tsx gen.ts",
        "bash gen.sh",
        "./gen.sh",
        f"cd app && {LITE}",
        f"pnpm -C app exec {LITE}",
        f"bun --cwd app x {LITE}",
        f"{LITE} --config ./app/drizzle.config.ts",
    ],
)
def test_what_starts_the_tool(script: str) -> None:
    files = {
        "gen.ts": f"await $`cd app && {LITE}`",
        "gen.sh": f"cd app\n{LITE}\n",
        "app/gen.js": f"execSync('{LITE}')",
    }
    generation = of(repository({"all": script}, {"gen": LITE}, files), "all")
    assert dialects(generation) == ["sqlite"]
    assert not generation.unclear
    assert generation.actions == {"generate"}


@pytest.mark.parametrize(
    "script",
    [
        "echo bun run gen",
        "npm gen",
        "npm install gen",
        "docker compose exec app npm run gen",
        "node missing.ts",
        "make gen",
        "vite build",
        "bun run $NAME",
        f"{LITE} --custom",
        "drizzle-kit migrate",
    ],
)
def test_what_generates_nothing(script: str) -> None:
    found = repository({"all": script, "gen": LITE}, {"gen": PG}, {"gen": ""})
    assert Unit("package.json", "all") not in [g.unit for g in found.generations.scripts]


def test_scripts_that_run_around_another() -> None:
    found = repository(None, {"gen": LITE, "postgen": PG, "all": "bun gen", "pregen": "x"})
    assert dialects(of(found, "all", "app/package.json")) == ["sqlite", "postgresql"]
    assert dialects(of(found, "gen", "app/package.json")) == ["sqlite", "postgresql"]


def test_words_that_are_appended_to_a_script() -> None:
    pg = "--config drizzle.config.pg.ts"
    scripts = {"kit": "drizzle-kit", "a": "npm run kit -- generate", "b": f"bun kit generate {pg}"}
    found = repository(None, scripts)
    assert dialects(of(found, "a", "app/package.json")) == ["sqlite"]
    assert dialects(of(found, "b", "app/package.json")) == ["postgresql"]


def test_own_calls_come_first() -> None:
    found = repository(None, {"a": f"bun b && {PG}", "b": LITE})
    generation = of(found, "a", "app/package.json")
    assert [call.script for call in generation.calls] == ["a", "b"]
    assert [call.config for call in generation.own_calls] == ["drizzle.config.pg.ts"]
    assert list(generation.units) == [Unit("app/package.json", name) for name in ("a", "b")]


def test_modules_that_a_file_imports() -> None:
    found = repository(
        {"gen": "tsx gen.ts"},
        None,
        {
            "gen.ts": "import { lite } from './lib/kit'; lite(); execSync('ls');",
            "lib/kit.ts": f"export const lite = () => execSync('{LITE}', {{ cwd: 'app' }});",
        },
    )
    assert dialects(of(found, "gen")) == ["sqlite"]


def test_files_are_followed_from_where_a_script_runs_them() -> None:
    found = repository(None, {"gen": "bash ../tools/gen.sh"}, {"tools/gen.sh": f"{LITE}\n{PG}"})
    generation = of(found, "gen", "app/package.json")
    assert dialects(generation) == ["sqlite", "postgresql"]
    assert dialects(of(found, path="tools/gen.sh")) == ["sqlite", "postgresql"]


def test_files_that_no_script_starts() -> None:
    found = repository(files={".github/workflows/a.yml": f"run: cd app && {LITE}", "b.sh": PG})
    assert dialects(of(found, path=".github/workflows/a.yml")) == ["sqlite"]
    assert dialects(of(found, path="b.sh")) == ["postgresql"]


def test_workflow_that_starts_a_script_that_generates() -> None:
    workflow = "jobs: {a: {steps: [{run: bun run gen, working-directory: app}]}}"
    found = repository(None, {"gen": LITE}, {".github/workflows/a.yml": workflow})
    assert dialects(of(found, path=".github/workflows/a.yml")) == ["sqlite"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("cd app && drizzle-kit generate --config $C", "computed"),
        ("cd app && drizzle-kit $1", "computed"),
        (LITE, "there is no drizzle.config.ts in the root"),
        ("cd app && drizzle-kit generate --config none.ts", "there is no none.ts in app"),
        ("cd $X && drizzle-kit generate --config none.ts", "a directory that is not known"),
        ("cd app && drizzle-kit generate --config empty.config.ts", "no database can be read"),
        ("cd two && drizzle-kit generate", "a variable chooses"),
    ],
)
def test_what_cannot_be_told(script: str, reason: str) -> None:
    two = (
        "const a = {dialect:'sqlite',schema:'a.ts',out:'a'};"
        "const b = {dialect:'postgresql',schema:'b.ts',out:'b'};"
        "export default process.env.DB ? a : b"
    )
    found = repository(
        {"all": script},
        None,
        {"two/drizzle.config.ts": two, "app/empty.config.ts": "export default 1"},
    )
    generation = of(found, "all")
    (unclear,) = generation.unclear
    assert (unclear.path, unclear.line) == ("package.json", 1)
    assert reason in unclear.reason
    assert not generation.databases


@pytest.mark.parametrize(
    "script",
    [
        "DB=pg drizzle-kit generate",
        "cross-env DB=postgres drizzle-kit generate",
        "DB=postgresql bun run plain",
        "drizzle-kit generate:pg",
    ],
)
def test_variable_that_chooses_among_dialects(script: str) -> None:
    two = (
        "const a = {dialect:'sqlite',schema:'a.ts',out:'a'};"
        "const b = {dialect:'postgresql',schema:'b.ts',out:'b'};"
        "export default process.env.DB ? a : b"
    )
    tree = {
        "package.json": package(all=script, plain=LITE),
        "drizzle.config.ts": two,
    }
    files = MemoryTree({path: text.encode() for path, text in tree.items()})
    assert dialects(of(Repository(files, now=0), "all")) == ["postgresql"]


def test_dialect_on_the_command_line_needs_no_config() -> None:
    found = repository({"gen": "drizzle-kit generate --dialect=postgresql --schema=b.ts"})
    assert dialects(of(found, "gen")) == ["postgresql"]


def test_unknown_directory_leaves_the_only_config_that_fits() -> None:
    found = repository({"gen": f"cd $X && {LITE}", "pg": f"cd $X && {PG}"})
    assert dialects(of(found, "gen")) == ["sqlite"]
    assert dialects(of(found, "pg")) == ["postgresql"]


def test_scripts_may_run_in_circles() -> None:
    found = repository(None, {"a": "bun b", "b": f"bun a && {LITE}"})
    assert dialects(of(found, "a", "app/package.json")) == ["sqlite"]


def test_place_of_a_script() -> None:
    found = repository(None, {"a": 'sh -c "b"'}, {"x": ""})
    place = found.generations.range(Unit("app/package.json", "a"))
    assert (place.line, place.column) == (1, 38)
    assert found.generations.range(Unit("x")).end_column == 1


@pytest.mark.parametrize(
    "scripts",
    [
        {f"s{n}": f"bun run s{n + 1}" for n in range(1_000)} | {"s1000": LITE},
        {f"s{n}": " && ".join(f"bun s{m}" for m in range(100)) for n in range(100)},
        {f"s{n}": "run-p 's*'" for n in range(100)} | {"s100": LITE},
    ],
    ids=["chain", "fan", "pattern"],
)
def test_scripts_that_start_each_other_come_to_an_end(scripts: dict[str, str]) -> None:
    found = repository(None, scripts)
    assert found.generations.scripts is not None


def test_script_that_starts_too_much_is_said() -> None:
    found = repository(None, {f"s{n}": f"bun run s{n + 1}" for n in range(300)})
    generation = of(found, "s0", "app/package.json")
    assert [u.reason for u in generation.unclear] == ["it starts more than can be followed"]


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"scripts": 1}', '{"scripts": {"a": 1}}', '{"name": 1}']
)
def test_odd_packages(text: str) -> None:
    found = repository({"a": "cd app && bun run b"}, None, {"app/package.json": text})
    assert found.generations.scripts == ()
