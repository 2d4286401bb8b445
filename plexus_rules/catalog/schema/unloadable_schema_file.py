"""drizzle-kit loads every file of a schema's directory: one that is no code stops generate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plexus_rules.catalog import claims, lines
from plexus_rules.catalog.guides import SCHEMA
from plexus_rules.drizzle.broken import broken_at
from plexus_rules.drizzle.json_text import Malformed, parse_json
from plexus_rules.drizzle.modules import is_code
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.schema_files import schema_files
from plexus_rules.drizzle.typescript import parse
from plexus_rules.rule import Bad, Good, Obligation, Problem, Rule, Skipped, at, whole_file
from plexus_rules.trees import Replace, TreeError, Write

if TYPE_CHECKING:
    from tree_sitter import Node

_PACKAGE = "packages/backend"
_SCHEMA = f"{_PACKAGE}/drizzle/schema"
_PG_CONFIG = f"{_PACKAGE}/drizzle.config.pg.ts"

#: JavaScript takes the rest of such a line for a comment.
_HTML_COMMENT = re.compile(rb"<!--[^\r\n]*")
_NOT_JAVASCRIPT = "drizzle-kit loads this file as JavaScript, and it is none"


def check(repository: Repository) -> Iterator[Problem | Skipped]:
    """Every file that a schema loads, and that is neither code nor JSON nor empty."""
    judged: set[str] = set()
    for database in repository.databases:
        for path in schema_files(repository.tree, database.schema or ()):
            if path not in judged and not is_code(path):
                judged.add(path)
                found = _judged(repository, path)
                if isinstance(found, str):
                    what = f"{found}: generate with {database.config} makes nothing, and exits 0"
                    yield whole_file(path, what)
                elif found is not None:
                    yield found


def _judged(repository: Repository, path: str) -> str | Skipped | None:
    """What is wrong with a file that is no code; None where it loads."""
    try:
        data = repository.tree.read(path)
    except TreeError as error:
        return Skipped(path, str(error).removeprefix(f"{path}: "))
    if path.endswith(".json"):
        value = parse_json(path, data)
        if isinstance(value, Malformed) and "nested" in value.reason:
            return Skipped(path, value.reason)
        return f"this file {value.reason}" if isinstance(value, Malformed) else None
    text = _HTML_COMMENT.sub(b"", data)
    if b"\0" in text:
        return _NOT_JAVASCRIPT
    source = parse(path, text)
    statements = [node for node in source.root.named_children if node.type != "comment"]
    if broken_at(source) is not None or any(map(_is_bare_object, statements)):
        return _NOT_JAVASCRIPT
    if statements:
        return Skipped(path, "drizzle-kit loads it as JavaScript; what it does is not known")
    return None


def _is_bare_object(statement: Node) -> bool:
    """Whether a statement is an object with quoted keys: where it starts, that is no JavaScript."""
    value = statement.named_children[0] if statement.named_children else statement
    pairs = value.named_children if value.type == "object" else ()
    return any((key := p.child_by_field_name("key")) and key.type == "string" for p in pairs)


_NOTES = """# Tables

One file for each table. Times are in milliseconds.
"""
_DIRECTORY = Replace(
    _PG_CONFIG, "'./drizzle/schema/postgres/index.ts'", "'./drizzle/schema/postgres'"
)

RULE = Rule(
    id="PLX104",
    name="unloadable-schema-file",
    since="0.2.0",
    obligation=Obligation.NEVER,
    statement="Never put a file that is not code where a drizzle config loads its schema.",
    why=(claims.NOT_CODE_STOPS_GENERATE, claims.GUIDES_DISTURB_NOTHING),
    remedy=(
        "Move the file out of the directory, or let `schema` in the config name files of code "
        "alone: the entry file, or `*.ts`."
    ),
    line=lines.ONLY_CODE_IN_SCHEMA,
    guides=(SCHEMA,),
    unseen=(
        "A file of code that fails when it is loaded: a test, or a module that imports what only "
        "another runtime has. A text that happens to be JavaScript is listed as not judged."
    ),
    check=check,
    examples=(
        Bad(
            "Notes for agents lie among the tables",
            given=(_DIRECTORY,),
            change=(Write(f"{_SCHEMA}/postgres/AGENTS.md", _NOTES),),
            gives=(at(f"{_SCHEMA}/postgres/AGENTS.md"),),
        ),
        Bad(
            "A glob takes in a diagram's source",
            given=(
                Replace(
                    _PG_CONFIG,
                    "'./drizzle/schema/postgres/index.ts'",
                    "'./drizzle/schema/postgres/*'",
                ),
            ),
            change=(
                Write(
                    f"{_SCHEMA}/postgres/tables.dbml",
                    "Table api_keys {\n  id integer [primary key]\n}\n",
                ),
            ),
            gives=(at(f"{_SCHEMA}/postgres/tables.dbml"),),
        ),
        Bad(
            "A file of settings is not JSON",
            given=(_DIRECTORY,),
            change=(Write(f"{_SCHEMA}/postgres/names.json", '{ "api_keys": "API keys", }\n'),),
            gives=(at(f"{_SCHEMA}/postgres/names.json"),),
        ),
        Good(
            "Notes lie beside the files that the configs name",
            change=(Write(f"{_SCHEMA}/postgres/AGENTS.md", _NOTES),),
            note="The configs of the sample name entry files, not their directories.",
        ),
        Good(
            "The config loads a directory that holds code, JSON and an empty file",
            given=(_DIRECTORY,),
            change=(
                Write(f"{_SCHEMA}/postgres/names.json", '{ "api_keys": "API keys" }\n'),
                Write(f"{_SCHEMA}/postgres/.gitkeep", ""),
                Write(f"{_SCHEMA}/postgres/notes/tables.md", _NOTES),
            ),
            note="drizzle-kit does not look into the directories below.",
        ),
    ),
)
