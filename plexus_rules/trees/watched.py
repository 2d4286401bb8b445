"""A tree that goes from commit to commit, and knows what depends on which of its files.

What is made of a tree is kept, with all that was asked of the tree to make it. When the tree goes
on to another commit, only what asked for something that is different there is made again; and what
came of that goes on only as far as it is different itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from plexus_rules.trees.base import Tree
from plexus_rules.trees.graph import Graph
from plexus_rules.trees.history import HistoryTree
from plexus_rules.trees.nodes import (
    DIRECTORIES,
    DIRECTORY,
    FILE,
    NAMES,
    READ,
    SOURCES,
    Node,
    Question,
)
from plexus_rules.trees.view import View

_T = TypeVar("_T")


class Watched:
    """The tree of one commit after the other."""

    def __init__(self, tree: HistoryTree) -> None:
        self._graph = Graph(tree)
        self._before: HistoryTree | None = None

    @property
    def tree(self) -> HistoryTree:
        """The files of the commit that it is at."""
        return self._graph.tree

    def known(self, key: Hashable, make: Callable[[Tree], _T], *, same: bool = True) -> _T:
        """What is made of the tree, now, and again where that may be different.

        ``make`` must ask nothing but the tree that it is given. See :meth:`Tree.known`.
        """
        node = self._graph.node(key, make, same)
        self._graph.settle(node)
        value: _T = node.result()
        return value

    def once(self, make: Callable[[Tree], _T]) -> _T:
        """What is made of the tree now, and not kept."""
        node = Node(make, True)
        try:
            return make(View(self._graph, node))
        finally:
            self._graph.detach(node)

    def came_from(self, tree: HistoryTree) -> bool:
        """Whether the last step was from a tree to the one that this is at."""
        return self._before is tree

    def is_new(self, key: Hashable) -> bool:
        """Whether something was made, or made again, at this commit."""
        return self._graph.is_new(key)

    def forget(self, key: Hashable) -> None:
        """Has something made again, though nothing that it asked for is different."""
        self._graph.forget(key)

    def go(self, tree: HistoryTree) -> None:
        """Goes on to the tree of another commit."""
        self._before = before = self.tree
        changed, listed = tree.unlike(before)
        graph = self._graph
        graph.go(tree)
        if graph.is_full:
            graph.clear()
            return
        if not tree.links_like(before):
            graph.crossed_changed(before.crossed, tree.crossed)
        leaves = graph.answers_changed(_questions(before, tree, changed, listed))
        if before.sources is not tree.sources:
            came, went = tree.sources_unlike(before, listed)
            if came or went:
                leaves += graph.answers_changed([(SOURCES, "")])
                graph.sources_changed(came, went)
        graph.make_leaves(leaves)


def _questions(
    before: HistoryTree, tree: HistoryTree, changed: frozenset[str], listed: frozenset[str]
) -> Iterator[Question]:
    """What two trees answer differently, apart from their sources."""
    for path in changed:
        yield READ, path
    for path in listed:
        yield FILE, path
        directory = path.rpartition("/")[0]
        yield NAMES, directory
        while before.is_directory(directory) != tree.is_directory(directory):
            yield DIRECTORY, directory
            directory = directory.rpartition("/")[0]
            yield DIRECTORIES, directory
