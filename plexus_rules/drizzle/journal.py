"""The journal: the list of migrations that Drizzle's migrator goes by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from plexus_rules.drizzle.json_text import Malformed, has_mark, locate, parse_json
from plexus_rules.drizzle.places import dialect_called
from plexus_rules.finding import WHOLE_FILE, Range

#: The versions of the journal that drizzle-kit of the v0 line has written.
KNOWN_VERSIONS = ("5", "6", "7")


class JournalEntry(Struct, frozen=True):
    """One migration of the journal. ``position`` counts from 0, ``when`` in ms since 1970."""

    position: int
    idx: int
    when: int
    tag: str
    breakpoints: bool
    version: str


class Journal(Struct, frozen=True):
    """``meta/_journal.json`` as it stands."""

    path: str
    dialect: str
    version: str
    entries: tuple[JournalEntry, ...]
    data: bytes

    def range(self, entry: JournalEntry, key: str | None = None) -> Range:
        """Where an entry stands, or one of its values."""
        return locate(self.data, ("entries", entry.position, *((key,) if key else ())))


def parse_journal(path: str, data: bytes) -> Journal | Malformed:
    """Reads a journal, or says where it is not one."""
    value = parse_json(path, data)
    if isinstance(value, Malformed):
        return value
    if has_mark(data):
        return Malformed(path, WHOLE_FILE, "starts with a byte order mark, which is not JSON")
    if not isinstance(value, dict) or not isinstance(value.get("entries"), list):
        return Malformed(path, locate(data, ()), "has no list of entries")
    version = str(value.get("version", "none"))
    if version not in KNOWN_VERSIONS:
        reason = f"has version {version!r}, which no drizzle-kit of the v0 line writes"
        return Malformed(path, locate(data, ("version",)), reason)
    dialect = value.get("dialect")
    if not isinstance(dialect, str):
        return Malformed(path, locate(data, ("dialect",)), "names no dialect")
    entries: list[JournalEntry] = []
    for position, item in enumerate(value["entries"]):
        entry = _entry(position, item)
        if isinstance(entry, str):
            return Malformed(path, locate(data, ("entries", position)), f"has an entry {entry}")
        entries.append(entry)
    return Journal(path, dialect_called(dialect), version, tuple(entries), data)


def runs(entries: Iterable[JournalEntry]) -> list[tuple[JournalEntry, ...]]:
    """Entries in groups of those that directly follow on each other."""
    groups: list[list[JournalEntry]] = []
    for entry in entries:
        if groups and groups[-1][-1].position + 1 == entry.position:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return [tuple(group) for group in groups]


def _is_file_name(tag: str) -> bool:
    return bool(tag) and tag.isprintable() and not set(tag) & {"/", "\\"} and tag[0] != "."


def _entry(position: int, item: Any) -> JournalEntry | str:
    if not isinstance(item, dict):
        return "that is not an object"
    idx, when, tag = item.get("idx"), item.get("when"), item.get("tag")
    if not isinstance(tag, str) or not _is_file_name(tag):
        return "without a usable tag"
    if not isinstance(idx, int) or isinstance(idx, bool):
        return "whose idx is not a whole number"
    if not isinstance(when, int | float) or isinstance(when, bool) or abs(when) > 2**53:
        return "whose when is not a time in milliseconds"
    breakpoints = item.get("breakpoints", True)
    return JournalEntry(
        position, idx, int(when), tag, breakpoints is not False, str(item.get("version"))
    )
