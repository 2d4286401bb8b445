"""Journal entries without their SQL."""

from __future__ import annotations

from tests.catalog.helpers import check, places
from tests.catalog.migrations.histories import entries, history, journal, without

FIVE = history("0000_a", "0001_b", "0002_c", "0003_d", "0004_e")
JOURNAL = "drizzle/meta/_journal.json"


def test_place_is_the_tag_in_the_journal() -> None:
    (finding,) = check("PLX203", without(FIVE, "drizzle/0001_b.sql")).findings
    assert (finding.path, finding.range.line, finding.range.column) == (JOURNAL, 16, 14)
    assert finding.message == "the journal lists 0001_b, and there is no 0001_b.sql"


def test_each_run_of_missing_files_is_one_finding() -> None:
    files = without(FIVE, *(f"drizzle/{tag}.sql" for tag in ("0000_a", "0002_c", "0003_d")))
    first, second = check("PLX203", files).findings
    assert first.message == "the journal lists 0000_a, and there is no 0000_a.sql"
    assert second.message.endswith("0002_c.sql, nor the SQL of 1 more after it")
    assert [r.message for r in second.related] == ["there is no 0003_d.sql"]


def test_missing_snapshot_of_the_same_migration_goes_with_it() -> None:
    files = without(FIVE, "drizzle/0004_e.sql", "drizzle/meta/0004_snapshot.json")
    (finding,) = check("PLX203 PLX206", files).findings
    assert finding.rule == "PLX203"
    assert finding.related[-1].message.endswith("(PLX206)")


def test_deleted_file_and_its_entry_are_one_finding_of_the_change() -> None:
    (finding,) = check("PLX201 PLX203", without(FIVE, "drizzle/0004_e.sql"), FIVE).findings
    assert (finding.rule, finding.path) == ("PLX201", "drizzle/0004_e.sql")


def test_introspected_history_may_start_with_commented_sql() -> None:
    files = FIVE | {"drizzle/0000_a.sql": "-- Current sql file was generated after …\n/*\n*/"}
    assert not check("PLX203", files).findings


def test_tags_need_no_number() -> None:
    files = history("initial") | journal([entries(history("initial"))[0] | {"tag": "other"}])
    assert places(check("PLX203", files)) == [(JOURNAL, 9)]
