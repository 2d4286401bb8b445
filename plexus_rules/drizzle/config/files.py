"""Which files of a tree may be drizzle configs, and from where they are run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from plexus_rules.drizzle.package_scripts import find_scripts
from plexus_rules.drizzle.typescript import SUFFIXES
from plexus_rules.trees import Tree, TreeError, normal_path

_DEFAULT_NAME = re.compile(r"drizzle\.config\.(?:json|[mc]?[jt]s)")
_READABLE = (*(suffix for suffix in SUFFIXES if not suffix.endswith("x")), ".json")
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_KIT = rb"""['"]drizzle-kit['"]"""
_IMPORT = re.compile(rb"\b(?:from|require\s*\(|import\s*\(?)\s*" + _KIT)
_IMPORT_OF_CONFIG = re.compile(
    rb"""\b(?:defineConfig|Config)\b[^;'"]*\}\s*(?:from|=\s*require\s*\()\s*"""
    + _KIT
    + rb"|\bimport\s*\(\s*"
    + _KIT
    + rb"\s*\)\s*\.\s*Config\b"
)


class Candidate(Struct, frozen=True):
    """A file that may be a drizzle config.

    Attributes:
        path: the file.
        expected: drizzle-kit looks for this name, or a script names it: it has to be a config.
        run_in: the directories from which scripts run drizzle-kit with it.
    """

    path: str
    expected: bool
    run_in: tuple[str, ...] = ()


def candidates(tree: Tree) -> Iterator[Candidate]:
    """The files that may be drizzle configs, in order of their paths."""
    named = named_by_scripts(tree)
    likely = tree.scan(_has_name_of_config, _may_be_config, "configs by name")
    for path in sorted({*named, *likely}):
        name = posixpath.basename(path)
        expected = path in named or _DEFAULT_NAME.fullmatch(name) is not None
        yield Candidate(path, expected, tuple(named.get(path, ())))


def imports_config(data: bytes) -> bool:
    """Whether a file imports what drizzle-kit has for configs."""
    return _IMPORT_OF_CONFIG.search(data) is not None


def _has_name_of_config(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return "config" in name and _is_readable(name)


def _may_be_config(tree: Tree, path: str) -> bool:
    name = posixpath.basename(path).lower()
    if "drizzle" in name:
        return True
    if name.endswith(".json"):
        return False
    try:
        data = tree.read(path)
    except TreeError:
        return False
    return b"drizzle-kit" in data and _IMPORT.search(data) is not None


def _is_readable(name: str) -> bool:
    return name.endswith(_READABLE) and not name.endswith(_DECLARATIONS)


def named_by_scripts(tree: Tree) -> dict[str, list[str]]:
    """The files that package.json scripts give to drizzle-kit, and where they run it."""
    named: dict[str, list[str]] = {}
    for script in find_scripts(tree):
        if "drizzle-kit" not in script.text or "--config" not in script.text:
            continue
        from plexus_rules.drizzle.scripts.shell import plain_commands  # seldom wanted

        directory: str | None = posixpath.dirname(script.path)
        for words in plain_commands(script.text):
            if words[0] == "cd" and len(words) > 1 and directory is not None:
                directory = normal_path(posixpath.join(directory, words[1]))
            elif directory is not None and any("drizzle-kit" in word for word in words):
                for option in _config_options(words):
                    path = normal_path(posixpath.join(directory, option))
                    if path and tree.is_file(path) and _is_readable(path):
                        named.setdefault(path, []).append(directory)
    return named


def _config_options(words: list[str]) -> Iterator[str]:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--config":
            yield following
        elif word.startswith("--config="):
            yield word.removeprefix("--config=")
