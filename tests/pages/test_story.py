"""The story of the first page: told from what was recorded, and as far as it was."""

from __future__ import annotations

from pathlib import Path

from plexus_rules.finding import Severity
from plexus_rules.lab.evidence import Decision, Evidence, OnLine, Step, Tried
from plexus_rules.lab.records import read_records
from plexus_rules.lab.side_by_side import Checked, Compared, Comparison, Kind, Reported
from plexus_rules.pages.site import render
from plexus_rules.pages.source_tree import EVIDENCE as EVIDENCE_PLACE
from plexus_rules.pages.story import CLAIM, RULE, story
from plexus_rules.pages.views import RuleView

ROOT = Path(__file__).parents[2]
STEPS = (
    Step("edit", "schema.ts", output=("+all",)),
    Step("kit", "drizzle-kit generate --name initial", exit=0, output=("[✓] first",)),
    Step("connect", "PRAGMA one=OFF", "one"),
    Step("connect", "PRAGMA one=ON", "one"),
    Step("connect", "PRAGMA other=ON", "other"),
    Step("migrate", "migrate()", "other", output=("error",)),
    Step("migrate", "migrate()", "one", output=("done",)),
    Step("edit", "schema.ts", output=("-old", "+new")),
    Step("kit", "drizzle-kit generate --name second", exit=0, output=("1 tables", "[✓] second")),
    Step("migrate", "migrate()", "one", output=("done",)),
    Step("sql", "SELECT count(*)", "other", output=("1",)),
    Step("sql", "SELECT count(*)", "one", output=("0",)),
    Step("sql", "SELECT later", "one", output=("0",)),
)
RUN = Tried("SQLite (bun:sqlite)", STEPS, (Decision("no row", True, 12), Decision("x", True, 13)))
VERSIONS = {"drizzle-kit": "0.31.11", "SQLite of bun": "3.54.1", "bun": "1.4.5"}
EVIDENCE = {CLAIM.id: Evidence(CLAIM.id, CLAIM.sentence, {"v0": OnLine(True, VERSIONS, (RUN,))})}


def state(name: str, said: str, rule: str = RULE) -> Compared:
    run = Checked("drizzle-kit check", "drizzle.config.ts", 0, (said,))
    return Compared(
        name, Kind.BROKEN, name, (run,), (Reported(rule, Severity.ERROR, "a.sql", "message"),)
    )


COMPARISON = Comparison(
    "0.31.11",
    (
        state("other", "Everything's fine", "PLX201"),
        state("noticed", "collision"),
        state("wiped", "Everything's fine, truly"),
    ),
)


def told(views: dict[str, RuleView], *recorded: object) -> str:
    evidence, comparison = recorded or ({}, None)
    found = story(list(views.values()), evidence, comparison)  # type: ignore[arg-type]
    return render("story.md.jinja", story=found, claim=CLAIM)


def test_of_the_record_stand_the_migration_and_the_first_rows(views: dict[str, RuleView]) -> None:
    text = told(views, EVIDENCE, COMPARISON)
    assert "\n> migrate()\n  done\n> SELECT count(*)\n  0\n```\n" in text
    assert f"(evidence/{CLAIM.id}.md)" in text


def test_what_is_set_on_the_connections_to_their_database_stands_before_them(
    views: dict[str, RuleView],
) -> None:
    text = told(views, EVIDENCE, COMPARISON)
    assert "```drizzle-transcript\n> PRAGMA one=ON  (on each connection)\n> migrate()\n" in text


def test_the_recorded_story_says_that_foreign_keys_are_on(views: dict[str, RuleView]) -> None:
    text = told(views, read_records(ROOT / EVIDENCE_PLACE, [CLAIM.id]), None)
    shown = text.split("```drizzle-transcript\n", 1)[1].split("```", 1)[0].splitlines()
    assert shown[0] == "> PRAGMA foreign_keys=ON  (on each connection)"
    assert [line for line in shown if line.startswith("> ")][1] == "> migrate()"


def test_of_the_change_stand_the_lines_that_differ(views: dict[str, RuleView]) -> None:
    shown = told(views).split("```diff", 1)[1].split("```", 1)[0].splitlines()[1:]
    assert [line[0] for line in shown] == ["-", "+"]


def test_drizzle_kit_is_quoted_on_the_change_that_our_rule_finds(
    views: dict[str, RuleView],
) -> None:
    text = told(views, EVIDENCE, COMPARISON)
    assert "```drizzle-transcript\n$ drizzle-kit check\nEverything's fine, truly\n```" in text


def test_our_check_is_quoted_with_its_finding(views: dict[str, RuleView]) -> None:
    assert f"```plexus-findings\n$ plexus-rules check\n{views[RULE].bad[0].said}\n" in told(views)


def test_what_is_not_recorded_is_not_told(views: dict[str, RuleView]) -> None:
    text = told(views)
    assert "gone" not in text
    assert "content" not in text
    assert "```drizzle-transcript" not in text
