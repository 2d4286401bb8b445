"""Makes what programs say the same in each run: no colours, ids, times or paths of the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_REPLACED = (
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\b20\d{12}(?=\b|_)"), "<time>"),
    (re.compile(r"\b1[789]\d{11}\b"), "<milliseconds>"),
    (re.compile(r"\b\d+(?:\.\d+)? ?ms\b"), "<duration>"),
)
#: Lines that say nothing about the matter: where the program lies, which file it reads, and the
#: wheel that turns while it works.
_NOISE = re.compile(
    r"\s+at .*|Node\.js v[\d.]+|No config path provided, using default .*|Reading config file .*"
    r"|(?:file://)?/\S+:\d+(?::\d+)?|\[[⣷⣯⣟⡿⢿⣻⣽⣾]\].*"
)
SHOWN, _WIDTH = 24, 300


def normal(text: str, paths: Mapping[str, str], most: int | None = SHOWN) -> tuple[str, ...]:
    """The lines of a text, with each path of ``paths`` replaced by the name that it has here.

    At most so many lines, of at most 300 characters; a last line says how many were left out.
    """
    for path in sorted(paths, key=len, reverse=True):
        text = text.replace(path, paths[path])
    text = _CONTROL.sub("", text)
    for pattern, name in _REPLACED:
        text = pattern.sub(name, text)
    lines = [line.rstrip() for line in text.splitlines()]
    lines = [line for line in lines if line and not _NOISE.fullmatch(line)]
    if most is not None and len(lines) > most:
        lines = [*lines[:most], f"… and {len(lines) - most} more lines"]
    return tuple(line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…" for line in lines)
