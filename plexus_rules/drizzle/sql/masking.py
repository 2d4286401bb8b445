"""SQL with everything masked that is quoted or a comment, each character in its place."""

from __future__ import annotations

import re

_LINE_COMMENT = r"--|"
_DOLLAR = r"(?<![\w$])\$(?:[^\W\d]\w*)?\$|"
#: What begins a comment or a quoted text, for each dialect.
_OPENINGS = {
    "postgresql": re.compile(_LINE_COMMENT + _DOLLAR + r"/\*|\b[eE]'|['\"]"),
    "sqlite": re.compile(_LINE_COMMENT + r"/\*|['\"`\[]"),
}
#: MySQL and what is like it.
_OTHER_OPENINGS = re.compile(r"--(?=\s|\Z)|#|/\*|['\"`]")
_BLOCK_COMMENT = re.compile(r"/\*|\*/")
_ESCAPED_ENDS = {quote: re.compile(rf"(?:[^\\{quote}]|\\.)*+", re.DOTALL) for quote in "'\""}
#: No word and no white space: masked text neither joins words nor parts them.
_QUOTED = '"'


def masked(text: str, dialect: str) -> str:
    """The text, of the same length: comments are spaces, what is quoted is ``"`` throughout.

    A quote or comment that is never closed reaches to the end. A doubled quote is two
    quoted texts side by side, which is as good here.
    """
    openings = _OPENINGS.get(dialect, _OTHER_OPENINGS)
    pieces: list[str] = []
    position = 0
    while found := openings.search(text, position):
        start = found.start()
        end, filler = _closing(text, found, dialect)
        pieces += text[position:start], filler * (end - start)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _closing(text: str, opening: re.Match[str], dialect: str) -> tuple[int, str]:
    """Where it ends that starts here, and what masks it."""
    kind, inside = opening.group(), opening.end()
    if kind in ("--", "#"):
        return _after(text, "\n", inside), " "
    if kind == "/*":
        nested = dialect == "postgresql"
        return (_after_nested(text, inside) if nested else _after(text, "*/", inside)), " "
    if kind[0] == "$":
        return _after(text, kind, inside), _QUOTED
    if kind[0] in "eE" or (kind in _ESCAPED_ENDS and dialect not in _OPENINGS):
        end = _ESCAPED_ENDS[kind[-1]].match(text, inside)
        assert end is not None
        return min(end.end() + 1, len(text)), _QUOTED
    return _after(text, "]" if kind == "[" else kind, inside), _QUOTED


def _after(text: str, closing: str, start: int) -> int:
    found = text.find(closing, start)
    return len(text) if found < 0 else found + len(closing)


def _after_nested(text: str, start: int) -> int:
    depth = 1
    for found in _BLOCK_COMMENT.finditer(text, start):
        depth += 1 if found.group() == "/*" else -1
        if depth == 0:
            return found.end()
    return len(text)
