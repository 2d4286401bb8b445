"""Small histories to replay: statements, and the tables that each snapshot says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.replay.history import Replayed, Stopped, World, replay
from plexus_rules.drizzle.replay.postgres import PostgresWorld
from plexus_rules.drizzle.replay.sqlite import SqliteWorld
from tests.catalog.helpers import config, repository
from tests.catalog.migrations.histories import FIRST, VERSIONS, entry, identity, journal

Table = dict[str, Any]
WORLDS: dict[str, Callable[[], World]] = {"sqlite": SqliteWorld, "postgresql": PostgresWorld}


def column(name: str, kind: str = "text", **rest: Any) -> dict[str, Any]:
    """A column of a snapshot."""
    plain = {"name": name, "type": kind, "primaryKey": False, "notNull": False}
    return plain | rest


def table(name: str, *columns: dict[str, Any] | str, **rest: Any) -> Table:
    """A table of a snapshot. A column that is only a name is a text."""
    made = [column(c) if isinstance(c, str) else c for c in columns]
    return {
        "name": name,
        "columns": {c["name"]: c for c in made},
        "indexes": {},
        "foreignKeys": {},
        "compositePrimaryKeys": {},
        "uniqueConstraints": {},
        "checkConstraints": {},
    } | rest


def index(name: str, *columns: str, **rest: Any) -> dict[str, Any]:
    """The indexes of a table, one in all."""
    return {name: {"name": name, "columns": list(columns), "isUnique": False} | rest}


class History:
    """Migrations, one after another, each as its SQL and what its snapshot says."""

    def __init__(self, dialect: str = "sqlite") -> None:
        self.dialect = dialect
        self.files: dict[str, str | bytes] = {"d.config.ts": config(dialect, "./d.ts", "./d")}
        self.entries: list[dict[str, Any]] = []

    def add(self, sql: str, *tables: Table, enums: Mapping[str, Any] | None = None) -> History:
        """One more migration, and the tables that there are after it."""
        self.add_without_snapshot(sql)
        number = len(self.entries) - 1
        value = {
            "version": VERSIONS[self.dialect],
            "dialect": self.dialect,
            "id": identity(number),
            "prevId": identity(number - 1) if number else FIRST,
            "tables": {t["name"]: t for t in tables},
            "enums": {
                name: {"name": name, "schema": "public", "values": values}
                for name, values in (enums or {}).items()
            },
        }
        self.files[f"d/meta/{number:04}_snapshot.json"] = json.dumps(value)
        return self

    def add_without_snapshot(self, sql: str) -> History:
        """One more migration that has no snapshot."""
        number = len(self.entries)
        tag = f"{number:04}_m"
        self.files[f"d/{tag}.sql"] = sql
        self.entries.append(entry(number, tag, self.dialect))
        return self

    def change_snapshot(self, number: int, **values: Any) -> History:
        """Puts other values into a snapshot."""
        path = f"d/meta/{number:04}_snapshot.json"
        self.files[path] = json.dumps(json.loads(self.files[path]) | values)
        return self

    @property
    def database(self) -> Database:
        """What the files say."""
        files = self.files | journal(self.entries, "d", self.dialect)
        (database,) = repository(files).journaled
        return database

    def replayed(self) -> list[Replayed | Stopped]:
        """What each migration does wrong."""
        return list(replay(self.database, WORLDS[self.dialect]))


def wrong(history: History) -> dict[str, list[str]]:
    """What is wrong with each migration of which anything is: as short texts."""
    found: dict[str, list[str]] = {}
    for result in history.replayed():
        if isinstance(result, Stopped):
            found[result.tag] = [f"stopped: {result.reason}"]
        elif result.failure is not None:
            found[result.tag] = [f"fails: {result.failure.reason}"]
        elif result.differences:
            found[result.tag] = [
                f"{d.aspect.value} {d.table}{'.' * bool(d.part)}{d.part}: {d.one} / {d.other}"
                for d in result.differences
            ]
    return found
