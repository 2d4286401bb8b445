"""Which databases belong together, and where their dialects keep their tables."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.families import directories_above, homes, is_below
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.tables import Table
from plexus_rules.finding import WHOLE_FILE
from plexus_rules.trees import MemoryTree
from tests.catalog.helpers import config, sample, table

ZERO = 0


def repository(files: dict[str, str]) -> Repository:
    return Repository(MemoryTree({path: text.encode() for path, text in files.items()}), ZERO)


def made(core: str, *paths: str) -> list[Table]:
    return [
        Table(str(n), None, None, core, path, WHOLE_FILE, (), True, (), None)
        for n, path in enumerate(paths)
    ]


def test_sample_project_is_one_family() -> None:
    found = Repository(MemoryTree(sample()), ZERO)
    (family,) = found.families
    assert list(family.tables) == ["postgresql", "sqlite"]
    schema = "packages/backend/drizzle/schema"
    assert found.dialect_directories == {
        "postgresql": f"{schema}/postgres",
        "sqlite": f"{schema}/sqlite",
    }
    assert found.parent_index == f"{schema}/index.ts"
    assert family.common_directory == schema
    assert not found.uncompared


def test_one_dialect_has_a_directory_and_no_family() -> None:
    found = repository(
        {
            "drizzle.config.ts": config("sqlite", "./src/db/*.ts", "./out"),
            "src/db/users.ts": table("sqlite", "users"),
        }
    )
    assert found.dialect_directories == {"sqlite": "src/db"}
    assert not found.families
    assert found.parent_index is None


def test_larger_family_comes_first() -> None:
    files: dict[str, str] = {}
    for app, count in (("a", 1), ("b", 3)):
        files[f"{app}/package.json"] = "{}"
        for core, dialect in (("sqlite", "sqlite"), ("pg", "postgresql")):
            files[f"{app}/drizzle.{core}.config.ts"] = config(
                dialect, f"./{core}/*.ts", f"./{core}"
            )
            for n in range(count):
                files[f"{app}/{core}/{n}.ts"] = table(core, f"{app}{n}")
    assert [f.common_directory for f in repository(files).families] == ["b", "a"]


def test_two_copies_of_a_project_are_two_families() -> None:
    files = sample()
    copy = {f"apps/other/{path}": text for path, text in files.items()}
    found = Repository(MemoryTree(files | copy), ZERO)
    schema = "packages/backend/drizzle/schema"
    assert [(f.common_directory, f.parent_index) for f in found.families] == [
        (f"apps/other/{schema}", f"apps/other/{schema}/index.ts"),
        (schema, f"{schema}/index.ts"),
    ]
    assert [len(family.databases) for family in found.families] == [2, 2]


def workspace(tables: dict[str, str]) -> dict[str, str]:
    """Configs at the root, and a package for each: `a` with SQLite, `b` with PostgreSQL."""
    found = {"package.json": "{}"}
    for app, core, dialect in (("a", "sqlite", "sqlite"), ("b", "pg", "postgresql")):
        found[f"drizzle.{app}.config.ts"] = config(dialect, f"./{app}/schema.ts", f"./{app}/out")
        found[f"{app}/package.json"] = "{}"
        found[f"{app}/schema.ts"] = table(core, "users", tables[app].split())
    return found


def test_configs_at_the_root_do_not_bring_services_together() -> None:
    files = workspace({"a": "id email password", "b": "id login role"})
    assert not repository(files).families
    files = workspace({"a": "id email password login role", "b": "id email password role"})
    assert len(repository(files).families) == 1


def test_configs_of_a_package_bring_its_databases_together() -> None:
    files = workspace({"a": "id email password", "b": "id login role"})
    files["drizzle.a.config.ts"] = config("sqlite", "./schema.ts", "./a/out")
    files["schema.ts"] = files["a/schema.ts"]
    assert len(repository(files).families) == 1


def test_database_with_a_counterpart_in_its_package_takes_no_other() -> None:
    files = workspace({"a": "id name", "b": "id name"})
    files["drizzle.c.config.ts"] = config("postgresql", "./a/pg.ts", "./a/pg")
    files["a/pg.ts"] = table("pg", "users", ["id", "other"])
    (family,) = repository(files).families
    assert [database.config for database in family.databases] == [
        "drizzle.a.config.ts",
        "drizzle.c.config.ts",
    ]


@pytest.mark.parametrize(
    ("sqlite", "pg", "expected"),
    [
        (["s/a.ts", "s/b.ts"], ["p/a.ts", "p/b.ts"], ("s", "p")),
        (["s/a.ts", "s/b.ts", "p/c.ts"], ["p/a.ts", "p/b.ts"], ("s", "p")),
        (["s/x/a.ts", "s/y/b.ts"], ["p/a.ts"], ("s", "p")),
        (["sqlite/a.ts"], ["pg/a.ts", "sqlite/b.ts", "pg/c.ts"], ("sqlite", "pg")),
        (["db/a.sqlite.ts"], ["db/a.pg.ts"], None),
        (["db/a.ts", "db/b.ts"], ["db/pg/a.ts"], None),
        (["a/x.ts", "b/x.ts"], ["a/y.ts", "b/y.ts"], None),
        (["a.ts"], ["b.ts"], None),
    ],
)
def test_homes(sqlite: list[str], pg: list[str], expected: tuple[str, str] | None) -> None:
    found = homes(made("sqlite", *sqlite) + made("postgresql", *pg))
    wanted = {} if expected is None else dict(zip(("sqlite", "postgresql"), expected, strict=True))
    assert found == wanted


def test_no_tables_have_no_home() -> None:
    assert homes([]) == {}


def test_paths() -> None:
    assert directories_above("a/b/c.ts") == ["a/b", "a", ""]
    assert is_below("a/b", "a")
    assert is_below("a", "a")
    assert is_below("a", "")
    assert not is_below("ab", "a")
