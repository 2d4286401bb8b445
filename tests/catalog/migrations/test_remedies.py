"""What to do about a migration that another branch's was merged with: which files go."""

from __future__ import annotations

from typing import Any

import pytest

from plexus_rules.catalog import find_rule
from plexus_rules.check import Report, check_repository
from plexus_rules.profile import read_profile
from tests.catalog.helpers import check, repository
from tests.catalog.migrations.histories import (
    entries,
    entry,
    history,
    identity,
    journal,
    snapshot,
    without,
)

BASE = history("0000_a", "0001_b")
TARGET = history("0000_a", "0001_b", "0002_ours")
AGAIN = "and run `bunx drizzle-kit generate`"
JOURNAL = "its entry in meta/_journal.json"


def remedy(report: Report) -> str:
    (finding,) = report.findings
    return finding.remedy


def with_theirs(tag: str, **changes: Any) -> dict[str, str | bytes]:
    """The target with another branch's migration listed and its SQL there."""
    listed = [*entries(TARGET), entry(3, tag, **changes)]
    return {**TARGET, f"drizzle/{tag}.sql": "SELECT 1;", **journal(listed)}


def test_of_two_migrations_of_one_number_the_one_that_came_second_goes() -> None:
    assert remedy(check("PLX205", with_theirs("0002_theirs"), BASE)) == (
        f"If 0002_theirs has not landed: delete 0002_theirs.sql and {JOURNAL}, take "
        f"meta/0002_snapshot.json from the target branch, {AGAIN}. If it has, and 0002_ours has "
        "not: do so with that one. If both have: leave them, and bring what was skipped in a new "
        "migration."
    )


def test_a_migration_that_is_too_old_goes_with_its_snapshot() -> None:
    files = with_theirs("0003_theirs", when=entries(TARGET)[1]["when"])
    files |= {"drizzle/meta/0003_snapshot.json": snapshot(identity(3), identity(2), [])}
    assert remedy(check("PLX205", files, TARGET)) == (
        f"If 0003_theirs has not landed: delete 0003_theirs.sql, meta/0003_snapshot.json and "
        f"{JOURNAL}, {AGAIN}. If it has: leave it, and bring what it skipped in a new migration."
    )


def test_an_entry_whose_sql_is_lost_goes_alone() -> None:
    files = without(with_theirs("0002_theirs"), "drizzle/0002_theirs.sql")
    assert remedy(check("PLX203", files)) == (
        "Commit the SQL file that was generated with the entry. If it is lost and has not landed: "
        f"delete {JOURNAL}, take meta/0002_snapshot.json from the target branch, {AGAIN}."
    )


def test_a_migration_whose_snapshot_was_forgotten_goes_with_its_entry() -> None:
    assert remedy(check("PLX206", with_theirs("0003_theirs"))) == (
        "Commit the snapshot that was generated with the migration. If it is lost and the "
        f"migration has not landed: delete 0003_theirs.sql and {JOURNAL}, {AGAIN}."
    )


def test_sql_that_was_renumbered_alone_is_told_with_its_entry() -> None:
    files = without(with_theirs("0002_theirs"), "drizzle/0002_theirs.sql")
    report = check("PLX202 PLX203 PLX205", {**files, "drizzle/0003_theirs.sql": "SELECT 1;"})
    (finding,) = report.findings
    assert (finding.rule, finding.path) == ("PLX202", "drizzle/0003_theirs.sql")
    assert finding.remedy == (
        f"Rename it back to 0002_theirs.sql. If that has not landed: delete 0003_theirs.sql and "
        f"{JOURNAL}, take meta/0002_snapshot.json from the target branch, {AGAIN}."
    )


def test_a_landed_snapshot_that_a_pending_migration_overwrote_is_restored() -> None:
    files = {
        **with_theirs("0002_theirs"),
        "drizzle/meta/0002_snapshot.json": snapshot(identity(8), identity(1), ["c0"]),
    }
    assert remedy(check("PLX201 PLX205", files, TARGET)) == (
        f"Delete 0002_theirs.sql and {JOURNAL}, take meta/0002_snapshot.json from the target "
        f"branch, {AGAIN}."
    )


def test_a_migration_that_is_put_before_a_landed_one_goes() -> None:
    ours = entries(TARGET)
    listed = [*ours[:2], entry(2, "0002_theirs"), {**ours[2], "idx": 3}]
    files = {**TARGET, "drizzle/0002_theirs.sql": "SELECT 1;", **journal(listed)}
    assert remedy(check("PLX204 PLX205", files, TARGET)) == (
        f"Delete 0002_theirs.sql and {JOURNAL}, take meta/0002_snapshot.json from the target "
        f"branch, {AGAIN}."
    )


def test_braces_in_a_name_are_kept() -> None:
    assert "delete 0003_{x}.sql and" in remedy(check("PLX206", with_theirs("0003_{x}")))


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("PLX202", {"drizzle/0002_hand.sql": "SELECT 1;"}),
        ("PLX208", {"drizzle/0001_b.sql": "ALTER TABLE notes ADD COLUMN x text;"}),
        ("PLX401", {"src/a.ts": "db.exec('CREATE TABLE a (b int)')"}),
    ],
)
def test_sql_of_ones_own_is_told_with_the_command_of_the_project(
    rule: str, more: dict[str, str]
) -> None:
    wanted, files = find_rule(rule), history("0000_a", "0001_b")
    assert wanted is not None
    files |= {"drizzle/0000_a.sql": "CREATE TABLE notes (c0 text);", **more}
    for lock, tool in (("package-lock.json", "npx"), ("bun.lock", "bunx")):
        head = repository({**files, "package.json": "{}", lock: "{}"})
        (finding,) = check_repository(head, [wanted], read_profile(head), "no base").findings
        assert f"`{tool} drizzle-kit generate --custom`" in finding.remedy
        assert "`drizzle-kit generate" not in finding.remedy
