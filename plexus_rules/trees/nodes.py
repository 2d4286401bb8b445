"""What was made of a tree, and all that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plexus_rules.trees.base import Tree

#: A node is what would be made of the tree now; or perhaps not, for what it needs may be
#: different; or has to be made again; or is being made.
SOUND, DOUBTFUL, STALE, BUSY = range(4)

#: What can be asked of a tree: the bytes of a file, whether a path is a file or a directory, the
#: files and the directories of one, and all sources.
READ, FILE, DIRECTORY, NAMES, DIRECTORIES, SOURCES = range(6)

#: One of these, and of which path.
Question = tuple[int, str]


class Node:
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
        self.state = STALE
        self.tried = False
        #: At which step it was made last, made differently last, and found sound last.
        self.made = self.changed = self.verified = 0
        self.asked: set[Question] = set()
        self.needs: dict[Node, None] = {}
        self.needed_by: set[Node] = set()
        #: Of what it needs, all that may be different.
        self.suspects: dict[Node, None] = {}
        self.owned: list[Node] = []
        #: The scan that it is an item of, and of which path.
        self.item_of: tuple[Scan, str] | None = None

    def result(self) -> Any:
        """What was made; the error that was raised in its place is raised again."""
        if self.error is not None:
            raise self.error
        return self.value


class Scan(Node):
    """What was made of each source that is wanted, where that is anything."""

    __slots__ = ("items", "make_item", "pending", "wanted")

    def __init__(
        self, wanted: Callable[[str], bool], make_item: Callable[[Tree, str], Any]
    ) -> None:
        super().__init__(lambda tree: {}, True)
        self.value = {}
        self.wanted = wanted
        self.make_item = make_item
        self.items: dict[str, Node] = {}
        #: The sources of which something may have to be made again.
        self.pending: set[str] = set()

    def item(self, path: str) -> Node:
        """A new node for one of the sources."""
        made = self.items[path] = Node(lambda tree: self.make_item(tree, path), True)
        made.needed_by.add(self)
        made.item_of = (self, path)
        return made
