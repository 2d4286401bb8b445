"""Whatever one file holds, its reader gives what it found, or says what is wrong with it.

Three kinds of input for each reader: any bytes, any start of a valid file, and a valid file in
which tokens were dropped, doubled or swapped, or JSON values became others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from plexus_rules.drizzle.config import find_configs
from plexus_rules.drizzle.journal import Journal, parse_journal
from plexus_rules.drizzle.json_text import Malformed
from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.shapes.compare import differences
from plexus_rules.drizzle.shapes.snapshots import shape_of
from plexus_rules.drizzle.snapshot import Snapshot, parse_snapshot
from plexus_rules.drizzle.sql.operations import Unparsed
from plexus_rules.drizzle.sql.parsing import parse
from plexus_rules.drizzle.sql.statements import split
from plexus_rules.drizzle.tables import Tables
from plexus_rules.finding import Range
from plexus_rules.samples import ALL_STEPS, base, recorded
from plexus_rules.trees import MemoryTree
from tests.check.test_any_input import JSON_VALUES, PIECES, often, values
from tests.fuzz.corpus import CONFIG_TOKENS, SQL_TOKENS, TYPESCRIPT_TOKENS

_TOKEN = re.compile(rb"\w+|\s+|.", re.DOTALL)


@cache
def valid(ending: str) -> tuple[bytes, ...]:
    """Every file of the samples with this ending."""
    trees = (base(), *(recorded(step).files for step in ALL_STEPS))
    found = (tree[path] for tree in trees for path in sorted(tree) if path.endswith(ending))
    return tuple(dict.fromkeys(found))


@st.composite
def damaged(draw: st.DrawFn, ending: str, tokens: Sequence[bytes]) -> bytes:
    """A valid file with tokens dropped, doubled, swapped or put in."""
    parts = _TOKEN.findall(draw(st.sampled_from(valid(ending))))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(parts) - 1))
        other = draw(st.integers(0, len(parts) - 1))
        kind = draw(st.sampled_from(["drop", "double", "swap", "put"]))
        if kind == "drop":
            parts[at] = b""
        elif kind == "double":
            parts[at] += b" " + parts[at]
        elif kind == "swap":
            parts[at], parts[other] = parts[other], parts[at]
        else:
            parts[at] += draw(st.sampled_from([*tokens, *PIECES]))
    return b"".join(parts)


@st.composite
def changed_json(draw: st.DrawFn, ending: str) -> bytes:
    """A valid file of JSON with other values, and other types, at a few places."""
    value = json.loads(draw(st.sampled_from(valid(ending))))
    for _ in range(draw(st.integers(1, 3))):
        places = values(value)
        if places:
            holder, key = draw(st.sampled_from(places))
            if draw(st.booleans()):
                holder[key] = draw(JSON_VALUES)
            else:
                del holder[key]
    return json.dumps(value).encode()


def inputs(ending: str, tokens: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """All kinds of input for the reader of these files."""
    prefix = st.sampled_from(valid(ending)).flatmap(
        lambda data: st.integers(0, len(data)).map(lambda end: data[:end])
    )
    kinds = [st.binary(max_size=300), prefix, damaged(ending, tokens)]
    return st.one_of(*kinds, *([changed_json(ending)] * 2 if ending.endswith("json") else ()))


def any_of(
    ending: str, tokens: Sequence[bytes] = (), count: int = 200
) -> Callable[[Callable[[bytes], None]], Callable[[], None]]:
    return lambda test: often(count)(given(inputs(ending, tokens))(test))


def is_within(place: Range, data: bytes) -> bool:
    lines = data.decode("utf-8", "replace").count("\n") + 1
    return 1 <= place.line <= place.end_line <= lines


@any_of("_journal.json")
def test_any_journal_is_read_or_refused_with_a_reason(data: bytes) -> None:
    found = parse_journal("meta/_journal.json", data)
    if isinstance(found, Malformed):
        assert found.reason
        assert is_within(found.range, data)
    else:
        assert isinstance(found, Journal)
        assert [entry.position for entry in found.entries] == list(range(len(found.entries)))
        assert all(is_within(found.range(entry, "tag"), data) for entry in found.entries)


@any_of("_snapshot.json")
def test_any_snapshot_has_a_shape_or_is_refused_with_a_reason(data: bytes) -> None:
    found = parse_snapshot("meta/0000_snapshot.json", data)
    if isinstance(found, Malformed):
        assert found.reason
        assert is_within(found.range, data)
    else:
        assert isinstance(found, Snapshot)
        shape = shape_of(found.dialect, found.value)
        assert set(shape.tables) == set(found.columns())
        assert not list(differences(shape, shape))


@any_of(".sql", SQL_TOKENS, 300)
def test_any_sql_is_cut_and_read_statement_by_statement(data: bytes) -> None:
    sql = data.decode("utf-8", "replace")
    for dialect in ("sqlite", "postgresql"):
        statements = split(sql, dialect)
        assert all(s.text and is_within(s.range, data) for s in statements)
        starts = [(s.chunk, s.range.line, s.range.column) for s in statements]
        assert starts == sorted(set(starts))
        for operation in parse(statements, dialect):
            assert is_within(operation.range, data)
            assert not isinstance(operation.operation, Unparsed) or operation.operation.reason


@any_of(".ts", TYPESCRIPT_TOKENS)
def test_any_typescript_has_tables_that_lie_in_the_file(data: bytes) -> None:
    modules = Modules(MemoryTree({"schema/a.ts": data}))
    for found in modules.imports("schema/a.ts"):
        assert is_within(found.range, data)
    tables = Tables(modules)
    declared = tables.of_file("schema/a.ts").tables
    assert all(is_within(table.range, data) for table in declared)
    assert set(tables.schema(["schema"]).tables) <= set(declared)


@any_of("config.ts", CONFIG_TOKENS)
def test_any_config_names_databases_or_says_what_it_cannot_read(data: bytes) -> None:
    for config in find_configs(MemoryTree({"drizzle.config.ts": data})):
        unread = [*config.unread, *(part for found in config.databases for part in found.unread)]
        assert config.databases or unread
        assert all(part.reason and is_within(part.range, data) for part in unread)
