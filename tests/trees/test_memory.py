"""Trees in memory, and changes laid over another tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.trees import (
    DirectoryTree,
    FileMissing,
    FileRefused,
    MemoryTree,
    OverlayTree,
    TreeError,
    blob_id,
    join,
    normal_path,
)
from tests.checkouts import write


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("a/b", "a/b"),
        ("./a//b/../c/", "a/c"),
        ("", ""),
        (".", ""),
        ("a/..", ""),
        ("..", None),
        ("../a", None),
        ("a/../../b", None),
        ("/a", None),
        ("//a", None),
        ("a\0b", None),
        ("..a/b", "..a/b"),
    ],
)
def test_normal_path(path: str, normal: str | None) -> None:
    assert normal_path(path) == normal


def test_join_knows_the_root() -> None:
    assert join("", "a") == "a"
    assert join("a", "b") == "a/b"


class TestMemory:
    TREE = MemoryTree({"a.ts": b"1", "d/b.ts": b"2", "d/e/c.ts": b"\xef\xbb\xbf3"})

    def test_lists_like_a_directory(self) -> None:
        assert self.TREE.sources == ("a.ts", "d/b.ts", "d/e/c.ts")
        assert self.TREE.names("") == ["a.ts"]
        assert self.TREE.directories("") == ["d"]
        assert self.TREE.names("d") == ["b.ts"]
        assert self.TREE.directories("d") == ["e"]
        assert self.TREE.files("d") == ["d/b.ts", "d/e/c.ts"]
        assert self.TREE.names("nowhere") == []
        assert self.TREE.is_directory("d/e")
        assert not self.TREE.is_directory("a.ts")
        assert not self.TREE.is_file("d")

    def test_reads_like_a_directory(self) -> None:
        assert self.TREE.read("./d/../a.ts") == b"1"
        assert self.TREE.text("d/e/c.ts") == "3"
        assert self.TREE.blob("a.ts") == blob_id(b"1")
        with pytest.raises(FileMissing):
            self.TREE.read("d")
        with pytest.raises(FileRefused):
            self.TREE.read("../a.ts")

    def test_keeps_what_it_was_given(self) -> None:
        files = {"a": b"1"}
        tree = MemoryTree(files)
        files["b"] = b"2"
        assert tree.sources == ("a",)

    @pytest.mark.parametrize("path", ["", "/a", "../a", "a/", "a//b", "./a", "a/.."])
    def test_refuses_what_is_no_path_inside(self, path: str) -> None:
        with pytest.raises(TreeError, match="not a path inside"):
            MemoryTree({path: b""})

    def test_refuses_a_path_that_is_both_a_file_and_a_directory(self) -> None:
        with pytest.raises(TreeError, match="below a path that is a file"):
            MemoryTree({"a": b"", "a/b/c": b""})


class TestOverlay:
    BELOW = MemoryTree({"a.ts": b"1", "d/b.ts": b"2", "d/e/c.ts": b"3"})

    def test_without_changes_is_the_tree_below(self) -> None:
        tree = OverlayTree(self.BELOW, {})
        assert tree.sources == self.BELOW.sources
        assert tree.files() == self.BELOW.files()
        assert tree.read("d/b.ts") == b"2"

    def test_change_addition_and_deletion(self) -> None:
        changes = {"a.ts": b"new", "d/b.ts": None, "f/g.ts": b"4"}
        tree = OverlayTree(self.BELOW, changes)
        assert tree.sources == ("a.ts", "d/e/c.ts", "f/g.ts")
        assert tree.files() == ["a.ts", "d/e/c.ts", "f/g.ts"]
        assert tree.read("a.ts") == b"new"
        assert tree.blob("a.ts") == blob_id(b"new")
        assert tree.blob("d/e/c.ts") == blob_id(b"3")
        assert tree.directories("") == ["d", "f"]
        with pytest.raises(FileMissing):
            tree.read("d/b.ts")

    def test_directory_goes_with_its_last_file(self) -> None:
        tree = OverlayTree(self.BELOW, {"d/e/c.ts": None})
        assert tree.directories("d") == []
        assert not tree.is_directory("d/e")
        assert tree.is_directory("d")
        assert tree.is_directory("")

    def test_file_takes_the_place_of_a_directory(self) -> None:
        tree = OverlayTree(self.BELOW, {"d": b"now a file"})
        assert tree.sources == ("a.ts", "d")
        assert not tree.is_directory("d")
        assert not tree.is_file("d/b.ts")
        assert tree.read("d") == b"now a file"

    def test_directory_takes_the_place_of_a_file(self) -> None:
        tree = OverlayTree(self.BELOW, {"a.ts/x": b""})
        assert not tree.is_file("a.ts")
        assert tree.names("a.ts") == ["x"]
        assert tree.sources == ("a.ts/x", "d/b.ts", "d/e/c.ts")

    def test_gitignore_may_be_changed_too(self) -> None:
        tree = OverlayTree(self.BELOW, {".gitignore": b"/d/e/"})
        assert tree.sources == (".gitignore", "a.ts", "d/b.ts")

    def test_over_a_directory(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.ts": "1", "d/b.ts": ""})
        (tmp_path / "out").symlink_to("/")
        (tmp_path / "d/self").symlink_to("../d")
        tree = OverlayTree(DirectoryTree(tmp_path), {"d/c.ts": b""})
        assert tree.sources == ("a.ts", "d/b.ts", "d/c.ts")
        assert not tree.is_file("out/etc")
        assert list(tree.passed_over) == ["out"]

    def test_over_an_overlay(self) -> None:
        tree = OverlayTree(OverlayTree(self.BELOW, {"a.ts": None}), {"a.ts": b"again"})
        assert tree.read("a.ts") == b"again"

    def test_refuses_what_is_no_path_inside(self) -> None:
        with pytest.raises(TreeError):
            OverlayTree(self.BELOW, {"../a": None})
