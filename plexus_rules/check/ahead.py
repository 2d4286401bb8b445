"""Looks at the source files ahead: in a process of its own, while the program is being loaded.

Reading them, and searching their bytes for what may be in them, takes about as long.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from plexus_rules.check.child import can_run_beside, child

if TYPE_CHECKING:
    from pathlib import Path

    from plexus_rules.drizzle.modules import Glanced

#: Who waits for a process that was started before the command line was understood, by the
#: directory that it looks at.
_early: dict[str, Callable[[], bytes]] = {}


@contextmanager
def looking_early(words: Sequence[str]) -> Iterator[None]:
    """Begins before the command line is understood, where the directory is plain from it.

    It is where the words that follow the command begin with it, or are options only. With a
    cache much may be known already, so nothing is begun.
    """
    named = _directory(words)
    is_cached = bool(os.environ.get("PLEXUS_RULES_CACHE")) or any(
        word.startswith("--cache") for word in words
    )
    if named is None or is_cached or not can_run_beside():
        yield
        return
    with _looking(named) as wait:
        _early[named] = wait
        try:
            yield
        finally:
            _early.clear()


def _directory(words: Sequence[str]) -> str | None:
    if words and not words[0].startswith("-"):
        return words[0]
    return "." if all(word.startswith("-") for word in words) else None


@contextmanager
def looking_ahead(path: Path) -> Iterator[Callable[[], Mapping[str, Glanced]]]:
    """Gives a function that waits for what the source files of a directory tell at a glance.

    It tells nothing where there is no second processor, or where the other process fails.
    """
    early = next((wait for named, wait in _early.items() if type(path)(named) == path), None)
    if early is not None:
        yield _glances(early)
    elif can_run_beside():
        with _looking(str(path)) as wait:
            yield _glances(wait)
    else:
        yield dict


def _looking(path: str) -> AbstractContextManager[Callable[[], bytes]]:
    """Begins to look at a directory, in a process of its own."""
    # What both processes need is loaded before they part.
    import_module("plexus_rules.drizzle.modules")
    return child(lambda: _look(path))


def _glances(wait: Callable[[], bytes]) -> Callable[[], Mapping[str, Glanced]]:
    @cache
    def glances() -> Mapping[str, Glanced]:
        import msgspec

        from plexus_rules.drizzle.modules import Glanced

        try:
            return msgspec.msgpack.decode(wait(), type=dict[str, Glanced])
        except (msgspec.MsgspecError, ValueError):
            return {}

    return glances


def _look(path: str) -> bytes:
    from pathlib import Path

    import msgspec

    from plexus_rules.drizzle.modules import Modules, is_code
    from plexus_rules.trees import DirectoryTree

    modules = Modules(DirectoryTree(Path(path)))
    code = filter(is_code, modules.tree.sources)
    return msgspec.msgpack.encode({path: modules.glanced(path) for path in code})
