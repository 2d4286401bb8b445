"""One run of an experiment on one driver: a small project, its databases, and what is observed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from plexus_rules.lab import layout
from plexus_rules.lab.bench import Bench
from plexus_rules.lab.drivers import SQLITE, Answer, Driver
from plexus_rules.lab.evidence import Decision, Step
from plexus_rules.lab.experiment import NotApplicable
from plexus_rules.lab.kit import Said, write_files
from plexus_rules.lab.normal import SHOWN, normal
from plexus_rules.lab.terminal import Keys

CONFIG, SCHEMA = "drizzle.config.ts", "schema.ts"
#: What SQLite is told on a connection: else the driver decides.
FOREIGN_KEYS_ON, FOREIGN_KEYS_OFF = "PRAGMA foreign_keys=ON", "PRAGMA foreign_keys=OFF"
_CORES = {"sqlite": ("sqlite", "sqliteTable"), "postgresql": ("pg", "pgTable")}
_TSC = ("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "preserve")


class Database:
    """A database of a trial, which keeps what it is given from step to step.

    Each step has a connection of its own, as its driver makes it: nothing is set on it but what
    ``connect_with`` has shown.

    Attributes:
        driver: the driver that it is used through.
        url: its address, as the sessions take it.
    """

    def __init__(self, trial: Trial, name: str, driver: Driver | None = None) -> None:
        self.driver = driver or trial.driver
        self._trial = trial
        self._name = name
        self._on_connect = ""
        self.url = trial.bench.database(self.driver)
        trial.show_as(self.url.rpartition("#")[2], name or "database")

    def connect_with(self, statement: str) -> None:
        """Runs a statement first on each connection from now on, in place of the one before."""
        self._on_connect = statement
        self._trial.note("connect", statement, "", where=self._name)

    def migrate(self, folder: str = layout.OUT) -> Answer:
        """Runs drizzle-orm's migrator over the project's migrations."""
        root = self._trial.on_disk()
        shown = "" if folder == layout.OUT else f"'{folder}'"
        return self._ask("migrate", f"migrate({shown})", migrate=str(root / folder))

    def sql(self, statement: str) -> Answer:
        """Runs one statement by the driver, past Drizzle."""
        return self._ask("sql", statement, sql=statement)

    def code(self, expression: str) -> Answer:
        """The value of a TypeScript expression over ``db``, ``schema`` and ``orm``."""
        root = self._trial.on_disk()
        return self._ask("code", expression, code=expression, schema=str(root / SCHEMA))

    def push(self) -> Said:
        """Runs ``drizzle-kit push``: makes the database what the project's schema says."""
        trial = self._trial
        if trial.is_sqlite:
            place = [f"--url=file:{self.url}"]
        else:
            socket, _, name = self.url.partition("#")
            place = [f"--host={socket}", "--user=postgres", f"--database={name}"]
        options = (f"--dialect={trial.driver.dialect}", f"--schema={SCHEMA}", *place)
        said = trial.bench.kit.run(trial.files, ("push", *options), remember=False)
        trial.ran(f"drizzle-kit push {' '.join(options)}", said, where=self._name)
        return said

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, in order; none where there is no such table."""
        if self.driver in SQLITE:
            asked = f"SELECT name FROM pragma_table_info('{table}')"
        else:
            asked = (
                "SELECT column_name AS name FROM information_schema.columns "
                f"WHERE table_schema = 'public' AND table_name = '{table}' "
                "ORDER BY ordinal_position"
            )
        return [row["name"] for row in self.sql(asked).rows]

    def applied(self) -> int:
        """How many migrations the database has recorded as run."""
        schema = "" if self.driver in SQLITE else "drizzle."
        answer = self.sql(f"SELECT count(*) AS applied FROM {schema}__drizzle_migrations")
        return int(answer.rows[0]["applied"])

    def _ask(self, kind: str, text: str, **what: str) -> Answer:
        bench = self._trial.bench
        answer = bench.sessions.ask(self.driver, self.url, self._on_connect, **what)
        said = [f"error: {answer.error}"] if answer.error else _told(answer.value)
        self._trial.note(kind, text, "\n".join(said), where=self._name)
        return answer


class Trial:
    """A project with one dialect, in memory, and what was done with it.

    Attributes:
        files: every file of the project, by its path: at first the drizzle config, where the
            driver has one dialect. Change it by the methods, which note it.
        steps: what was done so far.
        decisions: what was observed so far.
    """

    def __init__(self, bench: Bench, driver: Driver) -> None:
        self.bench = bench
        self.driver = driver
        self.files: dict[str, bytes] = {}
        self.steps: list[Step] = []
        self.decisions: list[Decision] = []
        self._paths: dict[str, str] = {
            str(bench.workshop): "…",
            str(bench.tools.modules): "node_modules",
            str(bench.server): "socket",
        }
        if driver.dialect:
            self.write(CONFIG, _config(driver.dialect))

    @property
    def line(self) -> str:
        """The line of Drizzle: ``v0`` or ``v1``."""
        return self.bench.line.name

    @property
    def is_sqlite(self) -> bool:
        return self.driver in SQLITE

    # Files

    def schema(
        self,
        *tables: str,
        imports: str = "integer, text",
        plain: str = "",
        path: str = SCHEMA,
    ) -> None:
        """Writes the schema: tables in TypeScript, in which ``table(`` makes one of the dialect.

        ``imports`` is taken from the dialect's core beside that, ``plain`` stands before the tables
        as it is, and ``path`` is another file than the one that the config names.
        """
        core, function = _CORES[self.driver.dialect]
        lines = [
            f"import {{ {function} as table, {imports} }} from 'drizzle-orm/{core}-core';",
            *([plain] if plain else []),
            *(f"\nexport const {text}" for text in tables),
        ]
        self.write(path, "\n".join(lines) + "\n")

    def write(self, path: str, text: str | bytes) -> None:
        """Writes a file of the project."""
        before = self.files.get(path, b"")
        self.files[path] = text.encode() if isinstance(text, str) else text
        self.note("edit", path, _difference(before, self.files[path]))

    def replace(self, path: str, old: str, new: str) -> None:
        """Replaces a text that stands in a file exactly once."""
        text = self.files[path].decode()
        assert text.count(old) == 1, f"{path}: {old!r} stands there {text.count(old)} times"
        self.write(path, text.replace(old, new))

    def delete(self, path: str) -> None:
        """Deletes a file of the project."""
        del self.files[path]
        self.note("delete", path, "")

    def copy(self, source: str, files: Mapping[str, bytes]) -> None:
        """Begins with a project that lies at ``source``; ``files`` are all of it."""
        self.files = dict(files)
        self.ran(f"cp -r {source}/. .", Said(0, "", self.files, "."))

    def switch(self, branch: str, files: Mapping[str, bytes]) -> None:
        """Goes to another state of the project, as ``git switch`` does; ``files`` are all of it."""
        self.files = dict(files)
        self.note("git", f"git switch {branch}", "")

    # Migrations

    @property
    def sql_paths(self) -> list[str]:
        """The SQL of every migration, in the order of the names."""
        return layout.sql_paths(self.files)

    @property
    def snapshot_paths(self) -> list[str]:
        """Every snapshot, in the order of the names."""
        return layout.snapshot_paths(self.files)

    @property
    def newest_sql(self) -> str:
        """The text of the newest migration, by its name."""
        return self.files[self.sql_paths[-1]].decode()

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The journal's entries, to be changed with ``journal``.

        Raises:
            NotApplicable: this line of Drizzle has no journal.
        """
        self.needs_journal()
        return layout.entries(self.files)

    def journal(self, listed: list[dict[str, Any]]) -> None:
        """Writes the journal with these entries."""
        self.needs_journal()
        self.write(layout.JOURNAL, layout.with_entries(self.files, listed))

    def needs_journal(self) -> None:
        """Ends the trial as not applicable where this line of Drizzle has no journal."""
        if self.line != "v0":
            raise NotApplicable(f"{self.line} has no journal: the folders are the history")

    def by_hand(self, name: str, sql: str) -> str:
        """Writes the SQL of a migration by hand, and nothing else; its path."""
        path = layout.next_sql_path(self.files, name, self.line)
        self.write(path, sql)
        return path

    def edit_snapshot(self, path: str, change: Callable[[Any], Any]) -> None:
        """Writes a snapshot as a function changes its JSON."""
        self.write(path, json.dumps(change(json.loads(self.files[path])), indent=2))

    def generate(self, name: str, *options: str) -> Said:
        """Runs ``drizzle-kit generate``; whether it made one, its files say."""
        return self.run_kit("generate", "--name", name, *options)

    def check(self) -> Said:
        """Runs ``drizzle-kit check``."""
        return self.run_kit("check")

    def run_kit(self, *arguments: str, place: str = ".", keys: Keys | None = None) -> Said:
        """Runs drizzle-kit in the project, or in one of its directories.

        With ``keys`` it runs at a terminal, where they are pressed when it asks.
        """
        said = self.bench.kit.run(self.files, arguments, place, keys=keys)
        files = layout.in_order(self.files, said.files)
        made = sorted(path for path, data in files.items() if self.files.get(path) != data)
        self.files = files
        sql = [path for path in made if path.endswith(".sql")]
        shown = [f"{path}:\n{self.files[path].decode()}" for path in sql]
        where = f"at a terminal: {keys.named}" if keys else ""
        self.ran(" ".join(("drizzle-kit", *arguments)), said, *shown, where=where)
        return said

    def tsc(self, *paths: str) -> Said:
        """Checks the types of these files, and of what they import, by TypeScript's compiler."""
        arguments = (*_TSC, *paths)
        said = self.bench.kit.run(self.files, arguments, program=self.bench.tools.tsc)
        self.ran(f"tsc {' '.join(arguments)}", said)
        return said

    # Databases

    def database(
        self, name: str = "", connect_with: str = "", driver: Driver | None = None
    ) -> Database:
        """A new, empty database; ``name`` tells it from another of the same trial.

        ``connect_with`` is a statement to run first on each connection; ``driver`` is for a trial
        on several.
        """
        made = Database(self, name, driver)
        if connect_with:
            made.connect_with(connect_with)
        return made

    def on_disk(self) -> Path:
        """The project as it is now, in a directory of its own: code is never read twice."""
        root = self.bench.directory()
        self._paths[str(root)] = "."
        write_files(root, self.files)
        return root

    # What is observed

    def decide(self, says: str, so: bool) -> None:
        """Notes what has to be so for the claim to hold, and whether it is.

        ``says`` is a sentence about the world ("The column is not there"), without ids or times.
        """
        self.decisions.append(Decision(says, so, len(self.steps)))

    def show_as(self, path: str, name: str) -> None:
        """Calls a path of the machine by another name in all that is shown from now on."""
        self._paths[path] = name

    def ran(self, command: str, said: Said, *made: str, where: str = "") -> None:
        """Adds the step of a command: what it said, and the texts that it made."""
        paths = {**self._paths, said.root: "."}
        output = [line for text in (said.text, *made) for line in normal(text, paths)]
        (name,) = normal(command, paths)
        self.steps.append(Step("kit", name, where, said.exit, tuple(output)))

    def note(self, kind: str, text: str, output: str, where: str = "") -> None:
        """Adds a step."""
        # A reader repeats an edit: all of it is shown.
        said = normal(output, self._paths, most=None if kind == "edit" else SHOWN)
        (name,) = normal(text, self._paths) or ("",)
        self.steps.append(Step(kind, name, where, output=said))


def _config(dialect: str) -> str:
    return (
        "import { defineConfig } from 'drizzle-kit';\n\n"
        "export default defineConfig({\n"
        f"  schema: './{SCHEMA}',\n  out: './{layout.OUT}',\n  dialect: '{dialect}',\n}});\n"
    )


def _difference(before: bytes, after: bytes) -> str:
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (before, after))
    # The first two lines name the files.
    compared = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    return "\n".join(line for line in compared if not line.startswith("@@"))


def _told(value: Any) -> list[str]:
    if value is None:
        return ["done"]
    if isinstance(value, list):
        if value and all(isinstance(row, dict) and len(row) == 1 for row in value):
            return [", ".join(_plain(cell) for row in value for cell in row.values())]
        return [json.dumps(row, ensure_ascii=False) for row in value] or ["no rows"]
    return [json.dumps(value, ensure_ascii=False)]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
