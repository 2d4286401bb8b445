"""The modules that a guide names: the database client, and the row types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from plexus_rules.drizzle.modules import Modules, is_code
from plexus_rules.drizzle.places import is_aside, is_test
from plexus_rules.profile.selecting import Selection, selection

_FUNCTIONS = (
    "arrow_function",
    "function_declaration",
    "function_expression",
    "generator_function_declaration",
)
_GIVES_SCHEMA = re.compile(r"(?:get|use|current|the|db|active)?_?(?:schema|tables)", re.IGNORECASE)


class Client(Struct, frozen=True):
    """The database client: its module, and its function that gives the tables in use."""

    path: str
    get_schema: str | None


def find_client(modules: Modules, schema_of: Mapping[str, frozenset[str]]) -> Client | None:
    """The module that opens the database, with the tables of every dialect.

    ``schema_of`` holds the schema's files by dialect. Of several that do, it is the one
    that most others import; None where that does not tell.
    """
    opens = [path for path in modules.tree.sources if _may_open(modules, path)]
    covers = {path: _covers(modules, path, schema_of) for path in opens if _opens(modules, path)}
    direct = set(covers)
    if len(schema_of) > 1:
        covers = {path: found for path, found in covers.items() if found == set(schema_of)}
        covers = covers or _choosers(modules, direct, schema_of)
    most = max((len(found) for found in covers.values()), default=0)
    best = [path for path, found in covers.items() if len(found) == most]
    path = _most_imported(modules, best)
    return None if path is None else Client(path, _get_schema(modules, path))


def _may_open(modules: Modules, path: str) -> bool:
    if not is_code(path) or path.endswith(".d.ts") or is_test(path) or is_aside(path):
        return False
    return any(s is not None and _is_driver(s) for s in modules.specifiers(path))


def _is_driver(specifier: str) -> bool:
    package, _, driver = specifier.partition("/")
    return package == "drizzle-orm" and bool(driver) and "-core" not in driver


def _opens(modules: Modules, path: str) -> bool:
    """Whether a module takes the function ``drizzle`` of a driver."""
    return any(
        name.name == "drizzle"
        for found in modules.imports(path)
        if _is_driver(found.specifier) and not found.type_only
        for name in found.names
    )


def _covers(modules: Modules, path: str, schema_of: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The dialects whose tables a module takes."""
    targets = {i.target for i in modules.imports(path) if i.target and not i.type_only}
    return frozenset(dialect for dialect, files in schema_of.items() if targets & files)


def _choosers(
    modules: Modules, opens: set[str], schema_of: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """The modules that import a client of every dialect."""
    found: dict[str, set[str]] = {}
    for taken in modules.importers(opens):
        if (
            taken.target
            and not taken.type_only
            and not (is_test(taken.path) or is_aside(taken.path))
        ):
            dialects = _covers(modules, taken.target, schema_of)
            found.setdefault(taken.path, set()).update(dialects)
    return {path: frozenset(d) for path, d in found.items() if d == set(schema_of)}


def _most_imported(modules: Modules, paths: Sequence[str]) -> str | None:
    if len(paths) < 2:
        return paths[0] if paths else None
    wanted = frozenset(paths)
    importers = {(i.path, i.target) for i in modules.importers(wanted)}
    ranked = Counter(target for _, target in importers).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _get_schema(modules: Modules, path: str) -> str | None:
    """The one exported function whose name says that it gives the schema."""
    surface = modules.surface(path)
    names = [
        name
        for name, export in surface.exported.items()
        if export.specifier is None
        and _GIVES_SCHEMA.fullmatch(name)
        and export.name in surface.declared
        and surface.declared[export.name].type in _FUNCTIONS
    ]
    return names[0] if len(names) == 1 else None


def find_types_module(modules: Modules, schema: frozenset[str]) -> str | None:
    """The module that exports row types inferred from the tables; None where many do.

    A module outside of the schema is preferred: in there, each file may export its own.
    """
    counts: Counter[str] = Counter()
    for path in modules.tree.sources:
        if not is_code(path) or is_test(path) or is_aside(path):
            continue
        found = modules.glance(path).exported_rows
        if found:
            counts[path] = found
    outside = Counter({path: n for path, n in counts.items() if path not in schema})
    for chosen in (outside, counts):
        ranked = chosen.most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > 2 * ranked[1][1]):
            return ranked[0][0]
        if ranked and chosen is outside and ranked[0][1] > 1:
            return None
    return None


def find_selection(
    modules: Modules, client: str | None, configs: Sequence[str]
) -> Selection | None:
    """What selects the dialect, as the client says it, or what the client imports, or a config."""
    if client is None:
        near: list[str] = []
    else:
        targets = [i.target for i in modules.imports(client) if i.target and is_code(i.target)]
        near = [client, *dict.fromkeys(targets)]
    found = (selection(modules.source(path)) for path in (*near, *configs) if is_code(path))
    return next((s for s in found if s is not None and len(s.settings) > 1), None)
