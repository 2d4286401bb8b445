"""Lets findings pass that a project has waived, and says which waivers waive nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from plexus_rules.check.report import Report, Stale, Waived
from plexus_rules.check.settings import Waiver
from plexus_rules.finding import Finding
from plexus_rules.rule import Rule
from plexus_rules.trees import Tree, TreeError

if TYPE_CHECKING:
    from plexus_rules.check.comments import Comment

#: What every waiver in a comment holds; a file without it has none.
MARK = "plexus-rules: waive"

_NOTHING = "this waiver waives nothing any more; remove it"
_NOT_BY_COMMENT = (
    "a comment cannot waive this in a migration that has landed: it is an edit itself; "
    "waive it in the settings"
)


class Judged:
    """Which rules have had their say, and where, so that their silence means something."""

    def __init__(self, report: Report, rules: Iterable[Rule]) -> None:
        self._rules = {rule.id for rule in rules if rule.check is not None}
        self._missed: dict[str, list[str]] = {}
        for entry in report.not_run:
            self._missed.setdefault(entry.rule, []).append(entry.path)

    def __call__(self, rule: str, fits: Callable[[str], bool]) -> bool:
        """Whether a rule has judged all the files that fit."""
        missed = self._missed.get(rule, ())
        return rule in self._rules and not any(path == "." or fits(path) for path in missed)


class _File(Struct):
    """The waivers in the comments of one file, and those that were of use, each with its rule."""

    comments: list[Comment] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    used: set[tuple[int, str]] = field(default_factory=set)


class Waiving(Struct):
    """Applies the waivers of a project to the report of a check.

    Attributes:
        waivers: those of the settings.
        rules: the rules that ran.
        all_rules: all that a comment may name.
        tree: the files that were checked.
        landed: gives the paths of the SQL of landed migrations, when it is asked.
        sources: files to look through for comments that waive nothing, beside those that have
            findings.
    """

    waivers: Sequence[Waiver]
    rules: Sequence[Rule]
    all_rules: Sequence[Rule]
    tree: Tree
    landed: Callable[[], Collection[str]] = frozenset
    sources: Iterable[str] = ()
    _files: dict[str, _File] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)

    def apply(self, report: Report) -> Report:
        """The report without what is waived, which it lists beside its findings."""
        by_rule: dict[str, list[int]] = {}
        for number, waiver in enumerate(self.waivers):
            by_rule.setdefault(waiver.rule, []).append(number)
        left: list[Finding] = []
        waived: list[Waived] = []
        for finding in report.findings:
            found = self._by_comment(finding)
            found = self._by_settings(finding, by_rule.get(finding.rule, ())) or found
            if found is None:
                left.append(finding)
            else:
                waived.append(found)
        bad = [
            f"{path}:{line}: {reason}"
            for path, file in self._files.items()
            for line, reason in file.bad
        ]
        return replace(
            report,
            findings=tuple(left),
            waived=tuple(waived),
            stale=(*report.stale, *self._stale(Judged(report, self.rules))),
            incomplete=(*report.incomplete, *bad),
        )

    def _by_settings(self, finding: Finding, numbers: Iterable[int]) -> Waived | None:
        found: Waived | None = None
        for number in numbers:
            waiver = self.waivers[number]
            if waiver.path.fits(finding.path) and self._holds(finding, waiver.text):
                self._used.add(number)
                found = found or Waived(finding, waiver.reason, waiver.file, waiver.line)
        return found

    def _holds(self, finding: Finding, text: str) -> bool:
        """Whether the lines of a finding, or its message, hold a text."""
        if not text or text in finding.message:
            return True
        path, place = finding.path, finding.range
        if path not in self._lines:
            self._lines[path] = _text(self.tree, path).split("\n")
        return text in "\n".join(self._lines[path][place.line - 1 : place.end_line])

    def _by_comment(self, finding: Finding) -> Waived | None:
        path, place = finding.path, finding.range
        if path not in self._files:
            self._files[path] = self._read(path)
        file = self._files[path]
        for comment in file.comments:
            if finding.rule in comment.rules and comment.covers(place.line, place.end_line):
                file.used.add((comment.line, finding.rule))
                if self._reads_change(finding.rule) and path in self.landed():
                    file.bad.append((comment.line, _NOT_BY_COMMENT))
                    return None
                return Waived(finding, comment.reason, path, comment.line)
        return None

    def _reads_change(self, rule: str) -> bool:
        return any(r.reads_change for r in self.rules if r.id == rule)

    def _read(self, path: str) -> _File:
        file = _File()
        if not _has_comments(self.tree, path):
            return file
        from plexus_rules.check.comments import BadComment, comments  # most projects have none

        for found in comments(path, _text(self.tree, path), self.all_rules):
            if isinstance(found, BadComment):
                file.bad.append((found.line, found.reason))
            else:
                file.comments.append(found)
        return file

    def _stale(self, judged: Judged) -> Iterator[Stale]:
        for number, waiver in enumerate(self.waivers):
            if number not in self._used and judged(waiver.rule, waiver.path.fits):
                what = f"{waiver.rule} in {waiver.path.text}: {_NOTHING}"
                yield Stale(waiver.file, waiver.line, what)
        for path, file in self._files.items():
            yield from _unused(path, file, judged)
        for path in self.sources:
            if path not in self._files and _has_comments(self.tree, path):
                file = self._read(path)
                yield from (Stale(path, line, reason) for line, reason in file.bad)
                yield from _unused(path, file, judged)


def _unused(path: str, file: _File, judged: Judged) -> Iterator[Stale]:
    for comment in file.comments:
        for rule in comment.rules:
            if (comment.line, rule) not in file.used and judged(rule, path.__eq__):
                yield Stale(path, comment.line, f"{rule}: {_NOTHING}")


def _has_comments(tree: Tree, path: str) -> bool:
    try:
        return MARK.encode() in tree.read(path)
    except TreeError:
        return False


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.text(path)
    except TreeError:
        return ""
