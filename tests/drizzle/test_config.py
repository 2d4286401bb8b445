"""Databases are read off every drizzle config, in whatever form it is written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from plexus_rules.drizzle.config import Config, DatabaseConfig, find_configs
from plexus_rules.finding import Range
from plexus_rules.trees import DirectoryTree, FileMissing, FileRefused, MemoryTree

BODY = "dialect: 'sqlite', schema: './src/schema.ts', out: './migrations'"
CONFIG = f"export default {{ {BODY} }};"


def tree(files: Mapping[str, str | bytes]) -> MemoryTree:
    return MemoryTree({p: t.encode() if isinstance(t, str) else t for p, t in files.items()})


def config(text: str | bytes, files: Mapping[str, str | bytes] | None = None) -> Config:
    """The one config of a tree whose ``drizzle.config.ts`` holds the text."""
    (found,) = find_configs(tree({"drizzle.config.ts": text, **(files or {})}))
    return found


def database(text: str, files: Mapping[str, str | bytes] | None = None) -> DatabaseConfig:
    """The one database of that config, with nothing unread beside it."""
    found = config(text, files)
    assert found.unread == ()
    (only,) = found.databases
    return only


def said(found: Config | DatabaseConfig) -> list[tuple[str, int, str]]:
    return [(one.property, one.range.line, one.reason) for one in found.unread]


def variants(text: str) -> list[tuple[str | None, tuple[str, ...] | None, str | None]]:
    found = config(text)
    assert found.unread == ()
    assert [one.unread for one in found.databases] == [()] * len(found.databases)
    return [(one.dialect, one.schema, one.out) for one in found.databases]


FORMS = {
    "defineConfig": f"import {{ defineConfig }} from 'drizzle-kit';\n"
    f"export default defineConfig({{ {BODY} }});",
    "an alias of it": f"import {{ defineConfig as make }} from 'drizzle-kit';\n"
    f"export default make({{ {BODY} }});",
    "without the import": f"export default defineConfig({{ {BODY} }});",
    "required": f"const {{ defineConfig }} = require('drizzle-kit');\n"
    f"module.exports = defineConfig({{ {BODY} }});",
    "compiled": f'"use strict";\nconst kit_1 = require("drizzle-kit");\n'
    f"exports.default = (0, kit_1.defineConfig)({{ {BODY} }});",
    "satisfies": f"export default {{ {BODY} }} satisfies Config;",
    "satisfies in parentheses": f"export default ({{ {BODY} }}) satisfies Config;",
    "satisfies around defineConfig": f"export default defineConfig({{ {BODY} }}) satisfies Config;",
    "as Config": f"export default {{ {BODY} }} as Config;",
    "as const": f"export default {{ {BODY} }} as const;",
    "asserted": f"export default <Config>{{ {BODY} }};",
    "plain JavaScript": f"/** @type {{import('drizzle-kit').Config}} */\n"
    f"module.exports = {{ {BODY} }};",
    "a variable": f"const config: Config = {{ {BODY} }};\nexport default config;",
    "a variable exported as default": f"const config = {{ {BODY} }};\n"
    f"export {{ config as default }};",
    "a variable in defineConfig": f"export const config = {{ {BODY} }};\n"
    f"export default defineConfig(config);",
    "a variable set later": f"let config: ReturnType<typeof defineConfig>;\n"
    f"config = defineConfig({{ {BODY} }});\nexport default config;",
    "a variable filled later": "const config: any = { dialect: 'sqlite' };\n"
    "config.schema = './src/schema.ts';\nconfig.out = './migrations';\nexport default config;",
    "a function": f"export default getConfig();\n"
    f"function getConfig(): Config {{ return {{ {BODY} }} }}",
    "an arrow function": f"const getConfig = () => ({{ {BODY} }});\nexport default getConfig();",
    "an awaited function": f"const load = async () => {{ return {{ {BODY} }} }};\n"
    f"export default await load();",
    "a function called in place": f"export default defineConfig((() => {{ return {{ {BODY} }} "
    f"}})());",
    "a spread": f"const base = {{ {BODY} }} as const;\n"
    f"export default {{ ...base, dbCredentials: {{ url: process.env.URL! }} }};",
    "spreads that do not matter": f"export default defineConfig({{ {BODY},\n"
    "  ...(process.env.A ? { driver: 'd1-http' } : {}),\n"
    "  ...(process.env.B && { dbCredentials: { url: process.env.B } }) });",
    "a call that does not matter": f"export default {{ {BODY}, dbCredentials: getCredentials() }};",
    "quoted keys": "export default { 'dialect': 'sqlite', \"schema\": './src/schema.ts', "
    "['out']: './migrations' };",
    "shorthand": "const dialect = 'sqlite' as const, schema = './src/schema.ts';\n"
    "const out = 'migrations';\nexport default { dialect, schema, out };",
    "an enum": "enum Dialect { Lite = 'sqlite' }\n"
    "export default { dialect: Dialect.Lite, schema: ['src/schema.ts'], out: 'migrations/' };",
    "members of an object": "const paths = { schema: './src/schema.ts', out: './migrations' };\n"
    "export default { dialect: 'sqlite', schema: paths.schema, out: paths['out'] };",
    "templates and sums": "const root = './src', name = 'schema';\n"
    "export default { dialect: 'sqlite', schema: `${root}/${name}.ts`, out: './' + 'migrations' };",
    "defaults of the environment": "const { OUT = './migrations' } = process.env;\n"
    "export default { dialect: process.env.DIALECT ?? 'sqlite', out: OUT,\n"
    "  schema: process.env.SCHEMA || './src/schema.ts' };",
    "paths beside the file": "import path from 'node:path';\n"
    "export default { dialect: 'sqlite', schema: path.join(__dirname, 'src', 'schema.ts'),\n"
    "  out: path.resolve(import.meta.dirname, './migrations') };",
    "paths of the working directory": "import { join } from 'path';\n"
    "export default { dialect: 'sqlite', schema: join(process.cwd(), 'src/schema.ts'),\n"
    "  out: join(process.cwd(), 'migrations') };",
    "Windows' separators": "export default { dialect: 'sqlite', schema: '.\\\\src\\\\schema.ts', "
    "out: '.\\\\migrations' };",
    "a guard before it": f"if (!process.env.DATABASE_URL) {{\n  throw new Error('unset');\n}}\n"
    f"export default defineConfig({{ {BODY} }});",
    "a nested schema": f"export default {{ {BODY}, migrations: {{ schema: 'public' }} }};",
    "comments": f"// schema: './old.ts'\nexport default {{ /* out: 'x' */ {BODY} }};",
    "a byte order mark": f"\ufeffexport default {{ {BODY} }};",
    "Windows' line ends": f"export default {{\r\n  {BODY}\r\n}};\r\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_config_is_read_in_every_form(form: str) -> None:
    found = database(FORMS[form])
    assert found == DatabaseConfig(
        config="drizzle.config.ts",
        range=found.range,
        dialect="sqlite",
        schema=("src/schema.ts",),
        out="migrations",
        prefix=None,
        unread=(),
    )


def test_a_database_is_placed_where_its_object_stands() -> None:
    text = f"const ü = 1; export default defineConfig({{\n  {BODY}\n}});"
    assert database(text).range == Range(1, 42, 3, 2)


A = "{ dialect: 'sqlite', schema: 'a.ts', out: 'a' }"
B = "{ dialect: 'postgresql', schema: 'b.ts', out: 'b' }"
BOTH = [("sqlite", ("a.ts",), "a"), ("postgresql", ("b.ts",), "b")]


@pytest.mark.parametrize(
    "text",
    [
        f"export default process.env.LOCAL ? defineConfig({A}) : defineConfig({B});",
        f"export default process.env.LOCAL ? ({A} satisfies Config) : ({B} satisfies Config);",
        f"export default defineConfig(process.env.DB === 'sqlite' ? {A} : {B});",
        f"const isPg = !!process.env.PG;\nexport default defineConfig(!isPg ? {A} : {B});",
        f"const a: Config = {A}, b: Config = {B};\nexport default process.env.LOCAL ? a : b;",
        f"const configs = {{ a: {A}, b: {B} }};\nexport default configs[process.env.DB];",
        f"const configs = {{ a: {A}, b: {B} }};\nconst kind = process.env.DB || 'a';\n"
        f"if (!(kind in configs)) throw new Error(kind);\nexport default configs[kind];",
        f"function get() {{ if (process.env.LOCAL) return {A}; else return {B} }}\n"
        f"export default get();",
        f"function get() {{ if (process.env.LOCAL) {{ return {A} }}\n return {B} }}\n"
        f"export default get();",
        f"function get(kind = 'a') {{ switch (kind) {{ case 'a': return {A};\n"
        f"case 'b': return {B}; default: throw new Error(kind) }} }}\n"
        f"export default get(process.env.DB);",
        f"let config: Config;\nif (process.env.DB === 'a') {{ config = {A} }}\n"
        f"else {{ config = {B} }}\nexport default config;",
        f"let config: Config = {B};\nif (process.env.DB === 'a') config = {A};\n"
        f"export default config;",
        "const lite = process.env.DB === 'sqlite';\n"
        "export default { dialect: lite ? 'sqlite' : 'postgresql',\n"
        "  schema: lite ? 'a.ts' : 'b.ts', out: lite ? 'a' : 'b' };",
        "const d = process.env.DB ?? 'postgresql';\n"
        "export default { dialect: d === 'sqlite' ? 'sqlite' : 'postgresql',\n"
        "  schema: d === 'sqlite' ? 'a.ts' : 'b.ts', out: d !== 'sqlite' ? 'b' : 'a' };",
        "let dialect = 'postgresql', schema = 'b.ts', out = 'b';\n"
        "if (process.env.DB === 'sqlite') { dialect = 'sqlite'; schema = 'a.ts'; out = 'a' }\n"
        "export default { dialect, schema, out };",
        "export default { ...(process.env.LITE ? { dialect: 'sqlite', out: 'a' }\n"
        "  : { dialect: 'postgresql', out: 'b' }), schema: process.env.LITE ? 'a.ts' : 'b.ts' };",
        "const names = { sqlite: 'a', postgresql: 'b' };\nconst d = process.env.DIALECT;\n"
        "export default { dialect: d, schema: `${names[d]}.ts`, out: names[d] };",
        "function getDialect() {\n  const url = process.env.DATABASE_URL || '';\n"
        "  if (url.startsWith('file:') || url.endsWith('.db')) { return 'sqlite' }\n"
        "  return 'postgresql';\n}\nconst names = { sqlite: 'a', postgresql: 'b' };\n"
        "const dialect = getDialect();\n"
        "export default { dialect, schema: `./${names[dialect]}.ts`, out: names[dialect] };",
    ],
)
def test_properties_that_hang_on_one_condition_stay_together(text: str) -> None:
    assert sorted(map(repr, variants(text))) == sorted(map(repr, BOTH))


def test_variants_that_say_the_same_are_one_database() -> None:
    text = (
        f"export default process.env.CI ? {{ ...base, driver: 'pglite' }} : {{ ...base }};\n"
        f"const base = {{ {BODY} }};"
    )
    first, second = config(text).databases
    assert first == replace(second, range=first.range)
    text = f"export default {{ {BODY}, migrations: {{ table: process.env.CI ? 'a' : 'b' }} }};"
    assert len(config(text).databases) == 1


def test_a_variant_that_only_knows_less_is_said_and_not_repeated() -> None:
    found = config(
        "const dialect = isDialect(process.env.DB) ? process.env.DB : 'sqlite';\n"
        "export default { dialect, out: 'a' };"
    )
    assert [(one.dialect, one.out) for one in found.databases] == [("sqlite", "a")]
    assert said(found) == [
        (
            "dialect",
            2,
            "`dialect` is taken from `process.env.DB`, which is only known when the command runs",
        )
    ]


def test_a_schema_that_a_build_makes_gives_way_to_the_source() -> None:
    text = (
        "export default { dialect: 'sqlite',\n  schema: process.env.NODE_ENV === 'production'"
        " ? './dist/schema.js' : './src/schema.ts' };"
    )
    assert database(text, {"src/schema.ts": ""}).schema == ("src/schema.ts",)
    assert len(config(text).databases) == 2


def test_more_variants_than_can_be_followed_are_said() -> None:
    outs = "".join(f"process.env.A === '{i}' ? 'out{i}' : " for i in range(40))
    found = config(f"export default {{ dialect: 'sqlite', out: {outs}'last' }};")
    assert len(found.databases) == 16
    (reason,) = said(found)
    assert reason[2] == "the config has more than 16 variants, and not all of them are read"


@pytest.mark.parametrize(
    ("given_dialect", "dialect"),
    [
        ("dialect: 'sqlite'", "sqlite"),
        ("dialect: 'turso'", "sqlite"),
        ("dialect: 'postgresql'", "postgresql"),
        ("dialect: 'mysql'", "mysql"),
        ("dialect: 'singlestore'", "singlestore"),
        ("dialect: 'gel'", "gel"),
        ("dialect: 'mssql'", "mssql"),
        ("dialect: 'cockroach'", "cockroach"),
        ("driver: 'pg'", "postgresql"),
        ("driver: 'mysql2'", "mysql"),
        ("driver: 'better-sqlite'", "sqlite"),
        ("driver: 'turso'", "sqlite"),
        ("driver: 'd1'", "sqlite"),
        ("driver: 'expo'", "sqlite"),
        ("driver: 'aws-data-api'", "postgresql"),
        ("driver: process.env.X ? 'pglite' : 'pg'", "postgresql"),
        ("driver: 'd1-http', dialect: 'sqlite'", "sqlite"),
        ("driver: 'turso', dialect: 'postgresql'", "postgresql"),
        ("driver: 'unheard of'", None),
        ("breakpoints: true", None),
    ],
)
def test_dialects_and_old_drivers_are_known(given_dialect: str, dialect: str | None) -> None:
    assert database(f"export default {{ {given_dialect}, out: 'x' }};").dialect == dialect


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("'./src/schema'", ("src/schema",)),
        ("'src/**/*.ts'", ("src/**/*.ts",)),
        ("['./a.ts', './b/*.{ts,js}', 'a.ts']", ("a.ts", "b/*.{ts,js}")),
        ("'.'", ("",)),
        ("undefined", None),
        ("['a', 'b'].map((name) => `./src/${name}/schema.ts`)",
         ("src/a/schema.ts", "src/b/schema.ts")),
    ],
)  # fmt: skip
def test_schemas_are_files_folders_globs_and_lists(
    schema: str, expected: tuple[str, ...] | None
) -> None:
    assert database(f"export default {{ schema: {schema}, out: 'x' }};").schema == expected


def test_what_is_left_out_has_drizzle_kits_default() -> None:
    found = database("export default { dialect: 'sqlite' };")
    assert (found.out, found.schema, found.prefix) == ("drizzle", None, None)
    assert database("export default { out: undefined };").out == "drizzle"


def test_the_prefix_of_migrations_is_read() -> None:
    text = "export default { migrations: { prefix: 'timestamp', schema: 'public' } };"
    assert database(text).prefix == "timestamp"
    found = config("export default { out: 'x', migrations: { prefix: pick() } };")
    assert said(found.databases[0])[0][0] == "migrations.prefix"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "export default {\n  schema: getSchemaPath(),\n  out: 'x',\n};",
            ("schema", 2, "`schema` is computed by getSchemaPath(), which cannot be read without "
             "running it"),
        ),
        (
            "export default {\n  schema: ['./a.ts', `./${process.env.APP}.ts`],\n  out: 'x',\n};",
            ("schema", 2, "`schema` is taken from `process.env.APP`, which is only known when the "
             "command runs"),
        ),
        (
            "import { env } from '@/env';\nexport default {\n  out: env.OUT,\n};",
            ("out", 3, "`out` comes from `env`, imported from '@/env', which is not read"),
        ),
        (
            "export default {\n  out: 'x',\n  dialect: 'postgres',\n};",
            ("dialect", 3, "`dialect` is 'postgres', which drizzle-kit does not know"),
        ),
        (
            "export default {\n  out: ['x'],\n};",
            ("out", 2, "`out` is not a text"),
        ),
        (
            "export default {\n  out: 'x', schema: { a: 1 },\n};",
            ("schema", 2, "`schema` is not a text"),
        ),
        (
            "export default {\n  out: 'x', schema: [1, {}],\n};",
            ("schema", 2, "`schema` lists something that is not a text"),
        ),
        (
            "export default {\n  out: 'x',\n  driver: pick(),\n};",
            ("driver", 3, "`driver` is computed by pick(), which cannot be read without running "
             "it"),
        ),
        (
            "export default {\n  schema: 'x', dialect: 'sqlite',\n  ...getRest(),\n};",
            ("out", 3, "`out` is computed by getRest(), which cannot be read without running it"),
        ),
        (
            "export default {\n  out: 'x', get schema() { return 'y' },\n};",
            ("schema", 2, "`schema` is `get schema() { return 'y' }`, which cannot be read without "
             "running it"),
        ),
        (
            "export default {\n  out: " + "!" * 200 + "'x',\n};",
            ("out", 1, "`out` is nested too deeply to be read"),
        ),
        (
            "export default {\n  out: '../../x',\n};",
            ("out", 2, "`out` leads to '../../x', outside of the checked directory; run the check "
             "from a directory that holds it"),
        ),
        (
            "export default {\n  out: '/var/x',\n};",
            ("out", 2, "`out` leads to '/var/x', outside of the checked directory; run the check "
             "from a directory that holds it"),
        ),
        (
            "import { join } from 'path';\nexport default {\n  out: join(__dirname, '../x'),\n};",
            ("out", 3, "`out` leads to '../x', outside of the checked directory; run the check "
             "from a directory that holds it"),
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(
    text: str, expected: tuple[str, int, str]
) -> None:
    found = config(text)
    assert found.unread == ()
    (only,) = found.databases
    assert said(only) == [expected]
    assert all(one.path == "drizzle.config.ts" for one in only.unread)
    name = expected[0]
    if name in ("schema", "out", "dialect"):
        assert getattr(only, name) is None


def test_one_schema_outside_leaves_the_others() -> None:
    (found,) = config("export default { schema: ['../a.ts', 'b.ts'], out: 'x' };").databases
    assert found.schema == ("b.ts",)
    assert [one[0] for one in said(found)] == ["schema"]
    (found,) = config("export default { schema: '../a.ts', out: 'x' };").databases
    assert found.schema is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", ("config", 1, "the file is empty")),
        (b" \n", ("config", 1, "the file is empty")),
        (b"\x00\x01\x02", ("config", 1, "the file is not UTF-8 text")),
        ("export default {}".encode("utf-16"), ("config", 1, "the file is not UTF-8 text")),
        (b"const a = 1;\n", ("config", 1, "the file has no default export")),
        (b"export default {\n  out: 'a,\n  schema: 'b',\n};\n",
         ("config", 2, "the file has a syntax error here")),
        (b"export default {\n<<<<<<< HEAD\n  out: 'a',\n=======\n  out: 'b',\n>>>>>>> b\n};\n",
         ("config", 2, "the file has unresolved conflict markers")),
        (b"import x from './x';\nexport default x;",
         ("default export", 2,
          "the default export comes from `default`, imported from './x', which is not read")),
        (b"export default make();",
         ("default export", 1,
          "the default export is computed by make(), which cannot be read without running it")),
        (b"export default () => ({});",
         ("default export", 1, "the default export is not an object")),
        (b"const f = () => f();\nexport default f();",
         ("default export", 2, "the default export is nested too deeply to be read")),
        (b"export default undefined;",
         ("default export", 1, "the default export has no value that can be read")),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_said(text: bytes, expected: tuple[str, int, str]) -> None:
    found = config(text)
    assert found.databases == ()
    assert said(found) == [expected]


@pytest.mark.parametrize("text", ['({:(v\'\'):""p."m', "<a {{b:>c:d(e f)\n"])
def test_source_that_sends_the_parser_round_for_ever_is_said(text: str) -> None:
    (found,) = find_configs(tree({"drizzle.config.js": text}))
    assert said(found) == [("config", 1, "the file has a syntax error here")]


def test_characters_of_several_bytes_are_read_anywhere() -> None:
    filler = "é" * 65_535
    assert database(f"// {filler}\n// a{filler}\n{CONFIG}").out == "migrations"


def test_an_error_beside_the_config_leaves_it_readable() -> None:
    found = config(f"const broken = ;\nexport default {{ {BODY} }};")
    assert [one.out for one in found.databases] == ["migrations"]
    assert said(found) == [("config", 1, "the file has a syntax error here")]


@pytest.mark.parametrize("error", [FileMissing, FileRefused])
def test_a_file_that_vanishes_or_is_refused_is_said(error: type[Exception]) -> None:
    class Failing(MemoryTree):
        def _read(self, path: str) -> bytes:
            raise error(f"{path}: not now")

    (found,) = find_configs(Failing({"drizzle.config.ts": b""}))
    assert said(found) == [("config", 1, "the file cannot be read: not now")]
    assert find_configs(Failing({"vite.config.ts": b""})) == ()


@pytest.mark.parametrize(
    "path",
    [
        "drizzle.config.ts",
        "drizzle.config.js",
        "drizzle.config.mts",
        "drizzle.config.cjs",
        "drizzle.config.pg.ts",
        "drizzle.pg.config.ts",
        "drizzle-pg.config.ts",
        "drizzle-config-pg.ts",
        "drizzle.config.local.mjs",
        "pg.drizzle.config.ts",
        "packages/db/drizzle.config.ts",
    ],
)
def test_a_config_is_known_by_its_name(path: str) -> None:
    (found,) = find_configs(tree({path: f"export default {{ {BODY} }};"}))
    assert found.path == path
    assert len(found.databases) == 1


@pytest.mark.parametrize(
    "head",
    [
        "import { defineConfig } from 'drizzle-kit';",
        "import type { Config } from 'drizzle-kit';",
        "const { defineConfig } = require('drizzle-kit');",
        "/** @type {import('drizzle-kit').Config} */",
    ],
)
def test_a_config_is_known_by_what_it_imports(head: str) -> None:
    (found,) = find_configs(
        tree({"configs/sqlite.config.ts": f"{head}\nexport default {{ {BODY} }};"})
    )
    assert found.databases[0].out == "migrations"
    (found,) = find_configs(tree({"configs/sqlite.config.ts": f"{head}\nexport default f();"}))
    assert said(found)[0][0] == "default export"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("drizzle.config.d.ts", "declare const _default: {}; export default _default;"),
        ("drizzle.config.md", f"export default {{ {BODY} }};"),
        ("drizzle.config.ts.bak", f"export default {{ {BODY} }};"),
        ("src/schema/config.ts", f"export default {{ {BODY} }};"),
        ("vite.config.ts", "import { defineConfig } from 'vite';\nimport 'drizzle-kit';\n"
         "export default defineConfig({ root: 'x' });"),
        ("vite.config.ts", "import { x } from 'drizzle-kit';\nexport default { plugins: [x] };"),
        ("vite.config.ts", "import { x } from 'drizzle-kit';\nexport default make(x);"),
        ("tsup.config.ts", "export default { external: ['drizzle-kit'], out: 'dist' };"),
        ("prisma.config.ts", "import { defineConfig } from 'prisma/config'; // not drizzle-kit\n"
         "export default defineConfig({ schema: 'x' });"),
        ("shared.config.ts", "import type { Config } from 'drizzle-kit';\n"
         "export const base: Partial<Config> = { out: 'x' };"),
        ("drizzle.config.test.ts", "import config from './drizzle.config';\ntest('x', () => {});"),
        ("drizzle-config.module.ts", "export class DrizzleConfigModule {}"),
        ("drizzle/schema/config.ts", "export const config = sqliteTable('config', {});"),
        ("drizzle.tsconfig.json", '{ "compilerOptions": {} }'),
        ("drizzle-config.json", "not JSON"),
        ("config.json", f"{{ {BODY} }} drizzle-kit"),
    ],
)  # fmt: skip
def test_other_files_are_no_configs(path: str, text: str) -> None:
    assert find_configs(tree({path: text})) == ()


@pytest.mark.parametrize(
    "script",
    [
        "drizzle-kit generate --config db/kit.ts",
        "drizzle-kit generate --config=./db/kit.ts",
        "drizzle-kit generate:pg --config='db/kit.ts' --name x",
        "dotenv -- bunx drizzle-kit push --config db/kit.ts && echo done",
        "cd db && drizzle-kit generate --config kit.ts",
    ],
)
def test_a_config_that_a_script_names_is_read_whatever_its_name(script: str) -> None:
    package = f'{{ "scripts": {{ "generate": "{script}" }} }}'
    files = {"package.json": package, "db/kit.ts": f"export default {{ {BODY} }};"}
    (found,) = find_configs(tree(files))
    assert found.path == "db/kit.ts"
    assert found.databases[0].dialect == "sqlite"
    unreadable = find_configs(tree({**files, "db/kit.ts": "export const a = 1;"}))
    assert said(unreadable[0]) == [("config", 1, "the file has no default export")]


@pytest.mark.parametrize(
    "script",
    [
        "drizzle-kit generate --config gone.ts",
        "drizzle-kit generate --config",
        "drizzle-kit generate --config ../kit.ts",
        "drizzle-kit generate --config=$CONFIG",
        "cd ../.. && drizzle-kit generate --config kit.ts",
        "vite build --config db/kit.ts",
        "cd db; vite build --config kit.ts",
    ],
)
def test_a_name_that_leads_nowhere_is_passed_over(script: str) -> None:
    package = f'{{ "scripts": {{ "generate": "{script}" }} }}'
    assert find_configs(tree({"package.json": package, "db/kit.ts": "export default {};"})) == ()


def test_an_ignored_config_counts_where_a_script_names_it(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("drizzle.local.config.ts\nkit.ts\n")
    for name in ("drizzle.local.config.ts", "kit.ts"):
        (tmp_path / name).write_text(f"export default {{ {BODY} }};")
    (tmp_path / "package.json").write_text('{"scripts": {"g": "drizzle-kit generate"}}')
    assert find_configs(DirectoryTree(tmp_path)) == ()
    (tmp_path / "package.json").write_text(
        '{"scripts": {"g": "drizzle-kit generate --config=kit.ts"}}'
    )
    assert [found.path for found in find_configs(DirectoryTree(tmp_path))] == ["kit.ts"]


@pytest.mark.parametrize(
    ("files", "out", "schema"),
    [
        # The package that the config belongs to, whatever is there.
        ({"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}"}, "a/migrations", "a/src"),
        ({"a/b/drizzle.config.ts": CONFIG, "package.json": "{}"}, "migrations", "src"),
        ({"a/b/drizzle.config.ts": CONFIG}, "migrations", "src"),
        # Migrations tell where the command runs.
        (
            {"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}",
             "a/b/migrations/meta/_journal.json": "{}", "a/src/schema.ts": ""},
            "a/b/migrations", "a/b/src",
        ),
        (
            {"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}", "migrations/0000_x.sql": ""},
            "migrations", "src",
        ),
        (
            {"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}",
             "migrations/20250101000000_x/migration.sql": ""},
            "migrations", "src",
        ),
        (
            {"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}",
             "a/b/migrations/README.md": "", "a/src/schema.ts": ""},
            "a/migrations", "a/src",
        ),
        # Else the schema tells.
        (
            {"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}", "a/b/src/schema.ts": ""},
            "a/b/migrations", "a/b/src",
        ),
        # A script says from where it runs.
        (
            {"a/b/drizzle.config.ts": CONFIG, "a/package.json": "{}",
             "package.json": '{"scripts": {"g": "drizzle-kit push --config=a/b/drizzle.config.ts"'
             "}}"},
            "migrations", "src",
        ),
    ],
)  # fmt: skip
def test_paths_start_where_the_command_runs(files: dict[str, str], out: str, schema: str) -> None:
    (found,) = find_configs(tree(files))
    assert found.databases[0].out == out
    assert found.databases[0].schema == (f"{schema}/schema.ts",)


def test_a_glob_tells_where_the_command_runs() -> None:
    files = {
        "a/b/drizzle.config.ts": "export default { schema: './src/**/*.sql.ts' };",
        "a/package.json": "{}",
        "a/b/src/x/y.sql.ts": "",
    }
    (found,) = find_configs(tree(files))
    assert found.databases[0].schema == ("a/b/src/**/*.sql.ts",)


def test_paths_beside_the_config_start_there() -> None:
    text = "export default { schema: `${__dirname}/schema.ts`, out: __dirname + '/../sql' };"
    (found,) = find_configs(tree({"a/b/drizzle.config.ts": text, "a/package.json": "{}"}))
    assert found.databases[0].schema == ("a/b/schema.ts",)
    assert found.databases[0].out == "a/sql"


def test_a_config_may_build_on_a_sibling() -> None:
    files = {
        "drizzle.studio.config.ts": "import config from './drizzle.config';\n"
        "export default { ...config, dialect: 'postgresql' };",
        "drizzle.config.ts": CONFIG,
        "db/drizzle.config.ts": "export { default } from '../drizzle.config';",
    }
    found = {one.path: one.databases[0] for one in find_configs(tree(files))}
    assert found["drizzle.studio.config.ts"].dialect == "postgresql"
    assert found["drizzle.studio.config.ts"].out == "migrations"
    assert found["db/drizzle.config.ts"].dialect == "sqlite"
    assert found["db/drizzle.config.ts"].range == Range(1, 10, 1, 17)


def test_a_sibling_may_make_the_config() -> None:
    made = "import { defineConfig } from 'drizzle-kit';\n"
    made += "export function forApp(name: string) {\n"
    made += "  return defineConfig({ dialect: 'sqlite', out: `./${name}/sql` });\n}\n"
    text = "import { forApp } from './drizzle.shared';\nexport default forApp('web');"
    assert database(text, {"drizzle.shared.ts": made}).out == "web/sql"


def test_a_json_config_is_read() -> None:
    text = '{\n  "dialect": "turso",\n  "schema": ["./a.ts", "./b"],\n  "out": "../x",\n'
    text += '  "migrations": { "prefix": "unix" }\n}\n'
    (found,) = find_configs(tree({"drizzle.config.json": text}))
    (only,) = found.databases
    assert only.dialect == "sqlite"
    assert only.schema == ("a.ts", "b")
    assert only.prefix == "unix"
    assert only.range == Range(1, 1, 6, 2)
    assert [(one[0], one[1]) for one in said(only)] == [("out", 4)]
    (found,) = find_configs(tree({"drizzle.config.json": '{ "driver": "pg", "out": null }'}))
    assert (found.databases[0].dialect, found.databases[0].out) == ("postgresql", "drizzle")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[]", 1, "the file holds no object"),
        ("{\n  'a': 1\n}", 2, "the file is not JSON"),
        ("[" * 100_000, 1, "the file is nested too deeply"),
        ("{\n<<<<<<< a\n}", 2, "the file has unresolved conflict markers"),
    ],
)
def test_a_json_config_that_cannot_be_read_is_said(text: str, line: int, reason: str) -> None:
    (found,) = find_configs(tree({"drizzle.config.json": text}))
    (only,) = said(found)
    assert only[:2] == ("config", line)
    assert only[2].startswith(reason)


def test_configs_come_in_order_of_their_paths() -> None:
    files = {f"{name}/drizzle.config.ts": CONFIG for name in "cab"}
    assert [one.path for one in find_configs(tree(files))] == [
        "a/drizzle.config.ts",
        "b/drizzle.config.ts",
        "c/drizzle.config.ts",
    ]


def test_a_tree_without_a_config_loads_no_grammar() -> None:
    program = (
        "import sys\n"
        "from plexus_rules.drizzle.config import find_configs\n"
        "from plexus_rules.trees import MemoryTree\n"
        "files = {'vite.config.ts': b'export default {}', 'package.json': b'{}'}\n"
        "assert find_configs(MemoryTree(files)) == ()\n"
        "print('tree_sitter' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"


NAMES = st.sampled_from(["drizzle.config.ts", "drizzle.config.js", "drizzle.config.json"])


@given(NAMES, st.binary())
def test_any_bytes_are_read_without_an_error(name: str, data: bytes) -> None:
    (found,) = find_configs(MemoryTree({name: data}))
    assert found.databases or found.unread


@given(st.sampled_from(sorted(FORMS.values())), st.integers(0, 400), st.integers(0, 400))
def test_any_cut_of_a_config_is_read_without_an_error(text: str, start: int, end: int) -> None:
    data = text.encode()
    (found,) = find_configs(MemoryTree({"drizzle.config.ts": data[:start] + data[end:]}))
    assert found.databases or found.unread
    (found,) = find_configs(MemoryTree({"drizzle.config.ts": data[:start]}))
    assert found.databases or found.unread


PIECES = st.lists(
    st.sampled_from(
        [*"{}[]()?:,.;=`'!", "const a", "a", "b", "=> ", "...", "||", "??", "&&", "===", "${",
         "export default ", "process.env.A", "function f(a) ", "return ", "if ", "else ", "switch ",
         "case ", "default", "'x'", "out: ", "schema: ", "path.join", "import ", " from './x'",
         "throw ", "break", "f", "let b", "\n"]
    ),
    max_size=60,
)  # fmt: skip


@given(PIECES)
def test_any_jumble_of_tokens_is_read_without_an_error(pieces: list[str]) -> None:
    (found,) = find_configs(tree({"drizzle.config.ts": "".join(pieces), "x.ts": "".join(pieces)}))
    assert found.databases or found.unread
