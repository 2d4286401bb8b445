"""Small migration histories, as drizzle-kit would lay them out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.catalog.helpers import config

FIRST = "00000000-0000-0000-0000-000000000000"
DAY = 86_400_000
START = 1_700_000_000_000
VERSIONS = {"sqlite": "6", "postgresql": "7", "mysql": "5"}

Files = dict[str, str | bytes]


def history(*tags: str, out: str = "drizzle", dialect: str = "sqlite") -> Files:
    """A config, and a migrations folder with these migrations, a day apart.

    The migration at position N adds the column ``cN`` to the table ``notes``.
    """
    files: Files = {f"{out}.config.ts": config(dialect, f"./{out}.ts", f"./{out}")}
    entries: list[dict[str, Any]] = []
    for position, tag in enumerate(tags):
        entries.append(entry(position, tag, dialect))
        files[f"{out}/{tag}.sql"] = f"ALTER TABLE notes ADD COLUMN c{position} text;\n"
        columns = [f"c{n}" for n in range(position + 1)]
        before = identity(position - 1) if position else FIRST
        path = f"{out}/meta/{tag.partition('_')[0]}_snapshot.json"
        files[path] = snapshot(identity(position), before, columns, dialect)
    return files | journal(entries, out, dialect)


def entry(position: int, tag: str, dialect: str = "sqlite", **changes: Any) -> dict[str, Any]:
    """A journal entry."""
    made = {"idx": position, "version": VERSIONS[dialect], "when": START + position * DAY}
    return made | {"tag": tag, "breakpoints": True} | changes


def journal(
    entries: list[dict[str, Any]], out: str = "drizzle", dialect: str = "sqlite", **changes: Any
) -> Files:
    """A journal of these entries."""
    value = {"version": "7", "dialect": dialect, "entries": entries} | changes
    return {f"{out}/meta/_journal.json": json.dumps(value, indent=2)}


def entries(files: Mapping[str, str | bytes], out: str = "drizzle") -> list[dict[str, Any]]:
    """The entries of a journal."""
    found: list[dict[str, Any]] = json.loads(files[f"{out}/meta/_journal.json"])["entries"]
    return found


def identity(position: int) -> str:
    """The id of the snapshot at a position."""
    return f"{position + 1:08}-0000-4000-8000-000000000000"


def snapshot(
    own: str, before: str, columns: list[str], dialect: str = "sqlite", **changes: Any
) -> str:
    """A snapshot of the table ``notes``."""
    table = {"name": "notes", "columns": {name: {"name": name, "type": "text"} for name in columns}}
    if dialect == "postgresql":
        table["schema"] = ""
    key = "public.notes" if dialect == "postgresql" else "notes"
    value = {"version": VERSIONS[dialect], "dialect": dialect, "id": own, "prevId": before}
    return json.dumps(value | {"tables": {key: table}} | changes, indent=2)


def without(files: Mapping[str, str | bytes], *paths: str) -> Files:
    """The files without some of them."""
    assert all(path in files for path in paths), paths
    return {path: data for path, data in files.items() if path not in paths}


def replaced(files: Mapping[str, str | bytes], path: str, old: str, new: str) -> Files:
    """The files with a text of one of them replaced."""
    text = files[path]
    assert isinstance(text, str)
    assert text.count(old) == 1, text
    return {**files, path: text.replace(old, new)}
