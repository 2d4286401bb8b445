"""When two expressions of SQL mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from plexus_rules.drizzle.shapes.types import normal_type

_TOKEN = (
    r"(?P<space>\s+|--[^\n]*|/\*.*?\*/)"
    r"|(?P<string>[a-z]?'[^']*+(?:''[^']*+)*+'?)"
    r'|(?P<name>"[^"]*+(?:""[^"]*+)*+"?%s)'
    r"|(?P<word>[^\W\d][\w$]*)|(?P<number>\d[\w.]*)"
    r"|(?P<sign>::|<>|!=|==|<=|>=|\|\||->>|->|.)"
)
_FLAGS = re.IGNORECASE | re.DOTALL
#: Compiled where they are first used: most expressions are written alike.
_TOKENS = {
    "postgresql": _TOKEN % "",
    "sqlite": _TOKEN % r"|`[^`]*`?|\[[^\]]*\]?",
}
_PLAIN_NAME = re.compile(r"[^\W\d][\w$]*")
_SAME_SIGNS = {"!=": "<>", "==": "="}
_SQLITE_BOOLEANS = {"true": "1", "false": "0"}
#: What PostgreSQL calls the time at which a transaction began, besides ``now()``.
_NOW = "current_timestamp"
#: Words that follow the first word of a type.
_MORE_OF_TYPE = {
    "double": ("precision",),
    "character": ("varying",),
    "bit": ("varying",),
}
_ZONES = (("with", "time", "zone"), ("without", "time", "zone"))
#: Longer expressions are only compared word by word, and shorter ones than that not parsed.
_LONGEST, _LONGEST_PARSED = 20_000, 2_000


def same_meaning(dialect: str, one: str, other: str) -> bool:
    """Whether two expressions mean the same, as far as their form shows it."""
    if max(len(one), len(other)) > _LONGEST:
        return one.split() == other.split()
    mine, theirs = normal_expression(dialect, one), normal_expression(dialect, other)
    if mine == theirs:
        return True
    if "(" not in mine + theirs or max(len(mine), len(theirs)) > _LONGEST_PARSED:
        return False
    from plexus_rules.drizzle.sql.sqlparser import NotParsed

    try:
        return bool(_tree(dialect, mine) == _tree(dialect, theirs))
    except (NotParsed, RecursionError):
        return False


@lru_cache(maxsize=4096)
def normal_expression(dialect: str, text: str) -> str:
    """An expression in one spelling: its tokens, joined by spaces."""
    tokens = list(_without_tables(list(_spelled(dialect, text))))
    if dialect == "postgresql":
        tokens = list(_without_needless_casts(_without_outer_brackets(tokens)))
    return " ".join(_without_outer_brackets(tokens))


def _spelled(dialect: str, text: str) -> Iterator[str]:
    """The tokens in one spelling each: words in lower case, names without needless quotes."""
    in_any_case = dialect != "postgresql"
    for found in re.finditer(_TOKENS.get(dialect, _TOKENS["sqlite"]), text, _FLAGS):
        kind, token = found.lastgroup, found.group()
        if kind == "string":
            quote = token.index("'")
            yield token[:quote].lower() + token[quote:]
        elif kind == "name":
            name = token[1:-1].replace('""', '"')
            name = name.lower() if in_any_case else name
            plain = name == name.lower() and _PLAIN_NAME.fullmatch(name)
            yield name if plain else f'"{name}"'
        elif kind == "word":
            word = token.lower()
            if dialect == "sqlite":
                yield _SQLITE_BOOLEANS.get(word, word)
            elif word == _NOW:
                yield from ("now", "(", ")")
            else:
                yield word
        elif kind != "space":
            yield _SAME_SIGNS.get(token, token.lower())


def _without_tables(tokens: Sequence[str]) -> Iterator[str]:
    """``table . column`` as ``column``."""
    skip = 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif tokens[place + 1 : place + 2] == ["."] and _is_name(token):
            skip = 1
        else:
            yield token


def _is_name(token: str) -> bool:
    return token[0] == '"' or _PLAIN_NAME.fullmatch(token) is not None


def _without_outer_brackets(tokens: Sequence[str]) -> Sequence[str]:
    """The tokens without the pairs of brackets around all of them."""
    closings: dict[int, int] = {}
    open_at: list[int] = []
    for place, token in enumerate(tokens):
        if token == "(":
            open_at.append(place)
        elif token == ")" and open_at:
            closings[open_at.pop()] = place
    start, end = 0, len(tokens)
    while end - start > 2 and closings.get(start) == end - 1:
        start, end = start + 1, end - 1
    return tokens[start:end]


def _without_needless_casts(tokens: Sequence[str]) -> Iterator[str]:
    """No casts of literals; the types of the others in one spelling."""
    place, before = 0, ""
    while place < len(tokens):
        token = tokens[place]
        if token != "::":
            yield token
            place, before = place + 1, token
            continue
        end = _end_of_type(tokens, place + 1)
        if not before or not (before[0].isdigit() or "'" in before):
            yield "::"
            yield normal_type("postgresql", " ".join(tokens[place + 1 : end]))
        place = end  # what stands before a dropped cast is still the literal


def _end_of_type(tokens: Sequence[str], start: int) -> int:
    end = start + 1
    if tokens[end : end + 1] == ["."]:
        end += 2
    first = tokens[start] if start < len(tokens) else ""
    if tuple(tokens[end : end + 1]) == _MORE_OF_TYPE.get(first):
        end += 1
    if tokens[end : end + 1] == ["("]:
        while end < len(tokens) and tokens[end] != ")":
            end += 1
        end += 1
    if first in ("time", "timestamp") and tuple(tokens[end : end + 3]) in _ZONES:
        end += 3
    while tokens[end : end + 1] == ["["]:
        end += 2 if tokens[end + 1 : end + 2] == ["]"] else 3
    return min(end, len(tokens))


def _tree(dialect: str, expression: str) -> Any:
    """The syntax tree of an expression, without places and brackets.

    Raises:
        NotParsed: it is none that the parser knows.
        RecursionError: it is nested too deeply.
    """
    from plexus_rules.drizzle.sql.sqlparser import syntax_tree

    return _bare(syntax_tree(f"SELECT {expression}", dialect)[1]["body"])


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        if len(node) == 1 and "Nested" in node:
            return _bare(node["Nested"])
        return {key: _bare(value) for key, value in node.items() if not key.endswith(_PLACES)}
    return [_bare(each) for each in node] if isinstance(node, (list, tuple)) else node


_PLACES = ("span", "_token")
