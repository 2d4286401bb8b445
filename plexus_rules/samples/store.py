"""The recorded files: the base project, and what each step changed of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from plexus_rules.samples.step import Step

#: Where the recorded data lies.
DATA = Path(__file__).parent


class NotRecordedError(LookupError):
    """The step has no recorded data."""


class Recorded(Struct, frozen=True):
    """What a step did: files it changed or added, paths it deleted, commands that were run."""

    files: Mapping[str, bytes]
    deleted: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def read_files(directory: Path) -> dict[str, bytes]:
    """Every file below a directory, by its path relative to it."""
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in sorted(found)}


@cache
def base() -> Mapping[str, bytes]:
    """The base project."""
    return MappingProxyType(read_files(DATA / "base"))


@cache
def by_ci() -> Mapping[str, bytes]:
    """The base project where the CI generates the migrations, after a merge."""
    return MappingProxyType({**base(), **read_files(DATA / "by_ci")})


@cache
def recorded(step: Step) -> Recorded:
    """What a step changed.

    Raises:
        NotRecordedError: there is no data for the step.
    """
    directory = DATA / "steps" / step.name
    try:
        notes = json.loads((directory / "step.json").read_bytes())
    except FileNotFoundError:
        raise NotRecordedError(
            f"{step}: not recorded; run `python -m plexus_rules.lab.record {step}`"
        ) from None
    return Recorded(
        files=MappingProxyType(read_files(directory / "files")),
        deleted=tuple(notes["deleted"]),
        commands=tuple(notes["commands"]),
    )


def lay_over(files: Mapping[str, bytes], changes: Iterable[Recorded]) -> dict[str, bytes]:
    """The files after the changes, in order of their paths."""
    result = dict(files)
    for change in changes:
        for path in change.deleted:
            del result[path]
        result.update(change.files)
    return dict(sorted(result.items()))


def files(*steps: Step) -> dict[str, bytes]:
    """The base project with these steps laid over it, by path.

    Raises:
        ValueError: a step does not directly follow the one that it was recorded after.
        NotRecordedError: there is no data for a step.
    """
    last: Step | None = None
    for step in steps:
        if step.after != last:
            raise ValueError(
                f"{step}: was recorded after {step.after or 'the base project'},"
                f" so it cannot follow {last or 'the base project'}"
            )
        last = step
    return lay_over(base(), map(recorded, steps))
