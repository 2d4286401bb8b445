"""Snapshots."""

from __future__ import annotations

import json

import pytest

from plexus_rules.drizzle.json_text import Malformed, locate
from plexus_rules.drizzle.snapshot import NO_ID, Snapshot, parse_snapshot
from plexus_rules.finding import Range


def parsed(**changes: object) -> Snapshot | Malformed:
    value = {"version": "7", "dialect": "postgresql", "id": "b", "prevId": "a", "tables": {}}
    return parse_snapshot("meta/0001_snapshot.json", json.dumps(value | changes, indent=2).encode())


def test_snapshot_as_it_stands() -> None:
    found = parsed()
    assert isinstance(found, Snapshot)
    assert (found.id, found.prev_id, found.version) == ("b", "a", "7")
    assert found.value["tables"] == {}
    assert found.range("prevId") == Range(5, 13, 5, 16)


def test_columns_by_table_and_by_its_schema_where_that_is_not_the_default() -> None:
    tables = {
        "public.users": {"name": "users", "schema": "", "columns": {"id": {}, "name": {}}},
        "public.keys": {"name": "keys", "schema": "public", "columns": {}},
        "auth.users": {"name": "users", "schema": "auth", "columns": {"id": {}}},
        "bare": {"name": "bare"},
    }
    found = parsed(tables=tables)
    assert isinstance(found, Snapshot)
    assert found.columns() == {
        "users": {"id", "name"},
        "keys": frozenset(),
        "auth.users": {"id"},
        "bare": frozenset(),
    }


@pytest.mark.parametrize(
    ("dialect", "newest"),
    [("sqlite", 6), ("postgresql", 7), ("mysql", 5), ("singlestore", 1), ("gel", 1)],
)
def test_newer_versions_than_drizzle_kit_of_the_line_writes(dialect: str, newest: int) -> None:
    assert isinstance(parsed(dialect=dialect, version=str(newest)), Snapshot)
    assert isinstance(parsed(dialect=dialect, version=str(newest + 1)), Malformed)


def test_version_of_a_dialect_that_is_not_known_is_let_be() -> None:
    assert isinstance(parsed(dialect="oracle", version="40"), Snapshot)


def test_snapshot_of_the_next_line_is_told_by_its_version() -> None:
    found = parsed(version="9", prevIds=["a"], ddl=[], prevId=None, tables=None)
    assert isinstance(found, Malformed)
    assert found.reason == "has version '9', which no drizzle-kit of the v0 line writes"


def test_pull_gives_no_ids() -> None:
    pulled, generated = parsed(id=NO_ID, prevId=""), parsed(prevId=NO_ID)
    assert isinstance(pulled, Snapshot)
    assert pulled.is_introspected
    assert isinstance(generated, Snapshot)
    assert not generated.is_introspected


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "keys",
    [
        ("tables",),
        ("tables", "públic.users"),
        ("tables", "twin"),  # there is another of the same text
        ("tables", "públic.users", "columns", "näme"),
        ("tables", "públic.users", "list", 1),
        ("tables", "nowhere"),
        ("version", "deeper"),
    ],
)
def test_place_of_a_value_is_that_of_the_syntax_tree(
    keys: tuple[str | int, ...], indent: int | None
) -> None:
    columns = {"id": {"name": "id"}, "näme": {"name": "näme"}}
    users = {"name": "users", "columns": columns, "list": [1, [2]]}
    tables = {"públic.users": users, "twin": {"name": "t"}, "other": {"name": "t"}}
    value = {"version": "7", "dialect": "postgresql", "id": "b", "prevId": "a", "tables": tables}
    data = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    found = parse_snapshot("meta/0001_snapshot.json", data)
    assert isinstance(found, Snapshot)
    assert found.range(*keys) == locate(data, keys)
