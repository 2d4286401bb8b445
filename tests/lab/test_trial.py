"""A trial shows all that it does: nothing is set, written or pressed that no step says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plexus_rules.lab.bench import Bench, bench
from plexus_rules.lab.drivers import BOTH, BUN, DIALECTS, LIBSQL, SQLITE, Answer, Driver, Sessions
from plexus_rules.lab.evidence import Step, Tried
from plexus_rules.lab.terminal import DOWN, ENTER, Keys
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.transcript import transcript
from plexus_rules.lab.trial import CONFIG, FOREIGN_KEYS_OFF, FOREIGN_KEYS_ON, Database, Trial

#: What a connection to SQLite can be told that decides what becomes of rows and statements.
_PRAGMAS = (
    *("foreign_keys", "defer_foreign_keys", "ignore_check_constraints", "recursive_triggers"),
    *("legacy_alter_table", "writable_schema", "trusted_schema", "query_only", "auto_vacuum"),
    *("journal_mode", "synchronous", "busy_timeout", "locking_mode", "read_uncommitted"),
    *("reverse_unordered_selects", "temp_store", "encoding", "user_version", "application_id"),
)
_SETTINGS = " UNION ALL ".join(
    f"SELECT '{name}' AS name, (SELECT * FROM pragma_{name}) AS value" for name in _PRAGMAS
)
#: The drivers without the lab: what each gives who opens a database and sets nothing.
_ALONE = {
    BUN: """
        import { Database } from "bun:sqlite";
        const [url, sql] = process.argv.slice(-2);
        console.log(JSON.stringify(new Database(url).query(sql).all()));
    """,
    LIBSQL: """
        import { createClient } from "@libsql/client";
        const [url, sql] = process.argv.slice(-2);
        const { rows } = await createClient({ url: `file:${url}` }).execute(sql);
        console.log(JSON.stringify(rows.map(({ name, value }) => ({ name, value }))));
    """,
}


@pytest.fixture
def made(tools: Toolbox, tmp_path: Path) -> Iterator[Bench]:
    """A bench without a server: for SQLite, and for what uses no database."""
    with bench(tools, tmp_path) as found:
        yield found


def _settings(rows: list[dict[str, Any]]) -> dict[str, object]:
    return {row["name"]: row["value"] for row in rows}


def _alone(tools: Toolbox, driver: Driver, path: Path) -> dict[str, object]:
    command: list[str | Path] = [tools.bun, "-e", _ALONE[driver], "--", path, _SETTINGS]
    done = subprocess.run(command, cwd=tools.modules, capture_output=True, text=True, check=True)
    return _settings(json.loads(done.stdout))


def _shown(trial: Trial) -> str:
    return transcript(Tried("", tuple(trial.steps)))


@pytest.mark.parametrize("driver", SQLITE, ids=lambda driver: driver.name)
def test_a_connection_is_as_its_driver_makes_it(
    driver: Driver, made: Bench, tools: Toolbox, tmp_path: Path
) -> None:
    database = Trial(made, driver).database()
    found = _settings(database.sql(_SETTINGS).rows)
    assert found.keys() == set(_PRAGMAS)
    assert found == _alone(tools, driver, tmp_path / "alone.sqlite")


@pytest.mark.parametrize("driver", SQLITE, ids=lambda driver: driver.name)
def test_a_connection_is_told_what_a_step_shows_and_nothing_else(
    driver: Driver, made: Bench
) -> None:
    trial = Trial(made, driver)
    plain = trial.database("plain")
    before = _settings(plain.sql(_SETTINGS).rows)
    for statement, value in ((FOREIGN_KEYS_ON, 1), (FOREIGN_KEYS_OFF, 0)):
        plain.connect_with(statement)
        assert trial.steps[-1] == Step("connect", statement, "plain")
        for _ in range(2):  # each on a connection of its own
            assert _settings(plain.sql(_SETTINGS).rows) == before | {"foreign_keys": value}
    other = trial.database("other")
    assert _settings(other.sql(_SETTINGS).rows) == before


def test_each_request_is_given_what_the_last_step_of_its_database_says(
    made: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str, str]] = []

    def ask(_: Sessions, __: Driver, url: str, on_connect: str = "", **___: str) -> Answer:
        given.append((url, on_connect))
        return Answer([])

    monkeypatch.setattr(Sessions, "ask", ask)
    trial = Trial(made, BUN)
    one, other = trial.database("one", FOREIGN_KEYS_ON), trial.database("other")
    for database in (one, other):
        _use(database)
    one.connect_with(FOREIGN_KEYS_OFF)
    for database in (one, other):
        _use(database)
    assert given == _said_by_steps(trial, {"one": one.url, "other": other.url})
    assert len(given) == 16


def _use(database: Database) -> None:
    database.sql("SELECT 1")
    database.code("1")
    database.migrate()
    database.columns("items")


def _said_by_steps(trial: Trial, urls: dict[str, str]) -> list[tuple[str, str]]:
    """What the steps say that each request is given, in their order."""
    found: list[tuple[str, str]] = []
    on_connect = dict.fromkeys(urls, "")
    for step in trial.steps:
        if step.kind == "connect":
            on_connect[step.where] = step.text
        elif step.where:
            found.append((urls[step.where], on_connect[step.where]))
    return found


def test_what_is_set_reads_as_a_step(made: Bench) -> None:
    trial = Trial(made, BUN)
    trial.database(connect_with=FOREIGN_KEYS_ON)
    trial.database("production", FOREIGN_KEYS_OFF)
    assert _shown(trial).splitlines()[-2:] == [
        "> PRAGMA foreign_keys=ON  (on each connection)",
        "> PRAGMA foreign_keys=OFF  (production; on each connection)",
    ]


@pytest.mark.parametrize("driver", DIALECTS, ids=lambda driver: driver.name)
def test_the_config_that_a_project_begins_with_is_shown(driver: Driver, made: Bench) -> None:
    trial = Trial(made, driver)
    (step,) = trial.steps
    assert (step.kind, step.text) == ("edit", CONFIG)
    shown = "".join(f"{line.removeprefix('+')}\n" for line in step.output)
    assert {CONFIG: shown.encode()} == trial.files


def test_a_project_that_is_copied_has_no_config_but_its_own(made: Bench) -> None:
    trial = Trial(made, BOTH)
    assert (trial.files, trial.steps) == ({}, [])
    trial.copy("samples/base", {"package.json": b"{}"})
    assert trial.files == {"package.json": b"{}"}
    assert _shown(trial) == "$ cp -r samples/base/. ."


def test_an_edit_is_shown_whole(made: Bench) -> None:
    trial = Trial(made, BUN)
    trial.write("long.ts", "".join(f"line {number}\n" for number in range(100)))
    assert trial.steps[-1].output == tuple(f"+line {number}" for number in range(100))


def test_keys_are_named_as_a_reader_knows_them() -> None:
    assert Keys("rename column", DOWN + ENTER).named == "↓ Enter"
    assert Keys("colour?", f"red{ENTER}").named == "red Enter"


def test_migrations_elsewhere_than_a_project_keeps_them_are_named(made: Bench) -> None:
    trial = Trial(made, BUN)
    database = trial.database()
    database.migrate()
    database.migrate("other/place")
    assert [step.text for step in trial.steps[-2:]] == ["migrate()", "migrate('other/place')"]
