"""Findings that a project knew when it began to check: they are quiet, and new ones are not."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from plexus_rules.check.fingerprint import fingerprints
from plexus_rules.check.report import Report, Stale
from plexus_rules.check.settings import BASELINE_FILE
from plexus_rules.check.waivers import Judged
from plexus_rules.rule import Rule
from plexus_rules.trees import MAX_FILE_BYTES, DirectoryTree, Tree, TreeError

#: The command that makes the file anew.
WRITE = "plexus-rules check --write-baseline"

_VERSION_KEY = "plexus-rules-baseline"
_VERSION = 1


class BaselineError(ValueError):
    """A baseline that cannot be read or written. The text says why, and what helps."""


class Known(Struct, frozen=True, order=True):
    """A finding that is known. ``key`` is its fingerprint, the rest is for people."""

    path: str
    rule: str
    message: str
    key: str


def find_baseline(tree: Tree, path: str) -> tuple[Known, ...]:
    """The baseline in a file of the checked directory.

    Raises:
        BaselineError: it is not there, cannot be read, or is no baseline.
    """
    if not tree.is_file(path):
        raise BaselineError(f"{path}: no such file; to make it, run: {WRITE}")
    try:
        return parse_baseline(tree.read(path), path)
    except TreeError as error:
        raise BaselineError(str(error)) from None


def read_baseline(path: Path) -> tuple[Known, ...]:
    """The baseline in a file that a person has named.

    Raises:
        BaselineError: it cannot be read, or is no baseline.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise BaselineError(f"{path}: {reason}; to make it, run: {WRITE} --baseline") from None
    return parse_baseline(data, str(path))


def parse_baseline(data: bytes, path: str) -> tuple[Known, ...]:
    """The findings in the text of a baseline.

    Raises:
        BaselineError: it is no baseline.
    """
    if len(data) > MAX_FILE_BYTES:
        raise BaselineError(f"{path}: is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB")
    if b"\n<<<<<<< " in data:
        raise _malformed(path, "has conflict markers")
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _malformed(path, "is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise _malformed(path, f"is not JSON ({error})") from None
    if not isinstance(value, dict) or not isinstance(value.get("findings"), list):
        raise _malformed(path, "is no baseline")
    if value.get(_VERSION_KEY) != _VERSION:
        raise _malformed(path, f"is of another version than {_VERSION}")
    return tuple(_known(path, number, item) for number, item in enumerate(value["findings"], 1))


def _known(path: str, number: int, item: object) -> Known:
    values: Mapping[str, Any] = item if isinstance(item, dict) else {}
    found = {name: values.get(name) for name in ("path", "rule", "message", "key")}
    if not all(isinstance(text, str) for text in found.values()):
        raise _malformed(path, f"has no path, rule, message and key for its finding {number}")
    return Known(**found)  # type: ignore[arg-type]


def _malformed(path: str, reason: str) -> BaselineError:
    return BaselineError(f"{path}: {reason}; to make it anew, run: {WRITE}, and review the change")


def without_known(
    report: Report, baseline: Sequence[Known], path: str, tree: Tree, rules: Sequence[Rule]
) -> Report:
    """The report without the findings of a baseline, which it lists beside the others.

    What the baseline has and the check, where it judged, did not find is mended.
    """
    keys = {known.key for known in baseline}
    given = list(zip(fingerprints(report.findings, tree), report.findings, strict=True))
    found = {key for key, _ in given}
    mended = _judged(report, rules, [known for known in baseline if known.key not in found])
    return replace(
        report,
        findings=tuple(finding for key, finding in given if key not in keys),
        known=tuple(finding for key, finding in given if key in keys),
        stale=(*report.stale, *(_stale(known, path) for known in mended)),
    )


def _stale(known: Known, path: str) -> Stale:
    what = f"{known.rule} in {known.path} is mended"
    return Stale(path, 0, f"{what}; to take it out, run: {WRITE}")


def _judged(report: Report, rules: Sequence[Rule], baseline: Sequence[Known]) -> list[Known]:
    """The known findings that this check would have found again."""
    judged = Judged(report, rules)
    return [known for known in baseline if judged(known.rule, known.path.__eq__)]


def new_baseline(
    report: Report, old: Sequence[Known], tree: Tree, rules: Sequence[Rule]
) -> tuple[Known, ...]:
    """What to write: all that was found, and what is known and was not judged this time."""
    keys = fingerprints(report.findings, tree)
    found = {
        Known(finding.path, finding.rule, finding.message, key)
        for key, finding in zip(keys, report.findings, strict=True)
    }
    mended = set(_judged(report, rules, old))
    given = {known.key for known in found}
    kept = {known for known in old if known not in mended and known.key not in given}
    return tuple(sorted(found | kept))


def baseline_text(baseline: Sequence[Known]) -> str:
    """A baseline as the text of a file: the same for the same findings. It is ASCII."""
    findings = [
        {"rule": known.rule, "path": known.path, "message": known.message, "key": known.key}
        for known in baseline
    ]
    return json.dumps({_VERSION_KEY: _VERSION, "findings": findings}, indent=2) + "\n"


def write_baseline(path: Path, baseline: Sequence[Known]) -> None:
    """Writes a baseline, whole or not at all.

    Raises:
        BaselineError: it cannot be written, or another file is in its place.
    """
    try:
        if path.is_file() and not _is_ours(path):
            raise BaselineError(
                f"{path}: is no baseline, and is not overwritten; name another file"
            )
        _replace(path, baseline_text(baseline))
    except OSError as error:
        raise BaselineError(f"{path}: {(error.strerror or str(error)).lower()}") from None


def _is_ours(path: Path) -> bool:
    """Whether a file is a baseline, or what a merge has made of one."""
    with path.open("rb") as file:
        start = file.read(4096)
    return not start.strip() or _VERSION_KEY.encode() in start


def _replace(path: Path, text: str) -> None:
    import tempfile

    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    """The process's mask of rights, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def baseline_place(tree: DirectoryTree, named: str | None) -> Path:
    """Where a baseline of a checked directory is written.

    Raises:
        BaselineError: that is not inside of the directory.
    """
    path = tree.root / (named or BASELINE_FILE)
    parent = path.parent.resolve()
    inside = parent.is_relative_to(tree.root)
    if not inside or not {".git", "node_modules"}.isdisjoint(parent.relative_to(tree.root).parts):
        raise BaselineError(f"{named}: lies outside of the checked directory")
    return path
