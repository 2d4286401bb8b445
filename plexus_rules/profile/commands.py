"""The commands that generate migrations: the project's own script, else drizzle-kit."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from msgspec import Struct

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.generation import DEFAULT_CONFIGS, Generation
from plexus_rules.drizzle.packages import Packages
from plexus_rules.drizzle.repository import Repository

#: Scripts that are there to generate, by their names.
_MEANT = re.compile(r"(?<![a-z])gen|migration|makemigr", re.IGNORECASE)
_ABOUT = re.compile(r"migrat|drizzle|db|schema", re.IGNORECASE)


class Commands(Struct, frozen=True):
    """The commands that generate migrations.

    Attributes:
        directory: where they run.
        each: the command for each database, in their order.
        every: the commands that generate for all of them.
        own: the names of the project's scripts that generate.
        custom: the commands that make an empty migration, one for each database; none where
            a script stands before drizzle-kit, which may not pass it on.
    """

    directory: str
    each: tuple[str, ...]
    every: tuple[str, ...]
    own: frozenset[str]
    custom: tuple[str, ...]


def generating_commands(
    repository: Repository,
    packages: Packages,
    databases: Sequence[Database],
    settings: Sequence[str | None],
) -> Commands:
    """How to generate for each database.

    ``settings`` holds, for each, what makes its config describe it and not another one.
    """
    scripts = [g for g in repository.generations.scripts if _only_generates(g)]
    scripts.sort(key=_rank)
    placed: list[tuple[str, str]] = []
    for database, setting in zip(databases, settings, strict=True):
        script = next(
            (g for g in scripts if set(g.databases) == set(databases)),
            next((g for g in scripts if set(g.databases) == {database}), None),
        )
        if script is not None:
            directory = script.unit.path.rpartition("/")[0]
            name = shlex.quote(script.unit.script)
            placed.append((directory, f"{packages.manager(directory).script} {name}"))
        else:
            placed.append(bare_command(packages, database, setting))
    own = frozenset(g.unit.script for g in scripts)
    if len({directory for directory, _ in placed}) == 1:
        each = tuple(command for _, command in placed)
        custom = () if own else tuple(f"{command} --custom" for command in each)
        return Commands(placed[0][0], each, tuple(dict.fromkeys(each)), own, custom)
    each = tuple(
        f"(cd {shlex.quote(place)} && {command})" if place else command for place, command in placed
    )
    return Commands("", each, tuple(dict.fromkeys(each)), own, ())


def _only_generates(generation: Generation) -> bool:
    """Whether a script is there to generate, and does nothing else with drizzle-kit."""
    return (
        bool(generation.databases)
        and not generation.unclear
        and generation.actions == {"generate"}
        and _MEANT.search(generation.unit.script) is not None
    )


def _rank(generation: Generation) -> tuple[object, ...]:
    """What names migrations first, then what is nearer to the root, then what is shorter."""
    path, name = generation.unit.path, generation.unit.script
    return not _ABOUT.search(name), path.count("/"), len(name), name


def bare_command(
    packages: Packages, database: Database, setting: str | None, action: str = "generate"
) -> tuple[str, str]:
    """The command of drizzle-kit itself for a database, and where it runs.

    ``setting`` is what makes the config describe this database, where it describes several.
    """
    directory = packages.above(database.config.rpartition("/")[0])
    config = database.config[len(directory) :].lstrip("/")
    command = f"{packages.manager(directory).tool} drizzle-kit {action}"
    if config != DEFAULT_CONFIGS[0]:
        command += f" --config {shlex.quote(config)}"
    return directory, f"{setting} {command}" if setting else command
