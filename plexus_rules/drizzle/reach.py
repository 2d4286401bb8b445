"""Which modules are loaded, or passed on, where some others are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plexus_rules.drizzle.imports import Import, ImportKind
from plexus_rules.drizzle.modules import Modules


def reachable(modules: Modules, *entries: str) -> frozenset[str]:
    """The files that loading modules may load: their imports and re-exports, and theirs."""
    return _closure(modules, entries, lambda found: True)


def passed_on(modules: Modules, entries: Iterable[str]) -> frozenset[str]:
    """Some modules, and every one that they re-export anything of, directly or not."""
    return _closure(modules, entries, lambda found: found.kind is ImportKind.EXPORT)


def _closure(
    modules: Modules, entries: Iterable[str], leads: Callable[[Import], bool]
) -> frozenset[str]:
    found: set[str] = set()
    pending = list(entries)
    while pending:
        file = pending.pop()
        if file not in found:
            found.add(file)
            pending += [
                i.target
                for i in modules.imports(file)
                if i.target and i.target not in found and not i.type_only and leads(i)
            ]
    return frozenset(found)
