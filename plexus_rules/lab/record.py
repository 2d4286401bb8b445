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
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from msgspec import Struct

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

_PACKAGES = ("drizzle-kit", "drizzle-orm")
_TIMEOUT = 300
_NO_MIGRATIONS = b'{"entries": []}'
#: Settings of the person who records must not reach drizzle-kit.
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT")

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


class Kit(Struct, frozen=True):
    """An installed drizzle-kit.

    Attributes:
        modules: the ``node_modules`` that it lies in.
    """

    modules: Path

    def run(self, files: Mapping[str, bytes], generate: Generate, migration: Migration) -> Files:
        """The project's files after one command, made repeatable."""
        with tempfile.TemporaryDirectory(prefix="plexus-rules-") as name:
            root = Path(name).resolve()
            write_files(root, files)
            (root / "node_modules").symlink_to(self.modules, target_is_directory=True)
            said = self._call(root / BACKEND, generate.arguments)
            (root / "node_modules").unlink()
            result = read_files(root)
        added = newest_tag(files, result, migration.folder, f"{generate.command}\n{said}")
        if generate.idle:
            if added or _IDLE not in said:
                raise RecordError(f"{generate.command}: did something\n{said}")
            return result
        if added is None:
            raise RecordError(f"{generate.command}: wrote no migration\n{said}")
        if generate.sql:
            path = f"{migration.folder}/{added}.sql"
            result[path] += b"\n" + generate.sql.encode()
        return normalise(result, migration)

    def _call(self, directory: Path, arguments: Sequence[str]) -> str:
        done = subprocess.run(
            ["node", str(self.modules / "drizzle-kit/bin.cjs"), *arguments],
            cwd=directory,
            env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_TIMEOUT,
            check=False,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            raise RecordError(f"drizzle-kit exited {done.returncode}\n{done.stdout}")
        return done.stdout


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


def install() -> Kit:
    """Installs the versions that the sample project names, once, in the user's cache."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise RecordError(f"{program} is not installed; recording runs the real drizzle-kit")
    package = json.loads((DATA / "base" / BACKEND / "package.json").read_bytes())
    versions = package["dependencies"] | package["devDependencies"]
    wanted = [f"{name}@{versions[name]}" for name in _PACKAGES]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plexus-rules"
    home = cache / "+".join(wanted)
    if not home.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as name:
            new = Path(name) / "new"
            new.mkdir()
            (new / "package.json").write_text('{"private": true}\n')
            options = ("--ignore-scripts", "--no-audit", "--no-fund", "--save-exact")
            done = subprocess.run(
                ["npm", "install", *options, *wanted], cwd=new, timeout=_TIMEOUT, check=False
            )
            if done.returncode:
                raise RecordError(f"npm could not install {' and '.join(wanted)}")
            new.rename(home)
    return Kit(home / "node_modules")


def cook(kit: Kit, recipe: Recipe, files: Mapping[str, bytes]) -> Files:
    """The project's files after the recipe's edits and commands."""
    result = apply(files, recipe.edits)
    for position, command in enumerate(recipe.commands):
        folder = f"{BACKEND}/{FOLDERS[command.dialect]}"
        number = sum(path.startswith(f"{folder}/") and path.endswith(".sql") for path in result)
        seed = f"{recipe.name}/{command.dialect}/{number}"
        result = kit.run(result, command, Migration(folder, seed, recipe.moment(position)))
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
    done: dict[Step, Recorded] = {}

    def state(step: Step | None) -> Files:
        steps = step.history if step else ()
        return lay_over(base, (done[s] if s in done else recorded(s) for s in steps))

    for recipe in sorted(RECIPES, key=lambda recipe: recipe.day):
        step = recipe.step
        if step and (not names or step.name in names):
            before = state(step.after)
            done[step] = difference(recipe, before, cook(kit, recipe, before))
            yield f"steps/{step}", stored_form(step, done[step])


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Writes files below a directory."""
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


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

    Needs node and npm, and the npm registry for the first run.
    """
    if unknown := sorted(set(steps) - {recipe.name for recipe in RECIPES}):
        raise click.BadParameter(f"no such step: {', '.join(unknown)}")
    differing = 0
    for directory, files in record(install(), steps):
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
