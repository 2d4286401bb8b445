"""The files that the ``schema`` entries of a config load."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexus_rules.drizzle.schema_files import schema_files
from plexus_rules.trees import DirectoryTree, MemoryTree

TREE = MemoryTree(
    dict.fromkeys(
        [
            "db/schema/index.ts",
            "db/schema/users.ts",
            "db/schema/AGENTS.md",
            "db/schema/.hidden.ts",
            "db/schema/deep/posts.ts",
            "db/schema/.cache/old.ts",
            "db/auth/users.schema.ts",
            "db/auth/roles.schema.js",
            "db/auth/roles.test.ts",
            "db/[id]/page.ts",
        ],
        b"",
    )
)
CODE = ["db/schema/index.ts", "db/schema/users.ts"]
SHOWN = ["db/schema/AGENTS.md", *CODE]
DIRECT = ["db/schema/.hidden.ts", *SHOWN]
DEEP = "db/schema/deep/posts.ts"


@pytest.mark.parametrize(
    ("entry", "files"),
    [
        ("db/schema/index.ts", ["db/schema/index.ts"]),
        ("./db/../db/schema/index.ts", ["db/schema/index.ts"]),
        ("db/schema", DIRECT),
        ("./db/schema/", DIRECT),
        ("db/schema/*", [*SHOWN, DEEP]),
        ("db/schema/*.ts", CODE),
        ("db/schema/**/*.ts", [*CODE, DEEP]),
        ("**/schema/*.ts", CODE),
        ("**/*.schema.{ts,js}", ["db/auth/roles.schema.js", "db/auth/users.schema.ts"]),
        ("db/{auth,schema}/users*", ["db/auth/users.schema.ts", "db/schema/users.ts"]),
        ("db/{auth,{schema,x}}/users.ts", ["db/schema/users.ts"]),
        ("db/s?hema/[iu]*.ts", CODE),
        ("db/schema/[^i]*.ts", ["db/schema/users.ts"]),
        ("db/[id]/page.ts", ["db/[id]/page.ts"]),
        ("db/schema/**", [*DIRECT, DEEP]),
        ("db/!(auth)/*.ts", ["db/[id]/page.ts", *CODE]),
        ("db/auth/!(*.test).ts", ["db/auth/users.schema.ts"]),
        ("db/auth/@(users|roles).schema.*", ["db/auth/roles.schema.js", "db/auth/users.schema.ts"]),
        ("db/auth/users?(.schema).ts", ["db/auth/users.schema.ts"]),
        ("db/auth/+(users).schema.ts", []),
        ("db/auth/@(users).@(schema).ts", []),
        ("db/missing", []),
        ("../db/schema", []),
        ("/db/schema", []),
    ],
)  # fmt: skip
def test_an_entry_loads_what_drizzle_kit_loads(entry: str, files: list[str]) -> None:
    assert sorted(schema_files(TREE, [entry])) == sorted(files)


def test_entries_come_in_their_order_and_each_file_once() -> None:
    entries = ["db/schema/users.ts", "db/schema/*.ts"]
    assert schema_files(TREE, entries) == ("db/schema/users.ts", "db/schema/index.ts")


def test_an_ignored_file_is_loaded_all_the_same(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("generated/\n")
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "schema.ts").write_text("")
    tree = DirectoryTree(tmp_path)
    assert "generated/schema.ts" not in tree.sources
    for entry in ("generated", "generated/*.ts", "**/schema.ts"):
        assert schema_files(tree, [entry]) == ("generated/schema.ts",)


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "schema.ts").write_text("")
    for name in ("one", "two"):
        (tmp_path / "a" / name).symlink_to(tmp_path / "a")
    assert schema_files(DirectoryTree(tmp_path), ["**/schema.ts"]) == ("a/schema.ts",)


@given(st.text(alphabet="ab/.*?[]{},!@|^-()\\", max_size=30))
def test_no_entry_makes_it_fail(entry: str) -> None:
    schema_files(MemoryTree({"a/b/ab.a": b"", "b": b"", "a/.b/a": b""}), [entry])


def test_a_hostile_pattern_takes_no_time() -> None:
    tree = MemoryTree({"a" * 200 + ".ts": b""})
    assert schema_files(tree, ["*a" * 60 + "b", "{a,b}" * 60 + "*"]) == ()
