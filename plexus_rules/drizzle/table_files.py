"""The source files that may declare a table, told without parsing most of them."""

from __future__ import annotations

import re

from plexus_rules.drizzle.builders import core_of
from plexus_rules.drizzle.modules import ImportKind, Modules, is_code

#: What a file says that calls a function of a core that makes a table, or passes one on.
_TABLE_FUNCTION = re.compile(
    rb"(?:sqlite|pg|mysql|singlestore|gel|mssql|cockroach)(?:Table|Schema)(?:Creator)?\b"
)
#: What a file says that may give other files a function that makes tables.
_MAKES_MAKERS = re.compile(
    rb"TableCreator|\b(?:pg|mysql|singlestore|gel|mssql|cockroach)Schema\b"
    rb"|\bexport\b[^;]{0,500}?-core\b"
)


def likely_files(modules: Modules) -> list[str]:
    """The source files that may declare a table, in order of their paths."""
    said = modules.tree.scan(
        is_code, lambda tree, path: _says(modules.of(tree), path), "table files"
    )
    found = {path for path, (has_table, _) in said.items() if has_table}
    makers = {path for path, (_, has_maker) in said.items() if has_maker}
    known = 0
    while known < len(makers):
        known = len(makers)
        for use in modules.importers(makers):
            found.add(use.path)
            if use.kind is ImportKind.EXPORT:
                makers.add(use.path)
    return sorted(found)


def _says(modules: Modules, path: str) -> tuple[bool, bool] | None:
    """Whether a file seems to call a function that makes a table; and to make such a function."""
    if not any(s is None or core_of(s) for s in modules.specifiers(path)):
        return None
    data = modules.data(path)
    said = _TABLE_FUNCTION.search(data) is not None, _MAKES_MAKERS.search(data) is not None
    return said if any(said) else None
