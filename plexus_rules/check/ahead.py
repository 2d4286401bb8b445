"""Looks at the source files ahead: in a process of its own, while the program is being loaded.

Reading them, and searching their bytes for what may be in them, takes about as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from plexus_rules.check.child import can_run_beside, child

if TYPE_CHECKING:
    from plexus_rules.drizzle.modules import Glanced


@contextmanager
def looking_ahead(path: Path) -> Iterator[Callable[[], Mapping[str, Glanced]]]:
    """Gives a function that waits for what the source files of a directory tell at a glance.

    It tells nothing where there is no second processor, or where the other process fails.
    """
    if not can_run_beside():
        yield dict
        return
    with child(lambda: _look(path)) as wait:

        @cache
        def glances() -> Mapping[str, Glanced]:
            import msgspec

            from plexus_rules.drizzle.modules import Glanced

            try:
                return msgspec.msgpack.decode(wait(), type=dict[str, Glanced])
            except (msgspec.MsgspecError, ValueError):
                return {}

        yield glances


def _look(path: Path) -> bytes:
    import msgspec

    from plexus_rules.drizzle.modules import Modules, is_code
    from plexus_rules.trees import DirectoryTree

    modules = Modules(DirectoryTree(path))
    code = filter(is_code, modules.tree.sources)
    return msgspec.msgpack.encode({path: modules.glanced(path) for path in code})
