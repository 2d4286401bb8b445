"""A tree that goes from commit to commit makes again what may be different, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from plexus_rules.trees import GitRepository, Tree, TreeError
from plexus_rules.trees.history import HistoryTree
from plexus_rules.trees.nodes import SOUND
from plexus_rules.trees.watched import Watched
from tests.checkouts import Checkout
from tests.trees.histories import NAMES, random_history
from tests.trees.test_history import told, walked

_T = TypeVar("_T")


@contextmanager
def line_of(checkout: Checkout) -> Iterator[list[HistoryTree]]:
    with GitRepository(checkout.root) as repository:
        yield walked(repository)


def along(trees: Sequence[HistoryTree], make: Callable[[Tree], _T]) -> list[_T]:
    """What is known at each commit, one after the other."""
    watched = Watched(trees[0])
    seen = [watched.known("made", make)]
    for tree in trees[1:]:
        watched.go(tree)
        seen.append(watched.known("made", make))
    return seen


class Counted:
    """Something that is made of a tree, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, tree: Tree) -> bytes:
        self.times += 1
        return tree.read("a.ts")


@pytest.fixture
def line(tmp_path: Path) -> Iterator[list[HistoryTree]]:
    """A file is edited, then another one, then one comes."""
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "1", "d/b.ts": "1"})
    checkout.commit({"a.ts": "2"})
    checkout.commit({"d/b.ts": "2"})
    checkout.commit({"d/c.ts": "1"})
    with line_of(checkout) as trees:
        yield trees


def test_what_asked_for_a_file_is_made_again_where_it_changed(line: list[HistoryTree]) -> None:
    made = Counted()
    watched = Watched(line[0])
    seen = []
    for tree in line:
        if tree is not line[0]:
            watched.go(tree)
        seen.append((watched.known("a", made), made.times))
    assert seen == [(b"1", 1), (b"2", 2), (b"2", 2), (b"2", 2)]


def test_what_came_out_the_same_is_not_followed(line: list[HistoryTree]) -> None:
    times = 0

    def length(tree: Tree) -> int:
        return len(tree.read("a.ts"))

    def outer(tree: Tree) -> int:
        nonlocal times
        times += 1
        return tree.known("length", length)

    watched = Watched(line[0])
    assert watched.known("outer", outer) == 1
    watched.go(line[1])
    assert (watched.known("outer", outer), times) == (1, 1)


def test_what_came_out_the_same_has_nothing_else_looked_at(line: list[HistoryTree]) -> None:
    def outer(tree: Tree) -> int:
        return tree.known("length", lambda inner: len(inner.read("a.ts")))

    watched = Watched(line[0])
    watched.known("outer", outer)
    watched.go(line[1])
    assert watched._graph.node("outer", outer).state == SOUND


def test_what_needs_more_than_before_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    """A file that says nothing comes to name another one, and that one changes with it."""
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "", "b.ts": "1"})
    checkout.commit({"a.ts": "b.ts", "b.ts": "2"})
    checkout.commit({"b.ts": "3"})

    def content(tree: Tree) -> bytes:
        return tree.read("b.ts")

    def named(tree: Tree) -> bytes:
        name = tree.read("a.ts").decode()
        return tree.known(name, content) if name else b""

    def outer(tree: Tree) -> tuple[bytes, bytes]:
        return tree.known("named", named), tree.known("b.ts", content)

    with line_of(checkout) as trees:
        seen = along(trees, outer)
    assert seen == [(b"", b"1"), (b"2", b"2"), (b"3", b"3")]


def test_what_may_not_be_compared_is_followed(line: list[HistoryTree]) -> None:
    times = 0

    def outer(tree: Tree) -> int:
        nonlocal times
        times += 1
        return tree.known("length", lambda inner: len(inner.read("a.ts")), same=False)

    watched = Watched(line[0])
    watched.known("outer", outer)
    watched.go(line[1])
    watched.known("outer", outer)
    assert times == 2


def test_scan_makes_only_what_changed_again(line: list[HistoryTree]) -> None:
    read: list[str] = []

    def item(tree: Tree, path: str) -> bytes:
        read.append(path)
        return tree.read(path)

    def scanned(tree: Tree) -> dict[str, bytes]:
        return tree.scan(lambda path: path.startswith("d/"), item, "d")

    watched = Watched(line[0])
    results = [watched.known("scan", scanned)]
    for tree in line[1:]:
        watched.go(tree)
        results.append(watched.known("scan", scanned))
    assert results == [
        {"d/b.ts": b"1"},
        {"d/b.ts": b"1"},
        {"d/b.ts": b"2"},
        {"d/b.ts": b"2", "d/c.ts": b"1"},
    ]
    assert read == ["d/b.ts", "d/b.ts", "d/c.ts"]


def test_error_is_kept_until_it_is_mended(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "repo", {"b.ts": "1"})
    checkout.commit({"b.ts": "2"})
    checkout.commit({"a.ts": "1"})
    made = Counted()
    with line_of(checkout) as (first, second, third):
        watched = Watched(first)
        for tree in (None, second):
            if tree is not None:
                watched.go(tree)
            with pytest.raises(TreeError, match="no such file"):
                watched.known("a", made)
        assert made.times == 1
        watched.go(third)
        assert watched.known("a", made) == b"1"


def test_what_is_forgotten_is_made_again(line: list[HistoryTree]) -> None:
    made = Counted()
    watched = Watched(line[0])
    watched.known("a", made)
    watched.forget("a")
    watched.known("a", made)
    assert made.times == 2


def test_says_what_was_made_at_this_commit(line: list[HistoryTree]) -> None:
    made = Counted()
    watched = Watched(line[0])
    watched.known("a", made)
    new = [watched.is_new("a")]
    for tree in line[1:3]:
        watched.go(tree)
        watched.known("a", made)
        new.append(watched.is_new("a"))
    assert new == [True, True, False]


@pytest.mark.parametrize("seed", range(6))
def test_random_history_is_told_as_by_each_commit(tmp_path: Path, seed: int) -> None:
    checkout = random_history(tmp_path / "repo", seed, 30)

    def files(tree: Tree) -> dict[str, object]:
        return tree.scan(lambda path: True, lambda inner, path: inner.read(path), "files")

    def listed(tree: Tree) -> object:
        return told(tree), tree.is_file("a/c.ts"), tree.is_directory("a/b")

    def single(tree: Tree) -> object:
        names = tree.known("names", lambda inner: (inner.names("a"), inner.directories("a")))
        return names, tree.is_file("b/a/c.ts")

    with line_of(checkout) as trees:
        watched = Watched(trees[0])
        for tree in (*trees, trees[3], trees[-1], trees[0]):
            if tree is not watched.tree:
                watched.go(tree)
            for make in (files, listed, single):
                assert watched.known(make.__name__, make) == make(tree), make.__name__


_QUESTIONS = ("is_file", "is_directory", "names", "directories", "read")


def answer(tree: Tree, question: str, path: str) -> object:
    """What a tree answers, or why it does not."""
    try:
        return getattr(tree, question)(path)
    except TreeError as error:
        return str(error)


# In these a link leads to the root, and what lies there comes and goes.
@pytest.mark.parametrize("seed", [1008, 1035, 1036])
def test_each_question_is_answered_as_by_each_commit(tmp_path: Path, seed: int) -> None:
    checkout = random_history(tmp_path / "repo", seed, 25)
    chance = Random(seed)
    paths = ["/".join(chance.choices(NAMES, k=chance.randint(1, 3))) for _ in range(60)]
    asked = [(question, path) for question in _QUESTIONS for path in paths]
    with line_of(checkout) as trees:
        watched = Watched(trees[0])
        for tree in trees:
            if tree is not watched.tree:
                watched.go(tree)
            for question, path in chance.sample(asked, 200):
                make = partial(answer, question=question, path=path)
                assert watched.known((question, path), make) == make(tree), (question, path)


def test_link_that_comes_concerns_only_what_asks_there(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "1", "d/b.ts": "1"})
    (checkout.root / "e").symlink_to("d")
    checkout.commit()
    (checkout.root / "e").unlink()
    checkout.commit()
    made = Counted()
    with line_of(checkout) as trees:
        watched = Watched(trees[0])
        seen = []
        for tree in trees:
            if tree is not watched.tree:
                watched.go(tree)
            seen.append(watched.known("e", lambda tree: tree.is_file("e/b.ts")))
            watched.known("a", made)
    assert seen == [False, True, False]
    assert made.times == 1


def test_submodule_is_passed_over_as_long_as_it_is_there(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "repo", {"a.ts": "1"})
    head = checkout.git("rev-parse", "HEAD")
    checkout.git("update-index", "--add", "--cacheinfo", f"160000,{head},vendor/x")
    checkout.git("commit", "--quiet", "--message", "comes")
    checkout.git("update-index", "--force-remove", "vendor/x")
    checkout.git("commit", "--quiet", "--message", "goes")

    def looked(tree: Tree) -> tuple[bool, list[str]]:
        return tree.is_file("vendor/x/a.ts"), list(tree.passed_over)

    with line_of(checkout) as trees:
        seen = along(trees, looked)
    assert seen == [(False, []), (False, ["vendor/x"]), (False, [])]
