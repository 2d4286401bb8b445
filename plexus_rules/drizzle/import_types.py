"""Parsing of ``$type<import("./x").Y>()``, which the grammar cannot read."""

from __future__ import annotations

import re

from plexus_rules.drizzle.typescript import SourceFile, parse

_IMPORT_TYPE = re.compile(
    rb"(?<=[<|&:,(\[])(\s{0,50})((?:(?:typeof|keyof|readonly)\s{1,50}+)?+)import\("
    rb"""(\s{0,50}+(?:"[^"\n]{1,500}+"|'[^'\n]{1,500}+')\s{0,50}+)\)((?:\.\w{1,200}+){0,9}+)"""
)


def parse_module(path: str, data: bytes) -> SourceFile:
    """Parses a file, import types among its type arguments included.

    If the file does not parse as it is, those are parsed as the tuple types ``["./x"]``.
    All offsets and texts stay those of the file.
    """
    source = parse(path, data)
    if source.root.has_error:
        plain = _IMPORT_TYPE.sub(_as_tuple, source.data)
        if plain != source.data:
            return SourceFile(path, source.data, parse(path, plain).root)
    return source


def _as_tuple(match: re.Match[bytes]) -> bytes:
    before, typeof, specifier, members = match.groups()
    return b"%s%s      [%s]%s" % (before, b" " * len(typeof), specifier, b" " * len(members))


def stands_in_import(source: SourceFile, offset: int) -> bool:
    """Whether the string at an offset is the argument of an ``import(``."""
    return source.data[max(offset - 60, 0) : offset].rstrip().endswith(b"import(")
