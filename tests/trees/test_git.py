"""A commit as a tree, and git as the program that is asked for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexus_rules.trees import (
    MAX_FILE_BYTES,
    DirectoryTree,
    FileMissing,
    FileRefused,
    GitError,
    GitRepository,
    GitTree,
    Tree,
)
from tests.checkouts import Checkout, git, write


def tree_of(checkout: Checkout, below: str = "", commit: str = "HEAD") -> Iterator[GitTree]:
    with GitRepository(checkout.root / below) as repository:
        found = repository.commit(commit)
        assert found is not None
        yield repository.tree(found)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout.new(tmp_path / "repo", {"a.ts": "1", "d/b.ts": "2", "d/e/c.ts": "3"})


class TestTree:
    def test_is_the_commit_and_not_the_working_tree(self, checkout: Checkout) -> None:
        write(checkout.root, {"a.ts": "edited", "new.ts": ""})
        (checkout.root / "d/b.ts").unlink()
        for tree in tree_of(checkout):
            assert tree.sources == ("a.ts", "d/b.ts", "d/e/c.ts")
            assert tree.read("a.ts") == b"1"
            assert tree.names("d") == ["b.ts"]
            assert tree.directories("d") == ["e"]
            assert tree.files("d") == ["d/b.ts", "d/e/c.ts"]
            assert tree.is_directory("d/e")
            assert not tree.is_directory("d/b.ts")
            with pytest.raises(FileMissing):
                tree.read("new.ts")

    def test_below_a_directory_names_paths_from_there(self, checkout: Checkout) -> None:
        for tree in tree_of(checkout, "d"):
            assert tree.sources == ("b.ts", "e/c.ts")
            assert tree.read("e/c.ts") == b"3"
            with pytest.raises(FileRefused):
                tree.read("../a.ts")

    def test_below_a_directory_that_the_commit_lacks_is_empty(self, checkout: Checkout) -> None:
        write(checkout.root, {"new/x.ts": ""})
        for tree in tree_of(checkout, "new"):
            assert tree.sources == ()
            assert tree.is_directory("")

    @pytest.mark.parametrize("name", ["ne\nw", "sp ace", ":(top)", "*", "-x", "ü", "a:b", "\x1b"])
    def test_below_a_directory_of_any_name(self, checkout: Checkout, name: str) -> None:
        checkout.commit({f"{name}/{name}/x.ts": "x"})
        for tree in tree_of(checkout, f"{name}/{name}"):
            assert tree.sources == ("x.ts",)
        for tree in tree_of(checkout):
            assert tree.read(f"{name}/{name}/x.ts") == b"x"

    def test_name_that_is_not_utf8_is_left_out(self, checkout: Checkout) -> None:
        (checkout.root / os.fsdecode(b"caf\xe9.ts")).touch()
        checkout.commit()
        for tree in tree_of(checkout):
            assert tree.sources == ("a.ts", "d/b.ts", "d/e/c.ts")

    def test_node_modules_and_ignored_files_are_left_out_as_in_a_directory(
        self, checkout: Checkout
    ) -> None:
        files = {
            ".gitignore": "*.log\n/d/gen/\n",
            "d/.gitignore": "!kept.log",
            "d/x.log": "",
            "d/kept.log": "",
            "d/gen/y.ts": "",
            "node_modules/z.ts": "",
        }
        checkout.commit(files)
        for below in ("", "d"):
            for tree in tree_of(checkout, below):
                assert tree.sources == DirectoryTree(checkout.root / below).sources
        for tree in tree_of(checkout):
            assert tree.read("d/gen/y.ts") == b""
            assert not tree.is_file("node_modules/z.ts")

    def test_blob_is_gits_own_id(self, checkout: Checkout) -> None:
        for tree in tree_of(checkout):
            assert tree.blob("a.ts") == checkout.git("rev-parse", "HEAD:a.ts")
            assert tree.blob("a.ts") == DirectoryTree(checkout.root).blob("a.ts")
            with pytest.raises(FileMissing):
                tree.blob("x.ts")

    def test_sha256_repository(self, tmp_path: Path) -> None:
        checkout = Checkout.new(tmp_path, {"a.ts": "1"}, "--object-format=sha256")
        for tree in tree_of(checkout):
            assert len(tree.commit) == 64
            assert tree.read("a.ts") == b"1"
            assert tree.blob("a.ts") == DirectoryTree(checkout.root).blob("a.ts")

    def test_too_large_a_file_is_refused_and_the_next_one_is_read(self, checkout: Checkout) -> None:
        with (checkout.root / "big.json").open("wb") as file:
            file.truncate(MAX_FILE_BYTES + 1)
        checkout.commit()
        for tree in tree_of(checkout):
            with pytest.raises(FileRefused, match="over the limit of 32 MiB"):
                tree.read("big.json")
            assert tree.read("a.ts") == b"1"


def described(tree: Tree) -> dict[str, object]:
    """What can be seen of a tree."""
    found: dict[str, object] = {"sources": tree.sources, "files": tree.files()}
    for path in ("file.ts", "dir/b.ts", "dir", "out.ts", "up/a.ts", "circle/x", "gone.ts", "chain"):
        found[path] = (tree.is_file(path), tree.is_directory(path), tree.names(path))
        try:
            found[f"{path} says"] = tree.read(path)
        except (FileRefused, FileMissing) as error:
            found[f"{path} says"] = str(error)
    return found


class TestLinks:
    def test_mean_in_a_commit_what_they_mean_in_a_directory(self, checkout: Checkout) -> None:
        links = {
            "file.ts": "d/b.ts",
            "dir": "d",
            "d/e/up": "../..",
            "chain": "dir/e",
            "out.ts": "../../secret.ts",
            "gone.ts": "nowhere.ts",
            "circle": "circle",
            "d/self": ".",
            "etc": "/etc",
        }
        for path, target in links.items():
            (checkout.root / path).symlink_to(target)
        checkout.commit()
        for below in ("", "d"):
            for tree in tree_of(checkout, below):
                assert described(tree) == described(DirectoryTree(checkout.root / below))
        for tree in tree_of(checkout):
            assert tree.read("chain/up/a.ts") == b"1"
            assert tree.blob("file.ts") == tree.blob("d/b.ts")
            assert tree.directories("") == ["chain", "d", "dir"]

    def test_to_a_directory_outside_hide_it_and_say_so_when_asked(self, checkout: Checkout) -> None:
        (checkout.root / "migrations").symlink_to("../shared")
        checkout.commit()
        for tree in tree_of(checkout):
            assert tree.sources == ("a.ts", "d/b.ts", "d/e/c.ts")
            assert tree.passed_over == {}
            assert not tree.is_file("migrations/0000.sql")
            assert list(tree.passed_over) == ["migrations"]

    def test_of_absurd_length_lead_nowhere(self, checkout: Checkout) -> None:
        blob = git("-C", str(checkout.root), "hash-object", "-w", str(__file__))
        checkout.git("update-index", "--add", "--cacheinfo", f"120000,{blob},long.ts")
        checkout.git("commit", "--quiet", "--message", "a link")
        for tree in tree_of(checkout):
            with pytest.raises(FileRefused, match="a link that leaves"):
                tree.read("long.ts")


class TestSubmodules:
    def test_hold_nothing_of_the_commit_and_are_said_when_asked(
        self, checkout: Checkout, tmp_path: Path
    ) -> None:
        other = Checkout.new(tmp_path / "other", {"x.ts": "x"})
        options = ("-c", "protocol.file.allow=always")
        checkout.git(*options, "submodule", "--quiet", "add", str(other.root), "lib/other")
        checkout.commit()
        for tree in tree_of(checkout):
            assert "lib/other/x.ts" not in tree.sources
            assert tree.passed_over == {}
            assert not tree.is_file("lib/other/x.ts")
            assert tree.passed_over == {"lib/other": "a submodule, which has a history apart"}

    def test_are_repositories_of_their_own(self, checkout: Checkout, tmp_path: Path) -> None:
        other = Checkout.new(tmp_path / "other", {"x.ts": "x"})
        options = ("-c", "protocol.file.allow=always")
        checkout.git(*options, "submodule", "--quiet", "add", str(other.root), "lib/other")
        for tree in tree_of(checkout, "lib/other"):
            assert tree.sources == ("x.ts",)


class TestMissingContent:
    @pytest.fixture
    def partial(self, checkout: Checkout, tmp_path: Path) -> Checkout:
        """A clone that has the files of HEAD, and of the commit before only the names."""
        checkout.commit({"a.ts": "a second version", "d/b.ts": "another second version"})
        checkout.git("config", "uploadpack.allowFilter", "true")
        return checkout.clone(tmp_path / "partial", "--filter=blob:none")

    def test_is_refused_and_nothing_is_fetched(self, partial: Checkout) -> None:
        with GitRepository(partial.root) as repository:
            base = repository.tree(repository.commit("HEAD~1") or "")
            assert base.sources == ("a.ts", "d/b.ts", "d/e/c.ts")
            for path in ("a.ts", "d/b.ts"):
                with pytest.raises(FileRefused, match="its content is missing from this clone"):
                    base.read(path)
            assert base.read("d/e/c.ts") == b"3"
            assert repository.lacks.endswith("run: git fetch --refetch --no-filter")
        missing = git("-C", str(partial.root), "rev-list", "--objects", "--all", "--missing=print")
        assert missing.count("?") == 2

    def test_is_brought_by_the_command_that_is_named(self, partial: Checkout) -> None:
        partial.git("fetch", "--quiet", "--refetch", "--no-filter")
        for tree in tree_of(partial, commit="HEAD~1"):
            assert tree.read("a.ts") == b"1"

    def test_of_a_whole_directory_is_an_error_and_no_empty_tree(
        self, checkout: Checkout, tmp_path: Path
    ) -> None:
        checkout.git("config", "uploadpack.allowFilter", "true")
        checkout.commit({"a.ts": "2"})
        treeless = checkout.clone(tmp_path / "treeless", "--filter=tree:0")
        (treeless.root / "d").mkdir(exist_ok=True)
        for below in ("", "d"):
            for tree in tree_of(treeless, below, commit="HEAD~1"):
                with pytest.raises(GitError):
                    tree.names("")

    def test_is_said_where_git_dies_meanwhile(self, checkout: Checkout) -> None:
        for tree in tree_of(checkout):
            assert tree.read("a.ts") == b"1"
            process = tree.repository._batch
            assert process is not None
            process.kill()
            process.wait()
            with pytest.raises(FileRefused):
                tree.read("d/b.ts")
            assert tree.read("d/b.ts") == b"2"


class TestRepository:
    def test_knows_what_it_is(self, checkout: Checkout, tmp_path: Path) -> None:
        repository = GitRepository(checkout.root)
        assert (repository.prefix, repository.is_bare, repository.is_shallow) == ("", False, False)
        assert GitRepository(checkout.root / "d/e").prefix == "d/e/"
        checkout.commit()
        assert GitRepository(checkout.clone(tmp_path / "c", "--depth=1").root).is_shallow
        git("clone", "--quiet", "--bare", str(checkout.root), str(tmp_path / "bare"))
        assert GitRepository(tmp_path / "bare").is_bare

    @pytest.mark.parametrize(
        "revision",
        [
            "",
            "-x",
            "--all",
            "nonsense",
            "HEAD:a.ts",
            "^HEAD",
            "HEAD~1..HEAD",
            "a\0b",
            "@{upstream}",
        ],
    )
    def test_names_no_commit_for_nonsense(self, checkout: Checkout, revision: str) -> None:
        checkout.commit()
        with GitRepository(checkout.root) as repository:
            assert repository.commit(revision) is None

    def test_names_a_commit_by_branch_tag_and_beginning(self, checkout: Checkout) -> None:
        checkout.git("tag", "--annotate", "v1", "--message", "first")
        head = checkout.git("rev-parse", "HEAD")
        names = ("main", "v1", "HEAD", head[:8], "HEAD^{/first or not}", "HEAD^{/.*}")
        with GitRepository(checkout.root) as repository:
            found = {name: repository.commit(name) for name in names}
        assert found == dict.fromkeys(names, head) | {"HEAD^{/first or not}": None}

    def test_has_no_commit_before_the_first(self, tmp_path: Path) -> None:
        git("init", "--quiet", str(tmp_path))
        with GitRepository(tmp_path) as repository:
            assert repository.commit("HEAD") is None

    def test_is_the_one_of_the_directory_in_a_hook_of_another(
        self, checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = Checkout.new(tmp_path / "other", {"x.ts": ""})
        for name, value in {
            "GIT_DIR": ".git",
            "GIT_WORK_TREE": str(other.root),
            "GIT_INDEX_FILE": ".git/index",
            "GIT_OBJECT_DIRECTORY": str(other.root / ".git/objects"),
            "GIT_PREFIX": "somewhere/",
            "GIT_COMMON_DIR": str(other.root / ".git"),
        }.items():
            monkeypatch.setenv(name, value)
        with GitRepository(checkout.root / "d") as repository:
            assert repository.prefix == "d/"
            assert repository.tree(repository.commit("HEAD") or "").sources == ("b.ts", "e/c.ts")

    def test_runs_nothing_that_the_repository_configures(
        self, checkout: Checkout, tmp_path: Path
    ) -> None:
        touch = f"touch {tmp_path}/ran"
        for key in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
            checkout.git("config", key, touch)
        checkout.git("config", "filter.evil.smudge", touch)
        checkout.git("config", "alias.ls-tree", f"!{touch}")
        write(checkout.root, {".gitattributes": "* filter=evil\n"})
        for tree in tree_of(checkout):
            assert tree.read("a.ts") == b"1"
        assert not (tmp_path / "ran").exists()

    def test_directory_of_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(GitError, match="not a git repository"):
            GitRepository(tmp_path)

    def test_worktree_whose_repository_is_gone(self, checkout: Checkout, tmp_path: Path) -> None:
        checkout.git("worktree", "add", "--quiet", str(tmp_path / "tree"))
        for tree in tree_of(Checkout(tmp_path / "tree")):
            assert tree.read("a.ts") == b"1"
        shutil.rmtree(checkout.root)
        with pytest.raises(GitError, match="not a git repository: "):
            GitRepository(tmp_path / "tree")

    def test_without_git(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(GitError, match="git is not installed, or not on the PATH"):
            GitRepository(tmp_path)

    def test_with_a_git_that_cannot_be_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(subprocess, "run", refuse)
        with pytest.raises(GitError, match="git cannot be run: Permission denied"):
            GitRepository(tmp_path)

    def test_with_a_git_that_fails_and_says_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"git": "#!/bin/sh\nexit 3\n"})
        (tmp_path / "git").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(GitError, match="git failed, saying nothing"):
            GitRepository(tmp_path)

    def test_leaves_no_process_behind(self, checkout: Checkout) -> None:
        repository = GitRepository(checkout.root)
        with repository:
            repository.tree(repository.commit("HEAD") or "").read("a.ts")
            process = repository._batch
            assert process is not None
        assert process.poll() == 0
        repository.close()
