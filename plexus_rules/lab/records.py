"""Evidence on disk: a file for each claim, the same whenever the world is the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from plexus_rules.lab.evidence import Evidence


class BadRecord(Exception):
    """A recorded file cannot be read. The text names it, the place and the remedy."""


def record_name(claim: str) -> str:
    """The name of a claim's file."""
    return f"{claim}.json"


def encode(evidence: Evidence) -> bytes:
    """A record as it lies on disk."""
    return (json.dumps(msgspec.to_builtins(evidence), indent=2, ensure_ascii=False) + "\n").encode()


def decode(data: bytes, name: str) -> Evidence:
    """The evidence that a file holds.

    Raises:
        BadRecord: it holds none.
    """
    try:
        return msgspec.json.decode(data, type=Evidence)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRecord(f"{name}: {error}; record it again: plexus-rules prove --record") from None


def read_records(directory: Path, claims: Iterable[str]) -> dict[str, Evidence]:
    """What was recorded of these claims, by their ids. What was not is not in it.

    Raises:
        BadRecord: a file is there and holds no evidence.
    """
    found: dict[str, Evidence] = {}
    for claim in claims:
        path = directory / record_name(claim)
        try:
            found[claim] = decode(path.read_bytes(), str(path))
        except FileNotFoundError:
            continue
    return found


def merged(new: Evidence, old: Evidence | None) -> Evidence:
    """New evidence, and the old of the lines that were not tried now."""
    if old is None:
        return new
    return msgspec.structs.replace(new, lines=dict(sorted((old.lines | new.lines).items())))


def as_files(found: Iterable[Evidence], before: Mapping[str, Evidence]) -> dict[str, bytes]:
    """The files to write, by their names."""
    return {
        record_name(evidence.claim): encode(merged(evidence, before.get(evidence.claim)))
        for evidence in found
    }
