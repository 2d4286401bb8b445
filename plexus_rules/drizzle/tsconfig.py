"""The ``paths`` and ``baseUrl`` of a tsconfig or jsconfig, with what it extends."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from plexus_rules.trees import join

Json = dict[str, Any]

_NAMES = ("tsconfig.json", "jsconfig.json")
_MOST_CONFIGS = 50
# A string without an end is matched, too: tried again from every quote, it would cost a square.
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*+"?)|//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z)', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*+[\]}])', re.DOTALL)


def parse_jsonc(text: str) -> Any:
    """The value of JSON that may hold comments and trailing commas.

    Raises:
        ValueError: it is not that.
    """
    plain = _COMMENT.sub(lambda m: m[1] or " ", text)
    try:
        return json.loads(_TRAILING_COMMA.sub(lambda m: m[1] or "", plain))
    except RecursionError:
        raise ValueError("is nested too deeply to be read") from None
    except ValueError as error:
        raise ValueError(f"is not JSON: {error}") from None


def parents(directory: str) -> Iterator[str]:
    """A directory and every one above it, the root last."""
    while directory:
        yield directory
        directory = posixpath.dirname(directory)
    yield ""


def substitute(pattern: str, text: str) -> str | None:
    """What the ``*`` of a pattern stands for in a text (``""`` without one); None: no match."""
    prefix, star, suffix = pattern.partition("*")
    if not star:
        return "" if pattern == text else None
    fits = len(text) >= len(prefix) + len(suffix)
    if fits and text.startswith(prefix) and text.endswith(suffix):
        return text[len(prefix) : len(text) - len(suffix)]
    return None


def best_pattern(patterns: Iterator[str], text: str) -> tuple[str, str] | None:
    """The pattern that fits best, an exact one or the longest prefix, and what ``*`` is."""
    best: tuple[str, str] | None = None
    for pattern in patterns:
        star = substitute(pattern, text)
        if star is None:
            continue
        if "*" not in pattern:
            return pattern, star
        if best is None or pattern.index("*") > best[0].index("*"):
            best = pattern, star
    return best


class CompilerOptions(Struct, frozen=True):
    """What a tsconfig says about where modules are. Paths are relative to the tree's root."""

    base_url: str | None
    paths: dict[str, tuple[str, ...]]

    def candidates(self, specifier: str) -> Iterator[str]:
        """The paths to try for a specifier, best first."""
        best = best_pattern(iter(self.paths), specifier)
        if best is not None:
            for target in self.paths[best[0]]:
                yield target.replace("*", best[1], 1)
        if self.base_url is not None:
            yield join(self.base_url, specifier)


class TsConfigs:
    """The tsconfig and jsconfig files of a tree.

    Args:
        read: the JSON object of a file; an empty one where there is none.
        is_file: whether the tree has a file.
        of_package: the file that a package of the tree gives under a specifier.
    """

    def __init__(
        self,
        read: Callable[[str], Json],
        is_file: Callable[[str], bool],
        of_package: Callable[[str], str | None],
    ) -> None:
        self._read = read
        self._is_file = is_file
        self._of_package = of_package
        self._known: dict[str, tuple[CompilerOptions, ...]] = {}

    def governing(self, directory: str) -> tuple[CompilerOptions, ...]:
        """The options that hold for a directory's files: those of the nearest config.

        A config that only has ``references`` leaves the choice to those.
        """
        if directory not in self._known:
            self._known[directory] = self._nearest(directory)
        return self._known[directory]

    def _nearest(self, directory: str) -> tuple[CompilerOptions, ...]:
        for name in _NAMES:
            path = join(directory, name)
            if self._is_file(path):
                return self._of_config(path)
        return self.governing(posixpath.dirname(directory)) if directory else ()

    def _of_config(self, path: str) -> tuple[CompilerOptions, ...]:
        options = self._options(path)
        if options.paths or options.base_url is not None:
            return (options,)
        references = self._read(path).get("references")
        found: list[CompilerOptions] = []
        for reference in references[:_MOST_CONFIGS] if isinstance(references, list) else ():
            name = reference.get("path") if isinstance(reference, dict) else None
            if isinstance(name, str):
                near = self._near(path, name)
                found += [self._options(near)] if near else []
        return tuple(found)

    def _options(self, path: str) -> CompilerOptions:
        """The options of a config, each from the first in its chain that states it."""
        leaf = posixpath.dirname(path)
        base_url: str | None = None
        paths: dict[str, Any] | None = None
        paths_root = leaf
        pending, seen = [path], {path}
        while pending:
            path = pending.pop()
            config, directory = self._read(path), posixpath.dirname(path)
            options = config.get("compilerOptions")
            if isinstance(options, dict):
                if base_url is None and isinstance(options.get("baseUrl"), str):
                    base_url = _place(directory, leaf, options["baseUrl"])
                if paths is None and isinstance(options.get("paths"), dict):
                    paths, paths_root = options["paths"], directory
            for above in self._extended(path, config.get("extends")):
                if above not in seen and len(seen) < _MOST_CONFIGS:
                    seen.add(above)
                    pending.append(above)
        root = paths_root if base_url is None else base_url
        return CompilerOptions(
            base_url,
            {
                pattern: tuple(_place(root, leaf, t) for t in targets if isinstance(t, str))
                for pattern, targets in (paths or {}).items()
                if isinstance(targets, list)
            },
        )

    def _extended(self, path: str, extends: object) -> list[str]:
        names = extends if isinstance(extends, list) else [extends]
        found = [self._config(path, n) for n in names[:_MOST_CONFIGS] if isinstance(n, str)]
        return [f for f in found if f is not None]

    def _config(self, path: str, name: str) -> str | None:
        if name.startswith("."):
            return self._near(path, name)
        for ending in ("", ".json", "/tsconfig.json"):
            found = self._of_package(name + ending)
            if found is not None and found.endswith(".json"):
                return found
        return None

    def _near(self, path: str, name: str) -> str | None:
        base = posixpath.normpath(join(posixpath.dirname(path), name))
        names = (base, base + ".json", posixpath.join(base, "tsconfig.json"))
        return next(filter(self._is_file, (posixpath.normpath(n) for n in names)), None)


def _place(root: str, leaf: str, path: str) -> str:
    """A path of a config, seen from the tree's root."""
    rest = path.removeprefix("${configDir}")
    return join(leaf, rest.lstrip("/")) if rest != path else join(root, path)
