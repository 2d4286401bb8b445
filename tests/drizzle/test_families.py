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
