"""Whether a file speaks of drizzle-kit, told by its bytes."""

from __future__ import annotations

from plexus_rules.drizzle.typescript import SUFFIXES

#: The name of the tool. A file without it runs no drizzle-kit.
TOOL = "drizzle-kit"

_TOOL = TOOL.encode()
#: A file that speaks of it in more comments is read, whatever they say.
_MOST_COMMENTS = 100


def mentions_tool(path: str, data: bytes) -> bool:
    """Whether a file speaks of drizzle-kit; a source file elsewhere than in comments of its own."""
    if not path.endswith(SUFFIXES):
        return _TOOL in data
    at = -1
    for _ in range(_MOST_COMMENTS):
        at = data.find(_TOOL, at + 1)
        if at < 0 or not _is_in_comment(data, at):
            break
    return at >= 0


def _is_in_comment(data: bytes, at: int) -> bool:
    """Whether a comment that is the first of its line goes on to an offset."""
    start = data.rfind(b"\n", 0, at) + 1
    if data[start:at].lstrip().startswith(b"//"):
        return True
    opening = data.rfind(b"/*", 0, at)
    if opening < 0 or data.find(b"*/", opening, at) >= 0:
        return False
    return not data[data.rfind(b"\n", 0, opening) + 1 : opening].strip()
