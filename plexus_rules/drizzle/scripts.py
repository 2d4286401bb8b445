"""The drizzle-kit commands that scripts, workflows, hooks and container files run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plexus_rules.drizzle.json_text import Malformed, locate, parse_json
from plexus_rules.drizzle.typescript import SUFFIXES, parse, string_value, walk
from plexus_rules.finding import Range
from plexus_rules.trees import Tree, TreeError

_YAML = (".yml", ".yaml")
_SHELL = (".sh", ".bash", ".zsh", ".fish", ".ps1", ".cmd", ".bat")
_SHELL_NAMES = re.compile(
    r"(?:.*\.)?(?:Dockerfile|Containerfile)(?:\..*)?|[Mm]akefile|GNUmakefile|[Jj]ustfile|Procfile"
    r"|.*\.mk|pre-commit|pre-push|post-merge"
)
_TOML = (".toml",)

#: Words before drizzle-kit that mean it is talked about, not run.
_TALK = frozenset({"echo", "printf", "grep", "rg", "sed", "awk", "git", "cat", "test", "[", "[["})
#: Calls of TypeScript whose argument is a command line.
_RUNNERS = frozenset(
    {"exec", "execSync", "execa", "execaCommand", "spawn", "spawnSync", "execFileSync"}
)
#: Keys of YAML files whose text is for people.
_PROSE_KEYS = frozenset({"name", "description", "if", "uses", "title", "message"})
_DOCKER = re.compile(r"^\s*(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK(?: --\S+)* CMD)\s+(?:--\S+\s+)*", re.I)
_Reader = Callable[[str, bytes], Iterator[tuple[Range, str]]]
_TOOL = re.compile(r"(?:.*/)?drizzle-kit(?:@[\w.^~-]+)?(?:/bin\.c?js)?(?:-real)?")


@dataclass(frozen=True, slots=True)
class Command:
    """One call of drizzle-kit.

    ``action`` is ``generate``, ``push``, …; ``config`` is the file that ``--config``
    names, None for the default; ``script`` the name of the package.json script.
    """

    path: str
    range: Range
    action: str
    config: str | None
    script: str | None
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """One script of a package.json."""

    path: str
    name: str
    text: str
    range: Range


def find_scripts(tree: Tree) -> tuple[Script, ...]:
    """Every script of every package.json among the sources."""
    scripts: list[Script] = []
    for path in tree.sources:
        if path == "package.json" or path.endswith("/package.json"):
            scripts += _package_scripts(tree, path)
    return tuple(scripts)


def _package_scripts(tree: Tree, path: str) -> Iterator[Script]:
    try:
        data = tree.read(path)
    except TreeError:
        return
    value = parse_json(path, data)
    if isinstance(value, Malformed) or not isinstance(value, dict):
        return
    scripts = value.get("scripts")
    for name, text in scripts.items() if isinstance(scripts, dict) else ():
        if isinstance(text, str):
            place = locate(data, ("scripts", name)) if "drizzle" in text else Range()
            yield Script(path, name, text, place)


def find_commands(tree: Tree) -> tuple[Command, ...]:
    """Every call of drizzle-kit that a program would make, in order of place."""
    commands: list[Command] = []
    for script in find_scripts(tree):
        for words in simple_commands(script.text):
            commands += _command(script.path, script.range, words, script.name)
    for path in tree.sources:
        kind = _kind(path)
        if kind is None:
            continue
        try:
            data = tree.read(path)
        except TreeError:
            continue
        if b"drizzle-kit" in data:
            for place, text in kind(path, data):
                for words in simple_commands(text):
                    commands += _command(path, place, words, None)
    return tuple(dict.fromkeys(commands))


def _kind(path: str) -> _Reader | None:
    name = path.rpartition("/")[2]
    if name.endswith(_YAML):
        return _yaml_lines
    if name.endswith(_SHELL) or _SHELL_NAMES.fullmatch(name):
        return _shell_lines
    if name.endswith(_TOML):
        return _toml_lines
    if name.endswith(SUFFIXES) and not name.endswith(".d.ts"):
        return _typescript_lines
    return None


def _command(path: str, place: Range, words: list[str], script: str | None) -> Iterator[Command]:
    for position, word in enumerate(words[:-1]):
        if not _TOOL.fullmatch(word):
            continue
        before, rest = words[:position], words[position + 1 :]
        action = rest[0].partition(":")[0]
        if (before and before[0] in _TALK) or not re.fullmatch(r"[a-z]+", action):
            return
        yield Command(path, place, action, _config(rest), script, tuple(rest))
        return


def _config(words: list[str]) -> str | None:
    for position, word in enumerate(words):
        if word == "--config" and position + 1 < len(words):
            return words[position + 1]
        if word.startswith("--config="):
            return word.removeprefix("--config=")
    return None


def simple_commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command of a shell text; operators part the commands."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        lexer = shlex.shlex(line.strip().lstrip("@-"), posix=True, punctuation_chars="();<>|&")
        lexer.whitespace_split = True
        lexer.commenters = "#"
        try:
            tokens = list(lexer)
        except ValueError:
            tokens = line.split()
        words: list[str] = []
        for token in tokens:
            if token and set(token) <= set("();<>|&"):
                if words:
                    yield words
                words = []
            else:
                words.append(token)
        if words:
            yield words


def _numbered(text: str, first_line: int) -> Iterator[tuple[Range, str]]:
    """Each line with its range; lines that a backslash joins stand at their first."""
    joined, place = "", Range()
    for number, line in enumerate(text.split("\n"), start=first_line):
        if not joined:
            place = Range.of_line(number, line)
        if line.rstrip().endswith("\\"):
            joined += line.rstrip()[:-1] + " "
            continue
        yield place, joined + line
        joined = ""
    if joined:
        yield place, joined


def _shell_lines(path: str, data: bytes) -> Iterator[tuple[Range, str]]:
    for place, line in _numbered(data.decode("utf-8", "replace"), 1):
        text = _DOCKER.sub("", line)
        if text.lstrip().startswith("["):
            text = re.sub(r'[\[\]",]+', " ", text)
        yield place, text


def _toml_lines(path: str, data: bytes) -> Iterator[tuple[Range, str]]:
    for place, line in _numbered(data.decode("utf-8", "replace"), 1):
        key, equals, value = line.partition("=")
        if not equals or '"' in key:
            yield place, line
        elif key.strip() not in _PROSE_KEYS:
            yield place, value.strip().strip("\"'")


def _yaml_lines(path: str, data: bytes) -> Iterator[tuple[Range, str]]:
    import yaml

    text = data.decode("utf-8", "replace")
    source = text.split("\n")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents: list[yaml.Node | None] = list(yaml.compose_all(text, Loader=loader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    pending: list[tuple[yaml.Node, str]] = [(node, "") for node in documents if node is not None]
    seen: set[int] = set()
    while pending:
        node, key = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            pending += [(value, str(name.value)) for name, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            if all(isinstance(child, yaml.ScalarNode) for child in node.value):
                joined = shlex.join(child.value for child in node.value)
                yield Range.of_line(node.start_mark.line + 1, source[node.start_mark.line]), joined
            pending += [(child, key) for child in node.value]
        elif isinstance(node, yaml.ScalarNode) and key not in _PROSE_KEYS:
            line = node.start_mark.line
            if node.style in ("|", ">"):
                block = "\n".join(source[line + 1 : node.end_mark.line])
                yield from _numbered(block, line + 2)
            else:
                yield Range.of_line(line + 1, source[line]), node.value


def _typescript_lines(path: str, data: bytes) -> Iterator[tuple[Range, str]]:
    source = parse(path, data)
    for node in walk(source.root):
        if node.type != "call_expression":
            continue
        callee, arguments = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        )
        if callee is None or arguments is None:
            continue
        name = source.text(callee).rpartition(".")[2].rpartition("\n")[2]
        if arguments.type == "template_string" and source.text(callee).startswith(("$", "Bun.$")):
            text = re.sub(r"\$\{[^}]*\}", "VALUE", source.text(arguments)[1:-1])
            yield source.range(arguments), text
        elif name in _RUNNERS:
            words = [
                string_value(source, part)
                for part in walk(arguments)
                if part.type in ("string", "template_string")
            ]
            known = [word for word in words if word is not None]
            yield source.range(arguments), known[0] if len(known) == 1 else shlex.join(known)


def script_runs(text: str) -> Iterator[str]:
    """The names of scripts and the paths of files that a script's text starts."""
    for words in simple_commands(text):
        plain = [word for word in words if not word.startswith("-") and "=" not in word]
        if len(plain) > 1 and plain[0] in ("bun", "npm", "pnpm", "yarn", "node", "tsx", "ts-node"):
            yield plain[2] if plain[1] == "run" and len(plain) > 2 else plain[1]
        elif plain:
            yield plain[0]
