"""The types that a file declares, and which of them are row types by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plexus_rules.catalog.types.rows.inferred import Row
from plexus_rules.drizzle.modules import is_code
from plexus_rules.drizzle.places import is_aside, is_frontend, is_test
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.row_types import ObjectType, object_types
from plexus_rules.finding import Related
from plexus_rules.rule import Problem


def may_declare_rows(path: str) -> bool:
    """Whether a file is code that people of this project wrote for its backend."""
    is_written = is_code(path) and not path.endswith((".d.ts", ".d.mts", ".d.cts"))
    return is_written and not (is_test(path) or is_aside(path) or is_frontend(path))


def repeated_rows(
    repository: Repository, path: str, declared: Sequence[frozenset[str]], rows: Sequence[Row]
) -> Iterator[Problem]:
    """The types of a file, in which words like these were found, that repeat one of some rows."""
    likely = [row for row in rows if any(row.may_be(words) for words in declared)]
    for found in _types(repository, path) if likely else ():
        known = [(wrong, row) for row in likely if (wrong := row.deviations(found)) is not None]
        if known:
            yield _problem(path, found, min(known, key=_nearest)[1])


def _types(repository: Repository, path: str) -> tuple[ObjectType, ...]:
    modules = repository.modules
    return repository.tree.known(
        ("object types", path), lambda tree: tuple(object_types(modules.of(tree).source(path)))
    )


def _nearest(known: tuple[int, Row]) -> tuple[int, int, str]:
    wrong, row = known
    return wrong, -len(row.values), row.table.path


def _problem(path: str, found: ObjectType, row: Row) -> Problem:
    shared, every = len(found.properties.keys() & row.values.keys()), len(row.values)
    count = f"{shared} of the {every}" if shared < every else f"all {every}"
    name = row.table.name or row.table.symbol
    return Problem(
        path,
        found.range,
        f"{found.name} repeats by hand {count} columns of table {name}",
        related=(Related(row.table.path, row.table.range, f"table {name}"),),
    )
