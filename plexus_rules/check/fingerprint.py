"""What a finding is known by from one check to the next, wherever its lines have moved to."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from plexus_rules.finding import Finding
from plexus_rules.trees import Tree, TreeError

#: More of a line says no more, and a generated one may have megabytes.
_LONGEST_TEXT = 300

#: A number that stands alone, such as a line or a count, changes while its cause does not.
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w])")


def fingerprint(finding: Finding, tree: Tree) -> str:
    """16 hexadecimal digits, made of a finding's rule, path, message and place.

    Of the place the text of its first line counts, not where it stands; of the message all but
    its numbers. Equal findings of one file have equal fingerprints; :func:`fingerprints` tells
    them apart. ``tree`` is the one that was checked; a file that it lacks has no text.
    """
    return _fingerprint(finding, _lines(finding.path, tree))


def fingerprints(findings: Iterable[Finding], tree: Tree) -> tuple[str, ...]:
    """The fingerprint of each finding, in order. Of equal ones the second ends in ``-2``, ….

    Findings in the order of a report give the same ones for the same files, always.
    """
    lines: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    found: list[str] = []
    for finding in findings:
        if finding.path not in lines:
            lines[finding.path] = _lines(finding.path, tree)
        key = _fingerprint(finding, lines[finding.path])
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return tuple(found)


def _fingerprint(finding: Finding, lines: list[str]) -> str:
    message = _NUMBER.sub("0", finding.message)
    parts = (finding.rule, finding.path, message, _text(finding, lines))
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]


def _text(finding: Finding, lines: list[str]) -> str:
    """The first line of a finding's place, with single spaces."""
    place = finding.range
    if place.line > len(lines):
        return ""
    line = lines[place.line - 1]
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    return " ".join(line[place.column - 1 : min(end, place.column + _LONGEST_TEXT)].split())


def _lines(path: str, tree: Tree) -> list[str]:
    """The lines of a file, as ranges count them; none where it cannot be read."""
    try:
        return tree.text(path).split("\n")
    except TreeError:
        return []
