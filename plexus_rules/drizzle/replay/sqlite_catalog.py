"""The tables of a SQLite as shapes: from its catalogue, and from the texts that it keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.replay.tokens import Token, group_end, parts, tokens
from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    IndexShape,
    TableShape,
    UniqueShape,
)

Rows = Callable[..., list[tuple[Any, ...]]]

_COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)'
_KEYS = (
    'SELECT id, "table", "from", "to", on_delete, on_update FROM pragma_foreign_key_list(?) '
    "ORDER BY id DESC, seq"
)
_UNIQUES = (
    "SELECT l.name, i.name FROM pragma_index_list(?) l, pragma_index_info(l.name) i "
    "WHERE l.origin = 'u' ORDER BY l.seq DESC, i.seqno"
)
#: Columns of ``pragma_table_xinfo``: a generated one is virtual or stored.
_GENERATED = (2, 3)


#: The keywords that tell of what only the text says, wherever nothing is quoted.
_KEYWORDS = re.compile(
    r"""'[^']*+'|"[^"]*+"|`[^`]*+`|\[[^\]]*+\]|\b(autoincrement|check|references)\b""",
    re.IGNORECASE,
)

_PLAIN_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX `[^`]+` ON `[^`]+` \(((?:`[^`]+`,?)+)\)")


def read_table(rows: Rows, name: str, sql: str, indexes: Mapping[str, str]) -> TableShape:
    """The shape of one table.

    Args:
        rows: runs a query.
        name: its name.
        sql: the text of its ``CREATE TABLE``, as SQLite keeps it.
        indexes: the texts of its indexes, by name; empty for one that a constraint made.
    """
    keywords = set(map(str.lower, _KEYWORDS.findall(sql)))
    columns: dict[str, ColumnShape] = {}
    keys: list[tuple[int, str]] = []
    generated: list[str] = []
    for column, kind, not_null, default, position, hidden in rows(_COLUMNS, name):
        columns[column] = ColumnShape(column, kind.lower(), bool(not_null), default)
        if position:
            keys.append((position, column))
        if hidden in _GENERATED:
            generated.append(column)
    key = tuple(column for _, column in sorted(keys))
    checks: dict[str, CheckShape] = {}
    if generated or "check" in keywords:
        text = _texts(sql)
        checks = text.checks
        for column in generated:
            found = text.generated.get(column.lower())
            columns[column] = replace(columns[column], generated=found or "?")
    if len(key) == 1 and columns[key[0]].type == "integer":
        # SQLite numbers the rows by it, so that it holds a number whatever it says.
        is_counted = "autoincrement" in keywords
        columns[key[0]] = replace(columns[key[0]], not_null=True, autoincrement=is_counted)
    return TableShape(
        name=name,
        columns=columns,
        primary_key=key,
        indexes={i: _index(i, text) for i, text in indexes.items() if text},
        foreign_keys=tuple(_foreign_keys(rows, name)) if "references" in keywords else (),
        uniques=dict(_uniques(rows, name)) if not all(indexes.values()) else {},
        checks=checks,
    )


def leaves_actions_out(sql: str, column: str) -> bool:
    """Whether a column has its reference beside it, and nothing of what that does."""
    for part in _parts(sql):
        if part[0].text.lower() == column.lower():
            words = [token for token in part if token.is_word("references", "on")]
            return len(words) == 1 and words[0].is_word("references")
    return False


def _foreign_keys(rows: Rows, name: str) -> Iterator[ForeignKeyShape]:
    found: dict[int, list[tuple[str, str, str | None, str, str]]] = {}
    for number, *rest in rows(_KEYS, name):
        found.setdefault(number, []).append(tuple(rest))
    for pairs in found.values():
        to, _, named, on_delete, on_update = pairs[0]
        yield ForeignKeyShape(
            name="",
            columns=tuple(pair[1] for pair in pairs),
            to_table=to,
            to_columns=_key(rows, to) if named is None else tuple(str(p[2]) for p in pairs),
            on_delete=on_delete.lower(),
            on_update=on_update.lower(),
        )


def _key(rows: Rows, name: str) -> tuple[str, ...]:
    """The primary key of a table, which a reference without columns means."""
    found = ((column[4], column[0]) for column in rows(_COLUMNS, name) if column[4])
    return tuple(column for _, column in sorted(found))


def _uniques(rows: Rows, name: str) -> Iterator[tuple[str, UniqueShape]]:
    found: dict[str, list[str]] = {}
    for index, column in rows(_UNIQUES, name):
        found.setdefault(index, []).append(str(column))
    for listed in found.values():
        told = f"UNIQUE ({', '.join(listed)})"
        yield told, UniqueShape(told, tuple(listed))


class _Texts(Struct):
    """What only the text of a ``CREATE TABLE`` says."""

    checks: dict[str, CheckShape]
    generated: dict[str, str]


def _texts(sql: str) -> _Texts:
    found = _Texts({}, {})
    for part in _parts(sql):
        _read_part(sql, part, found)
    return found


def _parts(sql: str) -> Iterator[Sequence[Token]]:
    """The columns and the constraints of a ``CREATE TABLE``."""
    items = list(tokens(sql))
    opening = _opening(items)
    if opening is not None:
        yield from filter(None, parts(items, opening + 1, group_end(items, opening)))


def _read_part(sql: str, part: Sequence[Token], found: _Texts) -> None:
    """Reads one column, or one constraint of the table."""
    name = ""
    position = 0
    while position < len(part):
        token = part[position]
        if token.is_word("constraint") and position + 1 < len(part):
            position += 1
            name = part[position].text
        elif token.is_word("check", "as") and _opens(part, position + 1):
            end = group_end(part, position + 1)
            text = _between(sql, part, position + 1, end)
            if token.is_word("as"):
                found.generated[part[0].text.lower()] = text
            else:
                found.checks[name or text] = CheckShape(name or text, text)
            name, position = "", end
        elif _opens(part, position):
            position = group_end(part, position)
        position += 1


def _opening(items: Sequence[Token]) -> int | None:
    """The position of the first ``(``."""
    return next((i for i in range(len(items)) if _opens(items, i)), None)


def _opens(items: Sequence[Token], position: int) -> bool:
    return position < len(items) and items[position].is_opening


def _between(sql: str, items: Sequence[Token], opening: int, closing: int) -> str:
    """The text inside of two parentheses."""
    end = items[closing].start if closing < len(items) else len(sql)
    return sql[items[opening].end : end].strip()


def _index(name: str, sql: str) -> IndexShape:
    plain = _PLAIN_INDEX.fullmatch(sql)
    if plain is not None:  # as drizzle-kit writes it
        return IndexShape(name, tuple(plain[2].strip("`").split("`,`")), plain[1] is not None)
    items = list(tokens(sql))
    unique = len(items) > 1 and items[1].is_word("unique")
    opening = _opening(items)
    if opening is None:
        return IndexShape(name, (), unique)
    closing = group_end(items, opening)
    columns = tuple(_listed(sql, parts(items, opening + 1, closing)))
    where = None
    if closing + 1 < len(items) and items[closing + 1].is_word("where"):
        where = sql[items[closing + 1].end :].strip()
    return IndexShape(name, columns, unique, where)


def _listed(sql: str, columns: Iterable[Sequence[Token]]) -> Iterator[str]:
    """The columns of an index by name; what is more than a name as it stands."""
    for column in columns:
        if not column:
            continue
        name = column[0].name
        if len(column) == 1 and name is not None:
            yield name
        else:
            yield sql[column[0].start : column[-1].end]
