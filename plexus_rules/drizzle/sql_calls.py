"""The SQL that source code hands to a database, as far as it is written in the source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from plexus_rules.drizzle.glance import MIGRATIONS_TABLE, may_hold_ddl
from plexus_rules.drizzle.modules import Modules, is_code
from plexus_rules.drizzle.places import is_test
from plexus_rules.drizzle.scopes import Scope, called, calls
from plexus_rules.drizzle.text_reader import TextReader
from plexus_rules.drizzle.texts import Text
from plexus_rules.drizzle.values import property_name, unwrap
from plexus_rules.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_METHODS = (
    r"(?:\$?(?:exec|execute|query)|run|prepare|unsafe|raw|batch|sql|all|get|values|transaction)"
    r"(?:Sql|SQL|Query|Raw|Multiple|Script|Async|Sync|Statements?|Batch|Unsafe|Many|One|None){0,2}"
)
_TAGS = r"(?:sql|client|pg|postgres|db|database|tx|trx|conn|connection|pool)"
_METHOD = re.compile(_METHODS)
_TAG = re.compile(_TAGS, re.IGNORECASE)
_MENTION = called(rf"{_METHODS}|(?i:{_TAGS})", "$abcdegpqrstuvCDPST")
_OF_MIGRATOR = re.compile(MIGRATIONS_TABLE)
_LONGEST_NAME = 60
_KEYS = ("sql", "text", "query", "statement")
_IN_MEMORY = re.compile(
    r"""new\s++[\w.]++\(\s*+(?:(["'`]):memory:\1\s*+[,)]|(?<=PGlite\()\)|(?<=Database\()\))"""
)
_LONGEST_OPENING = 200
_MAX_DEPTH = 4
_LONGEST_CHAIN = 8
_MOST_HOPS = 4

#: Packages that open a database, and its dialect.
_DRIVERS = {
    "sqlite": "better-sqlite3 bun:sqlite node:sqlite sqlite sqlite3 sql.js expo-sqlite "
    "@libsql/client @tursodatabase/database @op-engineering/op-sqlite",
    "postgresql": "pg postgres pg-promise @neondatabase/serverless @vercel/postgres "
    "@electric-sql/pglite @planetscale/database-postgres",
    "mysql": "mysql mysql2 mysql2/promise mariadb @planetscale/database",
}
_OF_DRIVER = {name: dialect for dialect, names in _DRIVERS.items() for name in names.split()}
_OTHER_DRIVER = re.compile(
    r".*(?:bigquery|cassandra|clickhouse|duckdb|mssql|oracledb|snowflake|tedious).*", re.DOTALL
)

#: The dialect of a database that Drizzle does not know.
OTHER = "other"


def driver_dialect(package: str) -> str | None:
    """The dialect of the databases that a package opens; None where that is not known."""
    known = _OF_DRIVER.get(package)
    return OTHER if known is None and _OTHER_DRIVER.fullmatch(package) else known


class SqlText(Struct, frozen=True):
    """A text that may be handed to a database as SQL.

    Attributes:
        path: the file with the call.
        call: the byte that the call starts at.
        text: one of the texts that the call may be given.
        dialect: the dialect of the database, where its driver tells.
    """

    path: str
    call: int
    text: Text
    dialect: str | None


def sql_texts(modules: Modules) -> Iterator[tuple[str, list[SqlText]]]:
    """The texts of each source file that may hold statements which change tables; tests apart.

    Files that import such a text are looked at as well.
    """
    tree = modules.tree
    found = [*tree.scan(_is_wanted, lambda tree, p: modules.of(tree).glance(p).may_hold_ddl, "sql")]
    givers = {path for path in found if _exports(modules, path)}
    if givers:
        found += [i.path for i in modules.importers(givers) if _is_wanted(i.path)]
    for path in dict.fromkeys(found):
        yield path, list(tree.known(("sql", path), _reader_of_texts(modules, path)))


def _reader_of_texts(modules: Modules, path: str) -> Callable[[Tree], tuple[SqlText, ...]]:
    return lambda tree: tuple(_texts_of(modules.of(tree), path))


def _is_wanted(path: str) -> bool:
    return is_code(path) and not path.endswith((".d.ts", ".d.mts", ".d.cts")) and not is_test(path)


def _exports(modules: Modules, path: str) -> bool:
    """Whether a file exports a value, and no function, with such a statement in it."""
    surface, source = modules.surface(path), modules.source(path)
    values = (surface.declared.get(export.name) for export in surface.exported.values())
    return any(
        value is not None
        and not value.type.endswith(("function", "_declaration", "class"))
        and may_hold_ddl(source.data[value.start_byte : value.end_byte])
        for value in values
    )


def _texts_of(modules: Modules, path: str) -> Iterator[SqlText]:
    reader = TextReader(modules)
    drivers = {driver_dialect(found.specifier) for found in modules.imports(path)} - {None}
    only = OTHER if drivers == {OTHER} else None
    for node, scope in calls(modules.source(path), _MENTION):
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if function is None or arguments is None:
            continue
        is_tag = arguments.type == "template_string"
        if not (_TAG if is_tag else _METHOD).fullmatch(_name(function, scope)):
            continue
        given = [arguments] if is_tag else arguments.named_children[:2]
        texts = [t for argument in given for t in _given(unwrap(argument), scope, reader)]
        if any(len(text.value) > 1 for text in texts):
            owner = _owner(function)
            # A regular expression has an `exec` of its own.
            if owner.type != "regex" and not _is_in_memory(owner, scope):
                dialect = _dialect(modules, owner, scope) or only
                yield from (SqlText(path, node.start_byte, text, dialect) for text in texts)


def _name(function: Node, scope: Scope) -> str:
    """The last name of what is called."""
    while function.type in ("member_expression", "non_null_expression", "instantiation_expression"):
        inner = function.child_by_field_name("property")
        function = inner or function.named_children[0]
    return scope.source.text(function) if _is_short(function) else ""


def _is_short(node: Node) -> bool:
    return node.end_byte - node.start_byte <= _LONGEST_NAME


def _owner(function: Node) -> Node:
    """The name before the first dot of what is called."""
    while function.type in ("member_expression", "non_null_expression"):
        function = function.child_by_field_name("object") or function.named_children[0]
    return function


def _is_in_memory(owner: Node, scope: Scope) -> bool:
    """Whether a name stands for a database that is made in this file, and only in memory."""
    binding = scope.find(scope.source.text(owner)) if owner.type == "identifier" else None
    if binding is None or binding.value is None or binding.is_element:
        return False
    start = binding.value.start_byte
    end = min(binding.value.end_byte, start + _LONGEST_OPENING)
    opening = binding.scope.source.data[start:end].decode("utf-8", "replace")
    return _IN_MEMORY.search(opening) is not None


def _dialect(modules: Modules, owner: Node, scope: Scope) -> str | None:
    """The dialect of the driver whose function or class made what a name stands for."""
    for _ in range(_MOST_HOPS):
        owner = _made_by(owner)
        if owner.type != "identifier":
            return None
        name = scope.source.text(owner)
        binding = scope.find(name)
        if binding is not None:
            if binding.value is None or binding.is_element:
                return None
            owner, scope = binding.value, binding.scope
            continue
        symbol = modules.origin(scope.source.path, name)
        if symbol is None or symbol.external:
            return None if symbol is None else driver_dialect(symbol.path)
        value = modules.surface(symbol.path).declared.get(symbol.name)
        if value is None or symbol.path == scope.source.path:
            return None
        source = modules.source(symbol.path)
        owner, scope = value, Scope(source, source.root, None)
    return None


def _made_by(node: Node) -> Node:
    """The name of the function or the class whose call an expression is; else itself."""
    for _ in range(_LONGEST_CHAIN):
        node = unwrap(node)
        inner = None
        if node.type == "await_expression":
            inner = node.named_children[0] if node.named_children else None
        elif node.type == "new_expression":
            inner = node.child_by_field_name("constructor")
        elif node.type == "call_expression":
            inner = node.child_by_field_name("function")
        elif node.type == "member_expression":
            inner = node.child_by_field_name("object")
        if inner is None:
            return node
        node = inner
    return node


def _given(
    argument: Node, scope: Scope, reader: TextReader, depth: int = _MAX_DEPTH
) -> Iterator[Text]:
    """The texts that an argument may stand for: itself, its elements, its property ``sql``."""
    if argument.type in ("object", "array") and not depth:
        return
    if argument.type == "object":
        for pair in argument.named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            named = key is not None and property_name(scope.source, key) in _KEYS
            if named and value is not None:
                yield from reader.of(value, scope)
        return
    if argument.type == "array":
        for element in argument.named_children:
            if element.type != "comment":
                yield from _given(unwrap(element), scope, reader, depth - 1)
        return
    yield from reader.of(argument, scope)


def migrator_names(modules: Modules) -> frozenset[str]:
    """The tables that calls of Drizzle's migrator name for its records."""
    found: set[str] = set()
    for names in modules.tree.scan(
        is_code, lambda tree, path: _named_in(modules.of(tree), path), "migrator names"
    ).values():
        found |= names
    return frozenset(found)


def _named_in(modules: Modules, path: str) -> frozenset[str]:
    found: set[str] = set()
    if modules.glance(path).names_records:
        reader = TextReader(modules)
        for node, scope in calls(modules.source(path), _OF_MIGRATOR):
            arguments = node.child_by_field_name("arguments")
            for argument in arguments.named_children if arguments is not None else ():
                value = _property(unwrap(argument), MIGRATIONS_TABLE.decode(), scope)
                if value is not None:
                    found |= {text.value for text in reader.of(value, scope)}
    return frozenset(found)


def _property(node: Node, name: str, scope: Scope) -> Node | None:
    for pair in node.named_children if node.type == "object" else ():
        key = pair.child_by_field_name("key")
        if key is not None and property_name(scope.source, key) == name:
            return pair.child_by_field_name("value")
        if pair.type == "shorthand_property_identifier" and scope.source.text(pair) == name:
            return pair
    return None
