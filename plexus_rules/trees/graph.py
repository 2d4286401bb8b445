"""What was made of a tree, kept as nodes that know what they depend on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from plexus_rules.trees.base import Tree
from plexus_rules.trees.history import HistoryTree
from plexus_rules.trees.nodes import BUSY, DOUBTFUL, SOUND, STALE, Node, Question, Scan
from plexus_rules.trees.view import View

#: More is not kept.
_MOST_NODES = 300_000


class _NoLeaf(BaseException):
    """What was thought to be made of the tree alone needs something else, too."""


class Graph:
    """The nodes of what was made of a tree.

    Attributes:
        tree: the files that it is made of.
        crossing: the nodes that asked for something behind a link or in a submodule, or for what
            was passed over there.
    """

    def __init__(self, tree: HistoryTree) -> None:
        self.tree = tree
        self.crossing: set[Node] = set()
        self._step = 1
        self._nodes: dict[Hashable, Node] = {}
        self._scans: set[Scan] = set()
        self._asking: dict[Question, set[Node]] = {}
        self._passed_over: dict[str, str] = {}
        self._only_leaves = False

    @property
    def is_full(self) -> bool:
        """Whether so much is kept that all should be made again from here on."""
        return len(self._nodes) > _MOST_NODES

    def go(self, tree: HistoryTree) -> None:
        """Goes on to another tree. What is different there is to be told then."""
        self.passed_over()
        self.tree = tree
        self._step += 1

    def is_new(self, key: Hashable) -> bool:
        """Whether a node was made, or made again, since it went on."""
        node = self._nodes.get(key)
        return node is None or node.made == self._step

    def forget(self, key: Hashable) -> None:
        """Has a node made again."""
        node = self._nodes.get(key)
        if node is not None:
            self.mark(node)

    def passed_over(self) -> Mapping[str, str]:
        """What was asked for and could not be looked into, so far: why, by its path."""
        if self.tree.passed_over:
            self._passed_over.update(self.tree.passed_over)
        return self._passed_over

    def clear(self) -> None:
        """Forgets all."""
        self._nodes.clear()
        self._scans.clear()
        self._asking.clear()
        self.crossing.clear()
        self._passed_over.clear()

    def node(self, key: Hashable, make: Callable[[Tree], Any], same: bool = True) -> Node:
        """The node of a key; it may have to be settled."""
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(make, same)
        elif node.state != SOUND and node.state != BUSY:
            node.make = make
        return node

    def scan(
        self,
        key: Hashable,
        owner: Node,
        wanted: Callable[[str], bool],
        make: Callable[[Tree, str], Any],
    ) -> Scan:
        """The scan of a key; without one, a scan that is dropped with its owner."""
        scan = self._nodes.get((Scan, key)) if key is not None else None
        if not isinstance(scan, Scan):
            scan = Scan(wanted, make)
            self._scans.add(scan)
            scan.pending.update(filter(wanted, self.tree.sources))
            if key is None:
                owner.owned.append(scan)
            else:
                self._nodes[Scan, key] = scan
        return scan

    def need(self, node: Node, other: Node) -> None:
        """Settles a node that another one needs."""
        if self._only_leaves:
            raise _NoLeaf
        node.needs[other] = None
        other.needed_by.add(node)
        self.settle(other)

    def note(self, node: Node, question: Question) -> None:
        """Notes that something was asked to make a node, for the first time."""
        node.asked.add(question)
        asking = self._asking.get(question)
        if asking is None:
            self._asking[question] = {node}
        else:
            asking.add(node)

    # What may be different.

    def mark(self, node: Node) -> None:
        """Has a node made again, and doubts all that needs it."""
        if node.state in (SOUND, DOUBTFUL):
            node.state = STALE
            self._doubt(node)

    def _doubt(self, different: Node) -> None:
        """Doubts all that needs a node which may be different."""
        pending = [different]
        while pending:
            one = pending.pop()
            if one.item_of is not None:
                scan, path = one.item_of
                scan.pending.add(path)
            for needing in one.needed_by:
                needing.suspects[one] = None
                if needing.state == SOUND:
                    needing.state = DOUBTFUL
                    pending.append(needing)

    def answers_changed(self, questions: Iterable[Question]) -> list[Node]:
        """Has all made again that asked one of some questions.

        Returns the leaves among them, whose time has not come before all answers are known.
        """
        leaves: list[Node] = []
        for question in questions:
            for node in self._asking.get(question, ()):
                if node.state == SOUND and self._is_leaf(node):
                    node.state = STALE
                    leaves.append(node)
                else:
                    self.mark(node)
        return leaves

    def crossed_changed(self, before: frozenset[str], now: frozenset[str]) -> None:
        """Has all made again whose way may lead over other links and submodules now.

        That is what asked for something behind one, and for one itself, or a directory that
        has one; and what asked for something that lies behind one now.
        """
        for node in list(self.crossing):
            self.mark(node)
        new = tuple(f"{path}/" for path in now - before)
        there = before | now
        holding = {path.rpartition("/")[0] for path in there}
        for (_, path), nodes in self._asking.items():
            if path in there or path in holding or (new and path.startswith(new)):
                for node in nodes:
                    self.mark(node)
        self._passed_over.clear()

    def sources_changed(self, came: Iterable[str], went: Iterable[str]) -> None:
        """Has the scans look at sources that came or went."""
        for scan in self._scans:
            wanted = [path for path in (*came, *went) if scan.wanted(path)]
            if wanted:
                scan.pending.update(wanted)
                if scan.state == SOUND:
                    scan.state = DOUBTFUL
                    self._doubt(scan)

    def _is_leaf(self, node: Node) -> bool:
        """Whether a node was made of answers of the tree alone, and is needed."""
        if node.needs or not node.needed_by:
            return False
        if node.item_of is None:
            return True
        scan, path = node.item_of
        return bool(scan.needed_by) and self.tree.is_source(path)

    def make_leaves(self, leaves: Iterable[Node]) -> None:
        """Makes leaves again, and doubts what needs one that is different.

        Most of what a commit changes says nothing that matters, before and after: then nothing
        but the leaves is looked at.
        """
        self._only_leaves = True
        try:
            for node in leaves:
                try:
                    self._make(node)
                except _NoLeaf:
                    self._doubt(node)
                else:
                    node.verified = self._step
                    if node.changed == self._step:
                        self._doubt(node)
        finally:
            self._only_leaves = False

    # Making.

    def settle(self, node: Node) -> None:
        """Makes a node sound: its value is what would be made of the tree now."""
        if node.state == SOUND:
            node.verified = self._step
            return
        if node.state == BUSY:
            raise RecursionError("what is made of a tree needs itself")
        if node.state == DOUBTFUL:
            node.state = BUSY
            try:
                is_stale = self._needs_differ(node)
            except BaseException:
                node.state = STALE
                raise
            node.state = STALE if is_stale else SOUND
        if isinstance(node, Scan):
            self._settle_scan(node)
        elif node.state == STALE:
            self._make(node)
        node.verified = self._step

    def _needs_differ(self, node: Node) -> bool:
        for need in list(node.suspects):
            self.settle(need)
            if need.changed > node.verified:
                return True
        node.suspects.clear()
        return False

    def _make(self, node: Node) -> None:
        # It will ask nearly all that it asked before: only what it asks no more is taken back.
        asked, needs = node.asked, node.needs
        node.asked, node.needs = set(), {}
        self.crossing.discard(node)
        self._disown(node)
        node.state = BUSY
        value: Any = None
        error: Exception | None = None
        try:
            value = node.make(View(self, node))
        except Exception as raised:
            error = raised
        except BaseException:
            node.state = STALE
            raise
        finally:
            self._take_back(node, asked - node.asked, needs.keys() - node.needs.keys())
        is_same = node.tried and node.same and error is None and node.error is None
        if not is_same or value != node.value:
            node.value, node.error, node.changed = value, error, self._step
        node.tried = True
        node.made = self._step
        node.state = SOUND

    def detach(self, node: Node) -> None:
        """Takes back all that a node asked and needed."""
        self._take_back(node, node.asked, node.needs)
        node.asked, node.needs = set(), {}
        self.crossing.discard(node)
        self._disown(node)

    def _take_back(self, node: Node, asked: Iterable[Question], needs: Iterable[Node]) -> None:
        for question in asked:
            self._asking[question].discard(node)
        for need in needs:
            need.needed_by.discard(node)

    def _disown(self, node: Node) -> None:
        node.suspects.clear()
        for owned in node.owned:
            self._drop(owned)
        node.owned = []

    def _drop(self, node: Node) -> None:
        if isinstance(node, Scan):
            self._scans.discard(node)
            for item in node.items.values():
                self.detach(item)
        self.detach(node)

    def _settle_scan(self, scan: Scan) -> None:
        scan.state = BUSY
        try:
            self._renew(scan)
            scan.error = None
        except Exception as raised:
            scan.error, scan.changed = raised, self._step
        except BaseException:
            scan.state = STALE
            raise
        scan.state = SOUND

    def _renew(self, scan: Scan) -> None:
        """Makes the items of a scan again that may be different."""
        found: dict[str, Any] = dict(scan.value)
        is_same, is_ordered = scan.error is None, True
        for path in scan.pending:
            value = self._item_value(scan, path)
            if value != found.get(path):
                is_same = False
                if value is None:
                    del found[path]
                else:
                    is_ordered = is_ordered and path in found
                    found[path] = value
        scan.pending.clear()
        if not is_same:
            scan.value = found if is_ordered else dict(sorted(found.items()))
            scan.changed = self._step

    def _item_value(self, scan: Scan, path: str) -> Any:
        """What is made of one source; None where that is nothing, or it is no source any more."""
        item = scan.items.get(path)
        if not self.tree.is_source(path):
            if item is not None:
                self.detach(item)
                del scan.items[path]
            return None
        if item is None:
            item = scan.item(path)
        self.settle(item)
        return item.result() or None
