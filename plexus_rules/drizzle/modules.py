"""The modules of a tree: who imports whom, and what an imported name is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.drizzle.broken import broken_at
from plexus_rules.drizzle.facts import SYNTAX_TREE, Facts
from plexus_rules.drizzle.glance import Glance, glance
from plexus_rules.drizzle.import_types import parse_module
from plexus_rules.drizzle.imports import (
    MAX_IMPORTS,
    Import,
    ImportedName,
    ImportKind,
    read_imports,
)
from plexus_rules.drizzle.resolve import Resolver
from plexus_rules.drizzle.surface import Surface, read_surface
from plexus_rules.drizzle.typescript import MAX_SOURCE_BYTES, SUFFIXES, SourceFile
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import Tree, TreeError

__all__ = ["Import", "ImportKind", "ImportedName", "Modules", "Symbol", "is_code"]

_T = TypeVar("_T")

#: What a glance at a file tells, and the notes that were made of it: its path, and a reason.
Glanced = tuple[Glance, tuple[tuple[str, str], ...]]

#: Files of this size together are kept in memory; what is beyond is read again.
MAX_HELD_BYTES = 64 * 1024 * 1024


class Symbol(Struct, frozen=True, order=True):
    """A name, where it is declared.

    Attributes:
        path: the file that declares it; if external, the specifier that is imported.
        name: its name there; ``default`` for an exported expression, ``*`` for the whole module.
        external: it comes from a package, or from a file that the tree does not have.
    """

    path: str
    name: str
    external: bool = False


def is_code(path: str) -> bool:
    """Whether a file is read as TypeScript or JavaScript."""
    return path.endswith(SUFFIXES)


class Modules:
    """The imports and exports of a tree's files. Each file is read once, when it is asked for.

    ``ahead`` gives what somebody else has told at a glance already, by path.

    Attributes:
        tree: the files.
        problems: path and reason of each file that could not be read, or not to its end.
    """

    def __init__(
        self,
        tree: Tree,
        facts: Facts | None = None,
        ahead: Callable[[], Mapping[str, Glanced]] = dict,
    ) -> None:
        self.tree = tree
        self._ahead = ahead
        self._facts = facts
        self.problems: list[tuple[str, str]] = []
        self._data: dict[str, bytes] = {}
        self._held = 0
        self._sources: dict[str, SourceFile] = {}
        self._imports: dict[str, tuple[Import, ...]] = {}
        self._glances: dict[str, Glance] = {}
        self._surfaces: dict[str, Surface] = {}
        self._broken: dict[str, tuple[Range, str] | None] = {}
        self._stars: dict[str, tuple[str, ...]] = {}
        self._star_files: dict[str, tuple[str, ...]] = {}
        self._exports: dict[str, dict[str, Symbol]] = {}
        self._bindings: dict[str, Mapping[str, tuple[Import, str]]] = {}
        self._origins: dict[tuple[str, str, bool], Symbol | None] = {}

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.tree, partial(_note, self.problems))

    def _note(self, path: str, reason: str) -> None:
        _note(self.problems, path, reason)

    def fact(
        self, kind: str, path: str, make: Callable[[], _T], size: Callable[[_T], int] | None = None
    ) -> _T:
        """A fact about a file, with the notes that were made when it was found."""
        if self._facts is None:
            return make()

        def noted() -> tuple[_T, tuple[tuple[str, str], ...]]:
            value = make()
            return value, tuple(problem for problem in self.problems if problem[0] == path)

        value, problems = self._facts.of(
            kind, self.tree, path, noted, None if size is None else lambda found: size(found[0])
        )
        for problem in problems:
            self._note(*problem)
        return value

    def data(self, path: str) -> bytes:
        """The bytes of a file that are parsed; none where it cannot be read."""
        if path in self._data:
            return self._data[path]
        data = self._read(path)
        if self._held + len(data) <= MAX_HELD_BYTES:
            self._held += len(data)
            self._data[path] = data
        return data

    def _read(self, path: str) -> bytes:
        if not self.tree.is_file(path):
            return b""
        try:
            data = self.tree.read(path)
        except TreeError as error:
            self._note(path, str(error))
            return b""
        if len(data) > MAX_SOURCE_BYTES:
            limit = MAX_SOURCE_BYTES // 1024 // 1024
            self._note(path, f"{path}: only its first {limit} MiB are read")
        return data[:MAX_SOURCE_BYTES]

    def source(self, path: str) -> SourceFile:
        """A parsed file; an empty one where it cannot be read or is not code."""
        if path not in self._sources:
            self._sources[path] = self.fact(
                "source",
                path,
                lambda: parse_module(path, self.data(path) if is_code(path) else b""),
                lambda source: SYNTAX_TREE * len(source.data),
            )
        return self._sources[path]

    def broken(self, path: str) -> tuple[Range, str] | None:
        """Where a file of code cannot be parsed, or read at all, and why; None where it can."""
        if path not in self._broken:
            found = self.fact("broken", path, lambda: broken_at(self.source(path)))
            if found is None:
                reasons = [reason for problem, reason in self.problems if problem == path]
                found = next(((WHOLE_FILE, r.removeprefix(f"{path}: ")) for r in reasons), None)
            self._broken[path] = found
        return self._broken[path]

    def specifiers(self, path: str) -> frozenset[str | None]:
        """What may be specifiers in a file: found without parsing, some may not be any.

        None stands for one that must be parsed to be known.
        """
        return self.glance(path).specifiers

    def glance(self, path: str) -> Glance:
        """What the bytes of a file tell without parsing."""
        if path not in self._glances:
            found = self._ahead().get(path) or self.tree.known(
                ("glance", path), lambda tree: self.of(tree).glanced(path)
            )
            self._glances[path], problems = found
            for problem in problems:
                self._note(*problem)
        return self._glances[path]

    def glanced(self, path: str) -> Glanced:
        """What a glance at a file tells, and the notes that were made of the file."""
        found = self.fact(
            "glance", path, lambda: glance(path, self.data(path) if is_code(path) else b"")
        )
        return found, tuple(problem for problem in self.problems if problem[0] == path)

    def imports(self, path: str) -> tuple[Import, ...]:
        """Every import and re-export of a file, in source order."""
        if path not in self._imports:
            self._imports[path] = tuple(
                replace(found, target=self.resolve(path, found.specifier))
                for found in self.fact("imports", path, lambda: read_imports(self.source(path)))
            )
            if len(self._imports[path]) == MAX_IMPORTS:
                self._note(path, f"{path}: only its first {MAX_IMPORTS} imports are read")
        return self._imports[path]

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The file of the tree that a specifier means in ``importer``; None for a package."""
        return self._resolver.resolve(importer, specifier)

    def importers(self, wanted: Iterable[str]) -> Iterator[Import]:
        """Every import, in any source file, of a file that is wanted.

        Only a file that seems to have one is parsed.
        """
        targets = frozenset(wanted)
        found = self.tree.scan(
            is_code, lambda tree, path: self.of(tree)._taken(path, targets), ("importers", targets)
        )
        for taken in found.values():
            yield from taken

    def of(self, tree: Tree) -> Modules:
        """These modules, or those of another tree, with the same facts."""
        return self if tree is self.tree else Modules(tree, self._facts)

    def _taken(self, path: str, targets: frozenset[str]) -> tuple[Import, ...]:
        """The imports of a file that end at one of some others."""
        # Several ask of each file: where all that it may import leads is looked up once.
        known = self.tree.known(
            ("possible targets", path), lambda tree: self.of(tree)._possible_targets(path)
        )
        if None not in known and targets.isdisjoint(known):
            return ()
        return tuple(found for found in self.imports(path) if found.target in targets)

    def _possible_targets(self, path: str) -> frozenset[str | None]:
        """The files that a file may import; None stands for one that is known by parsing only."""
        specifiers = self.specifiers(path)
        found = {self.resolve(path, specifier) for specifier in specifiers if specifier is not None}
        found.discard(None)  # a package
        return frozenset(found | {None} if None in specifiers else found)

    def surface(self, path: str) -> Surface:
        """What a file declares and exports at its top level."""
        if path not in self._surfaces:
            self._surfaces[path] = self.fact(
                "surface",
                path,
                lambda: read_surface(self.source(path)),
                lambda _: SYNTAX_TREE * len(self.source(path).data),
            )
        return self._surfaces[path]

    def exports(self, path: str) -> Mapping[str, Symbol]:
        """Every value that a module exports, by name, and where each is declared.

        Re-exports are followed; where two ``export *`` give one name, the first wins.
        """
        if path not in self._exports:
            giver: dict[str, str] = {}
            for file in self.star_files(path):
                for name in self.surface(file).exported:
                    if name != "default" or file == path:
                        giver.setdefault(name, file)
            found = {name: self._trace(file, name, exported=True) for name, file in giver.items()}
            self._exports[path] = {n: symbol for n, symbol in found.items() if symbol is not None}
        return self._exports[path]

    def star_files(self, path: str) -> tuple[str, ...]:
        """A module, and every one that it re-exports with ``export *``, directly or not."""
        if path not in self._star_files:
            found: dict[str, None] = {}
            pending = [path]
            while pending:
                file = pending.pop()
                if file not in found:
                    found[file] = None
                    targets = self._star_targets(file)
                    pending += [target for target in reversed(targets) if target not in found]
            self._star_files[path] = tuple(found)
        return self._star_files[path]

    def _star_targets(self, path: str) -> tuple[str, ...]:
        if path not in self._stars:
            targets = (self.resolve(path, specifier) for specifier in self.surface(path).stars)
            self._stars[path] = tuple(dict.fromkeys(t for t in targets if t is not None))
        return self._stars[path]

    def origin(self, path: str, name: str) -> Symbol | None:
        """Where a name that a file uses at its top level is declared.

        A name that is not imported is taken to be declared in the file itself; None where the
        file that it is imported from does not export it.
        """
        return self._trace(path, name, exported=False)

    def member(self, path: str, name: str) -> Symbol | None:
        """Where a name that a module exports is declared; None where it exports no such name."""
        return self._trace(path, name, exported=True)

    def _trace(self, path: str, name: str, *, exported: bool) -> Symbol | None:
        key = (path, name, exported)
        if key not in self._origins:
            self._origins[key] = self._follow(path, name, exported)
        return self._origins[key]

    def _follow(self, path: str, name: str, exported: bool) -> Symbol | None:
        pending = [(path, name, exported)]
        seen: set[tuple[str, str, bool]] = set()
        while pending:
            step = path, name, exported = pending.pop()
            if step in seen:
                continue
            seen.add(step)
            if not exported:
                bound = self._bound(path).get(name)
                if bound is None:
                    return Symbol(path, name)
                specifier, name = bound[0].specifier, bound[1]
            elif name in self.surface(path).exported:
                export = self.surface(path).exported[name]
                if export.specifier is None:
                    pending.append((path, export.name, False))
                    continue
                specifier, name = export.specifier, export.name
            else:
                if name != "default":
                    pending += [(t, name, True) for t in reversed(self._star_targets(path))]
                continue
            target = self.resolve(path, specifier)
            if target is None:
                return Symbol(specifier, name, external=True)
            if name == "*":
                return Symbol(target, "*")
            pending.append((target, name, True))
        return None

    def _bound(self, path: str) -> Mapping[str, tuple[Import, str]]:
        """The names that a file's imports bind, and what each is called where it comes from."""
        if path not in self._bindings:
            found: dict[str, tuple[Import, str]] = {}
            for taken in self.imports(path):
                if taken.kind is not ImportKind.EXPORT:
                    for name in taken.names:
                        if name.local is not None:
                            found.setdefault(name.local, (taken, name.name))
            self._bindings[path] = found
        return self._bindings[path]


def _note(problems: list[tuple[str, str]], path: str, reason: str) -> None:
    if (path, reason) not in problems:
        problems.append((path, reason))
