"""A tree, as one thing is made of it: what it is asked is noted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, TypeVar

from plexus_rules.trees.base import Tree, normal_path
from plexus_rules.trees.history import HistoryTree
from plexus_rules.trees.ignore import Ignores
from plexus_rules.trees.nodes import (
    BUSY,
    DIRECTORIES,
    DIRECTORY,
    FILE,
    NAMES,
    READ,
    SOURCES,
    Node,
)

if TYPE_CHECKING:
    from plexus_rules.trees.graph import Graph

_T = TypeVar("_T")


class View(Tree):
    """A tree, as a node is made of it: what it is asked is what the node depends on."""

    knows_blobs = True

    def __init__(self, graph: Graph, node: Node) -> None:
        self._graph = graph
        self._node = node

    def _asked(self, kind: int, path: str) -> HistoryTree:
        tree = self._graph.tree
        if not tree.is_straight(path):
            self._graph.crossing.add(self._node)
            path = tree.real(path)
        question = kind, path
        if question not in self._node.asked:
            self._graph.note(self._node, question)
        return tree

    @property
    def passed_over(self) -> Mapping[str, str]:
        self._graph.crossing.add(self._node)
        return self._graph.passed_over()

    @property
    def sources(self) -> tuple[str, ...]:
        return self._asked(SOURCES, "").sources

    def known(self, key: Hashable, make: Callable[[Tree], _T], *, same: bool = True) -> _T:
        node = self._graph.node(key, make, same)
        if node.state == BUSY:
            return make(self)
        self._graph.need(self._node, node)
        value: _T = node.result()
        return value

    def scan(
        self,
        wanted: Callable[[str], bool],
        make: Callable[[Tree, str], _T | None],
        key: Hashable = None,
    ) -> dict[str, _T]:
        scan = self._graph.scan(key, self._node, wanted, make)
        self._graph.need(self._node, scan)
        return dict(scan.result())

    def names(self, directory: str) -> list[str]:
        return self._asked(NAMES, directory).names(directory)

    def directories(self, directory: str) -> list[str]:
        return self._asked(DIRECTORIES, directory).directories(directory)

    def _walked(self, directory: str) -> list[str]:
        return self._asked(DIRECTORIES, directory)._walked(directory)

    def is_file(self, path: str) -> bool:
        return self._asked(FILE, path).is_file(path)

    def is_directory(self, path: str) -> bool:
        return self._asked(DIRECTORY, path).is_directory(path)

    def read(self, path: str) -> bytes:
        clean = normal_path(path)
        return self._asked(READ, path if clean is None else clean).read(path)

    def _read(self, path: str) -> bytes:
        return self._asked(READ, path)._read(path)

    def blob(self, path: str) -> str:
        return self._asked(READ, path).blob(path)

    def _ignores_above(self) -> Ignores:
        return self._graph.tree._ignores_above()
