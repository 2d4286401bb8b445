"""Our block in a file that is otherwise the reader's: found, replaced or appended, in bytes."""

from __future__ import annotations

import re

from msgspec import Struct

BEGIN = "<!-- plexus-rules:begin (generated up to its end; do not edit) -->"
END = "<!-- plexus-rules:end -->"

_MARKER = re.compile(rb"[ \t>]*(<!--[ \t]*plexus-rules:(begin|end)\b[^\r\n]*?-->)[ \t]*")
_FENCE = re.compile(rb" {0,3}(`{3,}|~{3,})([^\r\n]*)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


class BrokenBlock(ValueError):
    """The markers in a file do not enclose one block. The text says the line, and what helps."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


class _Marker(Struct, frozen=True):
    line: int
    start: int
    end: int
    begins: bool


def with_block(data: bytes | None, text: str) -> bytes:
    """A file's bytes with the text as its block; every byte outside of the block is kept.

    Raises:
        BrokenBlock: the file has a marker that is not one of a pair, or more than one
            pair, or is no text that a block can stand in.
    """
    block = f"{BEGIN}\n\n{text.strip()}\n\n{END}".encode()
    if not data:
        return block + b"\n"
    newline = b"\r\n" if re.search(rb"^[^\n]*\r\n", data) else b"\n"
    block = block.replace(b"\n", newline)
    found = find_block(data)
    if found is not None:
        return data[: found[0]] + block + data[found[1] :]
    if data == _BYTE_ORDER_MARK:
        return data + block + newline
    return data + (b"" if data.endswith(b"\n") else newline) + newline + block + newline


def find_block(data: bytes) -> tuple[int, int] | None:
    """Where the block starts and ends in a file; None where it has none.

    Raises:
        BrokenBlock: as for ``with_block``.
    """
    if data.startswith(_OTHER_ENCODINGS) or b"\0" in data:
        raise BrokenBlock(1, "the file is not UTF-8 text; save it as UTF-8, or move it away")
    markers = _markers(data)
    if not markers:
        return None
    first = markers[0]
    if not first.begins:
        raise BrokenBlock(
            first.line, "plexus-rules:end has no plexus-rules:begin above it; delete this line"
        )
    if len(markers) == 1 or markers[1].begins:
        raise BrokenBlock(
            first.line,
            "plexus-rules:begin has no plexus-rules:end below it; put that line where the "
            "generated text ends, or delete this line with all of that text",
        )
    if len(markers) > 2:
        raise BrokenBlock(
            markers[2].line,
            f"a file has one block, and line {first.line} begins one; delete the other with its "
            "markers",
        )
    return first.start, markers[1].end


def _markers(data: bytes) -> list[_Marker]:
    found: list[_Marker] = []
    offset = 0
    fence: bytes | None = None
    fenced: _Marker | None = None
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        shown = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        match = _MARKER.fullmatch(shown.rstrip(b"\r\n"))
        if match is not None:
            start = offset + len(line) - len(shown)
            begins = match[2] == b"begin"
            marker = _Marker(number, start + match.start(1), start + match.end(1), begins)
            found.append(marker)
            if fence is not None and fenced is None:
                fenced = marker
        elif not found or not found[-1].begins:
            # Fences of our own text say nothing about the reader's.
            fence = _fence_after(fence, shown)
            if fence is None and fenced is not None:
                raise BrokenBlock(
                    fenced.line,
                    "the marker stands in a fenced code block; if it is an example, write it "
                    "within a line, else take it out of the fence",
                )
        offset += len(line)
    return found


def _fence_after(fence: bytes | None, line: bytes) -> bytes | None:
    """The fence that is open after a line, where ``fence`` is before it."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if fence is None:
        return match[1]
    closes = match[1].startswith(fence) and not match[2].strip()
    return None if closes else fence
