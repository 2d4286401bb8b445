"""A tree that goes from commit to commit, and knows what depends on which of its files.

What is made of a tree is kept, with all that was asked of the tree to make it. When the tree goes
on to another commit, only what asked for something that is different there is made again; and what
came of that goes on only as far as it is different itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from plexus_rules.trees.base import Tree, normal_path
from plexus_rules.trees.history import HistoryTree
from plexus_rules.trees.ignore import Ignores

_T = TypeVar("_T")

#: More is not kept: all is made again from then on.
_MOST_NODES = 300_000

_SOUND, _DOUBTFUL, _STALE, _BUSY = range(4)

#: What can be asked of a tree: the bytes of a file, whether a path is a file or a directory, the
#: files and the directories of one, and all sources.
_READ, _FILE, _DIRECTORY, _NAMES, _DIRECTORIES, _SOURCES = range(6)

_Question = tuple[int, str]


class _Node:
    """Something that was made of a tree, and all that it depends on."""

    __slots__ = (
        "asked",
        "changed",
        "error",
        "item_of",
        "made",
        "make",
        "needed_by",
        "needs",
        "owned",
        "same",
        "state",
        "suspects",
        "tried",
        "value",
        "verified",
    )

    def __init__(self, make: Callable[[Tree], Any], same: bool) -> None:
        self.make = make
        #: Whether an equal value is as good as the one before.
        self.same = same
        self.value: Any = None
        self.error: Exception | None = None
        self.state = _STALE
        self.tried = False
        #: At which step it was made last, made differently last, and found sound last.
        self.made = self.changed = self.verified = 0
        self.asked: set[_Question] = set()
        self.needs: dict[_Node, None] = {}
        self.needed_by: set[_Node] = set()
        #: Of what it needs, all that may be different.
        self.suspects: dict[_Node, None] = {}
        self.owned: list[_Node] = []
        #: The scan that it is an item of, and of which path.
        self.item_of: tuple[_Scan, str] | None = None


class _Scan(_Node):
    """What was made of each source that is wanted, where that is anything."""

    __slots__ = ("items", "make_item", "pending", "wanted")

    def __init__(
        self, wanted: Callable[[str], bool], make_item: Callable[[Tree, str], Any]
    ) -> None:
        super().__init__(lambda tree: {}, True)
        self.value = {}
        self.wanted = wanted
        self.make_item = make_item
        self.items: dict[str, _Node] = {}
        self.pending: set[str] = set()


class Watched:
    """The tree of one commit after the other.

    Attributes:
        tree: the files of the commit that it is at.
    """

    def __init__(self, tree: HistoryTree) -> None:
        self.tree = tree
        self.passed_over: dict[str, str] = {}
        self._before: HistoryTree | None = None
        self._step = 1
        self._nodes: dict[Hashable, _Node] = {}
        self._scans: set[_Scan] = set()
        self._asking: dict[_Question, set[_Node]] = {}

    def known(self, key: Hashable, make: Callable[[Tree], _T]) -> _T:
        """What is made of the tree, now, and again where that may be different.

        ``make`` must ask nothing but the tree that it is given.
        """
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = _Node(make, True)
        elif node.state != _SOUND:
            node.make = make
        self._settle(node)
        value: _T = _value(node)
        return value

    def once(self, make: Callable[[Tree], _T]) -> _T:
        """What is made of the tree now, and not kept."""
        node = _Node(make, True)
        try:
            return make(View(self, node))
        finally:
            self._detach(node)

    def came_from(self, tree: HistoryTree) -> bool:
        """Whether the last step was from a tree to the one that this is at."""
        return self._before is tree

    def is_new(self, key: Hashable) -> bool:
        """Whether something was made, or made again, at this commit."""
        node = self._nodes.get(key)
        return node is None or node.made == self._step

    def forget(self, key: Hashable) -> None:
        """Has something made again, though nothing that it asked for is different."""
        node = self._nodes.get(key)
        if node is not None:
            self._mark(node)

    def go(self, tree: HistoryTree) -> None:
        """Goes on to the tree of another commit."""
        before, self.tree = self.tree, tree
        self._before = before
        self._step += 1
        changed, listed = tree.unlike(before)
        if len(self._nodes) > _MOST_NODES or not tree.links_like(before):
            self._start_again()
            return
        for path in changed:
            self._answer_changed((_READ, path))
        for path in listed:
            self._answer_changed((_FILE, path))
            directory = path.rpartition("/")[0]
            self._answer_changed((_NAMES, directory))
            while True:
                was, now = before.is_directory(directory), tree.is_directory(directory)
                if was == now:
                    break
                self._answer_changed((_DIRECTORY, directory))
                directory = directory.rpartition("/")[0]
                self._answer_changed((_DIRECTORIES, directory))
        if before.sources is not tree.sources:
            self._sources_changed(before, tree, listed)

    def _start_again(self) -> None:
        self._nodes.clear()
        self._scans.clear()
        self._asking.clear()
        self.passed_over.clear()

    def _answer_changed(self, question: _Question) -> None:
        for node in list(self._asking.get(question, ())):
            self._mark(node)

    def _sources_changed(
        self, before: HistoryTree, tree: HistoryTree, listed: Iterable[str]
    ) -> None:
        came, went = tree.sources_unlike(before, listed)
        if came or went:
            self._answer_changed((_SOURCES, ""))
        for scan in self._scans:
            for path in (*came, *went):
                if scan.wanted(path):
                    scan.pending.add(path)
                    self._doubt(scan)

    def _mark(self, node: _Node) -> None:
        """Has a node made again, and doubts all that needs it."""
        if node.state in (_SOUND, _DOUBTFUL):
            self._doubt(node)
            node.state = _STALE

    def _doubt(self, node: _Node) -> None:
        pending = [node]
        while pending:
            one = pending.pop()
            if one.state == _SOUND:
                one.state = _DOUBTFUL
                if one.item_of is not None:
                    scan, path = one.item_of
                    scan.pending.add(path)
                for needing in one.needed_by:
                    needing.suspects[one] = None
                    pending.append(needing)

    # Making.

    def _settle(self, node: _Node) -> None:
        """Makes a node sound: its value is what would be made of the tree now."""
        if node.state == _SOUND:
            node.verified = self._step
            return
        if node.state == _BUSY:
            raise RecursionError("what is made of a tree needs itself")
        if node.state == _DOUBTFUL:
            node.state = _BUSY
            try:
                is_stale = self._needs_differ(node)
            except BaseException:
                node.state = _STALE
                raise
            node.state = _STALE if is_stale else _SOUND
        if isinstance(node, _Scan):
            self._settle_scan(node)
        elif node.state == _STALE:
            self._make(node)
        node.verified = self._step

    def _needs_differ(self, node: _Node) -> bool:
        for need in list(node.suspects):
            self._settle(need)
            if need.changed > node.verified:
                return True
        node.suspects.clear()
        return False

    def _make(self, node: _Node) -> None:
        self._detach(node)
        node.state = _BUSY
        value: Any = None
        error: Exception | None = None
        try:
            value = node.make(View(self, node))
        except Exception as raised:
            error = raised
        except BaseException:
            node.state = _STALE
            raise
        is_same = node.tried and node.same and error is None and node.error is None
        if not is_same or value != node.value:
            node.value, node.error, node.changed = value, error, self._step
        node.tried = True
        node.made = self._step
        node.state = _SOUND

    def _detach(self, node: _Node) -> None:
        """Takes back all that a node asked and needed."""
        for question in node.asked:
            self._asking[question].discard(node)
        node.asked = set()
        for need in node.needs:
            need.needed_by.discard(node)
        node.needs = {}
        node.suspects.clear()
        for owned in node.owned:
            self._drop(owned)
        node.owned = []

    def _drop(self, node: _Node) -> None:
        if isinstance(node, _Scan):
            self._scans.discard(node)
            for item in node.items.values():
                self._detach(item)
        self._detach(node)

    def _scan_of(
        self,
        key: Hashable,
        owner: _Node,
        wanted: Callable[[str], bool],
        make: Callable[[Tree, str], Any],
    ) -> _Node:
        node = self._nodes.get((_Scan, key)) if key is not None else None
        if node is None:
            node = _Scan(wanted, make)
            self._scans.add(node)
            node.pending.update(filter(wanted, self.tree.sources))
            if key is None:
                owner.owned.append(node)
            else:
                self._nodes[_Scan, key] = node
        return node

    def _settle_scan(self, scan: _Scan) -> None:
        scan.state = _BUSY
        try:
            self._renew(scan)
            scan.error = None
        except Exception as raised:
            scan.error, scan.changed = raised, self._step
        except BaseException:
            scan.state = _STALE
            raise
        scan.state = _SOUND

    def _renew(self, scan: _Scan) -> None:
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

    def _item_value(self, scan: _Scan, path: str) -> Any:
        """What is made of one source; None where that is nothing, or it is no source any more."""
        item = scan.items.get(path)
        if not self.tree.is_source(path):
            if item is not None:
                self._detach(item)
                del scan.items[path]
            return None
        if item is None:
            item = scan.items[path] = self._item(scan, path)
        self._settle(item)
        return _value(item) or None

    def _item(self, scan: _Scan, path: str) -> _Node:
        item = _Node(lambda tree: scan.make_item(tree, path), True)
        item.needed_by.add(scan)
        item.item_of = (scan, path)
        return item

    def _note(self, node: _Node, question: _Question) -> None:
        """Notes that something was asked to make a node."""
        if question not in node.asked:
            node.asked.add(question)
            asking = self._asking.get(question)
            if asking is None:
                self._asking[question] = {node}
            else:
                asking.add(node)


def _value(node: _Node) -> Any:
    if node.error is not None:
        raise node.error
    return node.value


class View(Tree):
    """A watched tree, as one thing is made of it: what it is asked is what that depends on."""

    knows_blobs = True

    def __init__(self, line: Watched, node: _Node) -> None:
        self._line = line
        self._node = node

    @property
    def _tree(self) -> HistoryTree:
        return self._line.tree

    def _asked(self, kind: int, path: str) -> HistoryTree:
        tree = self._line.tree
        self._line._note(self._node, (kind, tree.real(path)))
        if tree.passed_over:
            self._line.passed_over.update(tree.passed_over)
        return tree

    @property
    def passed_over(self) -> Mapping[str, str]:
        return self._line.passed_over

    @property
    def sources(self) -> tuple[str, ...]:
        return self._asked(_SOURCES, "").sources

    def known(self, key: Hashable, make: Callable[[Tree], _T], *, same: bool = True) -> _T:
        line = self._line
        node = line._nodes.get(key)
        if node is None:
            node = line._nodes[key] = _Node(make, same)
        elif node.state == _BUSY:
            return make(self)
        elif node.state != _SOUND:
            node.make = make
        value: _T = self._needed(node)
        return value

    def scan(
        self,
        wanted: Callable[[str], bool],
        make: Callable[[Tree, str], _T | None],
        key: Hashable = None,
    ) -> dict[str, _T]:
        scan = self._line._scan_of(key, self._node, wanted, make)
        return dict(self._needed(scan))

    def _needed(self, node: _Node) -> Any:
        self._node.needs[node] = None
        node.needed_by.add(self._node)
        self._line._settle(node)
        return _value(node)

    def names(self, directory: str) -> list[str]:
        return self._asked(_NAMES, directory).names(directory)

    def directories(self, directory: str) -> list[str]:
        return self._asked(_DIRECTORIES, directory).directories(directory)

    def _walked(self, directory: str) -> list[str]:
        return self._asked(_DIRECTORIES, directory)._walked(directory)

    def is_file(self, path: str) -> bool:
        return self._asked(_FILE, path).is_file(path)

    def is_directory(self, path: str) -> bool:
        return self._asked(_DIRECTORY, path).is_directory(path)

    def read(self, path: str) -> bytes:
        clean = normal_path(path)
        return self._asked(_READ, path if clean is None else clean).read(path)

    def _read(self, path: str) -> bytes:
        return self._asked(_READ, path)._read(path)

    def blob(self, path: str) -> str:
        return self._asked(_READ, path).blob(path)

    def _ignores_above(self) -> Ignores:
        return self._tree._ignores_above()
