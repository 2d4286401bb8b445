"""Reads the text of a file of settings, and names what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from plexus_rules.catalog.selection import UnknownRule, one_rule, select_rules
from plexus_rules.check.patterns import BadPattern, Pattern
from plexus_rules.check.settings import (
    MAX_SETTINGS_BYTES,
    PYPROJECT,
    Settings,
    SettingsError,
    Waiver,
)
from plexus_rules.check.toml_table import Table
from plexus_rules.finding import Severity
from plexus_rules.profile import Generator
from plexus_rules.rule import Rule
from plexus_rules.trees import normal_path

#: Reading a key takes time, and memory, by the square of its dots.
_MOST_DOTS = 200

#: Who waives more wants a baseline.
_MOST_WAIVERS = 1000

_KEYS = (
    *("select", "ignore", "levels", "generator", "raw-ddl-allowed-in", "strict"),
    *("baseline", "waivers"),
)
_WAIVER_KEYS = ("rule", "path", "text", "reason")


def parsed_settings(data: bytes, file: str, rules: Sequence[Rule]) -> Settings:
    """The settings in a file of this name; of a pyproject.toml, its table of them.

    Raises:
        SettingsError: they cannot be read, or say what is no setting.
    """
    text = _text(data, file)
    root = Table(_parsed(text, file), file, text)
    if Path(file).name == PYPROJECT:
        root = _table_of_pyproject(root)
    root.expect(_KEYS)
    if len(root.get("waivers", list) or ()) > _MOST_WAIVERS:
        root.fail("waivers", f"are more than {_MOST_WAIVERS}; a baseline serves better")
    return Settings(
        select=_selection(root, "select", rules),
        ignore=_selection(root, "ignore", rules),
        levels=_levels(root.table("levels"), rules),
        generator=root.word("generator", Generator),
        raw_ddl=tuple(_pattern(root, "raw-ddl-allowed-in", p) for p in _texts(root)),
        strict=root.get("strict", bool) is True,
        baseline=_baseline(root),
        waivers=tuple(_waiver(table, rules) for table in root.tables("waivers")),
    )


def _text(data: bytes, file: str) -> str:
    if len(data) > MAX_SETTINGS_BYTES:
        raise SettingsError(f"{file}: is larger than {MAX_SETTINGS_BYTES // 1024} KiB")
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file}:{line}: is not UTF-8 text") from None


def _parsed(text: str, file: str) -> Mapping[str, object]:
    import tomllib

    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > _MOST_DOTS:
            raise SettingsError(f"{file}:{number}: has more than {_MOST_DOTS} dots in a line")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: is not TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{file}: is nested too deeply") from None
    except ValueError as error:  # a date that does not exist
        raise SettingsError(f"{file}: is not TOML: {error}") from None


def _table_of_pyproject(root: Table) -> Table:
    tool = root.values.get("tool")
    if not isinstance(tool, dict) or "plexus-rules" not in tool:
        return Table({}, root.file, root.text)
    return root.table("tool").table("plexus-rules")


def _texts(root: Table) -> tuple[str, ...]:
    return root.texts("raw-ddl-allowed-in") or ()


def _selection(root: Table, key: str, rules: Sequence[Rule]) -> str | None:
    """Rules, in the form of the command line."""
    listed = root.texts(key)
    for item in listed or ():
        try:
            select_rules(rules, item, None)
        except UnknownRule as error:
            root.fail(key, f"cannot be used: {error}")
    if key == "select" and listed == ():
        root.fail(key, "names no rule; leave it out to run all")
    return None if listed is None else ",".join(listed)


def _rule(table: Table, key: str, named: str, rules: Sequence[Rule]) -> Rule:
    try:
        rule = one_rule(rules, named)
    except UnknownRule as error:
        table.fail(key, f"cannot be used: {error}")
    if rule.check is None:
        table.fail(key, f"cannot be used: {rule.id} is advice, which no check reports")
    return rule


def _levels(table: Table, rules: Sequence[Rule]) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    for key, value in table.values.items():
        rule = _rule(table, key, key, rules)
        if rule.id in found:
            table.fail(key, f"names {rule.id}, which has a level already")
        if value == "off":
            table.fail(key, "is off, which is no level; leave the rule out by ignore")
        level = table.word(key, Severity)
        assert level is not None
        found[rule.id] = level
    return found


def _pattern(table: Table, key: str, text: str) -> Pattern:
    try:
        return Pattern(text)
    except BadPattern as error:
        table.fail(key, f"cannot be used: {text[:50]!r} {error}")


def _baseline(root: Table) -> str | None:
    named = root.filled("baseline")
    if named is None:
        return None
    path = normal_path(named.replace("\\", "/"))
    if not path or not path.endswith(".json"):
        root.fail("baseline", "must be a .json file inside of the checked directory")
    return path


def _waiver(table: Table, rules: Sequence[Rule]) -> Waiver:
    table.expect(_WAIVER_KEYS)
    named = table.required("rule", "name the rule that is waived")
    path = table.required("path", "name the file, or a pattern of files, that it holds for")
    reason = table.required("reason", "say why the finding is right to stay")
    return Waiver(
        rule=_rule(table, "rule", named, rules).id,
        path=_pattern(table, "path", path),
        reason=" ".join(reason.split()),
        text=table.filled("text") or "",
        file=table.file,
        line=table.start,
    )
