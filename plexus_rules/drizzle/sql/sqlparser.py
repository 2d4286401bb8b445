"""One statement as sqlparser-rs (``sqloxide``) sees it: nested dictionaries and lists."""

from __future__ import annotations

import re
import threading
from typing import Any, TypeAlias

Node: TypeAlias = Any

_DIALECTS = {
    "postgresql": "postgres",
    "gel": "postgres",
    "sqlite": "sqlite",
    "mysql": "mysql",
    "singlestore": "mysql",
}
#: The parser goes as deep as its input is nested. What is shorter cannot exhaust a usual stack.
_SHORT = 2_000
_LONGEST = 32_000
_STACK = 256 * 1024 * 1024
_ERROR = re.compile(r"sql parser error: (.*?)(?: at Line: \d+, Column: \d+)?\Z", re.DOTALL)


class NotParsed(Exception):
    """The parser does not take a statement. The text says why."""


def syntax_tree(text: str, dialect: str) -> tuple[str, Node]:
    """The kind of a statement as the parser names it, and what it says.

    Raises:
        NotParsed: it is no statement that the parser knows, or it is too long for it.
    """
    if len(text) > _LONGEST:
        raise NotParsed(f"it is longer than {_LONGEST:,} characters")
    name = _DIALECTS.get(dialect, "generic")
    trees = _parsed(text, name) if len(text) <= _SHORT else _parsed_with_room(text, name)
    if len(trees) != 1:
        raise NotParsed("it is not one statement")
    tree = trees[0]
    if isinstance(tree, str):
        return tree, {}
    ((kind, inside),) = tree.items()
    return kind, inside


def _parsed(text: str, dialect: str) -> list[Node]:
    from sqloxide import parse_sql  # type: ignore[import-untyped]

    try:
        trees: list[Node] = parse_sql(sql=text, dialect=dialect)
    except ValueError as error:
        found = _ERROR.search(str(error))
        raise NotParsed(found[1].strip() if found else str(error).strip()) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # it is no Exception
            raise NotParsed("the parser broke down") from None
        raise
    return trees


def _parsed_with_room(text: str, dialect: str) -> list[Node]:
    """Parses on a stack that the longest statement cannot exhaust: that would end the process."""
    result: list[list[Node] | BaseException] = []

    def run() -> None:
        try:
            result.append(_parsed(text, dialect))
        except BaseException as error:
            result.append(error)

    before = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if isinstance(result[0], BaseException):
        raise result[0]
    return result[0]
