"""A directory as a tree: what is listed, what is read, and what is refused."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from plexus_rules.trees import MAX_FILE_BYTES, DirectoryTree, FileMissing, FileRefused, TreeError
from plexus_rules.trees import directory as directory_module
from plexus_rules.trees.directory import MAX_DEPTH
from tests.checkouts import close, write


class TestRoot:
    def test_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(TreeError, match="nowhere: no such file or directory"):
            DirectoryTree(tmp_path / "nowhere")

    def test_that_is_a_file(self, tmp_path: Path) -> None:
        write(tmp_path, {"file": ""})
        with pytest.raises(TreeError, match="file: not a directory; name the directory"):
            DirectoryTree(tmp_path / "file")

    def test_that_is_a_link_in_a_circle(self, tmp_path: Path) -> None:
        (tmp_path / "circle").symlink_to("circle")
        with pytest.raises(TreeError, match="circle"):
            DirectoryTree(tmp_path / "circle")

    def test_that_is_a_link_to_a_directory_is_followed(self, tmp_path: Path) -> None:
        write(tmp_path / "real", {"a.ts": "x"})
        (tmp_path / "link").symlink_to("real")
        assert DirectoryTree(tmp_path / "link").sources == ("a.ts",)

    def test_that_vanished_is_an_error_and_no_empty_tree(self, tmp_path: Path) -> None:
        tree = DirectoryTree(write(tmp_path / "root", {}))
        (tmp_path / "root").rmdir()
        with pytest.raises(TreeError, match="no such file"):
            tree.sources  # noqa: B018

    def test_that_is_empty_holds_nothing(self, tmp_path: Path) -> None:
        tree = DirectoryTree(tmp_path)
        assert tree.sources == ()
        assert tree.files() == []
        assert tree.is_directory("")
        assert not tree.is_file("")


class TestListing:
    def test_names_and_directories_are_sorted(self, tmp_path: Path) -> None:
        tree = DirectoryTree(write(tmp_path, {"b.ts": "", "a.ts": "", "d/x": "", "c/y/z": ""}))
        assert tree.names("") == ["a.ts", "b.ts"]
        assert tree.directories("") == ["c", "d"]
        assert tree.files("c") == ["c/y/z"]
        assert tree.files() == ["a.ts", "b.ts", "c/y/z", "d/x"]

    def test_what_is_not_a_directory_lists_nothing(self, tmp_path: Path) -> None:
        tree = DirectoryTree(write(tmp_path, {"a.ts": ""}))
        for path in ("a.ts", "missing", "a.ts/b", "..", "../" + tmp_path.name):
            assert tree.names(path) == []
            assert tree.directories(path) == []
            assert tree.files(path) == []
            assert not tree.is_directory(path)

    def test_node_modules_and_git_do_not_exist(self, tmp_path: Path) -> None:
        files = {"node_modules/a/index.ts": "", "b/node_modules/c.ts": "", ".git/config": ""}
        tree = DirectoryTree(write(tmp_path, {**files, "b/d.ts": ""}))
        assert tree.files() == ["b/d.ts"]
        assert not any(map(tree.is_file, files))
        with pytest.raises(FileMissing):
            tree.read(".git/config")

    def test_name_with_any_character_but_a_slash(self, tmp_path: Path) -> None:
        names = ["new\nline.ts", "spa ce.ts", "tab\t.ts", "ü.ts", "back\\slash.ts", "\x1b[31m.ts"]
        tree = DirectoryTree(write(tmp_path, dict.fromkeys(names, "x")))
        assert tree.sources == tuple(sorted(names))
        assert [tree.read(name) for name in names] == [b"x"] * len(names)

    def test_name_that_is_not_utf8_is_passed_over_and_said(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.ts": ""})
        (tmp_path / os.fsdecode(b"caf\xe9.ts")).touch()
        tree = DirectoryTree(tmp_path)
        assert tree.sources == ("a.ts",)
        assert tree.passed_over == {"caf\\xe9.ts": "its name is not UTF-8 text"}

    def test_directories_deeper_than_any_project_has_are_not_walked(self, tmp_path: Path) -> None:
        deep = "/".join(["d"] * MAX_DEPTH)
        tree = DirectoryTree(write(tmp_path, {f"{deep}/a.ts": "", f"{deep}/d/d/b.ts": ""}))
        assert tree.sources == (f"{deep}/a.ts",)
        assert list(tree.passed_over) == [deep]
        assert tree.passed_over[deep].endswith("is not looked at")
        assert not tree.is_file("x/" * 100_000 + "x")

    def test_more_entries_than_a_project_has_are_an_error_that_names_the_limit(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = {f"{name}/{number}": "" for name in "abc" for number in range(3)}
        write(tmp_path, {**files, "node_modules/x/y": "", "out/1": "", "out/2": ""})
        monkeypatch.setattr(directory_module, "MAX_ENTRIES", 15)
        assert len(DirectoryTree(tmp_path).sources) == 11
        monkeypatch.setattr(directory_module, "MAX_ENTRIES", 14)
        with pytest.raises(TreeError, match=r"holds more than 14 files and directories.*the limit"):
            DirectoryTree(tmp_path).sources  # noqa: B018
        # What is ignored is not looked into.
        write(tmp_path, {".gitignore": "out\n"})
        assert len(DirectoryTree(tmp_path).sources) == 10

    def test_the_limit_is_above_what_large_repositories_have(self) -> None:
        assert directory_module.MAX_ENTRIES >= 1_000_000

    def test_directory_that_cannot_be_read_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"open/a.ts": "", "closed/b.ts": ""})
        scandir = os.scandir

        def refuse(path: str) -> object:
            if path.endswith("closed"):
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        tree = DirectoryTree(tmp_path)
        assert tree.sources == ("open/a.ts",)
        reason = "the directory cannot be read: permission denied"
        assert tree.passed_over == {"closed": reason}

    def test_what_nobody_asked_for_is_not_said(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.ts": ""})
        (tmp_path / "out").symlink_to("/")
        tree = DirectoryTree(tmp_path)
        assert tree.sources == ("a.ts",)
        assert tree.passed_over == {}


class TestReading:
    def test_bytes_and_text(self, tmp_path: Path) -> None:
        tree = DirectoryTree(write(tmp_path, {"a": b"\xef\xbb\xbfx\xff\r\n"}))
        assert tree.read("a") == b"\xef\xbb\xbfx\xff\r\n"
        assert tree.text("a") == "x\ufffd\r\n"

    def test_path_is_made_normal(self, tmp_path: Path) -> None:
        tree = DirectoryTree(write(tmp_path, {"a/b.ts": "x"}))
        assert tree.read("./a/../a//b.ts") == b"x"

    @pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../secret", "a\0b"])
    def test_path_that_leaves_the_root_is_refused(self, tmp_path: Path, path: str) -> None:
        write(tmp_path, {"secret": "x", "root/a/b": ""})
        with pytest.raises(FileRefused, match="outside of the checked directory"):
            DirectoryTree(tmp_path / "root").read(path)

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileMissing, match=r"a\.ts: no such file"):
            DirectoryTree(tmp_path).read("a.ts")

    @pytest.mark.parametrize("vanish", [Path.unlink, lambda path: path.parent.rename("gone")])
    def test_file_that_vanishes_after_it_was_listed(
        self, tmp_path: Path, vanish: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        tree = DirectoryTree(write(tmp_path, {"d/a.ts": "x"}))
        assert tree.sources == ("d/a.ts",)
        vanish(tmp_path / "d/a.ts")
        with pytest.raises(FileMissing, match="vanished while it was being checked"):
            tree.read("d/a.ts")

    def test_file_that_becomes_a_directory_or_a_link(self, tmp_path: Path) -> None:
        tree = DirectoryTree(write(tmp_path, {"a.ts": "x", "b.ts": "x"}))
        assert tree.sources == ("a.ts", "b.ts")
        for name in ("a.ts", "b.ts"):
            (tmp_path / name).unlink()
        (tmp_path / "a.ts").mkdir()
        (tmp_path / "b.ts").symlink_to("/etc/hostname")
        for name in ("a.ts", "b.ts"):
            with pytest.raises(FileRefused):
                tree.read(name)

    def test_too_large_a_file_is_not_read(self, tmp_path: Path) -> None:
        with (tmp_path / "snapshot.json").open("wb") as file:
            file.truncate(50 * 1024 * 1024)
        with pytest.raises(FileRefused, match=r"50\.0 MiB is over the limit of 32 MiB"):
            DirectoryTree(tmp_path).read("snapshot.json")

    def test_file_that_grows_while_it_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"grown": b"x" * 20, "before": b"x" * 10})
        before = (tmp_path / "before").stat()
        monkeypatch.setattr("plexus_rules.trees.directory.MAX_FILE_BYTES", 19)
        monkeypatch.setattr(os, "fstat", lambda handle: before)
        with pytest.raises(FileRefused, match="over the limit"):
            DirectoryTree(tmp_path).read("grown")

    def test_limit_is_inclusive(self, tmp_path: Path) -> None:
        with (tmp_path / "a").open("wb") as file:
            file.truncate(MAX_FILE_BYTES)
        assert len(DirectoryTree(tmp_path).read("a")) == MAX_FILE_BYTES

    def test_file_that_may_not_be_read(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.ts": ""})
        close(tmp_path / "a.ts")
        with pytest.raises(FileRefused, match=r"a\.ts: permission denied"):
            DirectoryTree(tmp_path).read("a.ts")

    def test_file_that_the_system_does_not_give(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tree = DirectoryTree(write(tmp_path, {"a.ts": ""}))

        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
        with pytest.raises(FileRefused, match=r"a\.ts: permission denied"):
            tree.read("a.ts")

    def test_pipe_and_socket_are_named_and_never_opened(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)  # the name of a socket must be short
        os.mkfifo("pipe.ts")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.ts")
        tree = DirectoryTree(tmp_path)
        assert tree.sources == ()
        for name in ("pipe.ts", "socket.ts"):
            assert tree.is_file(name)
            with pytest.raises(FileRefused, match="not a file"):
                tree.read(name)


class TestLinks:
    def test_inside_of_the_root_are_followed(self, tmp_path: Path) -> None:
        write(tmp_path, {"real/a.ts": "x"})
        (tmp_path / "file.ts").symlink_to("real/a.ts")
        (tmp_path / "dir").symlink_to("real")
        (tmp_path / "absolute.ts").symlink_to(tmp_path / "real/a.ts")
        tree = DirectoryTree(tmp_path)
        for path in ("file.ts", "absolute.ts", "dir/a.ts"):
            assert tree.read(path) == b"x"
        assert tree.names("dir") == ["a.ts"]
        assert tree.directories("") == ["dir", "real"]

    def test_to_directories_are_not_walked(self, tmp_path: Path) -> None:
        write(tmp_path, {"a/b.ts": ""})
        (tmp_path / "a/circle").symlink_to("../a")
        (tmp_path / "self").symlink_to(".")
        tree = DirectoryTree(tmp_path)
        assert tree.sources == ("a/b.ts",)
        assert tree.files() == ["a/b.ts"]
        assert tree.is_file("a/circle/circle/circle/b.ts")

    @pytest.mark.parametrize(
        "target", ["../secret.ts", "/etc/passwd", "nowhere.ts", "link.ts", "node_modules/a.ts"]
    )
    def test_that_lead_out_or_nowhere_are_refused(self, tmp_path: Path, target: str) -> None:
        root = write(tmp_path / "root", {"node_modules/a.ts": "x"})
        write(tmp_path, {"secret.ts": "x", "root-beside/b.ts": "x"})
        (root / "link.ts").symlink_to(target)
        tree = DirectoryTree(root)
        assert tree.sources == ()
        assert tree.is_file("link.ts")
        with pytest.raises(FileRefused, match=r"link\.ts: a link that leaves"):
            tree.read("link.ts")

    def test_to_a_directory_outside_hides_it_and_says_so_when_asked(self, tmp_path: Path) -> None:
        root = write(tmp_path / "root", {"a.ts": ""})
        write(tmp_path, {"shared/meta/_journal.json": "{}"})
        (root / "migrations").symlink_to("../shared")
        tree = DirectoryTree(root)
        assert not tree.is_directory("migrations")
        assert not tree.is_file("migrations/meta/_journal.json")
        assert list(tree.passed_over) == ["migrations"]
        assert tree.passed_over["migrations"].startswith("a link that leaves")

    def test_beside_a_root_of_the_same_beginning_is_outside(self, tmp_path: Path) -> None:
        root = write(tmp_path / "root", {})
        write(tmp_path, {"root-beside/b.ts": "x"})
        (root / "link.ts").symlink_to("../root-beside/b.ts")
        with pytest.raises(FileRefused):
            DirectoryTree(root).read("link.ts")

    def test_that_turn_outwards_after_they_were_listed(self, tmp_path: Path) -> None:
        root = write(tmp_path / "root", {"real.ts": ""})
        write(tmp_path, {"secret.ts": "x"})
        (root / "link.ts").symlink_to("real.ts")
        tree = DirectoryTree(root)
        assert tree.is_file("link.ts")
        (root / "link.ts").unlink()
        (root / "link.ts").symlink_to("../secret.ts")
        with pytest.raises(FileRefused):
            tree.read("link.ts")


def test_blob_is_what_git_calls_the_content(tmp_path: Path) -> None:
    tree = DirectoryTree(write(tmp_path, {"a": "hello\n"}))
    assert tree.blob("a") == "ce013625030ba8dba906f756967f9e9ca394464a"
