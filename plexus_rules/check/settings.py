"""What a project has settled for its checks: ``plexus-rules.toml``, or a table of pyproject.toml.

Settings can only name rules, levels and places; nothing in them is run, and no path in them
leaves the checked directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from plexus_rules.finding import Severity
from plexus_rules.profile import Generator
from plexus_rules.rule import Rule
from plexus_rules.trees import Tree, TreeError

if TYPE_CHECKING:
    from plexus_rules.check.patterns import Pattern

#: Read from the root of the checked directory; the first wins.
SETTINGS_FILE = "plexus-rules.toml"
PYPROJECT = "pyproject.toml"

#: The usual file of the known findings, at the root of the checked directory.
BASELINE_FILE = "plexus-rules-baseline.json"

#: A larger file is refused: no person wrote it, and reading it takes too long.
MAX_SETTINGS_BYTES = 256 * 1024


class SettingsError(ValueError):
    """Settings that cannot be used. The text names the file, the line, the key and the remedy."""


class Waiver(Struct, frozen=True):
    """A finding that is let pass, and why.

    Attributes:
        rule: the id of the rule.
        path: where.
        reason: why, for people.
        text: what the lines of the finding, or its message, must hold; ``""`` for anything.
        file: the file that says so, relative to the checked directory where it lies in it.
        line: where in that file, from 1; 0 where that is not known.
    """

    rule: str
    path: Pattern
    reason: str
    text: str = ""
    file: str = SETTINGS_FILE
    line: int = 0


class Settings(Struct, frozen=True):
    """What a project has settled. Without a file, nothing.

    Attributes:
        select: the rules to run, as ``--select`` names them; None for all.
        ignore: the rules to leave out, likewise.
        levels: how grave the findings of a rule are, by its id.
        generator: who generates migrations; None to read it off the checkout.
        raw_ddl: where code may run DDL outside of migrations.
        strict: whether a check that leaves out any part counts as not done.
        baseline: the file of the known findings, relative to the root; None for the usual one.
        waivers: in the order of the file.
    """

    select: str | None = None
    ignore: str | None = None
    levels: Mapping[str, Severity] = field(default_factory=dict)
    generator: Generator | None = None
    raw_ddl: tuple[Pattern, ...] = ()
    strict: bool = False
    baseline: str | None = None
    waivers: tuple[Waiver, ...] = ()


def find_settings(tree: Tree, rules: Sequence[Rule]) -> Settings:
    """The settings of a checked directory; empty ones where it has none.

    Raises:
        SettingsError: they cannot be read, or say what is no setting.
    """
    try:
        if tree.is_file(SETTINGS_FILE):
            return parse_settings(tree.read(SETTINGS_FILE), SETTINGS_FILE, rules)
        if tree.is_directory(SETTINGS_FILE):
            raise SettingsError(f"{SETTINGS_FILE}: is a directory, and not a file of settings")
    except TreeError as error:
        raise SettingsError(str(error)) from None
    try:
        data = tree.read(PYPROJECT) if tree.is_file(PYPROJECT) else b""
    except TreeError:
        return Settings()  # another's file
    if b"plexus-rules" not in data:
        return Settings()
    return parse_settings(data, PYPROJECT, rules)


def read_settings(path: Path, rules: Sequence[Rule]) -> Settings:
    """The settings of a file that a person has named.

    Raises:
        SettingsError: as :func:`find_settings`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SETTINGS_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise SettingsError(f"{path}: {reason}") from None
    return parse_settings(data, str(path), rules)


def parse_settings(data: bytes, file: str, rules: Sequence[Rule]) -> Settings:
    """The settings in a file of this name; of a pyproject.toml, its table of them.

    Raises:
        SettingsError: as :func:`find_settings`.
    """
    from plexus_rules.check.settings_file import parsed_settings  # most projects have none

    return parsed_settings(data, file, rules)
