"""Files that are asked for ahead are those that a commit has; all others are read as ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plexus_rules.trees.ahead import AheadRepository
from plexus_rules.trees.changes import read_changes, read_commits
from plexus_rules.trees.history import HistoryTree
from tests.checkouts import Checkout
from tests.trees.histories import random_history
from tests.trees.test_history import told


def looked_ahead(repository: AheadRepository) -> Iterator[HistoryTree]:
    """The trees of the line of HEAD, while files of the next ones are read."""
    commits = read_commits(repository, "HEAD")
    sides = [(c.id, c.parents[0] if c.parents else None) for c in commits]
    tree = HistoryTree.first(repository, None)
    changes = repository.look_ahead(read_changes(repository, sides))
    for (commit, _), changed in zip(sides, changes, strict=True):
        tree = tree.after(commit, changed)
        yield tree


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A file is edited often; it says the same twice, and another one says that, too."""
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "0", "b.ts": "0", "c.md": "0"})
    for number in range(30):
        text = str(number // 2 * 2 % 10)
        checkout.commit({"a.ts": text, "d/b.ts": str(number % 7), "c.md": str(number)})
    return checkout


@pytest.mark.parametrize("seed", range(4))
def test_tree_tells_what_the_commit_tells(tmp_path: Path, seed: int) -> None:
    checkout = random_history(tmp_path / "repo", seed, 25)
    with AheadRepository(checkout.root) as repository:
        for tree in looked_ahead(repository):
            assert told(tree) == told(repository.tree(tree.commit)), tree.commit


def test_file_that_was_asked_for_once_is_there_beforehand(checkout: Checkout) -> None:
    with AheadRepository(checkout.root) as repository:
        trees = looked_ahead(repository)
        assert next(trees).read("a.ts") == b"0"
        for number, tree in zip(range(30), trees, strict=True):
            assert tree.read("a.ts").decode() == str(number // 2 * 2 % 10)
        # Only the file of the first commit was asked for by itself, and by nobody else again.
        assert repository._process is not None
        assert "c.md" not in repository._paths


def test_what_nobody_takes_does_not_fill_the_memory(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexus_rules.trees.ahead._MOST_BYTES", 2)
    with AheadRepository(checkout.root) as repository:
        trees = looked_ahead(repository)
        next(trees).read("a.ts")
        for number, tree in zip(range(30), trees, strict=True):
            if number % 3:
                assert tree.read("d/b.ts").decode() == str(number % 7)
            assert sum(map(len, repository._come.values())) <= 2


def test_file_that_is_missing_from_the_clone_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    checkout.git("config", "uploadpack.allowFilter", "true")
    partial = checkout.clone(tmp_path / "partial", "--filter=blob:none")
    missing = "a.ts: its content is missing from this clone"
    with AheadRepository(partial.root) as repository:
        read = [told(tree)["a.ts"] for tree in looked_ahead(repository)]
        # What HEAD has is there: "0" is in a file of its own.
        assert set(read) == {b"0", missing, b"8"}
        assert repository.lacks.startswith("files are missing from this clone")


def test_git_that_ends_meanwhile_is_not_needed(checkout: Checkout) -> None:
    with AheadRepository(checkout.root) as repository:
        trees = looked_ahead(repository)
        next(trees).read("a.ts")
        for number, tree in zip(range(30), trees, strict=True):
            if number == 3 and repository._process is not None:
                repository._process.kill()
                repository._process.wait()
            assert tree.read("a.ts").decode() == str(number // 2 * 2 % 10)


def test_leaves_no_process_behind(checkout: Checkout) -> None:
    with AheadRepository(checkout.root) as repository:
        trees = looked_ahead(repository)
        next(trees).read("a.ts")
        for tree in trees:
            tree.read("a.ts")
        process = repository._process
    assert process is not None
    assert process.poll() is not None
