"""A documented name as plain Markdown: its signature, its docstring, its public members."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from pydoc import locate

_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields):$")
_ITEM = re.compile(r"^ {4}(?P<name>\w+): (?P<text>.*)$")


def api_markdown(name: str) -> str:
    """What the page of the API says of a name, such as ``plexus_rules.Report``.

    Raises:
        LookupError: there is no such name.
    """
    found = locate(name)
    if found is None:
        raise LookupError(f"{name}: the page of the API documents a name that does not exist")
    return "\n".join(_lines(found, name, 3))


def _lines(found: object, name: str, level: int) -> Iterator[str]:
    yield from (f"{'#' * level} {name}", "")
    if signature := _signature(found, name.rpartition(".")[2]):
        yield from ("```python", signature, "```", "")
    yield from _docstring(inspect.getdoc(found) or "")
    yield ""
    if inspect.isclass(found):
        for member, value in vars(found).items():
            if not member.startswith("_") and _is_documented(value):
                yield from _lines(value, member, level + 1)


def _is_documented(value: object) -> bool:
    kinds = (property, cached_property, classmethod, staticmethod)
    return (inspect.isfunction(value) or isinstance(value, kinds)) and bool(inspect.getdoc(value))


def _signature(found: object, name: str) -> str:
    if isinstance(found, property | cached_property):
        return ""
    if isinstance(found, type) and issubclass(found, enum.Enum):
        return "\n".join(f"{name}.{member.name} = {member.value!r}" for member in found)
    if isinstance(found, classmethod | staticmethod):
        found = found.__func__
    if isinstance(found, type) and issubclass(found, Exception):
        return ""
    return f"{name}{inspect.signature(found)}" if callable(found) else ""


def _docstring(text: str) -> Iterator[str]:
    """A docstring in Google's form, its sections as lists."""
    in_section = False
    for line in text.splitlines():
        section, item = _SECTION.match(line), _ITEM.match(line)
        if section:
            in_section = True
            yield from (f"**{section[1]}:**", "")
        elif in_section and item:
            yield f"- `{item['name']}`: {item['text']}".replace("``", "`")
        elif in_section and line.strip():
            yield f"  {line.strip()}".replace("``", "`")
        else:
            yield line.replace("``", "`")
