"""Reads each config file: its default export, in every variant, as databases."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.config.files import Candidate, candidates, imports_config
from plexus_rules.drizzle.config.paths import exists, place
from plexus_rules.drizzle.config.values import (
    Described,
    Unread,
    described_json,
    described_object,
)
from plexus_rules.drizzle.json_text import Malformed, parse_json
from plexus_rules.drizzle.static.evaluator import Evaluator
from plexus_rules.drizzle.static.module import Export, Module
from plexus_rules.drizzle.static.siblings import Siblings
from plexus_rules.drizzle.static.values import Budget, Obj, TooMuch, Unknown
from plexus_rules.drizzle.static.worlds import MAX_WORLDS, Impossible, World, in_every_world
from plexus_rules.drizzle.typescript import SourceFile, parse, walk
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import Tree, TreeError

_CONFLICT = re.compile(rb"^(?:<{7}|>{7})(?: |\r?$)", re.MULTILINE)


class DatabaseConfig(Struct, frozen=True):
    """One database, as one config describes it in one of its variants.

    Paths are relative to the root of the tree.

    Attributes:
        config: the config file.
        range: the place of the object in it.
        dialect: ``sqlite``, ``postgresql``, ``mysql``, …; None where it is absent or unread.
        schema: files, folders and globs; None where they are absent or unread.
        out: the migrations folder; None where it is unread or outside of the tree.
        prefix: how migrations are numbered, where the config says so.
        unread: what could not be read.
    """

    config: str
    range: Range
    dialect: str | None
    schema: tuple[str, ...] | None
    out: str | None
    prefix: str | None
    unread: tuple[Unread, ...]


class Config(Struct, frozen=True):
    """One drizzle config, and the databases of all its variants.

    ``unread`` holds what concerns none of them: that the file itself cannot be read, or
    a variant that only repeats what another one says better.
    """

    path: str
    databases: tuple[DatabaseConfig, ...]
    unread: tuple[Unread, ...]


def find_configs(tree: Tree) -> tuple[Config, ...]:
    """Every drizzle config of a tree, in order of their paths."""
    configs = (_config(tree, candidate) for candidate in candidates(tree))
    return tuple(config for config in configs if config is not None)


def _config(tree: Tree, candidate: Candidate) -> Config | None:
    path = candidate.path
    try:
        data = tree.read(path)
    except TreeError as error:
        reason = str(error).removeprefix(f"{path}: ")
        return Config(path, (), (_whole(path, f"the file cannot be read: {reason}"),))
    problem = _unreadable(path, data)
    if problem is not None:
        return Config(path, (), (problem,)) if _is_config(candidate, data) else None
    if path.endswith(".json"):
        return _json_config(tree, candidate, data)
    return _source_config(tree, candidate, data)


def _whole(path: str, reason: str, where: Range = WHOLE_FILE) -> Unread:
    return Unread(path, where, "config", reason)


def _is_config(candidate: Candidate, data: bytes) -> bool:
    """Whether the file has to be a config, readable or not."""
    return candidate.expected or imports_config(data)


def _unreadable(path: str, data: bytes) -> Unread | None:
    if not data.strip():
        return _whole(path, "the file is empty")
    if b"\0" in data:
        return _whole(path, "the file is not UTF-8 text")
    conflict = _CONFLICT.search(data)
    if conflict is not None:
        line = data.count(b"\n", 0, conflict.start()) + 1
        return _whole(path, "the file has unresolved conflict markers", Range(line, 1, line, 8))
    return None


def _json_config(tree: Tree, candidate: Candidate, data: bytes) -> Config | None:
    path = candidate.path
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        problem = _whole(path, f"the file {value.reason}", value.range)
        return Config(path, (), (problem,)) if candidate.expected else None
    if not isinstance(value, dict):
        problem = _whole(path, "the file holds no object")
        return Config(path, (), (problem,)) if candidate.expected else None
    described = described_json(path, data, value)
    if not (described.telling or candidate.expected):
        return None
    return Config(path, (_database(tree, candidate, described),), ())


def _source_config(tree: Tree, candidate: Candidate, data: bytes) -> Config | None:
    path = candidate.path
    source = parse(path, data)
    unread = list(_syntax_error(source))
    module = Module(source)
    export = module.export("default")
    databases: list[DatabaseConfig] = []
    if export is None:
        if not candidate.expected:
            return None
        if not unread:
            unread.append(_whole(path, "the file has no default export"))
    else:
        for read in _variants(tree, module, export):
            if isinstance(read, Unread):
                if not source.root.has_error:
                    unread.append(read)
            elif read.telling or candidate.expected:
                databases.append(_database(tree, candidate, read))
    if not databases and not (unread and _is_config(candidate, data)):
        return None
    kept, folded = _without_repetitions(_without_builds(tree, databases))
    return Config(path, kept, tuple(dict.fromkeys([*unread, *folded])))


def _syntax_error(source: SourceFile) -> list[Unread]:
    if not source.root.has_error:
        return []
    broken = next((node for node in walk(source.root) if node.is_error or node.is_missing), None)
    where = source.range(broken or source.root)
    where = replace(where, end_line=where.line, end_column=where.column + 1)
    return [_whole(source.path, "the file has a syntax error here", where)]


def _variants(tree: Tree, module: Module, export: Export) -> list[Described | Unread]:
    """What the default export is, in every world that it asks about."""
    source, siblings, budget = module.source, Siblings(tree), Budget()

    def unread(reason: str) -> Unread:
        return Unread(source.path, source.range(export.node), "default export", reason)

    def read(world: World) -> Described | Unread:
        evaluator = Evaluator(world, siblings.load, budget)
        try:
            value = evaluator.settled(evaluator.exported(module, "default"))
        except TooMuch as error:
            return unread(f"the default export {error}")
        if isinstance(value, Obj):
            own = value.frame.module is module
            place = source.range(value.node if own else export.node)
            return described_object(evaluator, value, place)
        if value is None:
            raise Impossible
        reason = value.reason if isinstance(value, Unknown) else "is not an object"
        return unread(f"the default export {reason}")

    results, all_read = in_every_world(read)
    results = list(dict.fromkeys(results))
    if not all_read:
        results.append(
            unread(f"the config has more than {MAX_WORLDS} variants, and not all of them are read")
        )
    elif not results:
        results.append(unread("the default export has no value that can be read"))
    return results


def _database(tree: Tree, candidate: Candidate, described: Described) -> DatabaseConfig:
    placed = place(tree, candidate, described)
    return DatabaseConfig(
        config=candidate.path,
        range=described.range,
        dialect=described.dialect,
        schema=placed.schema,
        out=placed.out,
        prefix=described.prefix,
        unread=(*described.unread, *placed.unread),
    )


def _without_builds(tree: Tree, databases: list[DatabaseConfig]) -> list[DatabaseConfig]:
    """The databases without the variants that take the schema from what a build makes."""
    there = {one for one in databases if any(exists(tree, entry) for entry in one.schema or ())}
    same = {(one.range, one.dialect, one.out) for one in there}
    return [
        one
        for one in databases
        if one in there or one.schema is None or (one.range, one.dialect, one.out) not in same
    ]


def _without_repetitions(
    databases: list[DatabaseConfig],
) -> tuple[tuple[DatabaseConfig, ...], list[Unread]]:
    """Each database once; and what was unread in those that another one says better."""
    distinct = list(dict.fromkeys(databases))
    kept = tuple(one for one in distinct if not any(_says_more(other, one) for other in distinct))
    return kept, [unread for one in distinct if one not in kept for unread in one.unread]


def _says_more(other: DatabaseConfig, one: DatabaseConfig) -> bool:
    """Whether another variant says all that this one says, and also what is unread in it."""
    if not one.unread or other.range != one.range:
        return False
    pairs = [(one.dialect, other.dialect), (one.schema, other.schema), (one.out, other.out)]
    return all(mine in (None, theirs) for mine, theirs in pairs) and any(
        mine is None and theirs is not None for mine, theirs in pairs
    )
