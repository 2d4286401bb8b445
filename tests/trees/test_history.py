"""The commits of a history, and their files as they follow from one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.trees import GitRepository, Tree, TreeError
from plexus_rules.trees.changes import read_changes, read_commits
from plexus_rules.trees.history import HistoryTree
from tests.checkouts import Checkout
from tests.trees.histories import random_history


def told(tree: Tree) -> dict[str, object]:
    """All that a tree tells of its files."""
    found: dict[str, object] = {"sources": tree.sources}
    pending = [""]
    while pending:
        directory = pending.pop()
        found[directory] = tree.names(directory), tree.directories(directory)
        pending += tree._walked(directory)
    for path in tree.files():
        try:
            found[path] = tree.read(path)
        except TreeError as error:
            found[path] = str(error)
    return found


def walked(repository: GitRepository) -> list[HistoryTree]:
    """The trees of the line of HEAD, each made of the one before, and asked in between."""
    commits = read_commits(repository, "HEAD")
    sides = [(c.id, c.parents[0] if c.parents else None) for c in commits]
    trees: list[HistoryTree] = []
    tree = HistoryTree.first(repository, None)
    for (commit, _), changes in zip(sides, read_changes(repository, sides), strict=True):
        tree = tree.after(commit, changes)
        assert tree.sources is not None
        trees.append(tree)
    return trees


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("below", ["", "a"])
def test_tree_tells_what_the_commit_tells(tmp_path: Path, seed: int, below: str) -> None:
    checkout = random_history(tmp_path / "repo", seed, 25)
    with GitRepository(checkout.root) as repository:
        repository.prefix = f"{below}/" if below else ""
        for tree in walked(repository):
            assert told(tree) == told(repository.tree(tree.commit)), tree.commit


def test_tree_says_how_it_differs_from_another(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "1", "b.ts": "1"})
    checkout.commit({"a.ts": "2", "c.ts": "1"})
    (checkout.root / "b.ts").unlink()
    checkout.commit()
    with GitRepository(checkout.root) as repository:
        first, second, third = walked(repository)
        assert second.unlike(first) == (frozenset({"a.ts", "c.ts"}), frozenset({"c.ts"}))
        assert third.unlike(first) == (
            frozenset({"a.ts", "b.ts", "c.ts"}),
            frozenset({"b.ts", "c.ts"}),
        )
        came, went = third.sources_unlike(first, ())
        assert (set(came), set(went)) == ({"c.ts"}, {"b.ts"})


def test_commits_come_after_their_parents_with_their_times(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "1"})
    first = checkout.git("rev-parse", "HEAD")
    second = checkout.commit({"a.ts": "2"})
    with GitRepository(checkout.root) as repository:
        found = read_commits(repository, "HEAD")
        assert [(c.id, c.parents) for c in found] == [(first, ()), (second, (first,))]
        assert all(commit.time > 1_000_000_000 for commit in found)
        assert [c.id for c in read_commits(repository, "HEAD", first)] == [second]


def test_changes_do_not_go_by_the_settings_of_the_repository(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "one\ntwo\nthree\n"})
    for setting in ("diff.renames copies", "diff.noprefix true", "log.showRoot false"):
        checkout.git("config", *setting.split())
    (checkout.root / "a.ts").rename(checkout.root / "ä b\n.ts")
    before = checkout.git("rev-parse", "HEAD")
    commit = checkout.commit()
    with GitRepository(checkout.root) as repository:
        ((deleted, added),) = read_changes(repository, [(commit, before)])
        assert (deleted.path, deleted.blob) == ("a.ts", None)
        assert (added.path, added.is_new) == ("ä b\n.ts", True)


def test_more_commits_than_are_asked_for_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexus_rules.trees.changes._AT_A_TIME", 2)
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "0"})
    for number in range(1, 5):
        checkout.commit({"a.ts": str(number)})
    with GitRepository(checkout.root) as repository:
        assert [tree.read("a.ts") for tree in walked(repository)] == [b"0", b"1", b"2", b"3", b"4"]
