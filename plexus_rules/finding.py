"""What a check reports: a finding, where it is, and how grave it is.

Lines and columns count from 1. The end of a range is exclusive: the range of
``ab`` at the start of a file is ``1:1-1:3``.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How grave a finding is. Only an error makes ``plexus-rules check`` exit 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Range(Struct, frozen=True, order=True):
    """A stretch of text. Lines and columns count from 1, in characters; the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    @classmethod
    def of_line(cls, line: int, text: str) -> Range:
        """The whole of one line, without its leading and trailing white space."""
        stripped = text.strip()
        start = len(text) - len(text.lstrip()) + 1 if stripped else 1
        return cls(line, start, line, start + len(stripped))


#: The range of a finding about a whole file.
WHOLE_FILE = Range()


class Related(Struct, frozen=True, order=True):
    """Another place that belongs to the same cause."""

    path: str
    range: Range
    message: str


class Finding(Struct, frozen=True, order=True):
    """One violation of one rule, at one place.

    ``path`` is relative to the checked directory, with ``/``. ``related`` holds the
    consequences and the counterparts: one cause is one finding.
    """

    path: str
    range: Range
    rule: str
    name: str
    severity: Severity
    message: str
    remedy: str
    related: tuple[Related, ...] = ()
    url: str | None = None


class NotRun(Struct, frozen=True, order=True):
    """A rule, or a part of it, that could not be checked, and why."""

    rule: str
    path: str
    reason: str


class Unsupported(Struct, frozen=True, order=True):
    """A place that was recognised and that no rule can read."""

    path: str
    reason: str
