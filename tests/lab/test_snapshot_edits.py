from __future__ import annotations

import pytest

from plexus_rules.lab.snapshot_edits import with_column, without_column

JOURNAL_LINE = {"tables": {"items": {"columns": {"id": {"name": "id", "type": "integer"}}}}}
FOLDER_LINE = {
    "ddl": [
        {"entityType": "tables", "name": "items"},
        {"entityType": "columns", "table": "items", "name": "id", "type": "integer"},
    ]
}


def test_a_column_is_added_to_the_table_that_has_the_other() -> None:
    snapshot = with_column(
        {"tables": {"notes": {"columns": {}}, "items": {"columns": {"id": {"name": "id"}}}}},
        "region",
        like="id",
    )

    assert snapshot["tables"]["notes"]["columns"] == {}
    assert snapshot["tables"]["items"]["columns"] == {
        "id": {"name": "id"},
        "region": {"name": "region"},
    }


def test_a_column_is_added_after_the_other_in_a_flat_list() -> None:
    snapshot = with_column({"ddl": [*FOLDER_LINE["ddl"], {"entityType": "pks"}]}, "age", like="id")

    assert [one.get("name") for one in snapshot["ddl"]] == ["items", "id", "age", None]
    assert snapshot["ddl"][2]["type"] == "integer"


def test_a_column_is_taken_out_on_either_line() -> None:
    tables = {"items": {"columns": {"id": {"name": "id"}, "region": {"name": "region"}}}}

    assert without_column({"tables": tables}, "region")["tables"] == {
        "items": {"columns": {"id": {"name": "id"}}}
    }
    assert without_column({"ddl": [*FOLDER_LINE["ddl"]]}, "id")["ddl"] == FOLDER_LINE["ddl"][:1]


@pytest.mark.parametrize("snapshot", [JOURNAL_LINE, FOLDER_LINE, {}])
def test_a_column_that_is_not_there_is_an_error(snapshot: dict[str, object]) -> None:
    with pytest.raises(KeyError, match="region"):
        without_column({**snapshot}, "region")
    with pytest.raises(KeyError, match="region"):
        with_column({**snapshot}, "age", like="region")
