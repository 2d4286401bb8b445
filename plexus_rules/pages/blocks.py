"""Generated blocks inside of pages that a person writes.

A block stands between ``<!-- begin: NAME -->`` and ``<!-- end: NAME -->``, each on a line of
its own; what is around it is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLOCK = re.compile(
    r"^(?P<begin><!-- begin: (?P<name>[\w-]+) -->)\n.*?^(?P<end><!-- end: (?P=name) -->)$",
    re.MULTILINE | re.DOTALL,
)


class BlockError(ValueError):
    """A page names a block that does not exist, or does not close one."""


def fill_blocks(page: str, text: str, blocks: Mapping[str, str]) -> str:
    """The text of a page with each of its blocks filled anew.

    Raises:
        BlockError: a block is unknown, or has no end.
    """

    def filled(match: re.Match[str]) -> str:
        if match["name"] not in blocks:
            known = ", ".join(sorted(blocks))
            raise BlockError(f"{page}: no block {match['name']!r}; there are: {known}")
        return f"{match['begin']}\n{blocks[match['name']].rstrip()}\n{match['end']}"

    result, count = _BLOCK.subn(filled, text)
    if count != text.count("<!-- begin: ") or count != text.count("<!-- end: "):
        raise BlockError(f"{page}: a generated block lacks its begin or its end")
    return result
