"""Shell texts of files that are read line by line: shell, Docker, make, just, Procfile, TOML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plexus_rules.drizzle.scripts.keys import is_command_key
from plexus_rules.drizzle.scripts.passages import Lines, Passage, list_of, slice_of

_SHELL = (".sh", ".bash", ".zsh", ".ksh", ".fish", ".envrc")
_WINDOWS = {".cmd": "^", ".bat": "^", ".ps1": "`"}
_HOOKS = re.compile(
    r"(?:.*/)?\.(?:husky|githooks|lefthook|hooks)/(?:.*/)?[\w-]+"
    r"|(?:.*/)?(?:applypatch-msg|commit-msg|(?:pre|post)-(?:applypatch|checkout|commit|merge"
    r"|push|rebase|rewrite|receive|update)|prepare-commit-msg|update)"
)
_DOCKER = re.compile(r"(?:.*[.-])?(?:dockerfile|containerfile)(?:[.-].*)?", re.IGNORECASE)
_MAKE = re.compile(r"(?:GNU)?[Mm]akefile(?:\..*)?|.*\.mk|\.?[Jj]ustfile|.*\.just")
_INTERPRETER = re.compile(rb"#![^\n]{0,60}\b(?:ba|da|z|k|fi)?sh\b")

_INSTRUCTION = re.compile(
    r"[ \t]*(?:ONBUILD[ \t]+)?(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK[ \t]+(?:--\S+[ \t]+)*CMD)[ \t]+"
    r"(?:--\S+[ \t]+)*",
    re.IGNORECASE,
)
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*+)"')
_HERE = re.compile(r"<<-?[\"']?(\w+)[\"']?[ \t\r]*$")
_MOST_UNCLOSED = 20
_RECIPE = re.compile(r"[ \t]+[@+-]*[ \t]*")
_PROCESS = re.compile(r"[\w-]+:[ \t]*")
_TOML = re.compile(
    r"#[^\n]*+"
    r"|\"\"\"(?P<basic>(?:[^\"\\]|\\.|\"(?!\"\"))*+)\"\"\""
    r"|'''(?P<raw>(?:[^']|'(?!''))*+)'''"
    r"|\"(?P<one>(?:[^\"\\\n]|\\.)*+)\""
    r"|'(?P<raw_one>[^'\n]*+)'"
    r"|(?P<header>^[ \t]*+\[[^\n]*+)"
    r"|(?P<key>[\w.-]++)(?=[ \t]*+=)"
    r"|(?P<mark>[\[\]])"
    r"|\s++|[^\s\"'#\[\]\w.-]++|[\w.-]++|.",
    re.DOTALL | re.MULTILINE,
)

LineReader = Callable[[Lines], Iterator[Passage]]


def reader_of(path: str) -> LineReader | None:
    """How to read a file, as far as its name tells."""
    name = path.rpartition("/")[2]
    ending = name[name.rfind(".") :]
    if ending in _WINDOWS:
        return lambda lines: _windows(lines, _WINDOWS[ending])
    if name.endswith(_SHELL) or _HOOKS.fullmatch(path):
        return _shell
    if _DOCKER.fullmatch(name):
        return _docker
    if _MAKE.fullmatch(name):
        return _recipes
    if name == "Procfile":
        return _processes
    return _toml if ending in (".toml", ".replit") else None


def reader_of_program(data: bytes) -> LineReader | None:
    """How to read a file without an ending: its first line may name a shell."""
    return _shell if _INTERPRETER.match(data) else None


def _shell(lines: Lines) -> Iterator[Passage]:
    yield slice_of(lines, 0, len(lines.text))


def _windows(lines: Lines, escape: str) -> Iterator[Passage]:
    for start, end in _logical_lines(lines.text, escape):
        if not lines.text[start:end].lstrip("@ \t").lower().startswith(("rem ", "::")):
            passage = slice_of(lines, start, end)
            yield Passage(passage.value, passage.places, lines, escape=escape)


def _logical_lines(text: str, escape: str = "\\", comment: str = "") -> Iterator[tuple[int, int]]:
    """The lines of a text; those that the escape character joins are one.

    Comments are passed over inside of such a line.
    """
    start = at = 0
    while at < len(text):
        found = text.find("\n", at)
        end = len(text) if found < 0 else found
        line = text[at:end].strip()
        is_comment = bool(comment) and line.startswith(comment)
        is_joined = at > start if is_comment else line.endswith(escape)
        at = end + 1
        if not is_joined:
            yield start, end
            start = at
    if start < len(text):
        yield start, len(text)


def _docker(lines: Lines) -> Iterator[Passage]:
    text = lines.text
    skipped = unclosed = 0
    for start, end in _logical_lines(text, comment="#"):
        instruction = _INSTRUCTION.match(text, start, end)
        if instruction is None or start < skipped:
            continue
        begin = instruction.end()
        if text.startswith("[", begin):
            strings = _STRING.finditer(text, begin, end)
            found = [slice_of(lines, *match.span(1)) for match in strings]
            yield from [list_of(found)] if found else []
            continue
        here = _HERE.search(text, begin, end) if unclosed < _MOST_UNCLOSED else None
        if here is not None:
            last = re.compile(rf"^[ \t]*{here[1]}[ \t\r]*$", re.MULTILINE).search(text, end)
            unclosed += last is None
            skipped = end if last is None else last.end()
            if last is not None and not text[begin : here.start()].strip():
                begin, end = end, last.start()
            else:
                end = skipped
        yield slice_of(lines, begin, end)


def _recipes(lines: Lines) -> Iterator[Passage]:
    for start, end in _logical_lines(lines.text):
        recipe = _RECIPE.match(lines.text, start, end)
        if recipe is not None:
            yield slice_of(lines, recipe.end(), end)


def _processes(lines: Lines) -> Iterator[Passage]:
    for start, end in _logical_lines(lines.text):
        process = _PROCESS.match(lines.text, start, end)
        if process is not None:
            yield slice_of(lines, process.end(), end)


def _toml(lines: Lines) -> Iterator[Passage]:
    """The strings of a TOML file that are commands by the names of their keys."""
    table = key = parent = ""
    depth = 0
    items: list[Passage] = []
    for match in _TOML.finditer(lines.text):
        kind = match.lastgroup
        if kind == "header" and not depth:
            table = match.group().strip().strip("[]\r \t").rpartition(".")[2].strip("\"' ")
        elif kind == "key":
            above, _, key = match.group().rpartition(".")
            parent = above.rpartition(".")[2] or table
        elif kind == "mark":
            depth = max(depth + (1 if match.group() == "[" else -1), 0)
            if not depth:
                yield from [list_of(items)] if len(items) > 1 else []
                items = []
        elif kind in ("basic", "raw", "one", "raw_one") and is_command_key(key, parent):
            passage = slice_of(lines, *match.span(kind))
            yield passage
            items += [passage] if depth else []
