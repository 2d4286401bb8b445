"""A large project: the sample, grown by tables, a long history and many source files."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Mapping
from typing import Any

from plexus_rules.samples import base

_BACKEND = "packages/backend"
_SCHEMA = f"{_BACKEND}/drizzle/schema"
_TABLES = 29
_COLUMNS = 12
_SOURCES = 400
#: So many migrations add a column; a project's tables do not grow for ever.
_MOST_ADDED = 80
_HOUR = 60 * 60 * 1000

_DIALECTS = {
    # dialect: folder, schema directory, core and builder, key of a table, quotation mark
    "sqlite": ("migrations", "sqlite", "sqlite-core", "sqliteTable", "", "`"),
    "postgresql": ("migrations_pg", "postgres", "pg-core", "pgTable", "public.", '"'),
}


def grown(sqlite: int = 60, postgresql: int = 80) -> Mapping[str, bytes]:
    """The files of a project with so many migrations in each dialect. No rule finds a thing."""
    files = dict(base())
    migrations = {"sqlite": sqlite, "postgresql": postgresql}
    # A column that came with a migration is in both schemas; the rest of them are data changes.
    columns = _columns(min(sqlite, postgresql, _MOST_ADDED))
    names = [f"report_{number:02}" for number in range(_TABLES)]
    for dialect, (_, directory, core, builder, _, _) in _DIALECTS.items():
        for name in names:
            files[f"{_SCHEMA}/{directory}/{name}.ts"] = _module(name, core, builder, columns[name])
        files[f"{_SCHEMA}/{directory}/index.ts"] += _exports(names, ".")
        _grow_history(files, dialect, migrations[dialect], columns)
    files[f"{_SCHEMA}/index.ts"] += _exports(names, "./sqlite")
    service = files[f"{_BACKEND}/src/services/usage-storage.ts"]
    for number in range(_SOURCES):
        files[f"{_BACKEND}/src/services/service-{number}.ts"] = service * 4
    return files


def _columns(steps: int) -> dict[str, list[str]]:
    """The columns of each table, in the order in which they came."""
    found: dict[str, list[str]] = {
        f"report_{table:02}": [f"value_{column}" for column in range(_COLUMNS)]
        for table in range(_TABLES)
    }
    for step in range(3, steps):
        found[f"report_{step % _TABLES:02}"].append(f"added_{step}")
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _module(name: str, core: str, builder: str, columns: list[str]) -> bytes:
    listed = "".join(f"  {_camel(column)}: text('{column}'),\n" for column in columns)
    return (
        f"import {{ {builder}, text }} from 'drizzle-orm/{core}';\n\n"
        f"export const {_camel(name)} = {builder}('{name}', {{\n{listed}}});\n"
    ).encode()


def _exports(names: list[str], directory: str) -> bytes:
    return "".join(f"export * from '{directory}/{name}';\n" for name in names).encode()


def _grow_history(
    files: dict[str, bytes], dialect: str, count: int, columns: dict[str, list[str]]
) -> None:
    folder, _, _, _, key, quote = _DIALECTS[dialect]
    out = f"{_BACKEND}/drizzle/{folder}"
    journal = json.loads(files[f"{out}/meta/_journal.json"])
    snapshot = json.loads(files[f"{out}/meta/0001_snapshot.json"])
    template = snapshot["tables"][f"{key}request_usage"]
    for idx in range(2, count):
        sql: list[str] = []
        if idx == 2:
            for name, listed in columns.items():
                first = listed[:_COLUMNS]
                snapshot["tables"][key + name] = _table(template, name, first)
                body = ",\n".join(f"\t{quote}{column}{quote} text" for column in first)
                sql.append(f"CREATE TABLE {quote}{name}{quote} (\n{body}\n);")
        else:
            name, column = f"report_{idx % _TABLES:02}", f"added_{idx}"
            if column in columns[name]:
                snapshot["tables"][key + name]["columns"][column] = _column(template, column)
                table = f"{quote}{name}{quote}"
                sql.append(f"ALTER TABLE {table} ADD COLUMN {quote}{column}{quote} text;")
            else:
                sql.append("-- Custom SQL migration file\nSELECT 1;")
        snapshot["prevId"] = snapshot["id"]
        snapshot["id"] = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{dialect}-{idx}.invalid"))
        tag = f"{idx:04}_step"
        entry = {**journal["entries"][-1], "idx": idx, "tag": tag}
        journal["entries"].append(entry | {"when": entry["when"] + _HOUR})
        files[f"{out}/{tag}.sql"] = "--> statement-breakpoint\n".join(sql).encode()
        files[f"{out}/meta/{idx:04}_snapshot.json"] = json.dumps(snapshot, indent=2).encode()
    files[f"{out}/meta/_journal.json"] = json.dumps(journal, indent=2).encode()


def _table(template: dict[str, Any], name: str, columns: list[str]) -> dict[str, Any]:
    emptied = (part for part, value in template.items() if isinstance(value, dict))
    empty: dict[str, Any] = {part: {} for part in emptied}
    listed = {column: _column(template, column) for column in columns}
    return {**copy.deepcopy(template), **empty, "name": name, "columns": listed}


def _column(template: dict[str, Any], name: str) -> dict[str, Any]:
    return {**template["columns"]["provider"], "name": name, "notNull": False}
