"""Writes the guides into a checkout: between markers, and nothing else."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from plexus_rules.catalog.guides import DATABASE_CODE, MIGRATIONS
from plexus_rules.drizzle.database import Layout
from plexus_rules.drizzle.modules import is_code
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.schema_files import entry_files
from plexus_rules.guidance.blocks import BrokenBlock, find_block, with_block
from plexus_rules.guidance.files import unified, write_all
from plexus_rules.guidance.named import missing_names
from plexus_rules.guidance.render import (
    FILE_NAME,
    GuidePage,
    GuidePlace,
    guide_places,
    one_for_each_file,
    render_guides,
)
from plexus_rules.profile import BadSetting, Profile, parse_settings, read_profile, with_settings
from plexus_rules.rule import Rule
from plexus_rules.trees import DirectoryTree, OverlayTree, Tree, TreeError, join

#: The names of a profile that are files.
_FILES = ("client", "parent_index", "postgresql_config", "sqlite_config", "types_module")


class PlacementError(Exception):
    """The guides cannot be written into a checkout. The text says where, why, and what helps."""


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """One file with a guide: its bytes now (None where there is none), and with the guide."""

    path: str
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class Placement:
    """What writing the guides into a checkout means. Nothing is written before ``write``.

    Attributes:
        root: the checkout.
        files: every file that holds a guide.
        notes: what was left out, and why.
        command: what writes the guides.
    """

    root: Path
    files: tuple[PlacedFile, ...]
    notes: tuple[str, ...]
    command: str

    @property
    def changed(self) -> tuple[PlacedFile, ...]:
        """The files that do not say yet what they should."""
        return tuple(file for file in self.files if file.before != file.after)

    @property
    def diff(self) -> str:
        """What would change, as a unified diff."""
        return "".join(unified(file.path, file.before, file.after) for file in self.changed)

    def write(self) -> None:
        """Writes what changed, all of it or nothing.

        Raises:
            PlacementError: a file changed since it was read, or cannot be written.
        """
        for file in self.changed:
            if _read(self.root, file.path) != file.before:
                raise PlacementError(
                    f"{file.path}: it was changed meanwhile; run the command again"
                )
        try:
            write_all({self.root / file.path: file.after for file in self.changed})
        except OSError as error:
            where = Path(error.filename or self.root).parent
            raise PlacementError(f"{where}: cannot be written: {error.strerror}") from None


def plan_placement(
    checkout: Path, rules: Sequence[Rule], settings: Iterable[str] = ()
) -> Placement:
    """Reads a checkout, renders the guides for it, and finds where they go.

    Args:
        checkout: its directory.
        rules: the rules that the guides carry.
        settings: ``NAME=VALUE`` for each name that the checkout does not tell, or wrongly.

    Raises:
        PlacementError: something that a guide needs is missing or unsafe; nothing was written.
    """
    try:
        given = parse_settings(settings)
        tree = DirectoryTree(checkout)
        repository = Repository(tree, now=0)
        _require_databases(repository, checkout)
        _require_one_project(repository, checkout)
        profile = _profile(repository, given)
        places, notes = _safe_places(repository, profile)
        pages = render_guides(rules, places)
        _require_names(repository, pages)
        files = tuple(_placed(tree.root, page) for page in pages)
    except (TreeError, BadSetting) as error:
        raise PlacementError(str(error)) from None
    notes += [*_left_over(tree, files), *_above_is_not_read(tree.root)]
    options = (f"--set {shlex.quote(f'{name}={value}')}" for name, value in given.items())
    command = " ".join(("plexus-rules generate --into", shlex.quote(str(checkout)), *options))
    return Placement(tree.root, files, tuple(notes), command)


def _require_databases(repository: Repository, checkout: Path) -> None:
    databases = repository.databases
    if not databases:
        raise PlacementError(f"{checkout}: no drizzle config that can be read was found here")
    if all(database.layout is Layout.FOLDERS for database in databases):
        raise PlacementError(
            f"{checkout}: the migrations are laid out in a folder each (drizzle-kit 1.x), which is "
            "not supported yet"
        )


def _require_one_project(repository: Repository, checkout: Path) -> None:
    """Guides have one project's names: of the databases of one package, or of one family."""
    packages: dict[str, list[str]] = {}
    for database in repository.databases:
        config = database.config
        packages.setdefault(repository.packages.directory(config), []).append(config)
    families = repository.families if len(packages) > 1 else ()
    if len(packages) < 2 or any(
        set(family.databases) == set(repository.databases) for family in families
    ):
        return
    lines = [
        f"plexus-rules generate --into {shlex.quote(str(checkout / package))}"
        for package in packages
        if package
    ]
    listed = ", ".join(repr(config) for configs in packages.values() for config in configs)
    raise PlacementError(
        f"{checkout}: the databases of several packages ({listed}) would be mixed in one guide; "
        "name one package's directory:\n  " + "\n  ".join(lines)
    )


def _is_part(root: Path) -> bool:
    """Whether the checkout is a directory of a larger one."""
    return not (root / ".git").exists() and any((up / ".git").exists() for up in root.parents)


def _above_is_not_read(root: Path) -> list[str]:
    if not _is_part(root):
        return []
    return [
        "hooks, workflows and lock files above this directory were not read; where they say who "
        "generates, or how, give it: --set generator=ci, --set generate=COMMAND"
    ]


def _profile(repository: Repository, settings: Mapping[str, str]) -> Profile:
    """The names of the checkout with the given ones, all of them fit to be written."""
    profile = with_settings(read_profile(repository), settings)
    tree = repository.tree
    if isinstance(tree, DirectoryTree) and _is_part(tree.root):
        profile = replace(profile, root=f"the directory {tree.root.name}")
    names = profile.names()
    for name in settings:
        path = names.get(name) or ""
        clean = "" if path == "." else path
        if name == "package" or name.endswith(("_dir", "_out")):
            if not repository.tree.is_directory(clean):
                raise PlacementError(f"--set {name}={settings[name]}: no such directory here")
        elif name in _FILES and not repository.tree.is_file(clean):
            raise PlacementError(f"--set {name}={settings[name]}: no such file here")
    for text in _strings(profile):
        if not text.isprintable() or "`" in text:
            raise PlacementError(f"{text!r} cannot be written in a guide; rename it")
    if profile.schema_dir is None:
        raise PlacementError(
            "the directory of the schema cannot be read off the checkout; give it: "
            "--set schema_dir=DIRECTORY"
        )
    return profile


def _strings(profile: Profile) -> Iterator[str]:
    names: list[tuple[object, str]] = [(profile, field.name) for field in fields(profile)]
    names += [(d, field.name) for d in profile.databases for field in fields(d)]
    for owner, name in names:
        value = getattr(owner, name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                yield text


def _safe_places(
    repository: Repository, profile: Profile
) -> tuple[tuple[GuidePlace, ...], list[str]]:
    """The places of the guides, none in a directory that a config loads; and what has none.

    A guide for such a directory stands in the nearest directory above it that is not loaded.
    """
    places: list[GuidePlace] = []
    notes: list[str] = []
    folders = {d.out for d in repository.databases if d.layout is Layout.FOLDERS}
    for place in guide_places(profile):
        directory = place.directory
        if place.guide in MIGRATIONS:
            if directory in folders:
                notes.append(
                    f"{directory}: no guide, the layout of drizzle-kit 1.x is not supported"
                )
                continue
            if not repository.tree.is_directory(directory):
                notes.append(f"{directory}: no guide, there are no migrations yet")
                continue
            if _loading_config(repository, directory):
                notes.append(f"{directory}: no guide, a drizzle config loads it as its schema")
                continue
            if profile.refused_by:
                notes.append(
                    f"{place.path}: {profile.refused_by} keeps this folder out of a change; the "
                    "guide has to be let through"
                )
        places.append(GuidePlace(place.guide, _not_loaded(repository, directory), place.profile))
    if not any(place.guide is DATABASE_CODE for place in places):
        notes.append(
            "no guide for the code beside the database client: the client was not found "
            "(--set client=FILE)"
        )
    return one_for_each_file(places), notes


def _not_loaded(repository: Repository, directory: str) -> str:
    start = directory
    while (config := _loading_config(repository, directory)) is not None:
        if not directory:
            raise PlacementError(
                f"{config} loads every file in {start or 'the root'} as its schema, and in each "
                "directory above it: an AGENTS.md there would break drizzle-kit. Name the schema's "
                "files in the config"
            )
        directory = posixpath.dirname(directory)
    return directory


def _loading_config(repository: Repository, directory: str) -> str | None:
    """The config that would load a guide in a directory as its schema.

    A schema that cannot be read may be any directory with tables in it.
    """
    path = join(directory, FILE_NAME)
    tree = OverlayTree(repository.tree, {path: b""})
    real = _real(repository.tree, directory)
    for config in repository.configs:
        for database in config.databases:
            entries = database.schema
            if entries is None and _holds_tables(repository.tree, directory):
                return config.path
            for entry in entries or ():
                linked = tree.is_directory(entry) and _real(repository.tree, entry) == real
                if linked or path in entry_files(tree, entry):
                    return config.path
    return None


def _real(tree: Tree, directory: str) -> object:
    """The directory that a path leads to, where it goes through a link."""
    return (tree.root / directory).resolve() if isinstance(tree, DirectoryTree) else directory


def _holds_tables(tree: Tree, directory: str) -> bool:
    for name in tree.names(directory):
        if is_code(name):
            try:
                if b"-core" in tree.read(join(directory, name)):
                    return True
            except TreeError:
                continue
    return False


def _require_names(repository: Repository, pages: Iterable[GuidePage]) -> None:
    pages = tuple(pages)
    planned = [page.path for page in pages]
    missing = [
        f"{page.path} would name `{name}`"
        for page in pages
        for name in missing_names(page.text, repository, posixpath.dirname(page.path), planned)
    ]
    if missing:
        raise PlacementError(
            "the checkout does not have what the guides would name (give the right name with "
            "--set NAME=VALUE):\n  " + "\n  ".join(missing)
        )


def _placed(root: Path, page: GuidePage) -> PlacedFile:
    before = _read(root, page.path)
    try:
        return PlacedFile(page.path, before, with_block(before, page.text))
    except BrokenBlock as error:
        raise PlacementError(f"{page.path}, {error}") from None


def _read(root: Path, path: str) -> bytes | None:
    """The bytes of a file that no link leads to; None where there is none."""
    place = root
    for part in path.split("/"):
        place /= part
        if place.is_symlink():
            link = place.relative_to(root).as_posix()
            raise PlacementError(
                f"{link}: a symbolic link, which is not followed; put a real file or directory "
                "there, or remove it"
            )
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlacementError(f"{path}: cannot be read: {error.strerror}") from None


def _left_over(tree: Tree, files: Iterable[PlacedFile]) -> list[str]:
    """A note for each other file with a block of ours: its guide has moved, or is gone."""
    placed = {file.path for file in files}
    notes: list[str] = []
    for path in tree.sources:
        if posixpath.basename(path) == FILE_NAME and path not in placed:
            try:
                has_block = find_block(tree.read(path)) is not None
            except (BrokenBlock, TreeError):
                has_block = False
            if has_block:
                notes.append(f"{path}: holds a guide that belongs elsewhere now; delete its block")
    return notes
