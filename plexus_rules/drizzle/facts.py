"""What files say, kept by their content: what was read of one is not read again of its equal.

Hand one store to several repositories, and a file that is the same in them is parsed once::

    facts = Facts()
    for tree in trees:
        repository = Repository(tree, now, facts)

A fact follows from a file's path and bytes alone, never from another file: what depends on more
(where an import leads, say) is found anew in each repository. A tree that knows the ids of its
files without reading them (a commit) does not even read a file whose facts are known.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from plexus_rules.trees import Tree, TreeError

_T = TypeVar("_T")

#: So many bytes of facts are kept, as far as their sizes are told; the oldest go first.
MAX_KEPT_BYTES = 256 * 1024 * 1024

#: What a fact takes that is told no size.
_SMALL = 512
#: A syntax tree takes so many times the bytes of its file.
SYNTAX_TREE = 24


class Facts:
    """A store of facts, for one thread. ``room`` is about how many bytes they may take."""

    def __init__(self, room: int = MAX_KEPT_BYTES) -> None:
        self._room = room
        self._known: dict[tuple[str, str, str], tuple[int, Any]] = {}
        #: What goes on where one repository follows on another: a replay of migrations.
        self.going: dict[Hashable, Any] = {}

    def of(
        self,
        kind: str,
        tree: Tree,
        path: str,
        make: Callable[[], _T],
        size: Callable[[_T], int] | None = None,
    ) -> _T:
        """A fact of one kind about a file: what is known of its content, or else what is made.

        ``size`` tells how many bytes the fact takes; without it the fact is a small one, and is
        made anew where its file would have to be read and hashed to find it.
        """
        if size is None and not tree.knows_blobs:
            return make()
        try:
            key = (kind, path, tree.blob(path))
        except TreeError:
            return make()
        found = self._known.pop(key, None)
        if found is None:
            made = make()
            found = (_SMALL if size is None else size(made), made)
            self._room -= found[0]
        self._known[key] = found
        while self._room < 0 and self._known:
            self._room += self._known.pop(next(iter(self._known)))[0]
        value: _T = found[1]
        return value
