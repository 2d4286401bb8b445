"""What a guide names, held against the checkout that it is written for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import pairwise

from plexus_rules.drizzle.modules import is_code
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.scripts.shell import plain_commands
from plexus_rules.trees import TreeError, join, normal_path

_SPAN = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^[ \t]*```[^\n]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"PLX(?:\d{3}|nnn)[~*]?")
_SETTING = re.compile(r"([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=.*)?|([A-Z][A-Z0-9]*)=.*")
_SYMBOL = re.compile(r"(\$?[A-Za-z_]\w*)(?:\(\))?")
_MADE_UP = re.compile(r"[A-Z]\w*[a-z]\w*|[a-z]\w*[A-Z]\w*|\$\w+|\w+_\w+")
_PATH = re.compile(r"[\w.@~+()\[\]*<>…{},-]*/[\w.@~+()\[\]*<>…{},/-]*|[\w.*-]+\.[a-z]{1,5}")
_OPEN = re.compile(r"[*<{…]|XXXX|NNNN")
#: What drizzle-kit writes, wherever that is.
_OF_DRIZZLE_KIT = re.compile(r"(?:meta/)?(?:_journal|[\dN*]+_snapshot)\.json|meta/|\*?\.sql")
#: What Drizzle's packages and their files call things.
_OF_DRIZZLE = frozenset(
    {
        *("InferSelectModel", "InferInsertModel", "$inferSelect", "$inferInsert"),
        *("drizzle", "sqliteTable", "pgTable", "mysqlTable", "pgEnum", "defineConfig"),
        *("prevId", "_journal", "__drizzle_migrations", "foreign_keys", "created_at"),
    }
)
_TOOLS = frozenset({"bunx", "npx", "pnpm", "yarn", "bun", "npm"})
_CODE_RUNNERS = frozenset({"node", "tsx", "ts-node", "bash", "sh"})


def missing_names(
    text: str, repository: Repository, here: str = "", planned: Collection[str] = ()
) -> list[str]:
    """The paths, commands, settings and symbols of a guide that the checkout does not have.

    A path counts from the root, from the guide's directory ``here``, from a package, or from
    a migrations folder. ``planned`` are files that will stand beside the guide.
    """
    checkout = _Checkout(repository, here, planned)
    missing: list[str] = []
    for fenced in _FENCE.finditer(text):
        missing += checkout.missing_in_script(fenced[1], "")
    for span in _SPAN.findall(_FENCE.sub("", text)):
        if not checkout.has(span):
            missing.append(span)
    return list(dict.fromkeys(missing))


class _Checkout:
    def __init__(self, repository: Repository, here: str, planned: Collection[str]) -> None:
        self._tree = repository.tree
        self._repository = repository
        self._planned = frozenset(planned)
        self._packages = repository.packages
        databases = repository.databases
        self._outs = frozenset(database.out for database in databases if database.out)
        packages = {self._packages.above(d.config.rpartition("/")[0]): None for d in databases}
        self._bases = tuple(dict.fromkeys(("", here, *packages, *sorted(self._outs))))

    def has(self, span: str) -> bool:
        """Whether the checkout has what stands between backticks."""
        if span.startswith("plexus-rules ") or _RULE.fullmatch(span):
            return True
        words = span.split()
        if len(words) > 1 and (
            words[0] in (*_TOOLS, *_CODE_RUNNERS, "cd") or "drizzle-kit" in words
        ):
            return any(not self.missing_in_script(span, base) for base in self._bases)
        setting = _SETTING.fullmatch(span)
        if setting is not None:
            return self._in_code(setting[1] or setting[2])
        if _OF_DRIZZLE_KIT.fullmatch(span) or self._of_package(span):
            return True
        if _PATH.fullmatch(span):
            return any(self._has_path(join(base, span)) for base in self._bases)
        symbol = _SYMBOL.fullmatch(span)
        if symbol is not None and (span.endswith("()") or _MADE_UP.fullmatch(symbol[1])):
            return symbol[1] in _OF_DRIZZLE or self._in_code(symbol[1])
        return True

    def _has_path(self, path: str) -> bool:
        must_be_directory = path.endswith("/")
        clean = normal_path(path.rstrip("/"))
        if clean is None:
            return False
        if clean in self._planned or clean in self._outs:
            return True
        opening = _OPEN.search(clean)
        if opening is not None:
            return self._tree.is_directory(clean[: opening.start()].rpartition("/")[0])
        return self._tree.is_directory(clean) or (
            not must_be_directory and self._tree.is_file(clean)
        )

    def _of_package(self, span: str) -> bool:
        """Whether a span names a package that the checkout depends on, or a part of one."""
        parts = span.split("/")
        name = "/".join(parts[:2]) if span.startswith("@") else parts[0]
        return name in self._dependencies

    @cached_property
    def _dependencies(self) -> frozenset[str]:
        found = {"drizzle-orm", "drizzle-kit"}
        for directory in self._packages.directories:
            for kind in ("dependencies", "devDependencies", "peerDependencies"):
                listed = self._packages.described(directory).get(kind)
                found.update(listed if isinstance(listed, dict) else ())
        return frozenset(found)

    def missing_in_script(self, script: str, directory: str) -> list[str]:
        """What a script names that is not there, run from a directory."""
        missing: list[str] = []
        for line in script.splitlines():
            start = directory
            for words in plain_commands(line):
                if words[0] == "cd" and len(words) > 1:
                    target = normal_path(join(directory, words[1]))
                    if target is None or not self._tree.is_directory(target):
                        missing.append(f"cd {words[1]}")
                    else:
                        directory = target
                else:
                    missing += self._missing_in_command(words, directory)
            if line.lstrip().startswith("("):
                directory = start
        return missing

    def _missing_in_command(self, words: list[str], directory: str) -> Iterator[str]:
        while words and re.fullmatch(r"\w+=.*", words[0]):
            if not self._in_code(words[0].partition("=")[0]):
                yield words[0]
            words = words[1:]
        for option, value in pairwise(words):
            if option == "--config" and not self._tree.is_file(join(directory, value)):
                yield " ".join(words)
                return
        if "drizzle-kit" in words:
            by_tool = words[0] in _TOOLS and "--config" not in words
            names = (join(directory, f"drizzle.config.{e}") for e in ("ts", "js", "json"))
            if by_tool and not any(map(self._tree.is_file, names)):
                yield " ".join(words)
        elif len(words) > 1 and words[0] in (*_TOOLS, *_CODE_RUNNERS):
            name = words[2] if words[1] == "run" and len(words) > 2 else words[1]
            scripts = self._packages.scripts(self._packages.above(directory))
            if name not in scripts and not self._tree.is_file(join(directory, name)):
                yield " ".join(words)

    def _in_code(self, word: str) -> bool:
        """Whether a word stands in any source file of the checkout."""
        if word not in self._words:
            self._words[word] = False
            pattern = re.compile(rb"(?<![\w$])" + re.escape(word.encode()) + rb"(?!\w)")
            for path in self._tree.sources:
                if is_code(path) and pattern.search(self._source(path)):
                    self._words[word] = True
                    break
        return self._words[word]

    @cached_property
    def _words(self) -> dict[str, bool]:
        return {}

    def _source(self, path: str) -> bytes:
        try:
            return self._tree.read(path)
        except TreeError:
            return b""
