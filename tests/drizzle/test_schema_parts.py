"""Tables and columns by their names in the database."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.schema_parts import DeclaredParts, Part, parts
from plexus_rules.trees import MemoryTree

CONFIG = "export default { dialect: 'postgresql', schema: './a.ts', out: './out' };\n"


def declared(text: str) -> DeclaredParts:
    source = f"import {{ pgSchema, pgTable, text }} from 'drizzle-orm/pg-core';\n{text}"
    files = {"drizzle.config.ts": CONFIG.encode(), "a.ts": source.encode()}
    repository = Repository(MemoryTree(files), 0)
    (database,) = repository.databases
    return DeclaredParts(database, repository.tables(database))


def test_parts_of_a_snapshot() -> None:
    found = parts({"users": frozenset({"id"}), "empty": frozenset()})
    assert found == {Part("users"), Part("users", "id"), Part("empty")}
    assert sorted(map(str, found)) == ["empty", "users", "users.id"]


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("users", True),
        ("users.id", True),
        ("users.first_name", True),
        ("users.firstName", True),
        ("users.last_name", True),
        ("users.lastName", False),
        ("users.age", False),
        ("keys", False),
        ("keys.id", False),
        ("logins", False),
    ],
)
def test_declared_parts(name: str, is_there: bool) -> None:
    found = declared(
        "export const a = pgTable('users', { id: text('id'), firstName: text(), "
        "lastName: text('last_name') });\n"
        "export const b = pgSchema('auth').table('logins', { id: text('id') });\n"
        "const c = pgTable('keys', { id: text('id') });\n"
    )
    table, _, column = name.partition(".")
    assert found.has(Part(table, column)) is is_there
    assert found.has(Part("auth.logins", "id"))


def test_what_cannot_be_read_is_not_known() -> None:
    found = declared("export const a = pgTable('users', { id: text('id'), ...more() });\n")
    assert found.has(Part("users", "id"))
    assert found.has(Part("users", "age")) is None
    assert found.has(Part("keys")) is False
    found = declared("export * from 'elsewhere';\n")
    assert found.has(Part("keys", "id")) is None


def test_where_a_part_stands() -> None:
    found = declared("export const a = pgTable('users', { id: text('id') });\n")
    table, column = found.table(Part("users", "id")), found.column(Part("users", "id"))
    assert table is not None
    assert column is not None
    assert (table.name, column.name) == ("users", "id")
    assert found.column(Part("users")) is None
    assert found.table(Part("keys")) is None
