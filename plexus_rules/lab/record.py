"""Records the sample project's history and steps with the real drizzle-kit.

    python -m plexus_rules.lab.record [--check] [STEP ...]

What is random is made the same each time: a snapshot's id, the times in the journal and
the time in a file's name. All else stays byte for byte as drizzle-kit wrote it.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import click
from msgspec import Struct

from plexus_rules.lab.kit import Kit, write_files
from plexus_rules.lab.lines import V0
from plexus_rules.lab.toolbox import NoToolbox, toolbox
from plexus_rules.lab.workshop import workshop
from plexus_rules.samples.recipes import (
    BACKEND,
    BASE_HISTORY,
    FOLDERS,
    RECIPES,
    Generate,
    Recipe,
)
from plexus_rules.samples.step import Step
from plexus_rules.samples.store import DATA, Recorded, lay_over, read_files, recorded
from plexus_rules.trees.edits import apply

_NO_MIGRATIONS = b'{"entries": []}'
#: What drizzle-kit says where there is nothing to generate.
_IDLE = "No schema changes"
#: How many lines of a difference are shown.
_SHOWN = 80

Files = dict[str, bytes]


class RecordError(click.ClickException):
    """The steps cannot be recorded. The text says why."""


class Migration(Struct, frozen=True):
    """What one run of drizzle-kit added, to be made the same each time.

    Attributes:
        folder: the folder of the dialect's migrations.
        seed: what the snapshot's id is made from.
        moment: when the migration is said to be generated.
    """

    folder: str
    seed: str
    moment: datetime


def normalise(files: Mapping[str, bytes], migration: Migration) -> Files:
    """The files with the newest migration's id, times and file names made repeatable."""
    result = dict(files)
    journal_path = f"{migration.folder}/meta/_journal.json"
    entry = json.loads(files[journal_path])["entries"][-1]
    old_tag: str = entry["tag"]
    old_prefix, _, name = old_tag.partition("_")
    prefix = _prefix(old_prefix, migration.moment)

    snapshot = result.pop(f"{migration.folder}/meta/{old_prefix}_snapshot.json")
    old_id = json.loads(snapshot)["id"]
    new_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"plexus-rules/{migration.seed}"))
    sql = result.pop(f"{migration.folder}/{old_tag}.sql")
    result[f"{migration.folder}/meta/{prefix}_snapshot.json"] = _once(
        snapshot, f'"id": "{old_id}"', f'"id": "{new_id}"'
    )
    result[f"{migration.folder}/{prefix}_{name}.sql"] = sql
    when = int(migration.moment.timestamp() * 1000)
    journal = _once(files[journal_path], f'"when": {entry["when"]}', f'"when": {when}')
    result[journal_path] = _once(journal, f'"tag": "{old_tag}"', f'"tag": "{prefix}_{name}"')
    return result


def _prefix(prefix: str, moment: datetime) -> str:
    return prefix if re.fullmatch(r"\d{4}", prefix) else moment.strftime("%Y%m%d%H%M%S")


def _once(data: bytes, old: str, new: str) -> bytes:
    if data.count(old.encode()) != 1:
        raise RecordError(f"drizzle-kit wrote {old!r} {data.count(old.encode())} times, not once")
    return data.replace(old.encode(), new.encode())


def run_generate(
    kit: Kit, files: Mapping[str, bytes], generate: Generate, migration: Migration
) -> Files:
    """The project's files after one command, made repeatable."""
    said = kit.run(files, generate.arguments, BACKEND)
    if said.exit:
        raise RecordError(f"{generate.command}: exited {said.exit}\n{said.text}")
    added = newest_tag(files, said.files, migration.folder, f"{generate.command}\n{said.text}")
    if generate.idle:
        if added or _IDLE not in said.text:
            raise RecordError(f"{generate.command}: did something\n{said.text}")
        return said.files
    if added is None:
        raise RecordError(f"{generate.command}: wrote no migration\n{said.text}")
    result = dict(said.files)
    if generate.sql:
        path = f"{migration.folder}/{added}.sql"
        result[path] += b"\n" + generate.sql.encode()
    return normalise(result, migration)


def newest_tag(before: Mapping[str, bytes], after: Files, folder: str, said: str) -> str | None:
    """The tag of the new migration; drizzle-kit exits 0 also when it failed to write one."""
    journal = f"{folder}/meta/_journal.json"
    known, now = (
        [entry["tag"] for entry in json.loads(files.get(journal, _NO_MIGRATIONS))["entries"]]
        for files in (before, after)
    )
    if now == known:
        return None
    tag: str = now[-1]
    written = {
        f"{folder}/{tag}.sql",
        f"{folder}/meta/{tag.partition('_')[0]}_snapshot.json",
    }
    if now[:-1] != known or written - (after.keys() - before.keys()):
        raise RecordError(f"drizzle-kit did not write one migration whole\n{said}")
    return tag


@contextmanager
def installed(notify: Callable[[str], None]) -> Iterator[Kit]:
    """The drizzle-kit of the lab's line v0, with a directory to work in."""
    try:
        tools = toolbox(V0, notify)
    except NoToolbox as error:
        raise RecordError(str(error)) from None
    with workshop(tools) as directory:
        yield Kit(tools, directory)


def cook(kit: Kit, recipe: Recipe, files: Mapping[str, bytes]) -> Files:
    """The project's files after the recipe's edits and commands."""
    result = apply(files, recipe.edits)
    for position, command in enumerate(recipe.commands):
        folder = f"{BACKEND}/{FOLDERS[command.dialect]}"
        number = sum(path.startswith(f"{folder}/") and path.endswith(".sql") for path in result)
        seed = f"{recipe.name}/{command.dialect}/{number}"
        migration = Migration(folder, seed, recipe.moment(position))
        result = run_generate(kit, result, command, migration)
    return result


def record_base(kit: Kit) -> Files:
    """The base project with its history generated anew."""
    folders = tuple(f"{BACKEND}/{folder}/" for folder in FOLDERS.values())
    stored = read_files(DATA / "base")
    authored = {path: data for path, data in stored.items() if not path.startswith(folders)}
    history: Files = {}
    for recipe in BASE_HISTORY:
        made = cook(kit, recipe, authored | history)
        history = {path: data for path, data in made.items() if path.startswith(folders)}
    return dict(sorted((authored | history).items()))


def difference(recipe: Recipe, before: Mapping[str, bytes], after: Files) -> Recorded:
    """What a recipe changed."""
    return Recorded(
        files={path: data for path, data in after.items() if before.get(path) != data},
        deleted=tuple(sorted(before.keys() - after.keys())),
        commands=tuple(command.command for command in recipe.commands),
    )


def stored_form(step: Step, change: Recorded) -> Files:
    """A step's change as files below the data directory."""
    notes = {"commands": change.commands, "deleted": change.deleted}
    directory = f"steps/{step}"
    return {
        f"{directory}/step.json": (json.dumps(notes, indent=2) + "\n").encode(),
        **{f"{directory}/files/{path}": data for path, data in change.files.items()},
    }


def record(kit: Kit, names: Sequence[str]) -> Iterator[tuple[str, Files]]:
    """For the base project and each step of these names its directory and its files.

    No names at all mean everything.
    """
    base = record_base(kit) if not names else read_files(DATA / "base")
    if not names:
        yield "base", {f"base/{path}": data for path, data in base.items()}
    chosen = [
        recipe
        for recipe in sorted(RECIPES, key=lambda recipe: recipe.day)
        if recipe.step and (not names or recipe.step.name in names)
    ]
    done: dict[Step, Future[Recorded]] = {}

    def made(recipe: Recipe, step: Step) -> Recorded:
        # A step comes after the one that it follows, so that one has begun.
        before = lay_over(
            base,
            (done[s].result() if s in done else recorded(s) for s in step.history[:-1]),
        )
        return difference(recipe, before, cook(kit, recipe, before))

    with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        try:
            for recipe in chosen:
                if recipe.step:
                    done[recipe.step] = pool.submit(made, recipe, recipe.step)
            for step, change in done.items():
                yield f"steps/{step}", stored_form(step, change.result())
        finally:
            pool.shutdown(cancel_futures=True)


def replace_files(directory: str, files: Files) -> None:
    """Writes a directory below the data directory, and deletes what it had besides."""
    for path in read_files(DATA / directory):
        if f"{directory}/{path}" not in files:
            (DATA / directory / path).unlink()
    write_files(DATA, files)


def unknown_steps() -> list[str]:
    """The recorded steps that no recipe makes any more."""
    stored = {path.name for path in (DATA / "steps").iterdir()}
    return sorted(stored - {recipe.name for recipe in RECIPES})


def compare(directory: str, files: Files) -> list[str]:
    """How the stored files of a directory differ from these, as lines."""
    stored = {f"{directory}/{path}": data for path, data in read_files(DATA / directory).items()}
    lines: list[str] = []
    for path in sorted(stored.keys() | files.keys()):
        if stored.get(path) != files.get(path):
            old, new = (
                from_.get(path, b"").decode("utf-8", "replace").splitlines()
                for from_ in (stored, files)
            )
            names = f"stored/{path}", f"recorded/{path}"
            shown = list(difflib.unified_diff(old, new, *names, n=1, lineterm=""))
            lines += shown or [f"{path}: differs in its line ends only"]
    return lines


@click.command()
@click.argument("steps", nargs=-1, metavar="[STEP]...")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the data differs.")
def main(steps: tuple[str, ...], check: bool) -> None:
    """Record these steps, or everything: the base project's history and all steps.

    What it needs is installed from the package registries, once.
    """
    if unknown := sorted(set(steps) - {recipe.name for recipe in RECIPES}):
        raise click.BadParameter(f"no such step: {', '.join(unknown)}")
    differing = 0
    with installed(lambda text: click.echo(text, err=True)) as kit:
        for directory, files in record(kit, steps):
            lines = compare(directory, files)
            differing += bool(lines)
            if check:
                click.echo("\n".join(lines[:_SHOWN]), nl=bool(lines))
            elif lines:
                replace_files(directory, files)
                click.echo(f"{directory}: written")
    leftovers = [] if steps else unknown_steps()
    for name in leftovers:
        click.echo(f"steps/{name}: no recipe makes this")
    if check and (differing or leftovers):
        raise click.ClickException(f"{differing} recorded directories differ")


if __name__ == "__main__":
    main()
