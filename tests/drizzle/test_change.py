"""Databases before and after a change."""

from __future__ import annotations

import json

from plexus_rules.drizzle.change import Change, Pair
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import MemoryTree


def files(
    *entries: tuple[str, int], out: str = "out", dialect: str = "sqlite", sql: str = "SELECT '{}';"
) -> dict[str, str]:
    """A config and its migrations: tags and times."""
    listed = [{"idx": n, "when": when, "tag": tag} for n, (tag, when) in enumerate(entries)]
    journal = {"version": "7", "dialect": dialect, "entries": listed}
    return {
        f"drizzle.{out}.config.ts": f"export default {{ dialect: '{dialect}', out: './{out}' }};\n",
        f"{out}/meta/_journal.json": json.dumps(journal),
        **{f"{out}/{tag}.sql": sql.format(tag) for tag, _ in entries},
    }


def change(before: dict[str, str], after: dict[str, str]) -> Change:
    base, head = (
        Repository(MemoryTree({path: text.encode() for path, text in made.items()}), 0)
        for made in (before, after)
    )
    return Change(base, head)


def pair(before: dict[str, str], after: dict[str, str]) -> Pair:
    (found,) = change(before, after).pairs
    return found


TWO = files(("0000_a", 10), ("0001_b", 20))


def test_landed_and_pending() -> None:
    found = pair(TWO, files(("0000_a", 10), ("0001_b", 20), ("0002_c", 30)))
    assert [entry.tag for entry in found.landed] == ["0000_a", "0001_b"]
    assert [entry.tag for entry in found.pending] == ["0002_c"]
    assert found.kept == {"0000_a", "0001_b"}
    assert not found.is_squashed


def test_history_goes_before_the_folder() -> None:
    before = files(("0000_a", 10), out="one") | files(("0000_b", 20), out="two")
    after = files(("0000_b", 20), out="one") | files(("0000_a", 10), out="three")
    found = {
        (p.base.out if p.base else None, p.head.out if p.head else None)
        for p in change(before, after).pairs
    }
    assert found == {("one", "three"), ("two", "one")}


def test_dialects_are_not_mixed() -> None:
    after = files(("0000_a", 10), dialect="mysql")
    assert [(p.base is None, p.head is None) for p in change(TWO, after).pairs] == [
        (False, True),
        (True, False),
    ]
    assert [p.is_squashed for p in change(TWO, after).pairs] == [False, False]


def test_folder_of_two_configs_is_one_database() -> None:
    two = TWO | {"drizzle.more.config.ts": "export default { dialect: 'mysql', out: './out' };\n"}
    assert len(change(two, two).pairs) == 1


def test_squash() -> None:
    assert pair(TWO, files(("0000_all", 90))).is_squashed
    assert pair(TWO, {"drizzle.out.config.ts": TWO["drizzle.out.config.ts"]}).is_squashed
    assert not pair(TWO, files(("0000_a", 10), ("0001_all", 90))).is_squashed
    assert not pair(files(("0000_a", 10)), files(("0000_b", 10))).is_squashed
    assert pair(files(("0000_a", 10)), files(("0000_a", 90), sql="SELECT 2;")).is_squashed
    assert not pair(files(("0000_a", 10)), files(("0000_a", 90))).is_squashed


def test_lost_journal_is_no_squash_while_the_sql_stays() -> None:
    after = {path: text for path, text in TWO.items() if "journal" not in path}
    assert not pair(TWO, after).is_squashed


def test_renamed_is_known_by_its_time_or_its_sql() -> None:
    after = files(("0000_a", 10), ("0001_x", 20))
    found = pair(TWO, after)
    assert (found.renamed, found.renamed_entries) == ({"0001_b": "0001_x"}, {"0001_b": "0001_x"})
    after = TWO | {"out/0001_x.sql": TWO["out/0001_b.sql"] + "\n"}
    del after["out/0001_b.sql"]
    assert (pair(TWO, after).renamed, pair(TWO, after).renamed_entries) == (
        {"0001_b": "0001_x"},
        {},
    )
    after["out/0001_x.sql"] = "SELECT 2;"
    assert pair(TWO, after).renamed == {}


def test_empty_sql_tells_nothing() -> None:
    before = TWO | {"out/0001_b.sql": " \n"}
    after = before | {"out/0001_x.sql": " \n"}
    del after["out/0001_b.sql"]
    assert pair(before, after).renamed == {}


def test_follower_is_what_comes_after_the_place() -> None:
    before = files(("0000_a", 10), ("0001_b", 20), ("0002_c", 30))
    found = pair(before, files(("0000_a", 10), ("0002_c", 30), ("0003_d", 40)))
    follower = found.follower(found.landed[1])
    assert follower is not None
    assert follower.tag == "0002_c"
    found = pair(before, files(("0000_a", 10), ("0001_b", 20), ("0003_d", 40)))
    follower = found.follower(found.landed[2])
    assert follower is not None
    assert follower.tag == "0003_d"
    found = pair(before, files(("0000_a", 10), ("0001_b", 20)))
    assert found.follower(found.landed[2]) is None


def test_config_that_is_gone_or_broken_hides_no_folder() -> None:
    config = "drizzle.out.config.ts"
    edited = TWO | {"out/0001_b.sql": "SELECT 3;"}
    for broken in ("<<<<<<< HEAD\n", "export default { out: process.env.OUT! };"):
        found = pair(TWO, edited | {config: broken})
        assert found.head is not None
        assert found.head.out == "out"
    del edited[config]
    found = pair(TWO, edited)
    assert found.head is not None
    assert found.head.out == "out"


def test_dropped_database_has_no_head() -> None:
    assert pair(TWO, {"other.ts": ""}).head is None
