"""Which commit a working tree is compared with: one test for each way to know it, or not to."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from plexus_rules.trees import Base, GitError, GitRepository, NoBase, find_base
from plexus_rules.trees.base_commit import TARGET_VARIABLES
from tests.checkouts import Checkout, git


def base_of(
    checkout: Checkout, revision: str | None = None, **environ: str
) -> tuple[str | None, str]:
    """The commit and how it was chosen; None and the reason where there is none."""
    with GitRepository(checkout.root) as repository:
        found = find_base(repository, revision, environ)
    if isinstance(found, NoBase):
        return None, found.reason
    assert isinstance(found, Base)
    return found.commit, found.how


def run_what_it_says(checkout: Checkout, reason: str) -> None:
    """Runs the command that a reason ends with, as a person would who copies it."""
    _, _, command = reason.partition("run: ")
    assert command, reason
    subprocess.run(command, shell=True, check=True, capture_output=True, cwd=checkout.root)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits on main, and a branch that leaves after the first one."""
    origin = Checkout.new(tmp_path_factory.mktemp("origin"), {"a": "1"})
    origin.git("branch", "feature")
    origin.commit({"a": "2"})
    origin.git("switch", "--quiet", "feature")
    origin.commit({"b": "1"})
    origin.commit({"b": "2"})
    origin.git("switch", "--quiet", "main")
    return origin.root


@pytest.fixture
def origin(template: Path, tmp_path: Path) -> Checkout:
    return Checkout(shutil.copytree(template, tmp_path / "origin"))


def fork(origin: Checkout) -> str:
    return origin.git("merge-base", "main", "feature")


class TestNamedByHand:
    def test_is_the_merge_base_and_not_the_tip(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        expected = (fork(origin), "the merge base of HEAD and main")
        assert base_of(origin, "main") == expected

    def test_wins_over_what_the_ci_says(self, origin: Checkout) -> None:
        head = origin.git("rev-parse", "HEAD")
        assert base_of(origin, "HEAD", GITHUB_BASE_REF="feature") == (head, "HEAD, which is HEAD")

    def test_may_be_a_tag_or_a_part_of_an_id(self, origin: Checkout) -> None:
        first = origin.git("rev-parse", "HEAD~1")
        origin.git("tag", "--annotate", "v1", "HEAD~1", "--message", "first")
        assert base_of(origin, "v1")[0] == first
        assert base_of(origin, first[:9])[0] == first
        assert base_of(origin, "HEAD~1")[0] == first

    def test_may_be_a_branch_that_only_the_remote_has(
        self, origin: Checkout, tmp_path: Path
    ) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature")
        assert clone.git("branch", "--list", "main") == ""
        assert base_of(clone, "main") == (fork(origin), "the merge base of HEAD and main")

    @pytest.mark.parametrize("revision", ["nonsense", "-x", "^HEAD", "HEAD~1..HEAD", "HEAD:a"])
    def test_that_is_no_commit_is_an_error(self, origin: Checkout, revision: str) -> None:
        with pytest.raises(GitError, match=r"no such commit here$"):
            base_of(origin, revision)

    @pytest.mark.parametrize("revision", ["", "  "])
    def test_that_is_empty_is_an_error(self, origin: Checkout, revision: str) -> None:
        with pytest.raises(GitError, match="--base is empty"):
            base_of(origin, revision)

    @pytest.mark.parametrize("options", [["--single-branch"], ["--depth=1"]])
    def test_that_was_not_fetched_is_an_error_with_the_command(
        self, origin: Checkout, tmp_path: Path, options: list[str]
    ) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature", *options)
        with pytest.raises(GitError, match=r"no such commit here; .*run: git fetch") as caught:
            base_of(clone, "main")
        run_what_it_says(clone, str(caught.value))
        assert base_of(clone, "main")[0] == fork(origin)

    def test_of_another_history_is_compared_with_as_it_is(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "--orphan", "new")
        origin.commit({"c": "1"})
        main = origin.git("rev-parse", "main")
        assert base_of(origin, "main") == (main, "main, which shares no history with HEAD")


class TestNamedByTheCi:
    @pytest.mark.parametrize("variable", TARGET_VARIABLES)
    def test_target_branch_of_the_remote(
        self, origin: Checkout, tmp_path: Path, variable: str
    ) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature")
        clone.git("remote", "set-head", "origin", "--delete")
        expected = (fork(origin), f"the merge base of HEAD and main, named by {variable}")
        assert base_of(clone, **{variable: "main"}) == expected

    def test_target_branch_is_the_remotes_and_not_a_stale_local_one(
        self, origin: Checkout, tmp_path: Path
    ) -> None:
        clone = origin.clone(tmp_path / "clone")
        clone.git("reset", "--quiet", "--hard", "HEAD~1")
        clone.git("switch", "--quiet", "--detach", "origin/main")
        assert base_of(clone, GITHUB_BASE_REF="main")[0] == clone.git("rev-parse", "origin/main")

    def test_full_name_of_a_branch_is_understood(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        azure = base_of(origin, SYSTEM_PULLREQUEST_TARGETBRANCH="refs/heads/main")
        assert azure[0] == fork(origin)

    def test_empty_variable_says_nothing(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        how = base_of(origin, GITHUB_BASE_REF="", DRONE_TARGET_BRANCH="main")[1]
        assert how == "the merge base of HEAD and main, named by DRONE_TARGET_BRANCH"

    def test_branch_with_a_slash(self, origin: Checkout) -> None:
        origin.git("branch", "release/1.x", "main")
        origin.git("switch", "--quiet", "feature")
        assert base_of(origin, CHANGE_TARGET="release/1.x")[0] == fork(origin)

    @pytest.mark.parametrize("options", [["--single-branch"], ["--depth=1"]])
    def test_branch_that_was_not_fetched_is_named_with_the_command(
        self, origin: Checkout, tmp_path: Path, options: list[str]
    ) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature", *options)
        commit, reason = base_of(clone, GITHUB_BASE_REF="main")
        assert commit is None
        unshallow = " --unshallow" if options == ["--depth=1"] else ""
        assert reason == (
            "the target branch main (from GITHUB_BASE_REF) is not in this clone; "
            f"run: git fetch{unshallow} origin +refs/heads/main:refs/remotes/origin/main"
        )
        run_what_it_says(clone, reason)
        assert base_of(clone, GITHUB_BASE_REF="main")[0] == fork(origin)

    def test_checkout_of_a_pull_request_as_github_makes_it(
        self, origin: Checkout, tmp_path: Path
    ) -> None:
        origin.git("switch", "--quiet", "--detach", "main")
        origin.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
        origin.git("update-ref", "refs/pull/1/merge", "HEAD")
        runner = Checkout.new(tmp_path / "runner", {})
        runner.git("switch", "--quiet", "--orphan", "nothing")
        runner.git("branch", "--delete", "--force", "main")
        runner.git("remote", "add", "origin", origin.root.as_uri())
        refspec = "+refs/pull/1/merge:refs/remotes/pull/1/merge"
        runner.git("fetch", "--quiet", "--depth=1", "origin", refspec)
        runner.git("checkout", "--quiet", "--detach", "refs/remotes/pull/1/merge")
        commit, reason = base_of(runner, GITHUB_BASE_REF="main")
        assert commit is None
        run_what_it_says(runner, reason)
        assert base_of(runner, GITHUB_BASE_REF="main")[0] == origin.git("rev-parse", "main")

    def test_name_that_a_shell_would_run_is_quoted(self, origin: Checkout, tmp_path: Path) -> None:
        clone = origin.clone(tmp_path / "clone")
        _, reason = base_of(clone, GITHUB_BASE_REF="$(touch x);y")
        words = shlex.split(reason.partition("run: ")[2])
        assert words[-1] == "+refs/heads/$(touch x);y:refs/remotes/origin/$(touch x);y"


class TestDefaultBranch:
    def test_of_the_remote(self, origin: Checkout, tmp_path: Path) -> None:
        origin.git("branch", "--move", "main", "trunk")
        clone = origin.clone(tmp_path / "clone", "--branch=feature")
        expected = (
            origin.git("merge-base", "trunk", "feature"),
            "the merge base of HEAD and origin/trunk",
        )
        assert base_of(clone) == expected

    def test_of_a_remote_with_another_name(self, origin: Checkout, tmp_path: Path) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature", "--origin=upstream")
        assert base_of(clone)[1] == "the merge base of HEAD and upstream/main"

    def test_of_origin_where_there_are_several_remotes(
        self, origin: Checkout, tmp_path: Path
    ) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature")
        clone.git("remote", "add", "another", "https://example.invalid/")
        assert base_of(clone)[1] == "the merge base of HEAD and origin/main"

    @pytest.mark.parametrize("branch", ["main", "master"])
    def test_where_nobody_noted_which_it_is(
        self, origin: Checkout, tmp_path: Path, branch: str
    ) -> None:
        origin.git("branch", "--move", "main", branch)
        clone = origin.clone(tmp_path / "clone", "--branch=feature")
        clone.git("remote", "set-head", "origin", "--delete")
        assert base_of(clone)[1] == f"the merge base of HEAD and origin/{branch}"

    def test_itself_is_compared_with_its_last_commit(
        self, origin: Checkout, tmp_path: Path
    ) -> None:
        clone = origin.clone(tmp_path / "clone")
        head = clone.git("rev-parse", "HEAD")
        assert base_of(clone) == (head, "HEAD, which is origin/main")

    def test_with_commits_that_are_not_pushed(self, origin: Checkout, tmp_path: Path) -> None:
        clone = origin.clone(tmp_path / "clone")
        clone.commit({"a": "3"})
        pushed = origin.git("rev-parse", "main")
        assert base_of(clone) == (pushed, "the merge base of HEAD and origin/main")

    def test_that_a_detached_head_left(self, origin: Checkout, tmp_path: Path) -> None:
        clone = origin.clone(tmp_path / "clone")
        clone.git("switch", "--quiet", "--detach", "origin/feature")
        assert base_of(clone)[0] == fork(origin)

    def test_of_a_repository_without_a_remote(self, origin: Checkout) -> None:
        assert base_of(origin)[1] == "HEAD, which is main"
        origin.git("switch", "--quiet", "feature")
        assert base_of(origin) == (fork(origin), "the merge base of HEAD and main")

    def test_that_is_the_only_branch_there_is(self, origin: Checkout) -> None:
        origin.git("branch", "--delete", "--force", "feature")
        origin.git("branch", "--move", "main", "trunk")
        assert base_of(origin)[1] == "HEAD, which is trunk"

    def test_that_cannot_be_told_from_others(self, origin: Checkout) -> None:
        origin.git("branch", "--move", "main", "trunk")
        reason = "the default branch is not known; name the commit to compare with by --base"
        assert base_of(origin) == (None, reason)
        origin.git("branch", "--delete", "--force", "feature")
        origin.git("switch", "--quiet", "--detach")
        assert base_of(origin) == (None, reason)

    @pytest.mark.parametrize("options", [["--single-branch"], ["--depth=1"]])
    def test_that_was_not_fetched_is_not_taken_to_be_the_branch_that_was(
        self, origin: Checkout, tmp_path: Path, options: list[str]
    ) -> None:
        clone = origin.clone(tmp_path / "clone", "--branch=feature", *options)
        commit, reason = base_of(clone)
        assert commit is None
        assert reason.startswith("the remote's default branch is not known here; run: git fetch")
        run_what_it_says(clone, reason)
        assert base_of(clone) == (fork(origin), "the merge base of HEAD and origin/main")


class TestMerge:
    """A merge that is being made: what comes with it has landed on the branch it comes from."""

    HOW = "the merge base of main and this merge"

    @pytest.mark.parametrize("conflict", [False, True])
    def test_of_the_target_branch_into_a_feature_branch(
        self, origin: Checkout, conflict: bool
    ) -> None:
        origin.git("switch", "--quiet", "feature")
        if conflict:
            origin.commit({"a": "3"})
        before = base_of(origin)
        assert before == (fork(origin), "the merge base of HEAD and main")
        merge(origin, "main")
        assert base_of(origin) == (origin.git("rev-parse", "main"), self.HOW)
        origin.git("add", ".")
        origin.git("commit", "--quiet", "--message", "merged")
        assert base_of(origin)[0] == origin.git("rev-parse", "main")

    def test_that_is_given_up_counts_no_more(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        merge(origin, "main")
        origin.git("merge", "--abort")
        assert base_of(origin)[0] == fork(origin)

    def test_of_a_feature_branch_into_the_default_branch(self, origin: Checkout) -> None:
        merge(origin, "feature")
        assert base_of(origin) == (origin.git("rev-parse", "main"), "HEAD, which is main")

    def test_of_another_feature_branch_that_is_newer(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "--create", "other", "main")
        origin.commit({"c": "1"})
        origin.git("switch", "--quiet", "feature")
        merge(origin, "other")
        assert base_of(origin) == (origin.git("rev-parse", "main"), self.HOW)

    def test_with_a_base_that_is_named(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        merge(origin, "main")
        assert base_of(origin, "main") == (origin.git("rev-parse", "main"), self.HOW)

    def test_in_a_work_tree_of_its_own(self, origin: Checkout, tmp_path: Path) -> None:
        origin.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "feature")
        tree = Checkout(tmp_path / "tree")
        merge(tree, "main")
        assert base_of(tree) == (origin.git("rev-parse", "main"), self.HOW)

    def test_as_git_tells_its_hooks_of_it(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        main = origin.git("rev-parse", "main")
        assert base_of(origin, None, **{f"GITHEAD_{main}": "main"}) == (main, self.HOW)

    def test_of_a_commit_that_is_not_here_is_none(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "feature")
        assert base_of(origin, None, **{f"GITHEAD_{'0' * 40}": "main"})[0] == fork(origin)
        (origin.root / ".git" / "MERGE_HEAD").write_text("not an id\n")
        assert base_of(origin)[0] == fork(origin)


def merge(checkout: Checkout, branch: str) -> None:
    """Merges a branch, and leaves the merge to be committed."""
    command = ["git", "merge", "--quiet", "--no-commit", "--no-ff", branch]
    subprocess.run(command, check=False, capture_output=True, cwd=checkout.root)
    assert (checkout.root / checkout.git("rev-parse", "--git-path", "MERGE_HEAD")).is_file()


class TestHistory:
    def test_that_is_cut_off_before_the_merge_base(self, origin: Checkout, tmp_path: Path) -> None:
        options = ("--branch=feature", "--depth=1", "--no-single-branch")
        clone = origin.clone(tmp_path / "clone", *options)
        for commit, reason in (base_of(clone), base_of(clone, "main")):
            assert commit is None
            assert reason.startswith("this clone is too shallow to hold the merge base of HEAD and")
        run_what_it_says(clone, base_of(clone, GITHUB_BASE_REF="main")[1])
        assert base_of(clone)[0] == fork(origin)

    def test_that_is_cut_off_behind_the_merge_base_is_enough(
        self, origin: Checkout, tmp_path: Path
    ) -> None:
        origin.commit({"a": "3"})
        clone = origin.clone(tmp_path / "clone", "--depth=1")
        assert base_of(clone) == (origin.git("rev-parse", "HEAD"), "HEAD, which is origin/main")

    def test_that_has_not_begun(self, tmp_path: Path) -> None:
        git("init", "--quiet", "--initial-branch=main", str(tmp_path))
        expected = (None, "the repository has no commit yet")
        assert base_of(Checkout(tmp_path)) == expected
        assert base_of(Checkout(tmp_path), GITHUB_BASE_REF="main") == expected

    def test_that_has_not_begun_on_this_branch(self, origin: Checkout) -> None:
        origin.git("switch", "--quiet", "--orphan", "new")
        assert base_of(origin, "main") == (None, "the repository has no commit yet")


def test_head_of_a_remote_that_is_gone_does_not_count(template: Path, tmp_path: Path) -> None:
    checkout = Checkout(template).clone(tmp_path / "clone")
    checkout.git("config", "--remove-section", "remote.origin")
    checkout.git("remote", "add", "other", "/nowhere")
    assert "origin" not in base_of(checkout)[1]
