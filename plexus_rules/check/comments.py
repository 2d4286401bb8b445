"""Waivers in comments: ``-- plexus-rules: waive PLX307 -- the reason``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plexus_rules.catalog.selection import UnknownRule, one_rule
from plexus_rules.check.waivers import MARK
from plexus_rules.rule import Rule

#: More of them in one file are no waivers any more.
MAX_COMMENTS = 1000

_SLASHES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte")
_HASHES = (".yml", ".yaml", ".sh", ".bash", ".toml", ".mk")
_CONTAINERS = ("Dockerfile.", "Containerfile.")
_BREAKPOINT = "-->"


class Comment(Struct, frozen=True):
    """A comment that waives findings of some rules on the lines that it covers.

    Attributes:
        line: where it stands.
        last: the last line that it covers; the first is its own.
        rules: the ids of the rules.
        reason: why, for people.
    """

    line: int
    last: int
    rules: tuple[str, ...]
    reason: str

    def covers(self, line: int, end_line: int) -> bool:
        """Whether one of these lines is covered."""
        return line <= self.last and end_line >= self.line


class BadComment(Struct, frozen=True):
    """A comment that waives nothing, because of how it is written."""

    line: int
    reason: str


def may_have_comments(path: str) -> bool:
    """Whether a file is of a kind in which a finding can be waived by a comment."""
    name = path.rpartition("/")[2]
    is_known = name.endswith((".sql", *_SLASHES, *_HASHES)) or name.startswith(_CONTAINERS)
    return is_known or "." not in name.removeprefix(".")


def comment_opener(path: str) -> str | None:
    """What starts a comment that waives what is found in a file; None where none can."""
    return _openers(path)[0] if may_have_comments(path) else None


def comments(path: str, text: str, rules: Sequence[Rule]) -> Iterator[Comment | BadComment]:
    """The waivers in the comments of a file.

    Behind code, a comment covers its own line. On a line of its own it covers what follows it:
    in SQL the next statement, elsewhere the next line, or the whole of an import.
    """
    openers = _openers(path)
    lines = text.split("\n")
    marked = [number for number, line in enumerate(lines) if MARK in line]
    extent: _Extent | None = None
    for number in marked[:MAX_COMMENTS]:
        found = _body(lines[number], openers)
        if found is None:
            continue
        before, body, after = found
        parsed = _parsed(body, rules)
        if isinstance(parsed, str):
            yield BadComment(number + 1, parsed)
            continue
        extent = extent or _Extent(lines, openers, path.endswith(".sql"))
        last = number if before else extent.last(number, is_code=bool(after))
        yield Comment(number + 1, last + 1, *parsed)
    if len(marked) > MAX_COMMENTS:
        yield BadComment(
            marked[MAX_COMMENTS] + 1, f"no more than {MAX_COMMENTS} are read in a file"
        )


def _openers(path: str) -> tuple[str, ...]:
    """What starts a comment in a file."""
    if path.endswith(".sql"):
        return ("--", "/*")
    if path.endswith(_SLASHES):
        return ("//", "/*")
    return () if path.endswith(".json") else ("#",)


def _body(line: str, openers: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The code before a comment, what it says behind the mark, and the code after it."""
    before, _, body = line.partition(MARK)
    before = before.rstrip()
    if body and not body[0].isspace():
        return None
    is_block = "/*" in openers
    opener = next((o for o in openers if before.endswith(o)), None)
    if opener is None and not (is_block and before.strip() == "*"):
        return None
    before = before.removesuffix(opener or "*")
    after = ""
    if is_block and opener not in ("--", "//"):
        body, _, after = body.partition("*/")
    return before.strip("{ \t"), body, after.strip("} \t\r")


def _parsed(body: str, rules: Sequence[Rule]) -> tuple[tuple[str, ...], str] | str:
    """The ids of the rules, and the reason; or what is wrong."""
    listed, _, reason = body.partition("--")
    named = [name for name in listed.replace(",", " ").split() if name]
    reason = " ".join(reason.split())
    if not named:
        return f"the waiver names no rule; write: {MARK} PLX000 -- why"
    if not reason:
        return f"the waiver gives no reason; write: {MARK} {named[0][:50]} -- why"
    found: list[str] = []
    for name in named:
        try:
            rule = one_rule(rules, name)
        except UnknownRule as error:
            return f"the waiver cannot be used: {error}"
        if rule.check is None:
            return f"the waiver cannot be used: {rule.id} is advice, which no check reports"
        found.append(rule.id)
    return tuple(dict.fromkeys(found)), reason


class _Extent:
    """How far what follows a line reaches. Each line is looked at once, whoever asks."""

    def __init__(self, lines: list[str], openers: tuple[str, ...], is_sql: bool) -> None:
        self._lines = lines
        self._is_sql = is_sql
        is_comment = _comment_lines(lines, openers)
        size = len(lines)
        self._code = [size] * (size + 1)
        self._end = [size - 1] * (size + 1)
        for number in range(size - 1, -1, -1):
            self._code[number] = self._code[number + 1] if is_comment[number] else number
            ends = not is_comment[number] and self._ends(lines[number])
            self._end[number] = number if ends else self._end[number + 1]

    def last(self, number: int, *, is_code: bool) -> int:
        """The last line of what follows a comment in a line, from 0."""
        code = number if is_code else self._code[number]
        if code == len(self._lines):
            return number
        if self._is_sql or _is_open_import(self._lines[code]):
            return self._end[code]
        return code

    def _ends(self, line: str) -> bool:
        if not self._is_sql:
            return "}" in line
        is_end = line.rstrip().endswith(";") or line.partition("--")[0].rstrip().endswith(";")
        return is_end or _BREAKPOINT in line


def _comment_lines(lines: list[str], openers: tuple[str, ...]) -> list[bool]:
    """For each line whether it is blank, or nothing but a comment."""
    found: list[bool] = []
    in_block = False
    for line in lines:
        text = line.strip()
        if in_block:
            in_block = "*/" not in text
            found.append(True)
            continue
        is_breakpoint = text.startswith(_BREAKPOINT)
        found.append(not text or (text.startswith(openers) and not is_breakpoint))
        in_block = "/*" in openers and text.startswith("/*") and "*/" not in text
    return found


def _is_open_import(line: str) -> bool:
    starts = line.lstrip().startswith(("import ", "export {", "export type {"))
    return starts and "{" in line and "}" not in line
