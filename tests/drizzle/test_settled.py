"""Whether the newest snapshot can be taken at its word."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.settled import unsettled
from tests.catalog.helpers import repository
from tests.catalog.migrations.histories import (
    Files,
    entries,
    history,
    identity,
    journal,
    replaced,
    snapshot,
    without,
)

SOUND = history("0000_a", "0001_b", "0002_c")
PATH = "drizzle/meta/0002_snapshot.json"


def fault(files: Files) -> tuple[str, str] | None:
    (database,) = repository(files).databases
    return unsettled(database)


def test_a_sound_history_is_settled() -> None:
    assert fault(SOUND) is None


def test_a_history_without_migrations_is_settled() -> None:
    assert fault(history()) is None


@pytest.mark.parametrize(
    ("files", "path", "reason"),
    [
        (
            {**SOUND, **journal([*entries(SOUND), {**entries(SOUND)[-1], "tag": "0002_d"}])},
            "drizzle/meta/_journal.json",
            "0002_c and 0002_d share one snapshot",
        ),
        (
            without(SOUND, "drizzle/0002_c.sql"),
            "drizzle/meta/_journal.json",
            "the newest migration, 0002_c, has no SQL",
        ),
        (
            without(SOUND, PATH),
            PATH,
            "the newest migration, 0002_c, has no snapshot that can be read",
        ),
        (
            {**SOUND, PATH: "{"},
            PATH,
            "the newest migration, 0002_c, has no snapshot that can be read",
        ),
        (
            {**SOUND, "drizzle/meta/0003_snapshot.json": snapshot(identity(7), identity(2), [])},
            "drizzle/meta/0003_snapshot.json",
            "the newest snapshot belongs to no migration",
        ),
        (
            {**SOUND, PATH: snapshot(identity(2), identity(0), ["c0", "c1", "c2"])},
            PATH,
            "the newest snapshot does not follow on the one before it",
        ),
        (
            {**SOUND, "drizzle/0003_d.sql": "SELECT 1;"},
            "drizzle/0003_d.sql",
            "the journal does not list the newest SQL",
        ),
        (
            {**SOUND, "drizzle/0002_d.sql": "SELECT 1;"},
            "drizzle/0002_d.sql",
            "the journal does not list the newest SQL",
        ),
    ],
)
def test_a_fault_of_the_newest_migration_is_told(files: Files, path: str, reason: str) -> None:
    assert fault(files) == (path, reason)


@pytest.mark.parametrize(
    "files",
    [
        {**SOUND, "drizzle/0001_x.sql": "SELECT 1;"},
        {**SOUND, "drizzle/notes.sql": "SELECT 1;"},
        without(SOUND, "drizzle/0001_b.sql"),
        replaced(SOUND, "drizzle/meta/0001_snapshot.json", identity(0), identity(9)),
    ],
)
def test_a_fault_of_an_older_migration_does_not_count(files: Files) -> None:
    assert fault(files) is None
