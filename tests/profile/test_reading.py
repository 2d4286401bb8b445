"""A profile that is read off a checkout."""

from __future__ import annotations

import dataclasses

import pytest

from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile import PLEXUS, DatabaseNames, Generator, Profile, read_profile
from plexus_rules.samples import files
from plexus_rules.trees import MemoryTree

SQLITE_TABLE = """
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { name: text('name') });
"""
POSTGRES_TABLE = """
import { pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { name: text('name') });
"""


def config(dialect: str, schema: str, out: str) -> str:
    return f"export default {{ dialect: '{dialect}', schema: '{schema}', out: '{out}' }};\n"


#: A package with one dialect, laid out as most are.
ONE = {
    "package.json": '{"name": "shop"}',
    "drizzle.config.ts": config("postgresql", "./src/db/schema.ts", "./drizzle"),
    "src/db/schema.ts": POSTGRES_TABLE,
    "src/db/index.ts": (
        "import { drizzle } from 'drizzle-orm/node-postgres';\n"
        "import * as schema from './schema';\n"
        "export const db = drizzle(process.env.DATABASE_URL!, { schema });\n"
    ),
}
#: A package with two dialects.
TWO = {
    "package.json": '{"name": "shop"}',
    "drizzle.config.ts": config("sqlite", "./db/sqlite/users.ts", "./out/sqlite"),
    "drizzle.pg.config.ts": config("postgresql", "./db/pg/users.ts", "./out/pg"),
    "db/sqlite/users.ts": SQLITE_TABLE,
    "db/pg/users.ts": POSTGRES_TABLE,
}


def profile_of(tree: dict[str, str]) -> Profile:
    memory = MemoryTree({path: text.encode() for path, text in tree.items()})
    return read_profile(Repository(memory, now=0)).settled()


def facts(profile: Profile) -> dict[str, object]:
    return {name: value for name, value in vars(profile).items() if name != "project"}


def test_the_sample_is_what_the_built_in_profile_says() -> None:
    memory = MemoryTree(files())
    assert facts(read_profile(Repository(memory, now=0)).settled()) == facts(PLEXUS)


def test_names_are_those_of_the_built_in_profile() -> None:
    memory = MemoryTree(files())
    names = dict(read_profile(Repository(memory, now=0)).names())
    assert names == dict(PLEXUS.names()) | {"project": "Plexus sample"}


def test_one_dialect() -> None:
    assert profile_of(ONE) == Profile(
        project="shop",
        package="",
        schema_dir="src/db",
        parent_index=None,
        databases=(
            DatabaseNames(
                dialect="postgresql",
                config="drizzle.config.ts",
                schema_dir="src/db",
                out="drizzle",
                generate="npx drizzle-kit generate",
                tables=("src/db/schema.ts",),
            ),
        ),
        generate=("npx drizzle-kit generate",),
        client="src/db/index.ts",
        generate_custom=("npx drizzle-kit generate --custom",),
        migrate=("npx drizzle-kit migrate",),
    )


def test_two_dialects_have_directories_of_their_own_below_a_common_one() -> None:
    profile = profile_of(TWO)
    assert [d.schema_dir for d in profile.databases] == ["db/sqlite", "db/pg"]
    assert [d.tables for d in profile.databases] == [("db/sqlite/",), ("db/pg/",)]
    assert profile.schema_dir == "db"
    assert profile.generate == (
        "npx drizzle-kit generate",
        "npx drizzle-kit generate --config drizzle.pg.config.ts",
    )


def test_two_dialects_in_one_directory_are_named_by_their_files() -> None:
    profile = profile_of(
        {
            "drizzle.a.config.ts": config("sqlite", "./db/a.ts", "./a"),
            "drizzle.b.config.ts": config("postgresql", "./db/b.ts", "./b"),
            "db/a.ts": SQLITE_TABLE,
            "db/b.ts": POSTGRES_TABLE,
        }
    )
    assert [d.tables for d in profile.databases] == [("db/a.ts",), ("db/b.ts",)]
    assert [d.schema_dir for d in profile.databases] == [None, None]
    assert profile.schema_dir == "db"


def test_dialects_with_a_few_files_each_are_named_by_them() -> None:
    posts = ("users", "posts")
    tree = {
        **TWO,
        "drizzle.config.ts": config("sqlite", "./db/*.lite.ts", "./out/sqlite"),
        "drizzle.pg.config.ts": config("postgresql", "./db/*.pg.ts", "./out/pg"),
        "db/users.lite.ts": SQLITE_TABLE,
        "db/posts.lite.ts": SQLITE_TABLE.replace(*posts),
        "db/users.pg.ts": POSTGRES_TABLE,
        "db/posts.pg.ts": POSTGRES_TABLE.replace(*posts),
    }
    assert profile_of(tree).names()["postgresql_tables"] == "`db/posts.pg.ts` and `db/users.pg.ts`"
    more = {f"db/{n}.pg.ts": POSTGRES_TABLE.replace("users", n) for n in ("a", "b", "c")}
    assert profile_of(tree | more).names()["postgresql_tables"] is None


def test_three_databases_in_two_packages_are_generated_from_the_root() -> None:
    tree = {f"apps/shop/{path}": text for path, text in TWO.items()}
    tree |= {f"apps/blog/{path}": text for path, text in ONE.items()}
    profile = profile_of({**tree, "pnpm-lock.yaml": ""})
    assert profile.package == ""
    assert profile.generate == (
        "(cd apps/blog && pnpm exec drizzle-kit generate)",
        "(cd apps/shop && pnpm exec drizzle-kit generate)",
        "(cd apps/shop && pnpm exec drizzle-kit generate --config drizzle.pg.config.ts)",
    )
    assert profile.schema_dir == "apps"
    assert len(profile.databases) == 3


def test_a_tree_without_a_database_has_a_profile_without_names() -> None:
    profile = profile_of({"README.md": "# Shop\n"})
    assert profile == Profile("Shop", "", None, None, (), ())
    assert profile.names()["generate"] is None


def test_configs_of_one_folder_are_one_database_named_by_the_first() -> None:
    extra = config("postgresql", "./db/pg", "./out/pg")
    profile = profile_of({**TWO, "drizzle.postgres.config.ts": extra})
    assert [d.config for d in profile.databases] == ["drizzle.config.ts", "drizzle.pg.config.ts"]
    assert [d.schema_dir for d in profile.databases] == ["db/sqlite", "db/pg"]


def test_a_config_may_name_the_directory_of_its_schema() -> None:
    tree = {**ONE, "drizzle.config.ts": config("postgresql", "./src/db", "./drizzle")}
    assert profile_of(tree).schema_dir == "src/db"


def test_a_schema_that_is_spread_is_named_by_the_directory_that_holds_it() -> None:
    tree = {
        "drizzle.config.ts": config("postgresql", "./src/*/tables.ts", "./drizzle"),
        "src/a/tables.ts": POSTGRES_TABLE,
        "src/b/tables.ts": POSTGRES_TABLE.replace("users", "posts"),
    }
    assert profile_of(tree).schema_dir == "src"


def test_what_a_config_computes_is_not_known() -> None:
    profile = profile_of(
        {"drizzle.config.ts": "export default { dialect: 'sqlite', schema: f(), out: g() };"}
    )
    assert profile.schema_dir is None
    assert [d.out for d in profile.databases] == [None]


@pytest.mark.parametrize(
    ("lock", "command"),
    [
        ("bun.lock", "bunx drizzle-kit generate"),
        ("bun.lockb", "bunx drizzle-kit generate"),
        ("pnpm-lock.yaml", "pnpm exec drizzle-kit generate"),
        ("yarn.lock", "yarn drizzle-kit generate"),
        ("package-lock.json", "npx drizzle-kit generate"),
    ],
)
def test_lock_file_tells_how_a_tool_is_run(lock: str, command: str) -> None:
    assert profile_of({**ONE, lock: ""}).generate == (command,)


def test_lock_file_of_the_workspace_counts_for_its_packages() -> None:
    tree = {f"packages/shop/{path}": text for path, text in ONE.items()}
    profile = profile_of({**tree, "yarn.lock": ""})
    assert profile.generate == ("yarn drizzle-kit generate",)
    assert profile.package == "packages/shop"


def test_package_manager_that_package_json_states() -> None:
    stated = '{"name": "shop", "packageManager": "pnpm@9.0.0"}'
    assert profile_of({**ONE, "package.json": stated}).generate == (
        "pnpm exec drizzle-kit generate",
    )


def test_client_is_the_module_that_others_import() -> None:
    opens = ONE["src/db/index.ts"].replace("./schema", "./db/schema")
    user = "import { db } from './db';\nexport const rows = () => db.select();\n"
    assert profile_of({**ONE, "src/migrate.ts": opens}).client is None
    found = profile_of({**ONE, "src/migrate.ts": opens, "src/users.ts": user})
    assert found.client == "src/db/index.ts"


def test_client_of_two_dialects_takes_the_tables_of_both() -> None:
    one = (
        "import { drizzle } from 'drizzle-orm/libsql';\n"
        "import * as schema from '../db/sqlite/users';\n"
        "export const db = drizzle({ schema });\n"
    )
    both = one + (
        "import { drizzle as pg } from 'drizzle-orm/node-postgres';\n"
        "export function getTables() { return require('../db/pg/users'); }\n"
    )
    assert profile_of({**TWO, "src/one.ts": one}).client is None
    profile = profile_of({**TWO, "src/one.ts": one, "src/both.ts": both})
    assert profile.client == "src/both.ts"
    assert profile.get_schema == "getTables"


def test_client_may_choose_between_a_client_of_each_dialect() -> None:
    def client(driver: str, place: str) -> str:
        return (
            f"import {{ drizzle }} from 'drizzle-orm/{driver}';\n"
            f"import * as schema from '../db/{place}/users';\n"
            "export const db = drizzle({ schema });\n"
        )

    profile = profile_of(
        {
            **TWO,
            "src/lite.ts": client("libsql", "sqlite"),
            "src/pg.ts": client("node-postgres", "pg"),
            "src/db.ts": "import * as a from './lite';\nimport * as b from './pg';\n",
        }
    )
    assert profile.client == "src/db.ts"


def test_get_schema_is_a_function() -> None:
    text = ONE["src/db/index.ts"] + "export const tables = schema;\n"
    assert profile_of({**ONE, "src/db/index.ts": text}).get_schema is None
    text += "export const getSchema = () => schema;\n"
    assert profile_of({**ONE, "src/db/index.ts": text}).get_schema == "getSchema"


@pytest.mark.parametrize(
    "line",
    [
        "export type User = InferSelectModel<typeof users>;",
        "export type NewUser = InferInsertModel<typeof users>;",
        "export interface User extends InferSelectModel<typeof users> {}",
        "export type User = typeof users.$inferSelect;",
    ],
)
def test_types_module_exports_inferred_types(line: str) -> None:
    assert profile_of({**ONE, "src/types.ts": line}).types_module == "src/types.ts"
    assert profile_of({**ONE, "src/types.ts": line[len("export ") :]}).types_module is None


def test_types_in_the_schema_itself_count_where_no_other_module_has_any() -> None:
    typed = POSTGRES_TABLE + "export type User = typeof users.$inferSelect;\n"
    assert profile_of({**ONE, "src/db/schema.ts": typed}).types_module == "src/db/schema.ts"
    other = "export type User = InferSelectModel<typeof users>;"
    tree = {**ONE, "src/db/schema.ts": typed, "src/types.ts": other}
    assert profile_of(tree).types_module == "src/types.ts"


def test_many_modules_with_row_types_are_no_types_module() -> None:
    line = "export type User = InferSelectModel<typeof users>;\n"
    assert profile_of({**ONE, "src/a.ts": 2 * line, "src/b.ts": 2 * line}).types_module is None


@pytest.mark.parametrize(
    ("readme", "name"),
    [
        ("# The Shop\n", "The Shop"),
        ("\n# The Shop #\r\ntext", "The Shop"),
        ("![logo](x.png)\n# Not this", "shop"),
        ("# <img src=x>\n", "shop"),
        ("text\n```sh\n# a comment\n```\n", "shop"),
    ],
)
def test_project_is_named_for_people(readme: str, name: str) -> None:
    assert profile_of({**ONE, "README.md": readme}).project == name


def test_reading_is_put_off_until_a_name_is_asked_for() -> None:
    class Counting(MemoryTree):
        reads = 0

        def _read(self, path: str) -> bytes:
            self.reads += path.endswith("src/db/index.ts")
            return super()._read(path)

    tree = Counting({path: text.encode() for path, text in ONE.items()})
    profile = read_profile(Repository(tree, now=0))
    assert profile.names()["generate"] == "`npx drizzle-kit generate`"
    assert tree.reads == 0
    assert profile.client == "src/db/index.ts"
    assert tree.reads > 0


HOSTILE = {
    "package.json": [b"[]", b"{", b'{"scripts": []}', b'{"scripts": {"db:gen": 1}}', b"\xff\xfe\0"],
    "drizzle.config.ts": [b"", b"export default", b"\0", b"export default {schema: '../../x'}"],
    "src/db/index.ts": [b"", b"\xff" * 99, b"import { drizzle } from 'drizzle-orm/x';" * 99],
    "src/db/schema.ts": [b"", b"(" * 5000, b"\xff\xfe"],
    "lefthook.yml": [
        b"a: &a [*a]",
        b"[" * 5000,
        b"\xff",
        b"pre-commit: {commands: [1, {run: []}]}",
    ],
    ".github/workflows/x.yml": [b"jobs: {a: {steps: 1}}", b"on: [1]\njobs: []", b"{" * 99],
    "lefthook.toml": [b"a = [", b"[a]\nrun = 1"],
    ".husky/pre-commit": [b"\xff'\"`$(", b"drizzle/ git diff exit 1" * 99],
    ".pre-commit-config.yaml": [b"repos: [{hooks: [{files: [], language: fail}]}]"],
    "README.md": [b"\xff\xfe#", b"# " + b"a" * 99_999],
}


@pytest.mark.parametrize(
    ("path", "data"), [(path, data) for path, found in HOSTILE.items() for data in found]
)
def test_a_strange_file_raises_nothing(path: str, data: bytes) -> None:
    tree = {name: text.encode() for name, text in ONE.items()} | {path: data}
    assert dict(read_profile(Repository(MemoryTree(tree), now=0)).names())


def test_a_profile_can_be_copied_with_changes() -> None:
    profile = dataclasses.replace(profile_of(ONE), generator=Generator.CI)
    assert profile.generator is Generator.CI
