"""PLX402: what its examples do not show. The kinds of files have tests of their own."""

from __future__ import annotations

import json

from plexus_rules.check import Report
from plexus_rules.finding import Range
from tests.catalog import helpers


def check(**files: str) -> Report:
    config = helpers.config("mysql", "./schema.ts", "./drizzle")
    return helpers.check("PLX402", {"drizzle.config.ts": config, **files})


def test_messages_and_places() -> None:
    report = check(
        **{
            "package.json": json.dumps({"scripts": {"db:push": "x && drizzle-kit push:mysql"}}),
            "a.sh": "npx drizzle-kit push\n",
        }
    )
    assert helpers.messages(report) == [
        "this pushes the schema into a database, without a migration",
        "the script db:push pushes the schema into a database, without a migration",
    ]
    assert [finding.range for finding in report.findings] == [
        Range(1, 5, 1, 21),
        Range(1, 31, 1, 53),
    ]


def test_every_push_is_a_finding() -> None:
    report = check(**{"a.sh": "drizzle-kit push\ndrizzle-kit generate\ndrizzle-kit push --force\n"})
    assert helpers.places(report) == [("a.sh", 1), ("a.sh", 3)]


def test_what_cannot_be_judged_is_said() -> None:
    report = check(
        **{"a.sh": 'x\ndrizzle-kit "$1"\n', "b.yml": "[drizzle-kit push", "c.yml": "run: ["}
    )
    assert not report.findings
    assert [path for path, _ in helpers.skipped(report)] == ["a.sh", "b.yml"]
    assert "on line 2 is computed" in helpers.skipped(report)[0][1]


def test_one_dialect_or_none_is_enough() -> None:
    assert helpers.places(helpers.check("PLX402", {"a.sh": "drizzle-kit push"})) == [("a.sh", 1)]
