"""Small databases, migration by migration: what the SQL is, and the tables that it leaves behind.

A table is written ``child: id!, parent! -> parent.id cascade, note =''``: a ``!`` makes a column
NOT NULL, ``=`` begins its default, and ``->`` what it refers to, with the action on delete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from plexus_rules.check import Report
from tests.catalog.helpers import check, config
from tests.catalog.migrations.histories import FIRST, START, VERSIONS, entry, identity, journal

Files = dict[str, str | bytes]

_COLUMN = re.compile(r"(\w+)(!?)(?: =(\S+))?(?: -> (\w+)\.(\w+)(?: ([\w ]+))?)?")

#: One migration: its SQL, and the tables after it.
Migration = tuple[str, str]


def files(*migrations: Migration, dialect: str = "sqlite", out: str = "drizzle") -> Files:
    """A config, and a migrations folder with these migrations."""
    found: Files = {f"{out}.config.ts": config(dialect, f"./{out}.ts", f"./{out}")}
    entries = []
    for position, (sql, tables) in enumerate(migrations):
        entries.append(entry(position, f"{position:04}_step", dialect, when=START + position))
        found[f"{out}/{position:04}_step.sql"] = sql
        before = identity(position - 1) if position else FIRST
        found[f"{out}/meta/{position:04}_snapshot.json"] = snapshot(
            identity(position), before, tables, dialect
        )
    return found | journal(entries, out, dialect)


def snapshot(own: str, before: str, tables: str, dialect: str) -> str:
    """The snapshot of some tables, one in a line."""
    made = [_table(line, dialect) for line in tables.splitlines() if line.strip()]
    value = {"version": VERSIONS[dialect], "dialect": dialect, "id": own, "prevId": before}
    return json.dumps(value | {"tables": {table["name"]: table for table in made}})


def _table(line: str, dialect: str) -> dict[str, Any]:
    name, _, listed = line.strip().partition(": ")
    columns, keys = {}, {}
    for part in listed.split(", "):
        found = _COLUMN.fullmatch(part)
        assert found, part
        column, required, default, to, to_column, action = found.groups()
        columns[column] = {
            "name": column,
            "type": "text",
            "notNull": bool(required),
            "primaryKey": column == "id",
        }
        if default:
            columns[column]["default"] = default
        if to:
            keys[f"{name}_{column}"] = {
                "name": f"{name}_{column}",
                "tableTo": to,
                "columnsFrom": [column],
                "columnsTo": [to_column],
                "onDelete": action or "no action",
            }
    schema = {"schema": ""} if dialect == "postgresql" else {}
    return {"name": name, "columns": columns, "foreignKeys": keys, **schema}


def rebuild(name: str, before: Sequence[str], definitions: str) -> str:
    """A rebuild of a SQLite table as drizzle-kit writes it: the columns that are copied."""
    copied = ", ".join(f'"{column}"' for column in before)
    return breakpoints(
        "PRAGMA foreign_keys=OFF",
        f"CREATE TABLE `__new_{name}` ({definitions})",
        f"INSERT INTO `__new_{name}`({copied}) SELECT {copied} FROM `{name}`",
        f"DROP TABLE `{name}`",
        f"ALTER TABLE `__new_{name}` RENAME TO `{name}`",
        "PRAGMA foreign_keys=ON",
    )


def breakpoints(*statements: str) -> str:
    """Statements, each on a line of its own, with a breakpoint between them."""
    return "".join(f"{statement};--> statement-breakpoint\n" for statement in statements)


def judge(
    rule: str,
    *migrations: Migration,
    dialect: str = "sqlite",
    landed: int = 1,
    more: Mapping[str, str] | None = None,
) -> Report:
    """What a rule says of a history of which so many migrations have landed."""
    head = files(*migrations, dialect=dialect) | dict(more or {})
    return check(rule, head, files(*migrations[:landed], dialect=dialect))
